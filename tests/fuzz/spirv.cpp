// Fuzzes the reader of SPIR-V modules: any bytes are a CompileError with its reason, or a module whose
// answers a launch can be checked against.
#include <algorithm>
#include <cstdint>
#include <string>

#include "adapters/vulkan/module.h"
#include "base/error.h"
#include "tests/fuzz/property.h"

using namespace moat;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  vulkan::Module module;
  try {
    module = vulkan::read_module(bytes);
  } catch (const CompileError& error) {
    require_property(!error.log().empty(), "an error says what is wrong");
    return 0;
  }
  require_property(module.words.size() * 4 == size, "a module is all of its words");
  require_property(module.binding_count <= 0x10000, "bindings are few enough to make a layout of");
  require_property(module.push_bytes <= 0x10004 && module.push_bytes % 4 == 0, "push constants are words");
  for (const std::string& entry : module.entries) {
    require_property(module.group_shapes.contains(entry), "every entry has a group's shape");
  }
  const bool has_names = std::all_of(module.constants.begin(), module.constants.end(),
                                     [](const auto& constant) { return !constant.first.empty(); });
  require_property(has_names, "constants have names");
  return 0;
}
