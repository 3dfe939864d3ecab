// Break-even: the required share is the reference's over the hardware's ratio, and hardware alone decides
// only where no peak within its interval says otherwise.
#include "reports/gap/breakeven.h"

#include "reports/tables/breakeven.h"
#include "tests/catch.h"
#include "tests/unit/reports/gap/subjects.h"

using Catch::Matchers::ContainsSubstring;
using moat::Breakeven;
using moat::BreakevenProblem;
using moat::Chip;
using moat::Reach;
using moat::Subject;
using moat::Type;

namespace {

Chip chip(const std::string& id, double low, double high, double bandwidth) {
  Chip made;
  made.id = id;
  made.name = "chip " + id;
  moat::Peak peak;
  peak.low = low;
  peak.high = high;
  peak.sources = {"a datasheet"};
  made.peaks.push_back(peak);
  moat::Figure memory;
  memory.low = memory.high = bandwidth;
  made.memory.bandwidth = memory;
  return made;
}

BreakevenProblem problem(const std::string& key) {
  const auto parsed = moat::parse_problem(key);
  return {parsed->key(), std::string(parsed->operator_name()), parsed->types(), parsed->work()};
}

const std::vector<BreakevenProblem> cube{problem("gemm:m=4096,n=4096,k=4096,type=f32")};

/// Publishes that the chip's library reached `share` of a roof of 10 TFLOP/s in GEMM.
Subject publication(const std::string& chip_id, std::initializer_list<double> shares) {
  std::vector<moat::Record> records;
  int size = 4096;
  for (const double share : shares) {
    records.push_back(moat::test::record("x:published", "library/blas",
                                         "gemm:m=" + std::to_string(size++) + ",n=4096,k=4096,type=f32",
                                         share * 10e12));
    records.back().provenance = moat::Provenance::published;
  }
  Subject made = moat::test::subject("x:published", records);
  made.device.chip = chip_id;
  made.run.citation = moat::Citation{"a paper", "somebody", 2024, "doi", "read"};
  return made;
}

Breakeven asked(const Chip& target, std::vector<Subject> published,
                const moat::BreakevenOptions& options = {}) {
  return break_even(chip("r", 10e12, 10e12, 1e12), target, cube, published, options);
}

}  // namespace

TEST_CASE("the required share is the reference's share over the hardware's ratio") {
  const Breakeven found = asked(chip("t", 8e12, 8e12, 1e12), {publication("r", {0.6})});
  REQUIRE(found.rows.size() == 1);
  CHECK(found.rows[0].hardware->value == Approx(0.8));
  CHECK(found.rows[0].required->value == Approx(0.75));
  CHECK_FALSE(found.rows[0].required_is_upper_bound);
  CHECK(found.rows[0].reach == Reach::more);
}

TEST_CASE("a target that needs more than its whole roof is out of reach") {
  const Breakeven found = asked(chip("t", 4e12, 5e12, 1e12), {publication("r", {0.9})});
  CHECK(found.rows[0].required->low > 1);
  CHECK(found.rows[0].reach == Reach::out_of_reach);
}

TEST_CASE("a peak's interval with both answers leaves it open") {
  CHECK(asked(chip("t", 5e12, 10e12, 1e12), {publication("r", {0.8})}).rows[0].reach == Reach::open);
}

TEST_CASE("a chip with more hardware needs no more than the reference's share") {
  const Breakeven found = asked(chip("t", 20e12, 20e12, 2e12), {publication("r", {0.8})});
  CHECK(found.rows[0].required->value == Approx(0.4));
  CHECK(found.rows[0].reach == Reach::within);
}

TEST_CASE("without a published efficiency the most that can be asked is told as such") {
  const Breakeven stronger = asked(chip("t", 20e12, 20e12, 2e12), {});
  CHECK(stronger.rows[0].required_is_upper_bound);
  CHECK(stronger.rows[0].required->value == Approx(0.5));
  CHECK(stronger.rows[0].reach == Reach::within);
  const Breakeven weaker = asked(chip("t", 5e12, 5e12, 1e12), {});
  CHECK(weaker.rows[0].reach == Reach::unknown);
  CHECK(weaker.rows[0].hardware->value == Approx(0.5));
  CHECK_THAT(breakeven_text(weaker, {}), ContainsSubstring("at most 2.00"));
}

TEST_CASE("published efficiencies are averaged, keep their range and count only for their chip") {
  const std::vector<Subject> published{publication("r", {0.4, 0.9}), publication("other", {0.1})};
  const auto known = published_efficiency(chip("r", 10e12, 10e12, 1e12), "gemm", cube[0].types,
                                          moat::RoofKind::arithmetic, published);
  REQUIRE(known);
  CHECK(known->figures == 2);
  CHECK(known->share.value == Approx(0.6));
  CHECK(known->share.low == Approx(0.4));
  CHECK(known->share.high == Approx(0.9));
  CHECK_FALSE(published_efficiency(chip("r", 10e12, 10e12, 1e12), "attention", cube[0].types,
                                   moat::RoofKind::arithmetic, published));
}

TEST_CASE("shares that a publication states without a problem count, recalled ones as such") {
  Subject paper = publication("r", {});
  paper.provenance = moat::Provenance::published;
  paper.device.efficiencies = {{"gemm", "library/blas", Type::f32, Type::f32, moat::RoofKind::arithmetic, 0.6,
                                0.6, 0, "table 8", "", false}};
  const Breakeven found = asked(chip("t", 8e12, 8e12, 1e12), {paper});
  CHECK(found.rows[0].required->value == Approx(0.75));
  CHECK_FALSE(found.rows[0].reference_efficiency->verified);
  CHECK(found.rows[0].reference_efficiency->sources == std::vector<std::string>{"a paper"});
}

TEST_CASE(
    "shares of another roof say nothing, and shares of another peak are turned into shares of this one") {
  Subject paper = publication("r", {});
  paper.provenance = moat::Provenance::published;
  paper.device.efficiencies = {{"gemm", "library/blas", Type::f32, Type::f32, moat::RoofKind::memory, 0.9,
                                0.9, 0, "table 8", "", true}};
  CHECK(asked(chip("t", 8e12, 8e12, 1e12), {paper}).rows[0].required_is_upper_bound);
  paper.device.efficiencies[0].bound = moat::RoofKind::arithmetic;
  paper.device.efficiencies[0].peak = 5e12;  // of the chip's 10
  CHECK(asked(chip("t", 9e12, 9e12, 1e12), {paper}).rows[0].required->value == Approx(0.5));
}

TEST_CASE("hardware that may be more or less leaves the shares about even") {
  CHECK(asked(chip("t", 8e12, 12e12, 1e12), {publication("r", {0.5})}).rows[0].reach == Reach::even);
}

TEST_CASE("problems that arithmetic binds and those that memory binds are rows of their own") {
  const std::vector<BreakevenProblem> both{cube[0], problem("gemm:m=1,n=4096,k=4096,type=f32")};
  const Breakeven found =
      break_even(chip("r", 10e12, 10e12, 1e12), chip("t", 5e12, 5e12, 2e12), both, {}, {});
  REQUIRE(found.rows.size() == 2);
  CHECK(found.rows[0].hardware->value == Approx(0.5));
  CHECK(found.rows[1].hardware->value == Approx(2));
}

TEST_CASE("what the target has published is held against what it needs") {
  const auto standing = [&](std::initializer_list<double> shares) {
    return asked(chip("t", 10e12, 10e12, 1e12), {publication("r", {0.6}), publication("t", shares)})
        .rows[0]
        .target_standing;
  };
  CHECK(standing({0.7}) == moat::TargetStanding::reaches);
  CHECK(standing({0.5}) == moat::TargetStanding::falls_short);
  CHECK(standing({0.5, 0.7}) == moat::TargetStanding::undecided);
  CHECK_FALSE(asked(chip("t", 10e12, 10e12, 1e12), {publication("r", {0.6})}).rows[0].target_standing);
}

TEST_CASE("a chip without a peak for the type leaves the row without figures, and counts it") {
  Chip target = chip("t", 1e12, 1e12, 1e12);
  target.peaks[0].type = target.peaks[0].accumulate = Type::f64;
  const Breakeven found = asked(target, {});
  CHECK(found.rows[0].without_roof == 1);
  CHECK_FALSE(found.rows[0].required);
  CHECK(breakeven_json(found).at("provenance") == "derived");
}

TEST_CASE("an efficiency that is given takes the place of what is published") {
  moat::BreakevenOptions options;
  options.reference_efficiency = moat::exactly(0.5);
  const Breakeven found = asked(chip("t", 10e12, 10e12, 1e12), {publication("r", {0.9})}, options);
  CHECK(found.rows[0].required->value == Approx(0.5));
  CHECK(found.rows[0].reference_efficiency->sources.empty());
}
