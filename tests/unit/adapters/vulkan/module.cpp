// What is read out of SPIR-V, from glslc's modules, from hand-made ones, and from broken ones.
#include "adapters/vulkan/module.h"

#include <cstring>
#include <random>

#include "adapters/vulkan/capabilities.h"
#include "tests/unit/adapters/vulkan/device.h"

using namespace moat;
using namespace moat::vulkan;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Words of one instruction: `operation` and its operands.
using Instruction = std::vector<std::uint32_t>;

std::string assemble(const std::vector<Instruction>& instructions) {
  std::vector<std::uint32_t> words{0x07230203, 0x00010500, 0, 100, 0};
  for (const Instruction& instruction : instructions) {
    words.push_back(static_cast<std::uint32_t>(instruction.size()) << 16 | instruction[0]);
    words.insert(words.end(), instruction.begin() + 1, instruction.end());
  }
  std::string bytes(words.size() * 4, '\0');
  std::memcpy(bytes.data(), words.data(), bytes.size());
  return bytes;
}

std::string log_of(const std::string& bytes) {
  try {
    static_cast<void>(read_module(bytes));
  } catch (const CompileError& error) {
    return error.log();
  }
  return "it was read";
}

// A few instructions, by their numbers in the specification.
const Instruction main_entry{15, 5, 1, 0x6e69616d, 0};  // GLCompute %1 "main"
const Instruction int_type{21, 10, 32, 1};
const Instruction block{30, 11, 10, 10};             // struct of two integers
const Instruction block_pointer{32, 12, 9, 11};      // in push constants
const Instruction push_variable{59, 12, 13, 9};      // %13
const Instruction second_member{72, 11, 1, 35, 12};  // at byte 12

}  // namespace

TEST_CASE("a module from glslc tells its entry, constants, shape, bindings and push constants") {
  const Module add = read_module(module_of("add"));
  CHECK(add.version == 0x00010500);
  CHECK(add.entries == std::vector<std::string>{"main"});
  CHECK(add.binding_count == 3);
  CHECK(add.push_bytes == 4);
  using Kind = SpecialisationConstant::Kind;
  REQUIRE(add.constants.size() == 4);  // the group's shape has no names
  CHECK((add.constants.at("SCALE").id == 3 && add.constants.at("SCALE").kind == Kind::signed_integer));
  CHECK(
      (add.constants.at("COUNT_UP").id == 4 && add.constants.at("COUNT_UP").kind == Kind::unsigned_integer));
  CHECK((add.constants.at("NEGATE").id == 5 && add.constants.at("NEGATE").kind == Kind::boolean));
  CHECK(add.constants.at("RATE").kind == Kind::other);
  for (std::uint32_t i = 0; i < 3; ++i) CHECK(add.group_shapes.at("main").at(i).constant == i);
}

TEST_CASE("a shape that is fixed is told as such") {
  const Module fixed = read_module(module_of("fixed"));
  const auto& shape = fixed.group_shapes.at("main");
  CHECK((!shape[0].constant && shape[0].fixed == 8));
  CHECK((!shape[1].constant && shape[1].fixed == 2));
  CHECK((!shape[2].constant && shape[2].fixed == 1));
  CHECK(fixed.push_bytes == 0);
  CHECK(fixed.binding_count == 1);
}

TEST_CASE("buffers that share a binding are one") {
  const auto variable = [](std::uint32_t id) { return Instruction{59, 20, id, 12}; };
  const auto bound = [](std::uint32_t id, std::uint32_t binding) { return Instruction{71, id, 33, binding}; };
  CHECK(read_module(
            assemble({variable(30), bound(30, 0), variable(31), bound(31, 1), variable(32), bound(32, 1)}))
            .binding_count == 2);
}

TEST_CASE("push constants end where their last member does") {
  CHECK(read_module(
            assemble({int_type, block, block_pointer, push_variable, {72, 11, 0, 35, 0}, second_member}))
            .push_bytes == 16);
}

TEST_CASE("modules that no kernel can be are refused with the reason") {
  CHECK_THAT(log_of(assemble({{59, 20, 30, 12}})), ContainsSubstring("%30 has no binding in set 0"));
  CHECK_THAT(log_of(assemble({{59, 20, 30, 12}, {71, 30, 33, 0}, {71, 30, 34, 1}})),
             ContainsSubstring("no binding in set 0"));
  CHECK_THAT(log_of(assemble({{59, 20, 30, 12}, {71, 30, 33, 0xffffffff}})), ContainsSubstring("no binding"));
  CHECK_THAT(log_of(assemble({{5, 30, 0x74786574, 0}, {59, 20, 30, 0}})),
             ContainsSubstring("text is no storage buffer"));
  CHECK_THAT(log_of(assemble({push_variable})), ContainsSubstring("no block"));
  CHECK_THAT(log_of(assemble({int_type, block, block_pointer, push_variable, second_member})),
             ContainsSubstring("member 0 of the push constants"));
  CHECK_THAT(log_of(assemble({{21, 10, 64, 1}, block, block_pointer, push_variable, {72, 11, 0, 35, 0}})),
             ContainsSubstring("no 32-bit integer"));
  CHECK_THAT(log_of(assemble({main_entry, {331, 1, 38, 50, 51, 52}})), ContainsSubstring("no constant"));
}

TEST_CASE("broken words are refused and never read past") {
  CHECK_THAT(log_of(assemble({{17}})), ContainsSubstring("the instruction at word 5 is too short"));
  CHECK_THAT(log_of(assemble({{5, 30, 0x74786574}})), ContainsSubstring("does not end"));
  CHECK_THAT(log_of(assemble({{15, 5, 1}})), ContainsSubstring("does not end"));
  std::string bytes = assemble({main_entry});
  bytes[5 * 4 + 2] = 0;  // an instruction of no words
  CHECK_THAT(log_of(bytes), ContainsSubstring("has 0 words"));
  bytes[5 * 4 + 2] = 9;
  CHECK_THAT(log_of(bytes), ContainsSubstring("has 9 words, and 5 are left"));
  CHECK_THAT(log_of(std::string("\x07\x23\x02\x03\0\0\0\0", 8)), ContainsSubstring("other byte order"));
  CHECK_THAT(log_of(std::string("\x03\x02\x23\x07", 4)), ContainsSubstring("no header"));
}

TEST_CASE("a module cut at any word, or with any word changed, is read or refused") {
  const std::string whole = module_of("add");
  for (std::size_t words = 0; words < whole.size() / 4; ++words) {
    static_cast<void>(log_of(whole.substr(0, words * 4)));
  }
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) {
    std::string changed = whole;
    for (unsigned changes = 1 + random() % 4; changes > 0; --changes) {
      changed[random() % changed.size()] = static_cast<char>(random());
    }
    static_cast<void>(log_of(changed));
  }
  SUCCEED("sanitizers see to the rest");
}

TEST_CASE("a capability that the device lacks is refused by name, with what it needs") {
  Facts facts;
  facts.properties.apiVersion = VK_API_VERSION_1_2;
  const auto words_of = [&](const std::vector<Instruction>& instructions) {
    try {
      require_capabilities(read_module(assemble(instructions)), facts);
    } catch (const CompileError& error) {
      return std::string(error.what()) + ": " + error.log();
    }
    return std::string("nothing is missing");
  };
  CHECK(words_of({{17, 1}}) == "nothing is missing");
  CHECK_THAT(words_of({{17, 1}, {17, 9}}),
             ContainsSubstring("Float16") && ContainsSubstring("no shaderFloat16"));
  facts.features_12.shaderFloat16 = VK_TRUE;
  CHECK(words_of({{17, 9}}) == "nothing is missing");
  CHECK_THAT(words_of({{17, 65}}), ContainsSubstring("no subgroup shuffles"));
  facts.properties_11.subgroupSupportedOperations = VK_SUBGROUP_FEATURE_SHUFFLE_BIT;
  CHECK_THAT(words_of({{17, 65}}), ContainsSubstring("no subgroup shuffles"));
  facts.properties_11.subgroupSupportedStages = VK_SHADER_STAGE_COMPUTE_BIT;
  CHECK(words_of({{17, 65}}) == "nothing is missing");
  CHECK_THAT(words_of({{17, 6018}}), ContainsSubstring("no shaderIntegerDotProduct"));
  CHECK_THAT(words_of({{17, 4711}}), ContainsSubstring("capability 4711"));
  Module new_module = read_module(assemble({}));
  new_module.version = 0x00010600;
  CHECK_THROWS_WITH(require_capabilities(new_module, facts), ContainsSubstring("SPIR-V 1.6"));
  facts.properties.apiVersion = VK_API_VERSION_1_3;
  CHECK_NOTHROW(require_capabilities(new_module, facts));
}
