// The gap: its factors multiply, its refusals hold, and what changes a conclusion is said.
#include "reports/gap/gap.h"

#include <algorithm>
#include <random>

#include "base/error.h"
#include "tests/catch.h"
#include "tests/unit/reports/gap/subjects.h"

using moat::Gap;
using moat::GapOptions;
using moat::Record;
using moat::Status;
using moat::Subject;
namespace remark = moat::remark;
using moat::test::first;
using moat::test::record;
using moat::test::subject;

namespace {

constexpr const char* cube = "gemm:m=1024,n=1024,k=1024,type=f32";
constexpr const char* row = "gemm:m=1,n=1024,k=1024,type=f32";

/// Two machines with stated roofs: R 10 TFLOP/s and 1 TB/s, T 5 and 1.
struct Pair {
  Subject reference =
      subject("r:0", {record("r:0", "library/a", cube, 8e12), record("r:0", "library/a", row, 0.4e12)},
              moat::test::run("one", "here"));
  Subject target =
      subject("t:0",
              {record("t:0", "library/b", cube, 2e12), record("t:0", "portable/x", cube, 3e12),
               record("t:0", "library/b", row, 0.3e12), record("t:0", "portable/x", row, 0.1e12)},
              moat::test::run("two", "there"));
  Pair() {
    moat::test::state_roofs(reference, 10e12, 10e12, 1e12);
    moat::test::state_roofs(target, 5e12, 5e12, 1e12);
  }
  [[nodiscard]] Gap gap(const GapOptions& options = {}) const {
    return attribute(reference, target, options);
  }
};

}  // namespace

TEST_CASE("the factors of a problem are those of the definition") {
  const Gap gap = Pair().gap();
  REQUIRE(gap.problems.size() == 2);
  const moat::ProblemGap& bound_by_arithmetic = gap.problems[0];
  CHECK(bound_by_arithmetic.reference_roof->kind == moat::RoofKind::arithmetic);
  CHECK(bound_by_arithmetic.hardware->value == Approx(0.5));
  CHECK(bound_by_arithmetic.stack->value == Approx((2.0 / 5) / (8.0 / 10)));
  CHECK(bound_by_arithmetic.portability->value == Approx(1.5));
  CHECK(bound_by_arithmetic.library_total->value == Approx(0.25));
  CHECK(bound_by_arithmetic.portable_total->value == Approx(3.0 / 8));
  const moat::ProblemGap& bound_by_memory = gap.problems[1];
  CHECK(bound_by_memory.reference_roof->kind == moat::RoofKind::memory);
  CHECK(bound_by_memory.hardware->value == Approx(1));
  CHECK(bound_by_memory.stack->value == Approx(0.75));
}

TEST_CASE("the time of a launch is hardware's where both sides' are known, and binds small problems alone") {
  constexpr const char* tiny = "gemm:m=16,n=16,k=16,type=f32";
  Pair pair;
  // Both as quick as their launches allow: 2 µs and 4 µs, both below what the others need.
  pair.reference.records.push_back(record("r:0", "library/a", tiny, 8192 / 2e-6));
  pair.target.records.push_back(record("t:0", "library/b", tiny, 8192 / 4e-6));
  const Gap without = pair.gap();
  CHECK(without.problems.at(2).stack->value == Approx(0.5));
  CHECK_FALSE(without.launches);
  CHECK(first<remark::LaunchLatencyUnknown>(without.remarks) != nullptr);

  const auto launch = [](Subject& side, double seconds) {
    side.device.roofs.push_back({moat::RoofKind::launch, moat::Type::f32, moat::Type::f32,
                                 moat::exactly(1 / seconds), "a trace", true, nullptr});
  };
  launch(pair.reference, 2e-6);
  const Gap one_sided = pair.gap();
  CHECK(one_sided.problems.at(2).stack->value == Approx(0.5));
  CHECK_FALSE(one_sided.launches);

  launch(pair.target, 4e-6);
  const Gap with = pair.gap();
  const moat::ProblemGap& small = with.problems.at(2);
  CHECK(small.target_roof->kind == moat::RoofKind::launch);
  CHECK(small.hardware->value == Approx(0.5));
  CHECK(small.stack->value == Approx(1));
  for (std::size_t i = 0; i < 2; ++i) CHECK(with.problems.at(i).stack == without.problems.at(i).stack);
  REQUIRE(with.launches);
  CHECK(with.launches->target.value == Approx(4e-6));
  const auto* latency = first<remark::LaunchLatency>(with.remarks);
  REQUIRE(latency != nullptr);
  CHECK(latency->reference_seconds.value == Approx(2e-6));
  CHECK(latency->target_seconds.value == Approx(4e-6));
  CHECK(latency->problems == 3);
  CHECK(latency->limited_on_reference == 1);
  CHECK(latency->limited_on_target == 1);
  CHECK_FALSE(latency->same_hardware);
  const auto by_bound = std::ranges::find(with.summaries, moat::RoofKind::launch,
                                          [](const moat::GapSummary& summary) { return summary.part.bound; });
  REQUIRE(by_bound != with.summaries.end());
  CHECK(by_bound->library.problems == 1);
}

TEST_CASE("a measured launch stands beside datasheets' roofs") {
  Pair pair;
  for (Subject* side : {&pair.reference, &pair.target}) {
    Record copy = record(side->label, "naive", "stream:op=copy,n=1", 1);
    copy.measurement->samples_seconds.assign(9, 3e-6);
    side->records.push_back(copy);
  }
  const Gap gap = pair.gap();
  CHECK(gap.basis == moat::RoofBasis::datasheet);
  REQUIRE(gap.launches);
  CHECK(gap.launches->reference.value == Approx(3e-6));
}

TEST_CASE("means multiply as the factors do, over all problems and over each part") {
  const Gap gap = Pair().gap();
  REQUIRE(gap.summaries.front().part == moat::GapPart{});
  for (const moat::GapSummary& summary : gap.summaries) {
    const moat::Means& library = summary.library;
    CHECK(library.total->value == Approx(library.hardware->value * library.stack->value));
    const moat::Means& portable = summary.portable;
    CHECK(portable.total->value ==
          Approx(portable.hardware->value * portable.stack->value * portable.portability->value));
    CHECK(portable.software->value == Approx(portable.stack->value * portable.portability->value));
  }
}

TEST_CASE("a gap is the same in whatever order the records stand") {
  Pair pair;
  const Gap straight = pair.gap();
  std::mt19937 random(7);
  for (int i = 0; i < 10; ++i) {
    std::ranges::shuffle(pair.reference.records, random);
    std::ranges::shuffle(pair.target.records, random);
    const Gap shuffled = pair.gap();
    CHECK(shuffled.summaries.front().library.total->value ==
          Approx(straight.summaries.front().library.total->value));
    CHECK(shuffled.summaries.front().portable.stack->value ==
          Approx(straight.summaries.front().portable.stack->value));
  }
}

TEST_CASE("a device twice as fast has twice the total and the same factors otherwise") {
  Pair pair;
  const Gap before = pair.gap();
  for (Record& slow : pair.target.records) {
    for (double& seconds : slow.measurement->samples_seconds) seconds /= 2;
  }
  const Gap after = pair.gap();
  const auto mean = [](const Gap& gap) { return gap.summaries.front().library; };
  CHECK(mean(after).total->value == Approx(2 * mean(before).total->value));
  CHECK(mean(after).hardware->value == Approx(mean(before).hardware->value));
  CHECK(mean(after).stack->value == Approx(2 * mean(before).stack->value));
}

TEST_CASE("of several rounds, what slowed both sides in a round cancels in their ratio") {
  // Both sides are 1, 2 and 4 times as slow in the three rounds, the target always half as quick.
  const auto in_rounds = [](const char* device, const char* key, double rate) {
    Record made = record(device, "library/fast", key, rate);
    const double seconds = made.measurement->samples_seconds.front();
    made.measurement->samples_seconds = {seconds, seconds, 2 * seconds, 2 * seconds, 4 * seconds};
    made.measurement->round_samples = {2, 2, 1};
    return made;
  };
  const std::vector<const char*> keys{"gemm:m=64,n=64,k=64,type=f32", "gemm:m=128,n=64,k=64,type=f32"};
  std::vector<Record> reference, target;
  for (const char* key : keys) {
    reference.push_back(in_rounds("a:0", key, 4e9));
    target.push_back(in_rounds("b:0", key, 2e9));
  }
  const Subject reference_side = moat::test::subject("a:0", reference);
  const Subject target_side = moat::test::subject("b:0", target);
  const Gap gap = attribute(reference_side, target_side, {});
  for (const moat::ProblemGap& problem : gap.problems) {
    REQUIRE(problem.library_total);
    CHECK(problem.library_total->low == Approx(0.5));
    CHECK(problem.library_total->high == Approx(0.5));
    CHECK(problem.library_rounds.size() == 3);
  }
  const moat::Means& means = gap.summaries.front().library;
  CHECK(means.total->low == Approx(0.5));
  CHECK(means.total->high == Approx(0.5));
}

TEST_CASE("problems that err to different sides in a round narrow the interval of their mean") {
  const auto in_rounds = [](const char* device, const char* key, double second, double third) {
    Record made = record(device, "library/fast", key, 1e9);
    const double seconds = made.measurement->samples_seconds.front();
    made.measurement->samples_seconds = {seconds, second * seconds, third * seconds};
    made.measurement->round_samples = {1, 1, 1};
    return made;
  };
  const char* one = "gemm:m=64,n=64,k=64,type=f32";
  const char* other = "gemm:m=128,n=64,k=64,type=f32";
  const Subject reference =
      moat::test::subject("a:0", {in_rounds("a:0", one, 1, 1), in_rounds("a:0", other, 1, 1)});
  const Subject target = moat::test::subject(
      "b:0", {in_rounds("b:0", one, 1.1, 1 / 1.1), in_rounds("b:0", other, 1 / 1.1, 1.1)});
  const Gap gap = attribute(reference, target, {});
  CHECK(gap.problems[0].library_total->low < 0.9);
  CHECK(gap.summaries.front().library.total->low == Approx(1));
  CHECK(gap.summaries.front().library.total->high == Approx(1));
}

TEST_CASE("one piece of hardware has a hardware factor of exactly 1, with and without roofs") {
  Pair pair;
  pair.target.run = pair.reference.run;
  pair.reference.run.devices = pair.target.run.devices = {pair.reference.device, pair.target.device};
  for (moat::RunInfo* info : {&pair.reference.run, &pair.target.run}) {
    for (moat::RunDevice& device : info->devices) device.identities = {"cpu"};
  }
  const Gap gap = pair.gap();
  CHECK(gap.same_hardware);
  CHECK(gap.summaries.front().library.hardware == moat::exactly(1));
  CHECK(gap.summaries.front().library.stack->value == Approx(gap.summaries.front().library.total->value));
}

TEST_CASE("a peak that is an interval is carried through, and an undecided stack is said") {
  Pair pair;
  moat::test::state_roofs(pair.target, 2e12, 5e12, 1e12);
  const Gap gap = pair.gap();
  const moat::ProblemGap& problem = gap.problems.front();
  CHECK(problem.hardware->low == Approx(0.2));
  CHECK(problem.hardware->high == Approx(0.5));
  CHECK(problem.stack->low == Approx(0.5));
  CHECK(problem.stack->high == Approx(1.25));
  CHECK(problem.library_total->low == problem.library_total->high);
  Pair wide;
  moat::test::state_roofs(wide.target, 0.5e12, 5e12, 1e12);
  const Gap undecided = wide.gap();
  const auto* found = first<remark::SoftwareUndecided>(undecided.remarks);
  REQUIRE(found != nullptr);
  CHECK(found->factor == moat::GapFactor::stack);
  CHECK(found->value == undecided.summaries.front().library.software);
  CHECK(first<remark::SoftwareUndecided>(Pair().gap().remarks) == nullptr);
}

TEST_CASE("samples' intervals reach the factors") {
  Pair pair;
  std::vector<double>& samples = pair.target.records.front().measurement->samples_seconds;
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] *= 1 + 0.01 * static_cast<double>(i);
  const moat::ProblemGap problem = pair.gap().problems.front();
  CHECK(problem.library_total->low < problem.library_total->value);
  CHECK(problem.library_total->value < problem.library_total->high);
}

TEST_CASE("a target without a library has stack and portability together, and it is said") {
  Pair pair;
  std::erase_if(pair.target.records,
                [](const Record& one) { return one.identity.implementation == "library/b"; });
  const Gap gap = pair.gap();
  CHECK_FALSE(gap.summaries.front().library.total);
  const moat::Means& means = gap.summaries.front().portable;
  CHECK_FALSE(means.stack);
  CHECK_FALSE(means.portability);
  CHECK(means.software->value == Approx(means.total->value / means.hardware->value));
  CHECK(std::ranges::find(gap.remarks, moat::Remark(remark::Missing{remark::Missing::Part::target_library,
                                                                    "t:0", 2, 2})) != gap.remarks.end());
}

TEST_CASE("conditions that differ refuse a ratio and are named") {
  Pair pair;
  pair.target.records.front().measurement->clock = "host slope";
  const Gap gap = pair.gap();
  CHECK_FALSE(gap.problems.front().library_total);
  const moat::Difference clock{moat::Condition::clock,
                               moat::UnequalCondition{moat::ClockUsed{moat::ClockKind::device, ""},
                                                      moat::ClockUsed{moat::ClockKind::host_slope, ""}}};
  CHECK(gap.problems.front().refusals.front() == clock);
  REQUIRE(first<remark::Refused>(gap.remarks) != nullptr);
  CHECK(*first<remark::Refused>(gap.remarks) == remark::Refused{clock, 1, 2});
  REQUIRE(first<remark::Forgivable>(gap.remarks) != nullptr);
  CHECK(first<remark::Marked>(gap.remarks) == nullptr);
  CHECK(gap.summaries.front().library.problems == 1);
  GapOptions options;
  options.despite = {moat::Condition::clock};
  const Gap marked = pair.gap(options);
  CHECK(marked.problems.front().library_total);
  CHECK(*first<remark::Marked>(marked.remarks) == remark::Marked{clock, 1, 2});
  CHECK(first<remark::Refused>(marked.remarks) == nullptr);
}

TEST_CASE("other data or another cache condition is never compared") {
  Pair pair;
  for (Record& one : pair.target.records) one.identity.conditions.data = moat::Data::zeros;
  CHECK_FALSE(pair.gap().summaries.front().library.total);
  for (Record& one : pair.reference.records) one.identity.conditions.data = moat::Data::zeros;
  GapOptions options;
  options.data = moat::Data::zeros;
  CHECK(pair.gap(options).summaries.front().library.total);
}

TEST_CASE("what a source does not state is a mark, not a refusal") {
  Pair pair;
  for (Record& one : pair.reference.records) one.unstated = {"cache"};
  const Gap gap = pair.gap();
  CHECK(gap.summaries.front().library.problems == 2);
  CHECK(first<remark::Refused>(gap.remarks) == nullptr);
  REQUIRE(first<remark::Marked>(gap.remarks) != nullptr);
  CHECK(first<remark::Marked>(gap.remarks)->difference ==
        moat::Difference{moat::Condition::cache, moat::UnstatedCondition{"cache", "library/a", "r:0"}});
}

TEST_CASE("only verified results speak") {
  for (const Status status : {Status::wrong, Status::untrusted, Status::disturbed, Status::error}) {
    Pair pair;
    for (Record& one : pair.target.records) {
      if (one.identity.implementation == "library/b") one.status = status;
    }
    CHECK_FALSE(pair.gap().summaries.front().library.total);
  }
}

TEST_CASE("silent accumulation in lower precision is set aside and named") {
  Pair pair;
  pair.target.records.front().verdict->accumulation = "tf32-like";
  const Gap gap = pair.gap();
  CHECK_FALSE(gap.problems.front().library_total);
  REQUIRE(first<remark::LowerPrecision>(gap.remarks) != nullptr);
  CHECK(*first<remark::LowerPrecision>(gap.remarks) ==
        remark::LowerPrecision{"t:0", "library/b", moat::Type::f32, moat::Type::tf32, 1});
}

TEST_CASE("the baseline is the best library unless one is named, and a sign that turns on it is said") {
  Pair pair;
  pair.reference.records.push_back(record("r:0", "library/slow", cube, 1e12));
  pair.reference.records.push_back(record("r:0", "library/slow", row, 0.1e12));
  const Gap best = pair.gap();
  CHECK(best.problems.front().reference_library->record->identity.implementation == "library/a");
  CHECK(*first<remark::Baseline>(best.remarks) == remark::Baseline{"r:0", true, {{"library/a", 2}}});
  const auto* decides = first<remark::BaselineDecides>(best.remarks);
  REQUIRE(decides != nullptr);
  CHECK(decides->library == "library/slow");
  CHECK(decides->as_chosen.value < 1);
  CHECK(decides->with_library.value > 1);
  GapOptions options;
  options.baseline = "library/slow";
  CHECK(pair.gap(options).problems.front().library_total->value == Approx(2));
  options.baseline = "library/none";
  CHECK_THROWS_WITH(pair.gap(options), Catch::Matchers::ContainsSubstring("library/none") &&
                                           Catch::Matchers::ContainsSubstring("library/slow"));
}

TEST_CASE("roofs that measure the device are no work, and no problem of a gap") {
  Pair pair;
  pair.target.records.push_back(record("t:0", "portable/x", "peak:chains=65536,steps=256,type=f32", 1e12));
  pair.reference.records.push_back(record("r:0", "library/a", "peak:chains=65536,steps=256,type=f32", 1e12));
  CHECK(pair.gap().problems.size() == 2);
}

TEST_CASE("emulated figures meet only emulated ones") {
  Pair pair;
  pair.target.provenance = moat::Provenance::emulated;
  CHECK_THROWS_AS(pair.gap(), moat::UsageError);
  pair.reference.provenance = moat::Provenance::emulated;
  CHECK(first<remark::EmulatedSubject>(pair.gap().remarks)->subject == "r:0");
}

TEST_CASE("nothing in common is a gap without figures, not an error") {
  Pair pair;
  pair.target.records.clear();
  const Gap gap = pair.gap();
  REQUIRE(gap.summaries.size() == 1);
  CHECK_FALSE(gap.summaries.front().library.total);
  CHECK_FALSE(gap.summaries.front().portable.total);
}
