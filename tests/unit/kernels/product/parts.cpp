// Parts of a product's depth, for drivers that end long loops.
#include "kernels/product/parts.h"

#include "kernels/planning.h"
#include "tests/catch.h"
#include "tests/unit/kernels/plan.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

Traits ending_loops(std::uint32_t rounds) {
  Traits traits;
  traits.language = Language::glsl;
  traits.loop_rounds = rounds;
  return traits;
}

Plan one_step() {
  Step step;
  step.arguments = {tensor_argument(0), tensor_argument(1), tensor_argument(2)};
  return Plan{{}, {step}};
}

/// first_step and last_step of each launch.
std::vector<std::pair<std::int64_t, std::int64_t>> parts_of(const OrUnsupported<Plan>& plan) {
  std::vector<std::pair<std::int64_t, std::int64_t>> parts;
  for (const Step& step : std::get<Plan>(plan).steps)
    parts.emplace_back(step.arguments.at(4).value, step.arguments.at(5).value);
  return parts;
}

}  // namespace

TEST_CASE("a driver that ends no loops gets the whole depth, and no memory for sums") {
  const auto plan = in_parts(one_step(), {.steps = 1 << 24, .outputs = 6}, ending_loops(0));
  CHECK(parts_of(plan) == std::vector<std::pair<std::int64_t, std::int64_t>>{{0, 1 << 24}});
  CHECK(std::get<Plan>(plan).scratch_bytes.empty());
  CHECK(std::get<Plan>(plan).steps[0].arguments[3] == tensor_argument(2));
}

TEST_CASE("parts follow each other, cover the depth, and take half of the driver's rounds at most") {
  const std::int64_t steps = GENERATE(1, 16384, 16385, 70000, 1 << 24);
  const double rounds = GENERATE(1.0, 1.125, 2.5);
  const Depth depth{.steps = steps, .rounds_per_step = rounds, .outputs = 6, .accumulator_bytes = 8};
  const auto plan = in_parts(one_step(), depth, ending_loops(65535));
  std::int64_t end = 0;
  for (const auto& [first, last] : parts_of(plan)) {
    CHECK(first == end);
    CHECK(static_cast<double>(last - first) * rounds <= 65535 / 2.0);
    CHECK((last == steps || last % 1024 == 0));
    end = last;
  }
  CHECK(end == steps);
  const bool is_whole = parts_of(plan).size() == 1;
  CHECK(std::get<Plan>(plan).scratch_bytes ==
        (is_whole ? std::vector<std::size_t>{} : std::vector<std::size_t>{48}));
}

TEST_CASE("a depth of nothing is still a launch, which writes zeros") {
  CHECK(parts_of(in_parts(one_step(), {.steps = 0}, ending_loops(65535))) ==
        std::vector<std::pair<std::int64_t, std::int64_t>>{{0, 0}});
}

TEST_CASE("other languages are told nothing") {
  Traits traits = ending_loops(65535);
  traits.language = Language::opencl_c;
  const auto plan = in_parts(one_step(), {.steps = 1 << 24}, traits);
  CHECK(std::get<Plan>(plan).steps.size() == 1);
  CHECK(std::get<Plan>(plan).steps[0].arguments.size() == 3);
}

TEST_CASE("what no part could hold is unsupported, with the driver's limit") {
  const Depth depth{.steps = 5000, .entries = 100};
  const auto plan = in_parts(one_step(), depth, ending_loops(65535));
  CHECK_THAT(std::get<Unsupported>(plan).reason,
             ContainsSubstring("ends a shader's loops after 65535 rounds"));
}

TEST_CASE("naive shaders are not split: beyond the driver's rounds they are unsupported") {
  Traits traits = ending_loops(65535);
  traits.max_group_size = 256;
  traits.max_group_shape = {256, 256, 256};
  const auto outcome = [&](const std::string& key) {
    const auto problem = parse_problem(key);
    const Implementation& naive = find_operator(problem->operator_name()).implementations().front();
    return naive.plan(*problem, traits, naive.defaults(*problem, traits));
  };
  CHECK(std::holds_alternative<Plan>(outcome("gemm:m=2,n=3,k=65000")));
  for (const char* key : {"gemm:m=2,n=3,k=65536", "convolution:n=1,c=30000,h=1,w=1,k=1,r=1,s=1",
                          "attention:hq=1,sq=1,skv=30000,d=8"}) {
    const OrUnsupported<Plan> plan = outcome(key);
    REQUIRE(std::holds_alternative<Unsupported>(plan));
    CHECK_THAT(std::get<Unsupported>(plan).reason, ContainsSubstring("this driver ends them after 65535"));
  }
}

TEST_CASE("a long chain goes on where the launch before it ended") {
  Traits traits = ending_loops(1000);
  traits.max_group_size = 64;
  traits.max_group_shape = {64, 64, 64};
  const auto problem = parse_problem("peak:chains=64,steps=2048");
  const Implementation& naive = find_operator("peak").implementations().front();
  const Plan plan = std::get<Plan>(naive.plan(*problem, traits, naive.defaults(*problem, traits)));
  REQUIRE(plan.steps.size() == 3);
  CHECK(plan.steps[0].arguments[0] == tensor_argument(0));
  CHECK(plan.steps[1].arguments[0] == tensor_argument(1));
  CHECK(plan.steps[0].arguments[3].value + plan.steps[1].arguments[3].value +
            plan.steps[2].arguments[3].value ==
        1024);
}
