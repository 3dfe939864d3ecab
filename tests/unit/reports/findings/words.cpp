// The words of numbers, remarks and conclusions: one sentence of each kind.
#include "reports/findings/words.h"

#include "tests/catch.h"

using moat::between;
using moat::Conclusion;
using moat::Condition;
using moat::Difference;
using moat::exactly;
using moat::GapFactor;
using moat::Provenance;
using moat::Remark;
using moat::Type;
namespace remark = moat::remark;
namespace conclusion = moat::conclusion;

namespace {

const Difference slope{Condition::clock,
                       moat::UnequalCondition{moat::ClockUsed{moat::ClockKind::device, ""},
                                              moat::ClockUsed{moat::ClockKind::host_slope, ""}}};

std::string said(const Remark& remark) {
  return moat::text(remark);
}
std::string said(const Conclusion& conclusion) {
  return moat::text(conclusion);
}

}  // namespace

TEST_CASE("doublings have a sign, and counts their noun") {
  CHECK(moat::log2_text(0.5) == "-1.00");
  CHECK(moat::count_text(1, "problem") == "1 problem");
  CHECK(moat::count_text(2, "problem") == "2 problems");
}

TEST_CASE("each kind of remark is one plain sentence") {
  CHECK(said(remark::PublishedSubject{"v:0", moat::Citation{"a paper", "somebody", 2024, "doi", "read"}}) ==
        "v:0 was published, not measured here: somebody, a paper, doi.");
  CHECK(said(remark::PublishedSubject{"v:0", std::nullopt}) ==
        "v:0 was published, not measured here; its source is not named.");
  CHECK(said(remark::EmulatedSubject{"null:0"}) == "null:0 is emulated, so its times mean nothing.");
  CHECK(said(remark::Baseline{"r:0", true, {{"library/a", 1}, {"library/b", 2}}}) ==
        "The baseline is for each problem the best library of r:0: library/a (1 problem), library/b (2 "
        "problems).");
  CHECK(said(remark::Baseline{"r:0", false, {{"library/a", 3}}}) ==
        "The baseline is the chosen library of r:0: library/a (3 problems).");
  CHECK(said(remark::BaselineDecides{"r:0", "library/b", 2, GapFactor::stack, exactly(1.5), exactly(0.5)}) ==
        "The choice of the baseline decides whether the target is ahead: against library/b of r:0, over 2 "
        "problems, SW is 1.50, ahead; against the chosen baseline it is 0.500, behind.");
  CHECK(said(remark::SoftwareUndecided{"t:0", GapFactor::software, {1, 0.5, 2}}) ==
        "The intervals of peaks and samples leave open whether the software of t:0 is ahead or behind: SW × "
        "PORT is 1.00 (0.500 to 2.00).");
  CHECK(said(remark::OtherRoofs{moat::RoofBasis::measured, exactly(0.5), GapFactor::stack, exactly(2),
                                false}) == "With measured roofs, HW is 0.500 and SW is 2.00.");
  CHECK(
      said(
          remark::OtherRoofs{moat::RoofBasis::datasheet, exactly(0.5), GapFactor::stack, exactly(2), true}) ==
      "The choice of roofs decides whether the target's software is ahead: with datasheet roofs, HW is 0.500 "
      "and SW is 2.00.");
  CHECK(said(remark::RecalledRoof{}) ==
        "A peak or bandwidth behind the hardware factor is recalled, not verified; moat chips names it.");
  CHECK(
      said(remark::LaunchLatency{"r:0", "t:0", exactly(2e-6), exactly(4e-6), 3, 1, 2, false}) ==
      "A launch takes 2.000 µs on r:0 and 4.000 µs on t:0; of 3 problems, launch latency limits 1 on r:0 and "
      "2 on t:0.");
  CHECK_THAT(said(remark::LaunchLatency{"r:0", "t:0", exactly(2e-6), exactly(4e-6), 3, 1, 2, true}),
             Catch::Matchers::EndsWith("The hardware is the same, so this latency counts as software."));
  CHECK_THAT(said(remark::LaunchLatencyUnknown{}),
             Catch::Matchers::StartsWith("Launch latency is not known for both sides"));
  CHECK(said(remark::RanWith{"t:0", "library/b", "OpenMP grants 1 of 2 threads", 3}) ==
        "library/b on t:0: OpenMP grants 1 of 2 threads (3 cases).");
  CHECK(said(remark::Configuration{"version of library/b", "1", "2"}) ==
        "The two runs of this machine differ in the version of library/b: 1 against 2.");
  CHECK(said(remark::LowerPrecision{"t:0", "library/b", Type::f32, Type::tf32, 1}) ==
        "library/b on t:0 accumulates f32 as tf32-like in 1 case, which is set aside.");
  CHECK(said(remark::Refused{slope, 1, 3}) ==
        "1 of 3 problems has no ratio, because conditions differ: clock: device clock against host slope.");
  CHECK(said(remark::Forgivable{{Condition::clock, Condition::work}}) ==
        "--despite compares anyway, with a mark, where one of these differs: clock, work.");
  CHECK(said(remark::Marked{slope, 2, 3}) ==
        "2 of 3 problems are compared anyway, with a mark: clock: device clock against host slope.");
}

TEST_CASE("what is missing is said with its consequence") {
  using Part = remark::Missing::Part;
  CHECK(said(remark::Missing{Part::reference_library, "r:0", 1, 3}) ==
        "1 of 3 problems has no library result on r:0 to compare with.");
  CHECK(
      said(remark::Missing{Part::target_library, "t:0", 2, 3}) ==
      "2 of 3 problems have no library result on t:0, so stack and portability cannot be told apart there.");
  CHECK(said(remark::Missing{Part::target_portable, "t:0", 2, 3}) ==
        "2 of 3 problems have no result of a portable kernel on t:0.");
  CHECK(said(remark::Missing{Part::roof, "", 1, 1}) ==
        "1 of 1 problem has no roof for its types on both sides, and is in no mean with hardware.");
}

TEST_CASE("a difference is a clause with both values, or names whose source is silent") {
  CHECK(text(Difference{Condition::work,
                        moat::UnequalCondition{moat::CountedWork{2, 8}, moat::CountedWork{4, 8}}}) ==
        "work convention: 2 operations and 8 bytes against 4 operations and 8 bytes");
  CHECK(text(Difference{Condition::types, moat::UnstatedCondition{"accumulate", "library/a", "v:0"}}) ==
        "accumulate type of library/a on v:0 is not stated by its source");
}

TEST_CASE("what hardware is taken from is told with each header") {
  moat::Gap gap;
  gap.reference = "r:0";
  gap.target = "t:0";
  CHECK(hardware_text(gap) ==
        "no datasheet or measured roofs of r:0 and t:0, so hardware and stack cannot be told apart");
  gap.requested_basis = moat::RoofBasis::measured;
  CHECK(hardware_text(gap) == "no measured roofs of r:0 and t:0, so hardware and stack cannot be told apart");
  gap.basis = moat::RoofBasis::datasheet;
  CHECK(hardware_text(gap) == "hardware from the datasheet roofs of both");
  gap.launches.emplace();
  CHECK(hardware_text(gap) == "hardware from the datasheet roofs and launch latencies of both");
  gap.same_hardware = true;
  CHECK(hardware_text(gap) == "the same hardware: HW is 1 exactly");
}

TEST_CASE("a part of a gap is named by what its problems have in common") {
  using moat::GapPart;
  using moat::GapScope;
  const auto named = [](GapPart part) { return part_text(moat::GapSummary{std::move(part), {}, {}, {}}); };
  CHECK(named({}) == "all");
  CHECK(named({GapScope::by_operator, "gemm", {}, "", {}}) == "gemm");
  CHECK(named({GapScope::by_type, "", Type::f32, "", {}}) == "f32");
  CHECK(named({GapScope::by_operator_and_type, "gemm", Type::f32, "", {}}) == "gemm f32");
  CHECK(named({GapScope::by_workload, "", {}, "a model", {}}) == "a model");
  CHECK(named({GapScope::by_bound, "", {}, "", moat::RoofKind::memory}) == "bound by memory");
}

TEST_CASE("a break-even concludes from the hardware, the reference and what the target has published") {
  moat::BreakevenRow row;
  CHECK(conclusion_text(row) == "The catalogue has no roof for these types on both chips.");
  row.hardware = exactly(0.5);
  CHECK(conclusion_text(row) ==
        "The reference's efficiency is not published; the target needs 2.00 times its share.");
  const auto concluded = [&](moat::Reach reach) {
    row.reach = reach;
    return conclusion_text(row);
  };
  using Catch::Matchers::StartsWith;
  CHECK_THAT(concluded(moat::Reach::out_of_reach), StartsWith("The hardware alone decides"));
  CHECK_THAT(concluded(moat::Reach::open), StartsWith("It depends on which peak and which publication"));
  CHECK_THAT(concluded(moat::Reach::even),
             StartsWith("The target can match the reference at about the same"));
  CHECK_THAT(concluded(moat::Reach::more),
             StartsWith("The target can match the reference only with software"));
  CHECK_THAT(concluded(moat::Reach::within), StartsWith("The target can match the reference at a share"));
  row.required_is_upper_bound = true;
  CHECK_THAT(concluded(moat::Reach::within), StartsWith("The hardware does not prevent a match"));
  row.target_standing = moat::TargetStanding::falls_short;
  CHECK_THAT(conclusion_text(row),
             Catch::Matchers::EndsWith(" Published figures of the target fall short of the required share."));
  CHECK(moat::source_text({exactly(0.5), 0, true, {}}) == "as given");
  CHECK(moat::source_text({exactly(0.5), 2, true, {"a", "b"}}) == "a; b");
  CHECK(text(moat::BreakevenRemark::derived) ==
        "The figures are derived from datasheets and publications; neither machine was measured.");
}

TEST_CASE("what a table of metrics leaves out is counted") {
  namespace left_out = moat::left_out;
  const auto left = [](const moat::LeftOut& it) { return moat::text(it); };
  CHECK(left(left_out::OtherConditions{1}) ==
        "1 case with other than normal data and a hot cache is left out.");
  CHECK(left(left_out::OtherProvenance{Provenance::emulated, 2}) == "2 emulated cases are left out.");
  CHECK(left(left_out::RoofOperators{{"peak", "stream"}}) ==
        "Operators that measure the device itself are left out: peak, stream.");
}

TEST_CASE("each kind of conclusion is one plain sentence") {
  CHECK(said(conclusion::NothingChosen{}) == "No records were chosen, so there is nothing to report.");
  CHECK(said(conclusion::NoReference{}) ==
        "No reference was chosen, so there are rates, coverage and numerics, but no gap.");
  CHECK(said(conclusion::OnlyDevice{"a:0"}) == "a:0 is the only device, so there is no gap.");
  CHECK_THAT(said(conclusion::NoRatio{"a:0", "b:0"}),
             Catch::Matchers::StartsWith("No ratio of b:0 to a:0 can be formed"));
  CHECK(said(conclusion::Coverage{"b:0", 1, 3, conclusion::Coverage::Hole{"no half", 2}}) ==
        "b:0: 1 of 3 library and portable cases are verified (33 %); the most frequent reason of a hole (2 "
        "cases): no half.");
  CHECK(said(conclusion::Failed{"b:0", moat::Status::wrong, 1}) ==
        "b:0: 1 case is wrong; it has no rate and is in no mean.");
  CHECK(said(conclusion::RanWith{"b:0", "library/b", "OpenMP grants 1 of 2 threads", 1}) ==
        "b:0: OpenMP grants 1 of 2 threads (1 case of library/b).");
  CHECK(said(conclusion::LowerPrecision{"b:0", "library/b", "gemm", Type::f32, {"tf32-like"}}) ==
        "b:0: library/b computes gemm in less than the stated f32 precision (tf32-like).");
}

TEST_CASE("what a target reaches is told with its factors as far as they are known") {
  conclusion::Reached reached{"a:0",
                              "b:0",
                              Provenance::measured,
                              Provenance::published,
                              conclusion::Reached::With::library,
                              {},
                              GapFactor::hardware};
  reached.means.problems = 2;
  reached.means.total = reached.means.to_library = exactly(0.4);
  reached.means.hardware = exactly(0.5);
  reached.means.stack = exactly(0.8);
  CHECK(said(reached) ==
        "With its own library, b:0 reaches 0.400 of the rate of a:0's library (published figures against "
        "measured ones), over 2 problems: hardware 0.500 × stack 0.800; the largest loss is in hardware.");
  reached.with = conclusion::Reached::With::portable;
  reached.target_provenance = Provenance::measured;
  reached.means.stack.reset();
  reached.means.to_library.reset();
  reached.means.software = exactly(0.8);
  reached.largest_loss.reset();
  CHECK(said(reached) ==
        "With the portable kernel, b:0 reaches 0.400 of the rate of a:0's library, over 2 problems: hardware "
        "0.500 "
        "× stack and portability together 0.800.");
}

TEST_CASE("reasons are cut between characters") {
  const std::string long_reason = std::string(119, 'x') + "é and more";
  const std::string cut = moat::shortened_reason(long_reason);
  CHECK(cut == std::string(119, 'x') + "…");
  CHECK(moat::shortened_reason("short") == "short");
}
