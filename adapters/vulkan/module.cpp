// One pass over the instructions, keeping the few that matter; then the answers. Every operand is read within
// its instruction, and every instruction within the module.
#include "adapters/vulkan/module.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <span>

#include "base/error.h"

namespace moat::vulkan {
namespace {

// Numbers of the SPIR-V specification, unified 1.6.
constexpr std::uint32_t magic = 0x07230203;
constexpr std::uint32_t swapped_magic = 0x03022307;
constexpr std::size_t header_words = 5;
constexpr std::uint32_t glcompute = 5;
constexpr std::uint32_t local_size = 17;
constexpr std::uint32_t local_size_id = 38;

enum Operation : std::uint32_t {
  op_name = 5,
  op_entry_point = 15,
  op_execution_mode = 16,
  op_capability = 17,
  op_type_int = 21,
  op_type_struct = 30,
  op_type_pointer = 32,
  op_constant = 43,
  op_spec_constant_true = 48,
  op_spec_constant_false = 49,
  op_spec_constant = 50,
  op_spec_constant_composite = 51,
  op_constant_composite = 44,
  op_function = 54,
  op_function_end = 56,
  op_variable = 59,
  op_decorate = 71,
  op_member_decorate = 72,
  op_execution_mode_id = 331
};
enum Decoration : std::uint32_t {
  spec_id = 1,
  built_in = 11,
  binding = 33,
  descriptor_set = 34,
  offset = 35
};
enum StorageClass : std::uint32_t {
  uniform_constant = 0,
  uniform = 2,
  push_constant = 9,
  storage_buffer = 12
};
constexpr std::uint32_t workgroup_size = 25;  // BuiltIn

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
  std::uint32_t storage = 0;
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
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> decorations;  // (id, decoration)
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> member_offsets;
  bool in_function = false;
};

void keep_mode(const Operands& words, bool by_id, Facts& facts) {
  if (words[1] == (by_id ? local_size_id : local_size)) {
    facts.modes.push_back({words[0], {words[2], words[3], words[4]}, by_id});
  }
}

void keep_decoration(const Operands& words, Facts& facts) {
  const std::uint32_t which = words[1];
  if (which == spec_id || which == built_in || which == binding || which == descriptor_set) {
    facts.decorations[{words[0], which}] = words[2];
  }
}

void keep(std::uint32_t operation, const Operands& words, Module& module, Facts& facts) {
  switch (operation) {
    case op_capability:
      module.capabilities.push_back(words[0]);
      break;
    case op_name:
      facts.names[words[0]] = words.text(1);
      break;
    case op_entry_point:
      if (words[0] == glcompute) facts.entries[words[1]] = words.text(2);
      break;
    case op_execution_mode:
    case op_execution_mode_id:
      keep_mode(words, operation == op_execution_mode_id, facts);
      break;
    case op_type_int:
      if (words[1] == 32) facts.integers_of_32_bits[words[0]] = words[2] != 0;
      break;
    case op_type_struct:
      for (std::size_t i = 1; i < words.size(); ++i) facts.structures[words[0]].push_back(words[i]);
      break;
    case op_type_pointer:
      facts.pointers[words[0]] = words[2];
      break;
    case op_constant:
    case op_spec_constant:
      facts.constants[words[1]] = {words[0], words[2], operation == op_spec_constant, false};
      break;
    case op_spec_constant_true:
    case op_spec_constant_false:
      facts.constants[words[1]] = {words[0], operation == op_spec_constant_true ? 1U : 0U, true, true};
      break;
    case op_constant_composite:
    case op_spec_constant_composite:
      if (words.size() == 5) facts.triples[words[1]] = {words[2], words[3], words[4]};
      break;
    case op_function:
    case op_function_end:
      facts.in_function = operation == op_function;
      break;
    case op_variable:
      facts.variables[words[1]] = {words[0], words[2]};
      break;
    case op_decorate:
      keep_decoration(words, facts);
      break;
    case op_member_decorate:
      if (words[2] == offset) facts.member_offsets[{words[0], words[1]}] = words[3];
      break;
    default:
      break;
  }
}

std::optional<std::uint32_t> decoration(const Facts& facts, std::uint32_t id, Decoration which) {
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
    const auto number = decoration(facts, id, spec_id);
    if (!constant.is_specialised || !number) continue;
    using Kind = SpecialisationConstant::Kind;
    Kind kind = constant.is_boolean ? Kind::boolean : Kind::other;
    const auto integer = facts.integers_of_32_bits.find(constant.type);
    if (integer != facts.integers_of_32_bits.end()) {
      kind = integer->second ? Kind::signed_integer : Kind::unsigned_integer;
    }
    const auto name = facts.names.find(id);
    if (name != facts.names.end() && !name->second.empty()) module.constants[name->second] = {*number, kind};
  }
}

GroupDimension dimension_of(const Facts& facts, std::uint32_t id) {
  const auto found = facts.constants.find(id);
  if (found == facts.constants.end()) refuse("the group's shape is no constant");
  GroupDimension result{std::nullopt, found->second.value};
  if (found->second.is_specialised) result.constant = decoration(facts, id, spec_id);
  return result;
}

/// The built-in WorkgroupSize goes before every entry's own LocalSize.
void read_group_shapes(const Facts& facts, Module& module) {
  std::optional<std::array<GroupDimension, 3>> of_all;
  const auto shape_of = [&](const std::array<std::uint32_t, 3>& ids) {
    return std::array{dimension_of(facts, ids[0]), dimension_of(facts, ids[1]), dimension_of(facts, ids[2])};
  };
  for (const auto& [id, parts] : facts.triples) {
    if (decoration(facts, id, built_in) == workgroup_size) of_all = shape_of(parts);
  }
  for (const auto& [function, entry] : facts.entries)
    module.group_shapes[entry] = of_all.value_or(std::array<GroupDimension, 3>{});
  for (const Mode& mode : facts.modes) {
    const auto entry = facts.entries.find(mode.entry);
    if (of_all || entry == facts.entries.end()) continue;
    auto& shape = module.group_shapes[entry->second];
    for (std::size_t i = 0; i < 3; ++i) shape[i] = {std::nullopt, mode.size[i]};
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
    if (variable.storage == push_constant) read_push_constants(facts, variable.type, module);
    if (variable.storage == uniform || variable.storage == uniform_constant) {
      refuse(fmt::format("{} is no storage buffer; kernels are given nothing else", name_of(facts, id)));
    }
    if (variable.storage != storage_buffer) continue;
    const auto number = decoration(facts, id, binding);
    if (!number || *number > 0xffff || decoration(facts, id, descriptor_set).value_or(0) != 0) {
      refuse(fmt::format("{} has no binding in set 0", name_of(facts, id)));
    }
    module.binding_count = std::max(module.binding_count, *number + 1);
  }
}

std::vector<std::uint32_t> words_of(const std::string& bytes) {
  std::vector<std::uint32_t> words(bytes.size() / 4);
  if (!words.empty()) std::memcpy(words.data(), bytes.data(), words.size() * 4);
  if (words.empty() || words[0] != magic) {
    refuse(!words.empty() && words[0] == swapped_magic
               ? "its words are of the other byte order"
               : "it does not begin with SPIR-V's magic number; kernels for Vulkan are compiled to SPIR-V at "
                 "build");
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
    const std::size_t length = words[at] >> 16;
    if (length == 0 || length > words.size() - at) {
      refuse(fmt::format("the instruction at word {} has {} words, and {} are left", at, length,
                         words.size() - at));
    }
    keep(words[at] & 0xffff, Operands(words.subspan(at + 1, length - 1), at), module, facts);
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
