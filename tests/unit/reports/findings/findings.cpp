// What stands beside a gap, and the verdict.
#include "reports/findings/findings.h"

#include <algorithm>

#include "base/json.h"
#include "reports/findings/words.h"
#include "reports/page/findings_json.h"
#include "reports/tables/gap_text.h"
#include "tests/catch.h"
#include "tests/unit/reports/gap/subjects.h"

using moat::Findings;
using moat::FindingsRequest;
using moat::Status;
using moat::Subject;
namespace conclusion = moat::conclusion;
using moat::test::first;
using moat::test::hole;
using moat::test::record;
using moat::test::subject;

namespace {

constexpr const char* cube = "gemm:m=64,n=64,k=64,type=f32";
constexpr const char* half = "gemm:m=64,n=64,k=64,type=f16";

Findings found(std::vector<Subject> subjects, std::optional<std::string> reference) {
  FindingsRequest request;
  request.subjects = std::move(subjects);
  request.reference = std::move(reference);
  return find(std::move(request));
}

}  // namespace

TEST_CASE("nothing, one device and no reference have a sensible verdict") {
  CHECK(first<conclusion::NothingChosen>(found({}, std::nullopt).verdict) != nullptr);
  const Subject one = subject("a:0", {record("a:0", "library/a", cube, 1e9)});
  CHECK(first<conclusion::NoReference>(found({one}, std::nullopt).verdict) != nullptr);
  CHECK(first<conclusion::OnlyDevice>(found({one}, "a:0").verdict)->subject == "a:0");
  for (const Findings& findings :
       {found({}, std::nullopt), found({one}, std::nullopt), found({one}, "a:0")}) {
    CHECK_FALSE(gap_text(findings, {}, {}).empty());
    CHECK(gap_json(findings).at("schema") == moat::findings_schema);
  }
}

TEST_CASE("all cases wrong: no ratio, and it is said why") {
  Subject target = subject("b:0", {record("b:0", "library/b", cube, 1e9)});
  target.records.front().status = Status::wrong;
  const Findings findings = found({subject("a:0", {record("a:0", "library/a", cube, 1e9)}), target}, "a:0");
  CHECK(*first<conclusion::NoRatio>(findings.verdict) == conclusion::NoRatio{"a:0", "b:0"});
  CHECK(*first<conclusion::Failed>(findings.verdict) == conclusion::Failed{"b:0", Status::wrong, 1});
}

TEST_CASE("the verdict names the factor with the largest loss where the target is behind") {
  Subject reference =
      subject("a:0", {record("a:0", "library/a", cube, 8e12)}, moat::test::run("one", "here"));
  Subject target = subject("b:0", {record("b:0", "library/b", cube, 1e12)}, moat::test::run("two", "there"));
  moat::test::state_roofs(reference, 10e12, 10e12, 1e15);
  moat::test::state_roofs(target, 5e12, 5e12, 1e15);
  const Findings behind = found({reference, target}, "a:0");
  const auto* reached = first<conclusion::Reached>(behind.verdict);
  REQUIRE(reached != nullptr);
  CHECK(reached->with == conclusion::Reached::With::library);
  CHECK(reached->means == behind.gaps.front().summaries.front().library);
  CHECK(reached->largest_loss == moat::GapFactor::stack);
  const Findings ahead = found({target, reference}, "b:0");
  CHECK_FALSE(first<conclusion::Reached>(ahead.verdict)->largest_loss);
}

TEST_CASE("coverage counts what a user would run, and keeps each hole's reason") {
  const Subject target = subject(
      "b:0",
      {record("b:0", "library/b", cube, 1e9), hole("b:0", "library/b", half, Status::unsupported, "no half"),
       hole("b:0", "portable/x", half, Status::unsupported, "no half"), record("b:0", "naive", half, 1e6)});
  const Findings findings = found({target}, std::nullopt);
  const auto all =
      std::ranges::find(findings.shares, moat::CoverageShare::Scope::all, &moat::CoverageShare::scope);
  REQUIRE(all != findings.shares.end());
  CHECK(all->ok == 1);
  CHECK(all->cases == 3);
  CHECK(*first<conclusion::Coverage>(findings.verdict) ==
        conclusion::Coverage{"b:0", 1, 3, conclusion::Coverage::Hole{"no half", 2}});
  const auto cell = std::ranges::find_if(findings.coverage, [](const moat::CoverageCell& one) {
    return one.implementation == "library/b" && one.type == moat::Type::f16;
  });
  REQUIRE(cell != findings.coverage.end());
  CHECK(cell->cases.at(Status::unsupported) == 1);
  CHECK(cell->holes.at("no half") == 1);
}

TEST_CASE("errors are compared with the reference's on the same inputs only") {
  Subject reference = subject("a:0", {record("a:0", "library/a", cube, 1e9)});
  Subject target = subject("b:0", {record("b:0", "library/b", cube, 1e9)});
  target.records.front().verdict->max_error = 4e-6;
  const auto row = [](const Findings& findings) {
    return *std::ranges::find(findings.numerics, "b:0", &moat::NumericsRow::subject);
  };
  CHECK(*row(found({reference, target}, "a:0")).ratio_to_reference == Approx(4));
  CHECK(row(found({reference, target}, "a:0")).worst == Approx(0.4));
  target.records.front().identity.conditions.seed = 2;
  CHECK_FALSE(row(found({reference, target}, "a:0")).ratio_to_reference);
}

TEST_CASE("less than the stated precision is in the verdict") {
  Subject target = subject("b:0", {record("b:0", "library/b", cube, 1e9)});
  target.records.front().verdict->accumulation = "tf32-like";
  CHECK(*first<conclusion::LowerPrecision>(found({target}, std::nullopt).verdict) ==
        conclusion::LowerPrecision{"b:0", "library/b", "gemm", moat::Type::f32, {"tf32-like"}});
}

TEST_CASE("the cost of first use is the median and the worst, with the worst's problem") {
  Subject target = subject("b:0", {});
  for (const double seconds : {1.0, 2.0, 9.0}) {
    target.records.push_back(record("b:0", "portable/x", seconds == 9 ? half : cube, 1e9));
    target.records.back().effort->compile_seconds = seconds;
  }
  const Findings findings = found({target}, std::nullopt);
  REQUIRE(findings.first_use.size() == 1);
  CHECK(findings.first_use[0].median_compile_seconds == 2);
  CHECK(findings.first_use[0].worst_compile_seconds == 9);
  CHECK(findings.first_use[0].worst_problem == target.records.back().identity.problem);
}

TEST_CASE("environments that differ are told fact by fact") {
  Subject left = subject("a:0", {record("a:0", "library/a", cube, 1e9)}, moat::test::run("one", "here"));
  Subject right = subject("b:0", {record("b:0", "library/b", cube, 1e9)}, moat::test::run("two", "there"));
  left.run.environment = moat::Json{{"cpu", {{"governor", "performance"}, {"cores", 2}}}};
  right.run.environment = moat::Json{{"cpu", {{"governor", "powersave"}, {"cores", 2}}}, {"turbo", "on"}};
  const Findings findings = found({left, right}, "a:0");
  REQUIRE(findings.differences.size() == 2);
  CHECK(findings.differences[0].fact == "cpu.governor");
  CHECK(findings.differences[0].values ==
        std::vector<std::optional<std::string>>{"performance", "powersave"});
  CHECK(findings.differences[1].values == std::vector<std::optional<std::string>>{std::nullopt, "on"});
}

TEST_CASE("devices of one name in two runs have labels of their own") {
  std::vector<Subject> subjects{subject("a:0", {}, moat::test::run("one", "here")),
                                subject("a:0", {}, moat::test::run("two", "here")), subject("b:0", {})};
  moat::make_labels_unique(subjects);
  CHECK(subjects[0].label == "one/a:0");
  CHECK(subjects[1].label == "two/a:0");
  CHECK(subjects[2].label == "b:0");
}

TEST_CASE("a device is the same hardware only on the same machine") {
  Subject left = subject("a:0", {}, moat::test::run("one", "here"));
  Subject right = subject("b:0", {}, moat::test::run("two", "here"));
  left.device.identities = right.device.identities = {"cpu"};
  CHECK_FALSE(same_hardware(left, right));  // any machine has CPUs
  left.run.environment = right.run.environment =
      moat::Json{{"system", {{"cpu", {{"model", "a processor"}}}}}};
  CHECK(same_hardware(left, right));
  (*right.run.environment)["system"]["cpu"]["model"] = "another";
  CHECK_FALSE(same_hardware(left, right));
  right.run.environment = left.run.environment;
  right.run.host = "there";
  CHECK_FALSE(same_hardware(left, right));
  right.run.host = "here";
  right.device.identities = {"pci:0000:65:00.0"};
  CHECK_FALSE(same_hardware(left, right));
  right.device.identities = {"cpu"};
  right.device.emulated = true;
  CHECK_FALSE(same_hardware(left, right));
}
