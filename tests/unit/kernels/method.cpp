// How a method is chosen, found by its name and searched, on imagined methods;
// and what holds of all that are shipped.
#include "kernels/method.h"

#include <algorithm>
#include <set>

#include "kernels/stream/stream.h"
#include "tests/catch.h"
#include "tests/unit/kernels/plan.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr std::array ranges{Range{"X", 1, 9}};

bool suits_large(const StreamProblem& problem, const Traits&) {
  return problem.n() >= 100;
}
template <std::int64_t x>
Values defaults_of(const StreamProblem&, const Traits&) {
  return {{"X", x}};
}
template <std::int64_t bytes>
OrUnsupported<Plan> plan_of(const StreamProblem&, const Traits&, const Values&) {
  return Plan{{static_cast<std::size_t>(bytes)}, {}};
}
template <std::int64_t unit>
std::vector<CandidateValues> candidates_of(const StreamProblem&, const Traits&) {
  return {{{{"X", 1}}, 1.0 * unit}, {{{"X", 2}}, 3.0 * unit}};
}

constexpr Method<StreamProblem> large{.name = "large",
                                      .suits = suits_large,
                                      .ranges = ranges,
                                      .defaults = defaults_of<5>,
                                      .plan = plan_of<1>,
                                      .candidates = candidates_of<10>};
constexpr Method<StreamProblem> rest{.name = "rest",
                                     .suits = suits_large,  // not asked: it is the last
                                     .ranges = ranges,
                                     .defaults = defaults_of<6>,
                                     .plan = plan_of<2>,
                                     .candidates = candidates_of<1000>};
constexpr Method<StreamProblem> special{.name = "special",
                                        .suits = suits_large,
                                        .ranges = ranges,
                                        .defaults = defaults_of<7>,
                                        .plan = plan_of<3>,
                                        .candidates = candidates_of<4>,
                                        .is_tried_beside = true};
constexpr Method<StreamProblem> only{
    .name = "", .suits = always_suits, .ranges = ranges, .defaults = defaults_of<8>, .plan = plan_of<4>};

const StreamProblem small_problem(StreamOp::copy, 10, Type::f32);
const StreamProblem large_problem(StreamOp::copy, 1000, Type::f32);

std::size_t scratch_of(const OrUnsupported<Plan>& outcome) {
  INFO(reason(outcome));
  REQUIRE(std::holds_alternative<Plan>(outcome));
  return std::get<Plan>(outcome).scratch_bytes.at(0);
}

std::vector<std::string> methods_of(const std::vector<Candidate>& candidates) {
  std::vector<std::string> names;
  for (const Candidate& candidate : candidates) names.push_back(candidate.parameters.method);
  return names;
}

}  // namespace

TEST_CASE("the default is the first method that suits, and the last where none does") {
  const Implementation made = implementation_of("portable", std::array{&large, &rest});
  CHECK(made.defaults(large_problem, cpu()) == Parameters{"large", {{"X", 5}}});
  CHECK(made.defaults(small_problem, cpu()) == Parameters{"rest", {{"X", 6}}});
}

TEST_CASE("a method is planned by its name, whether it suits or not") {
  const Implementation made = implementation_of("portable", std::array{&large, &rest});
  CHECK(scratch_of(made.plan(small_problem, cpu(), {"large", {{"X", 1}}})) == 1);
  CHECK(scratch_of(made.plan(large_problem, cpu(), {"rest", {{"X", 1}}})) == 2);
}

TEST_CASE("a method that is missing or unknown is refused with all that there are") {
  const Implementation made = implementation_of("portable", std::array{&large, &rest});
  CHECK(reason(made.plan(small_problem, cpu(), {"", {{"X", 1}}})) ==
        "parameter METHOD is missing: it is one of large, rest");
  CHECK(reason(made.plan(small_problem, cpu(), {"best", {{"X", 1}}})) ==
        "METHOD=best is none of large, rest");
  CHECK(reason(made.plan(small_problem, cpu(), {std::string(1000, 'x'), {}})).size() < 100);
}

TEST_CASE("an implementation with one method needs no name and takes none") {
  const Implementation made = implementation_of("naive", std::array{&only});
  CHECK(made.defaults(small_problem, cpu()) == Parameters{"", {{"X", 8}}});
  CHECK(scratch_of(made.plan(small_problem, cpu(), {"", {{"X", 1}}})) == 4);
  CHECK_THAT(reason(made.plan(small_problem, cpu(), {"large", {{"X", 1}}})),
             ContainsSubstring("METHOD=large") && ContainsSubstring("one method"));
  CHECK_FALSE(made.candidates);
}

TEST_CASE("parameters are held to the method's ranges before its plan is asked") {
  const Implementation made = implementation_of("portable", std::array{&large, &rest});
  CHECK(reason(made.plan(small_problem, cpu(), {"large", {{"X", 10}}})) == "X=10 is not in [1, 9]");
  CHECK(reason(made.plan(small_problem, cpu(), {"large", {}})) == "parameter X is missing");
  CHECK_THAT(reason(made.plan(small_problem, cpu(), {"large", {{"X", 1}, {"Y", 1}}})),
             ContainsSubstring("no parameter Y"));
}

TEST_CASE("what the device lacks is said before anything of the method") {
  Traits traits = cpu();
  traits.language = Language::none;
  const Implementation made = implementation_of("portable", std::array{&large, &rest});
  CHECK(reason(made.plan(small_problem, traits, {"best", {}})) == "the device compiles no kernels");
}

TEST_CASE("a search tries the default method") {
  const Implementation made = implementation_of("portable", std::array{&large, &rest}, {"n"});
  const std::vector<Candidate> candidates = made.candidates(small_problem, cpu());
  REQUIRE(methods_of(candidates) == std::vector<std::string>{"rest", "rest"});
  CHECK(candidates[1].cost == 3000);
  CHECK(candidates[1].parameters.values == Values{{"X", 2}});
  CHECK(methods_of(made.candidates(large_problem, cpu())) == std::vector<std::string>{"large", "large"});
  CHECK(made.sizes == std::vector<std::string_view>{"n"});
}

TEST_CASE("a method for special hardware is tried beside the usual one, each with costs in its own unit") {
  const Implementation made = implementation_of("portable", std::array{&special, &large, &rest});
  CHECK(made.defaults(large_problem, cpu()).method == "special");
  CHECK(methods_of(made.candidates(large_problem, cpu())) ==
        std::vector<std::string>{"large", "large", "special", "special"});
  for (const Candidate& candidate : made.candidates(large_problem, cpu())) {
    CHECK(candidate.cost == (candidate.parameters.values.at("X") == 1 ? 1 : 3));
  }
  CHECK(made.defaults(small_problem, cpu()).method == "rest");
  CHECK(methods_of(made.candidates(small_problem, cpu())) ==
        std::vector<std::string>{"rest", "rest", "special", "special"});
}

TEST_CASE("an implementation refuses another operator's problem") {
  const auto gemm = parse_problem("gemm:m=1,n=1,k=1");
  CHECK_THROWS_WITH(own_implementation("stream", "naive").defaults(*gemm, cpu()),
                    ContainsSubstring("gemm:m=1,n=1,k=1"));
}

TEST_CASE("parameters in words begin with the method") {
  CHECK(parameters_text({"packed", {{"TILE_M", 12}, {"BLOCK_K", 256}}}) ==
        "METHOD=packed BLOCK_K=256 TILE_M=12");
  CHECK(parameters_text({"", {{"GROUP_X", 1}}}) == "GROUP_X=1");
}

TEST_CASE("no shipped method passes its name or number to a kernel") {
  std::set<std::string> methods;
  for (const Operator* op : operators()) {
    const auto problem = parse_problem(op->key_example());
    for (const Implementation& implementation : op->implementations()) {
      for (const Traits& traits : {cpu(), gpu()}) {
        const Parameters defaults = implementation.defaults(*problem, traits);
        methods.insert(std::string(op->name()) + " " + defaults.method);
        const auto outcome = implementation.plan(*problem, traits, defaults);
        INFO(op->name() << " " << parameters_text(defaults) << ": " << reason(outcome));
        REQUIRE(std::holds_alternative<Plan>(outcome));
        for (const Step& step : std::get<Plan>(outcome).steps) {
          CHECK(std::none_of(step.constants.begin(), step.constants.end(),
                             [](const auto& constant) { return constant.first == method_name; }));
        }
      }
    }
  }
  CHECK(methods.size() > operators().size());
}
