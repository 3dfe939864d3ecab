// What is read out of SPIR-V, from glslc's modules, from hand-made ones, and from broken ones.
#include "adapters/vulkan/module.h"

#include <cstring>
#include <random>
#include <spirv/unified1/spirv.hpp11>

#include "adapters/vulkan/capabilities.h"
#include "tests/unit/adapters/vulkan/device.h"

using namespace moat;
using namespace moat::vulkan;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Instruction {
  spv::Op operation{};
  std::vector<std::uint32_t> operands;
};

/// The specification's numbers as operands.
template <class Enumeration>
constexpr std::uint32_t word(Enumeration value) {
  return static_cast<std::uint32_t>(value);
}

std::string assemble(const std::vector<Instruction>& instructions) {
  std::vector<std::uint32_t> words{spv::MagicNumber, 0x00010500, 0, 100, 0};
  for (const auto& [operation, operands] : instructions) {
    const auto length = static_cast<std::uint32_t>(1 + operands.size());
    words.push_back(length << spv::WordCountShift | word(operation));
    words.insert(words.end(), operands.begin(), operands.end());
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

constexpr std::uint32_t binding = word(spv::Decoration::Binding);
constexpr std::uint32_t storage_buffer = word(spv::StorageClass::StorageBuffer);

const Instruction main_entry{spv::Op::OpEntryPoint,
                             {word(spv::ExecutionModel::GLCompute), 1, 0x6e69616d, 0}};  // %1 "main"
const Instruction int_type{spv::Op::OpTypeInt, {10, 32, 1}};
const Instruction block{spv::Op::OpTypeStruct, {11, 10, 10}};  // of two integers
const Instruction block_pointer{spv::Op::OpTypePointer, {12, word(spv::StorageClass::PushConstant), 11}};
const Instruction push_variable{spv::Op::OpVariable, {12, 13, word(spv::StorageClass::PushConstant)}};
const Instruction first_member{spv::Op::OpMemberDecorate, {11, 0, word(spv::Decoration::Offset), 0}};
const Instruction second_member{spv::Op::OpMemberDecorate, {11, 1, word(spv::Decoration::Offset), 12}};

Instruction buffer(std::uint32_t id) {
  return {spv::Op::OpVariable, {20, id, storage_buffer}};
}
Instruction bound(std::uint32_t id, std::uint32_t number) {
  return {spv::Op::OpDecorate, {id, binding, number}};
}
Instruction needs(spv::Capability capability) {
  return {spv::Op::OpCapability, {word(capability)}};
}

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
  const Module module =
      read_module(assemble({buffer(30), bound(30, 0), buffer(31), bound(31, 1), buffer(32), bound(32, 1)}));
  CHECK(module.binding_count == 2);
}

TEST_CASE("push constants end where their last member does") {
  const Module module =
      read_module(assemble({int_type, block, block_pointer, push_variable, first_member, second_member}));
  CHECK(module.push_bytes == 16);
}

TEST_CASE("modules that no kernel can be are refused with the reason") {
  const Instruction other_set{spv::Op::OpDecorate, {30, word(spv::Decoration::DescriptorSet), 1}};
  CHECK_THAT(log_of(assemble({buffer(30)})), ContainsSubstring("%30 has no binding in set 0"));
  CHECK_THAT(log_of(assemble({buffer(30), bound(30, 0), other_set})),
             ContainsSubstring("no binding in set 0"));
  CHECK_THAT(log_of(assemble({buffer(30), bound(30, 0xffffffff)})), ContainsSubstring("no binding"));
  const Instruction name{spv::Op::OpName, {30, 0x74786574, 0}};
  const Instruction image{spv::Op::OpVariable, {20, 30, word(spv::StorageClass::UniformConstant)}};
  CHECK_THAT(log_of(assemble({name, image})), ContainsSubstring("text is no storage buffer"));
  CHECK_THAT(log_of(assemble({push_variable})), ContainsSubstring("no block"));
  CHECK_THAT(log_of(assemble({int_type, block, block_pointer, push_variable, second_member})),
             ContainsSubstring("member 0 of the push constants"));
  const Instruction long_type{spv::Op::OpTypeInt, {10, 64, 1}};
  CHECK_THAT(log_of(assemble({long_type, block, block_pointer, push_variable, first_member})),
             ContainsSubstring("no 32-bit integer"));
  const Instruction shape{spv::Op::OpExecutionModeId, {1, word(spv::ExecutionMode::LocalSizeId), 50, 51, 52}};
  CHECK_THAT(log_of(assemble({main_entry, shape})), ContainsSubstring("no constant"));
}

TEST_CASE("broken words are refused and never read past") {
  CHECK_THAT(log_of(assemble({{spv::Op::OpCapability, {}}})),
             ContainsSubstring("the instruction at word 5 is too short"));
  CHECK_THAT(log_of(assemble({{spv::Op::OpName, {30, 0x74786574}}})), ContainsSubstring("does not end"));
  CHECK_THAT(log_of(assemble({{spv::Op::OpEntryPoint, {word(spv::ExecutionModel::GLCompute), 1}}})),
             ContainsSubstring("does not end"));
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
  CHECK(words_of({needs(spv::Capability::Shader)}) == "nothing is missing");
  CHECK_THAT(words_of({needs(spv::Capability::Shader), needs(spv::Capability::Float16)}),
             ContainsSubstring("Float16") && ContainsSubstring("no shaderFloat16"));
  facts.features_12.shaderFloat16 = VK_TRUE;
  CHECK(words_of({needs(spv::Capability::Float16)}) == "nothing is missing");
  CHECK_THAT(words_of({needs(spv::Capability::GroupNonUniformShuffle)}),
             ContainsSubstring("no subgroup shuffles"));
  facts.properties_11.subgroupSupportedOperations = VK_SUBGROUP_FEATURE_SHUFFLE_BIT;
  CHECK_THAT(words_of({needs(spv::Capability::GroupNonUniformShuffle)}),
             ContainsSubstring("no subgroup shuffles"));
  facts.properties_11.subgroupSupportedStages = VK_SHADER_STAGE_COMPUTE_BIT;
  CHECK(words_of({needs(spv::Capability::GroupNonUniformShuffle)}) == "nothing is missing");
  CHECK_THAT(words_of({needs(spv::Capability::DotProductInput4x8BitPacked)}),
             ContainsSubstring("no shaderIntegerDotProduct"));
  CHECK_THAT(words_of({needs(static_cast<spv::Capability>(4711))}), ContainsSubstring("capability 4711"));
  Module new_module = read_module(assemble({}));
  new_module.version = 0x00010600;
  CHECK_THROWS_WITH(require_capabilities(new_module, facts), ContainsSubstring("SPIR-V 1.6"));
  facts.properties.apiVersion = VK_API_VERSION_1_3;
  CHECK_NOTHROW(require_capabilities(new_module, facts));
}
