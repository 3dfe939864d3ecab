// What a SPIR-V module says of itself: entry points, specialisation constants by name, group shape, bindings
// and push constants. Reads hostile bytes without harm; knows no device.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace moat::vulkan {

struct SpecialisationConstant {
  enum class Kind : std::uint8_t { signed_integer, unsigned_integer, boolean, other };
  std::uint32_t id = 0;     // SpecId
  Kind kind = Kind::other;  // integers of 32 bits; `other` cannot be set from here
};

/// One dimension of the group's shape: fixed by the module, or a specialisation constant.
struct GroupDimension {
  std::optional<std::uint32_t> constant;  // SpecId
  std::uint32_t fixed = 1;                // where there is none
};

struct Module {
  std::uint32_t version = 0;  // 0x00010500 is SPIR-V 1.5
  std::vector<std::uint32_t> words;
  std::vector<std::uint32_t> capabilities;
  std::vector<std::string> entries;  // of compute shaders
  std::map<std::string, SpecialisationConstant, std::less<>> constants;
  std::map<std::string, std::array<GroupDimension, 3>, std::less<>> group_shapes;  // by entry
  std::uint32_t binding_count = 0;  // buffers of set 0: one more than the last binding
  std::uint32_t push_bytes = 0;     // up to the end of the last push constant
};

/// Throws CompileError where `bytes` are no SPIR-V module, or one that kernels here cannot be: other
/// descriptor sets, resources that are no storage buffers, push constants that are no 32-bit integers. It is
/// not a validator: what it does not read is the driver's matter.
[[nodiscard]] Module read_module(const std::string& bytes);

}  // namespace moat::vulkan
