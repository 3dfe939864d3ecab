// One pass over the instructions, keeping the few that matter; then the answers. Every operand is read within
// its instruction, and every instruction within the module.
#include "adapters/vulkan/module.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <span>
#include <spirv/unified1/spirv.hpp11>

#include "base/error.h"

namespace moat::vulkan {
namespace {

constexpr std::uint32_t swapped_magic = 0x03022307;  // spv::MagicNumber in the other byte order
constexpr std::size_t header_words = 5;

[[noreturn]] void refuse(const std::string& reason) {
  throw CompileError("this is no SPIR-V module that a kernel can be", reason);
}

/// One instruction's operands; reading past its end refuses the module.
class Operands {
 public:
  Operands(std::span<const std::uint32_t> words, std::size_t at) : words_(words), at_(at) {}
  [[nodiscard]] std::uint32_t operator[](std::size_t i) const {
    if (i >= words_.size()) refuse(fmt::format("the instruction at word {} is too short", at_));
    return words_[i];
  }
  /// Operand `i` as one of the specification's enumerations.
  template <class Enumeration>
  [[nodiscard]] Enumeration as(std::size_t i) const {
    return static_cast<Enumeration>((*this)[i]);
  }
  [[nodiscard]] std::size_t size() const { return words_.size(); }
  /// The text that begins at operand `i`: ends with a zero byte within the instruction.
  [[nodiscard]] std::string text(std::size_t i) const {
    std::string result;
    for (; i < words_.size(); ++i) {
      for (unsigned shift = 0; shift < 32; shift += 8) {
        const char c = static_cast<char>(words_[i] >> shift & 0xff);
        if (c == '\0') return result;
        result += c;
      }
    }
    refuse(fmt::format("the text of the instruction at word {} does not end", at_));
  }

 private:
  std::span<const std::uint32_t> words_;
  std::size_t at_;
};

struct Variable {
  std::uint32_t type = 0;  // a pointer
  spv::StorageClass storage{};
};
struct Constant {
  std::uint32_t type = 0;
  std::uint32_t value = 0;
  bool is_specialised = false;
  bool is_boolean = false;
};
struct Mode {
  std::uint32_t entry = 0;
  std::array<std::uint32_t, 3> size{};
  bool by_id = false;
};

/// What the pass keeps, by result id.
struct Facts {
  std::map<std::uint32_t, std::string> names;
  std::map<std::uint32_t, std::string> entries;  // of compute shaders, by function
  std::vector<Mode> modes;
  std::map<std::uint32_t, bool> integers_of_32_bits;  // type to signedness
  std::map<std::uint32_t, std::vector<std::uint32_t>> structures;
  std::map<std::uint32_t, std::uint32_t> pointers;  // to what they point at
  std::map<std::uint32_t, Constant> constants;
  std::map<std::uint32_t, std::array<std::uint32_t, 3>> triples;  // constant composites of three
  std::map<std::uint32_t, Variable> variables;
  std::map<std::pair<std::uint32_t, spv::Decoration>, std::uint32_t> decorations;  // (id, decoration)
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> member_offsets;
  bool in_function = false;
};

void keep_mode(const Operands& words, bool by_id, Facts& facts) {
  const auto wanted = by_id ? spv::ExecutionMode::LocalSizeId : spv::ExecutionMode::LocalSize;
  if (words.as<spv::ExecutionMode>(1) != wanted) return;
  facts.modes.push_back({.entry = words[0], .size = {words[2], words[3], words[4]}, .by_id = by_id});
}

void keep_decoration(const Operands& words, Facts& facts) {
  const auto which = words.as<spv::Decoration>(1);
  switch (which) {
    case spv::Decoration::SpecId:
    case spv::Decoration::BuiltIn:
    case spv::Decoration::Binding:
    case spv::Decoration::DescriptorSet:
      facts.decorations[{words[0], which}] = words[2];
      break;
    default:
      break;
  }
}

void keep(spv::Op operation, const Operands& words, Module& module, Facts& facts) {
  switch (operation) {
    case spv::Op::OpCapability:
      module.capabilities.push_back(words[0]);
      break;
    case spv::Op::OpName:
      facts.names[words[0]] = words.text(1);
      break;
    case spv::Op::OpEntryPoint:
      if (words.as<spv::ExecutionModel>(0) == spv::ExecutionModel::GLCompute) {
        facts.entries[words[1]] = words.text(2);
      }
      break;
    case spv::Op::OpExecutionMode:
    case spv::Op::OpExecutionModeId:
      keep_mode(words, operation == spv::Op::OpExecutionModeId, facts);
      break;
    case spv::Op::OpTypeInt:
      if (words[1] == 32) facts.integers_of_32_bits[words[0]] = words[2] != 0;
      break;
    case spv::Op::OpTypeStruct:
      for (std::size_t i = 1; i < words.size(); ++i) facts.structures[words[0]].push_back(words[i]);
      break;
    case spv::Op::OpTypePointer:
      facts.pointers[words[0]] = words[2];
      break;
    case spv::Op::OpConstant:
    case spv::Op::OpSpecConstant:
      facts.constants[words[1]] = {.type = words[0],
                                   .value = words[2],
                                   .is_specialised = operation == spv::Op::OpSpecConstant,
                                   .is_boolean = false};
      break;
    case spv::Op::OpSpecConstantTrue:
    case spv::Op::OpSpecConstantFalse:
      facts.constants[words[1]] = {.type = words[0],
                                   .value = operation == spv::Op::OpSpecConstantTrue ? 1U : 0U,
                                   .is_specialised = true,
                                   .is_boolean = true};
      break;
    case spv::Op::OpConstantComposite:
    case spv::Op::OpSpecConstantComposite:
      if (words.size() == 5) facts.triples[words[1]] = {words[2], words[3], words[4]};
      break;
    case spv::Op::OpFunction:
    case spv::Op::OpFunctionEnd:
      facts.in_function = operation == spv::Op::OpFunction;
      break;
    case spv::Op::OpVariable:
      facts.variables[words[1]] = {.type = words[0], .storage = words.as<spv::StorageClass>(2)};
      break;
    case spv::Op::OpDecorate:
      keep_decoration(words, facts);
      break;
    case spv::Op::OpMemberDecorate:
      if (words.as<spv::Decoration>(2) == spv::Decoration::Offset) {
        facts.member_offsets[{words[0], words[1]}] = words[3];
      }
      break;
    default:
      break;
  }
}

std::optional<std::uint32_t> decoration(const Facts& facts, std::uint32_t id, spv::Decoration which) {
  const auto found = facts.decorations.find({id, which});
  if (found == facts.decorations.end()) return std::nullopt;
  return found->second;
}

std::string name_of(const Facts& facts, std::uint32_t id) {
  const auto found = facts.names.find(id);
  return found == facts.names.end() || found->second.empty() ? fmt::format("%{}", id) : found->second;
}

void read_constants(const Facts& facts, Module& module) {
  for (const auto& [id, constant] : facts.constants) {
    const auto number = decoration(facts, id, spv::Decoration::SpecId);
    if (!constant.is_specialised || !number) continue;
    using Kind = SpecialisationConstant::Kind;
    Kind kind = constant.is_boolean ? Kind::boolean : Kind::other;
    const auto integer = facts.integers_of_32_bits.find(constant.type);
    if (integer != facts.integers_of_32_bits.end()) {
      kind = integer->second ? Kind::signed_integer : Kind::unsigned_integer;
    }
    const auto name = facts.names.find(id);
    if (name != facts.names.end() && !name->second.empty())
      module.constants[name->second] = {.id = *number, .kind = kind};
  }
}

GroupDimension dimension_of(const Facts& facts, std::uint32_t id) {
  const auto found = facts.constants.find(id);
  if (found == facts.constants.end()) refuse("the group's shape is no constant");
  GroupDimension result{.constant = std::nullopt, .fixed = found->second.value};
  if (found->second.is_specialised) result.constant = decoration(facts, id, spv::Decoration::SpecId);
  return result;
}

bool is_workgroup_size(const Facts& facts, std::uint32_t id) {
  const auto number = decoration(facts, id, spv::Decoration::BuiltIn);
  return number && static_cast<spv::BuiltIn>(*number) == spv::BuiltIn::WorkgroupSize;
}

/// The built-in WorkgroupSize goes before every entry's own LocalSize.
void read_group_shapes(const Facts& facts, Module& module) {
  std::optional<std::array<GroupDimension, 3>> of_all;
  const auto shape_of = [&](const std::array<std::uint32_t, 3>& ids) {
    return std::array{dimension_of(facts, ids[0]), dimension_of(facts, ids[1]), dimension_of(facts, ids[2])};
  };
  for (const auto& [id, parts] : facts.triples) {
    if (is_workgroup_size(facts, id)) of_all = shape_of(parts);
  }
  for (const auto& [function, entry] : facts.entries)
    module.group_shapes[entry] = of_all.value_or(std::array<GroupDimension, 3>{});
  for (const Mode& mode : facts.modes) {
    const auto entry = facts.entries.find(mode.entry);
    if (of_all || entry == facts.entries.end()) continue;
    auto& shape = module.group_shapes[entry->second];
    for (std::size_t i = 0; i < 3; ++i) shape[i] = {.constant = std::nullopt, .fixed = mode.size[i]};
    if (mode.by_id) shape = shape_of(mode.size);
  }
}

void read_push_constants(const Facts& facts, std::uint32_t pointer, Module& module) {
  const auto target = facts.pointers.find(pointer);
  const auto block =
      target == facts.pointers.end() ? facts.structures.end() : facts.structures.find(target->second);
  if (block == facts.structures.end()) refuse("the push constants are no block");
  for (std::uint32_t member = 0; member < block->second.size(); ++member) {
    const auto at = facts.member_offsets.find({block->first, member});
    if (at == facts.member_offsets.end() || at->second % 4 != 0 || at->second > 0xffff ||
        !facts.integers_of_32_bits.contains(block->second[member])) {
      refuse(fmt::format("member {} of the push constants is no 32-bit integer at a multiple of 4 bytes",
                         member));
    }
    module.push_bytes = std::max(module.push_bytes, at->second + 4);
  }
}

void read_variables(const Facts& facts, Module& module) {
  for (const auto& [id, variable] : facts.variables) {
    if (variable.storage == spv::StorageClass::PushConstant)
      read_push_constants(facts, variable.type, module);
    if (variable.storage == spv::StorageClass::Uniform ||
        variable.storage == spv::StorageClass::UniformConstant) {
      refuse(fmt::format("{} is no storage buffer; kernels are given nothing else", name_of(facts, id)));
    }
    if (variable.storage != spv::StorageClass::StorageBuffer) continue;
    const auto number = decoration(facts, id, spv::Decoration::Binding);
    if (!number || *number > 0xffff ||
        decoration(facts, id, spv::Decoration::DescriptorSet).value_or(0) != 0) {
      refuse(fmt::format("{} has no binding in set 0", name_of(facts, id)));
    }
    module.binding_count = std::max(module.binding_count, *number + 1);
  }
}

std::vector<std::uint32_t> words_of(const std::string& bytes) {
  std::vector<std::uint32_t> words(bytes.size() / 4);
  if (!words.empty()) std::memcpy(words.data(), bytes.data(), words.size() * 4);
  if (words.empty() || words[0] != spv::MagicNumber) {
    refuse(!words.empty() && words[0] == swapped_magic
               ? "its words are of the other byte order"
               : "it does not begin with SPIR-V's magic number; "
                 "kernels for Vulkan are compiled to SPIR-V at build");
  }
  if (bytes.size() % 4 != 0 || words.size() < header_words) {
    refuse(fmt::format("{} bytes are no header and whole words", bytes.size()));
  }
  return words;
}

}  // namespace

Module read_module(const std::string& bytes) {
  Module module;
  module.words = words_of(bytes);
  module.version = module.words[1];
  Facts facts;
  const std::span<const std::uint32_t> words(module.words);
  for (std::size_t at = header_words; at < words.size();) {
    const std::size_t length = words[at] >> spv::WordCountShift;
    if (length == 0 || length > words.size() - at) {
      refuse(fmt::format("the instruction at word {} has {} words, and {} are left", at, length,
                         words.size() - at));
    }
    keep(static_cast<spv::Op>(words[at] & spv::OpCodeMask), Operands(words.subspan(at + 1, length - 1), at),
         module, facts);
    at += length;
  }
  if (facts.in_function) refuse("it ends within a function");
  for (const auto& [function, entry] : facts.entries) module.entries.push_back(entry);
  read_constants(facts, module);
  read_group_shapes(facts, module);
  read_variables(facts, module);
  return module;
}

}  // namespace moat::vulkan
