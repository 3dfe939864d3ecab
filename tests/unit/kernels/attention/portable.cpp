// The plans of the project's own attention kernels, with no device:
// coverage, scratch, and the reasons why not.
#include <algorithm>
#include <bit>

#include "kernels/attention/attention.h"
#include "tests/catch.h"
#include "tests/unit/kernels/plan.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string prefill = "attention:b=2,hq=8,hkv=2,sq=100,skv=300,d=64,mask=causal";
const std::string decode = "attention:hq=8,hkv=2,sq=1,skv=5000,d=64,dv=48";

}  // namespace

TEST_CASE("shipped defaults make a plan for attention on every kind of device, for every type") {
  const std::string type = GENERATE("f32", "f16", "bf16");
  const Traits traits = GENERATE(cpu(1), cpu(4), cpu(8), cpu(16), gpu());
  const std::string key = GENERATE(as<std::string>{}, prefill, decode, "attention:hq=1,sq=1,skv=1,d=1",
                                   "attention:hq=2,hkv=1,sq=9,skv=9,d=192,dv=128,mask=causal",
                                   "attention:hq=128,hkv=1,sq=1,skv=4096,d=576,dv=512");
  for (const Implementation& candidate : attention_implementations()) {
    INFO(key << " " << candidate.name);
    CHECK(reason(plan(candidate.name, key + ",type=" + type, traits)).empty());
  }
}

TEST_CASE("sizes that do not fit are told in units that do") {
  Traits small = cpu();
  small.max_allocation_bytes = 1000;
  CHECK(reason(plan("naive", "attention:hq=1,sq=32,skv=64,d=4,type=f32", small)) ==
        "all scores need 8 KiB in one piece; the device gives 1000 bytes");
}

TEST_CASE("methods follow the device and the number of queries") {
  const auto source = [](const std::string& key, const Traits& traits) {
    return std::get<Plan>(plan("portable", key, traits)).steps.at(0).source;
  };
  CHECK(source(prefill, cpu()) == "attention/fused.cl");
  CHECK(source(decode, cpu()) == "attention/decode.cl");
  CHECK(source("attention:hq=1,sq=1,skv=3,d=8", cpu()) ==
        "attention/fused.cl");  // fewer keys than a vector has
  CHECK(source(prefill, gpu()) == "attention/grouped.cl");
  CHECK(source(decode, gpu()) == "attention/grouped.cl");
}

TEST_CASE("tiles and parts cover all rows and all keys") {
  const std::string key = GENERATE(as<std::string>{}, prefill, decode);
  const Traits traits = GENERATE(cpu(4), cpu(16, 24), gpu());
  const auto problem = parse_problem(key);
  const AttentionShape& s = dynamic_cast<const AttentionProblem&>(*problem).shape();
  const Plan outcome = std::get<Plan>(plan("portable", key, traits));
  const Step& step = outcome.steps.at(0);
  const std::vector<std::int64_t> values = integers(step);
  REQUIRE(values.size() == 7);
  CHECK(values[0] == s.batch * s.key_value_heads);
  CHECK(values[1] == s.rows());
  CHECK(values[2] == s.queries);
  CHECK(values[3] == s.keys);
  const std::int64_t parts = values[5];
  const std::int64_t part_keys = values[6];
  CHECK(parts * part_keys >= s.keys);
  CHECK((parts - 1) * part_keys < s.keys);
  const std::int64_t rows = step.entry == "fused"
                                ? constant(step, "VECTOR_WIDTH") * constant(step, "QUERY_VECTORS")
                            : step.entry == "decode" ? constant(step, "ROWS")
                                                     : constant(step, "GROUP_Y") * constant(step, "TILE_M");
  const auto tiles = static_cast<std::int64_t>(step.groups[0]) / parts;
  CHECK(tiles * rows >= s.rows());
  CHECK((tiles - 1) * rows < s.rows());
  CHECK(step.groups[1] == static_cast<std::size_t>(s.batch * s.key_value_heads));
}

TEST_CASE("the scale reaches the kernel as the bits of a float") {
  const Plan outcome = std::get<Plan>(plan("portable", prefill + ",scale=0.75", cpu()));
  CHECK(std::bit_cast<float>(static_cast<std::int32_t>(integers(outcome.steps.at(0)).at(4))) == 0.75F);
  const Plan naive = std::get<Plan>(plan("naive", prefill + ",scale=0.75", cpu()));
  CHECK(std::bit_cast<float>(static_cast<std::int32_t>(integers(naive.steps.at(0)).at(4))) == 0.75F);
}

TEST_CASE("split keys are joined by a second step from scratch that holds every part") {
  const Plan split = std::get<Plan>(plan("portable", decode, cpu(), {{"SPLITS", 5}}));
  REQUIRE(split.steps.size() == 2);
  CHECK(split.steps[1].entry == "combine");
  const std::int64_t parts = integers(split.steps[1]).back();
  CHECK(parts == 5);
  CHECK(split.scratch_bytes.at(0) == static_cast<std::size_t>(8 * parts * (48 + 2) * 4));
  const Plan whole = std::get<Plan>(plan("portable", decode, cpu(), {{"SPLITS", 1}}));
  CHECK(whole.steps.size() == 1);
}

TEST_CASE("few heads are split until every unit has work, many are not") {
  const auto parts = [](const std::string& key, const Traits& traits) {
    return integers(std::get<Plan>(plan("portable", key, traits)).steps.at(0)).at(5);
  };
  CHECK(parts("attention:hq=1,sq=1,skv=16384,d=128", gpu()) * 1 >= 40);
  CHECK(parts("attention:hq=32,sq=4096,skv=4096,d=128", gpu()) == 1);
  CHECK(parts("attention:hq=64,sq=1,skv=16384,d=128", cpu()) == 1);
}

TEST_CASE("naive attention keeps all scores, or says that they do not fit") {
  const Plan outcome = std::get<Plan>(plan("naive", prefill, cpu()));
  REQUIRE(outcome.steps.size() == 3);
  CHECK(outcome.scratch_bytes.at(0) == std::size_t{4} * 2 * 8 * 100 * 300);
  CHECK_THAT(reason(plan("naive", "attention:hq=32,sq=16384,skv=16384,d=64", cpu())),
             ContainsSubstring("all scores need 32 GiB"));
}

TEST_CASE("a broken rule of attention's plans is a reason that names the parameter") {
  CHECK_THAT(reason(plan("portable", prefill, cpu(), {{"VECTOR_WIDTH", 3}})),
             ContainsSubstring("VECTOR_WIDTH=3"));
  CHECK_THAT(reason(plan("portable", decode, cpu(), {{"VECTOR_WIDTH", 3}})),
             ContainsSubstring("VECTOR_WIDTH=3"));
  CHECK_THAT(reason(plan("portable", decode, cpu(), {{"BLOCK_KEYS", 24}})),
             ContainsSubstring("BLOCK_KEYS=24"));
  CHECK_THAT(reason(plan("portable", prefill, cpu(), {{"TILE_VALUES", 0}})),
             ContainsSubstring("TILE_VALUES=0"));
  CHECK_THAT(reason(plan("portable", "attention:hq=1,sq=64,skv=3,d=8", cpu(), {{"TILE_KEYS", 4}})),
             ContainsSubstring("TILE_KEYS=4"));
  CHECK_THAT(reason(plan("portable", prefill, cpu(), {{"BLOCK_KEYS", 4096}})),
             ContainsSubstring("local memory"));
  CHECK_THAT(reason(plan("portable", prefill, gpu(), {{"GROUP_Y", 32}})),
             ContainsSubstring("16 x 32 work-items"));
  CHECK_THAT(reason(plan("portable", prefill, gpu(), {{"TILE_M", 16}})), ContainsSubstring("local memory"));
  CHECK_THAT(reason(plan("naive", prefill, gpu(), {{"GROUP_X", 512}})),
             ContainsSubstring("512 x 1 work-items"));
  const auto problem = parse_problem(prefill);
  CHECK_THAT(reason(own_implementation("attention", "portable").plan(*problem, cpu(), {})),
             ContainsSubstring("METHOD"));
  Traits traits = cpu();
  traits.language = Language::none;
  CHECK_THAT(reason(plan("portable", prefill, traits)), ContainsSubstring("compiles no kernels"));
}

TEST_CASE("work-items that exchange registers take fewer rows the more columns each of them has") {
  Traits traits = cpu(8);
  traits.language = Language::glsl;
  traits.subgroup_size = 8;
  traits.has_f16 = traits.has_16_bit_storage = true;
  const auto rows = [&](const std::string& value_dim) {
    const auto problem = parse_problem("attention:hq=1,sq=64,skv=64,d=8,dv=" + value_dim);
    const Parameters chosen = own_implementation("attention", "portable").defaults(*problem, traits);
    CHECK(chosen.method == "lanes");
    return chosen.values.at("TILE_M");
  };
  CHECK(rows("8") == 8);
  CHECK(rows("128") == 8);  // 16 columns of 8 rows are 128 sums
  CHECK(rows("256") == 4);
  CHECK(rows("2048") == 1);
}
