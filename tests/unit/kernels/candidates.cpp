// What a search tries: sorted, valid, each once, the defaults first.
#include "kernels/candidates.h"

#include <algorithm>
#include <set>

#include "kernels/gemm/gemm.h"
#include "tests/catch.h"

using namespace moat;

namespace {

/// Parameter X in [0, 99], of which odd ones break a rule; cost is the distance from 50.
Implementation imagined() {
  Implementation made;
  made.name = "portable";
  made.defaults = [](const Problem&, const Traits&) { return Parameters{"", {{"X", 40}}}; };
  made.plan = [](const Problem&, const Traits&, const Parameters& parameters) -> OrUnsupported<Plan> {
    if (parameters.values.at("X") % 2 != 0) return Unsupported{"X is odd"};
    return Plan{};
  };
  made.candidates = [](const Problem&, const Traits&) {
    std::vector<Candidate> list;
    for (std::int64_t x = 0; x < 100; ++x) {
      const Candidate candidate{{"", {{"X", x}}}, static_cast<double>(std::abs(x - 50))};
      list.insert(list.end(), 2, candidate);
    }
    return list;
  };
  return made;
}

std::vector<std::int64_t> values(const std::vector<Parameters>& list) {
  std::vector<std::int64_t> made;
  for (const Parameters& parameters : list) made.push_back(parameters.values.at("X"));
  return made;
}

Traits device(DeviceKind kind, std::uint32_t vector) {
  Traits traits;
  traits.kind = kind;
  traits.language = Language::opencl_c;
  traits.compute_units = kind == DeviceKind::cpu ? 2 : 40;
  traits.max_group_size = kind == DeviceKind::cpu ? 4096 : 256;
  traits.max_group_shape = {traits.max_group_size, traits.max_group_size, 64};
  traits.local_memory_bytes = 32 << 10;
  traits.native_vector_f32 = vector;
  traits.has_f64 = true;
  return traits;
}

std::size_t distinct(const std::vector<Parameters>& list, const std::string& name) {
  std::set<std::int64_t> seen;
  for (const Parameters& parameters : list) seen.insert(parameters.values.at(name));
  return seen.size();
}

}  // namespace

TEST_CASE("combinations hold every value of every choice, over what else the base says") {
  const std::vector<Choice> choices{{"A", {1, 2}}, {"B", {3, 4, 5}}};
  const std::vector<Values> made = combinations({{"A", 9}, {"C", 7}}, choices);
  CHECK(std::set<Values>(made.begin(), made.end()).size() == 6);
  CHECK(std::count(made.begin(), made.end(), Values{{"A", 2}, {"B", 5}, {"C", 7}}) == 1);
  CHECK(combinations({{"C", 7}}, {}) == std::vector<Values>{{{"C", 7}}});
}

TEST_CASE("the defaults come first, then valid candidates, cheapest first, each once") {
  const auto problem = parse_problem("gemm:m=1,n=1,k=1");
  CHECK(values(parameters_to_try(imagined(), *problem, {}, 6)) ==
        std::vector<std::int64_t>{40, 50, 48, 52, 46, 54});
  CHECK(parameters_to_try(imagined(), *problem, {}, 1000).size() == 50);
}

TEST_CASE("nothing to search is the default alone; an impossible default is nothing") {
  const auto problem = parse_problem("gemm:m=1,n=1,k=1");
  Implementation made = imagined();
  made.candidates = {};
  CHECK(values(parameters_to_try(made, *problem, {})) == std::vector<std::int64_t>{40});
  made = imagined();
  made.defaults = [](const Problem&, const Traits&) { return Parameters{"", {{"X", 41}}}; };
  CHECK(parameters_to_try(made, *problem, {}).empty());
}

TEST_CASE("a portable GEMM has a choice of valid candidates on every device, type and layout") {
  const std::string type = GENERATE("f64", "f32", "f16", "i8");
  const std::string transpose = GENERATE("nn", "nt", "tn", "tt");
  const Traits traits = GENERATE(device(DeviceKind::cpu, 4), device(DeviceKind::cpu, 16),
                                 device(DeviceKind::gpu, 1), device(DeviceKind::accelerator, 1));
  const auto problem = parse_problem("gemm:m=500,n=600,k=700,transpose=" + transpose + ",type=" + type);
  const Implementation& portable = gemm_implementations()[1];
  const std::vector<Parameters> list = parameters_to_try(portable, *problem, traits);
  CHECK(list.size() > 10);
  CHECK(list.size() <= most_candidates);
  CHECK(list.front() == portable.defaults(*problem, traits));
  CHECK(std::set<Parameters>(list.begin(), list.end()).size() == list.size());
  for (const Parameters& parameters : list) {
    CHECK(std::holds_alternative<Plan>(portable.plan(*problem, traits, parameters)));
  }
  CHECK(distinct(list, "TILE_M") >= 3);
  CHECK(distinct(list, "TILE_N") >= 2);
}

TEST_CASE("every portable kernel has a choice of valid candidates on every device") {
  const std::string key = GENERATE(
      "attention:hq=8,hkv=2,sq=300,skv=300,d=64,mask=causal", "attention:hq=8,hkv=2,sq=1,skv=4000,d=64",
      "attention:hq=1,hkv=1,sq=3,skv=5,d=7", "convolution:n=2,c=30,h=20,w=21,k=40,r=3,s=3,pad=1",
      "convolution:n=2,c=30,h=20,w=21,k=40,r=3,s=3,pad=1,layout=nhwc",
      "convolution:n=1,c=64,h=30,w=30,k=64,r=3,s=3,groups=64", "convolution:n=1,c=1,h=1,w=1,k=1,r=1,s=1",
      "stream:op=triad,n=1000000", "stream:op=dot,n=1000,type=f64", "peak:chains=65536,steps=64",
      "peak:chains=65536,steps=64,type=i8");
  const Traits traits = GENERATE(device(DeviceKind::cpu, 4), device(DeviceKind::cpu, 16),
                                 device(DeviceKind::gpu, 1), device(DeviceKind::accelerator, 1));
  CAPTURE(key, traits.kind, traits.native_vector_f32);
  const auto problem = parse_problem(key);
  const Implementation& portable = find_operator(key.substr(0, key.find(':'))).implementations()[1];
  const std::vector<Parameters> list = parameters_to_try(portable, *problem, traits);
  CHECK(list.size() > 3);
  CHECK(list.size() <= most_candidates);
  CHECK(list.front() == portable.defaults(*problem, traits));
  CHECK(std::set<Parameters>(list.begin(), list.end()).size() == list.size());
  for (const Parameters& parameters : list) {
    CHECK(std::holds_alternative<Plan>(portable.plan(*problem, traits, parameters)));
  }
  // What was found carries over to other sizes of the same key.
  const std::string keyed = "," + key.substr(key.find(':') + 1) + ",";
  for (const std::string_view size : portable.sizes) {
    if (size != "b" && size != "batch") CHECK(keyed.find("," + std::string(size) + "=") != std::string::npos);
  }
}

TEST_CASE("candidates that no model tells apart come in the order of their distance from the default") {
  const std::vector<Choice> choices{{"A", {1, 2, 4, 8}}};
  const std::vector<CandidateValues> made = candidates_by_distance({{"A", 2}, {"B", 5}}, choices);
  REQUIRE(made.size() == 4);
  CHECK(made[1].cost == 1);
  CHECK(made[0].cost < made[2].cost);
  CHECK(made[2].cost < made[3].cost);
}

TEST_CASE("few rows have candidates of their own method") {
  const auto problem = parse_problem("gemm:m=4,n=4096,k=4096,transpose=nt");
  const Implementation& portable = gemm_implementations()[1];
  const std::vector<Parameters> list = parameters_to_try(portable, *problem, device(DeviceKind::cpu, 16));
  CHECK(list.size() > 10);
  CHECK(distinct(list, "COLUMNS") >= 3);
  CHECK(distinct(list, "GROUPS_PER_UNIT") >= 2);
}

TEST_CASE("a tiny GEMM is not offered blocks that are the same plan again") {
  const auto problem = parse_problem("gemm:m=8,n=16,k=32");
  const Traits traits = device(DeviceKind::cpu, 16);
  for (const Parameters& parameters : parameters_to_try(gemm_implementations()[1], *problem, traits)) {
    if (parameters == gemm_implementations()[1].defaults(*problem, traits)) continue;
    CHECK(parameters.values.at("TILE_M") <= 12);
    CHECK(parameters.values.at("TILE_N") <= 32);
  }
}
