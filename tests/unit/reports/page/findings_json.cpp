// Findings as JSON: statements with their values, tables under their names, each thing once.
#include "reports/page/findings_json.h"

#include <algorithm>

#include "reports/tables/tables.h"
#include "tests/catch.h"
#include "tests/synthetic.h"
#include "tests/unit/reports/gap/subjects.h"

using namespace moat;
using namespace moat::test;

namespace {

constexpr const char* small_cube = "gemm:m=64,n=64,k=64,type=f32";
constexpr const char* cube = "gemm:m=128,n=128,k=128,type=f32";

/// A library at half the reference's rate with a portable kernel at a quarter, and a problem under another
/// clock.
Findings half_and_quarter() {
  Record other_clock = record("b:0", "library/b", cube, 1e12);
  other_clock.measurement->clock = "host slope";
  return findings_of(
      {subject("a:0", {record("a:0", "library/a", small_cube, 4e12), record("a:0", "library/a", cube, 4e12)}),
       subject("b:0", {record("b:0", "library/b", small_cube, 2e12),
                       record("b:0", "portable/x", small_cube, 1e12), other_clock})});
}

Json row_where(const Json& rows, const std::string& key, const Json& value) {
  const auto found = std::ranges::find_if(rows, [&](const Json& row) { return row.at(key) == value; });
  REQUIRE(found != rows.end());
  return *found;
}

}  // namespace

TEST_CASE("a gap has its factors by path and its problems with rates, implementations and reasons") {
  const Json json = gap_json(half_and_quarter());
  CHECK(json.at("schema") == findings_schema);
  CHECK(json.at("reference") == "a:0");
  REQUIRE(json.at("gaps").size() == 1);
  const Json& gap = json.at("gaps")[0];
  CHECK(gap.at("target") == "b:0");
  CHECK(row_where(gap.at("factors"), "path", "library").at("total").at("value") == Approx(0.5));
  CHECK(row_where(gap.at("factors"), "path", "portable").at("total").at("value") == Approx(0.25));
  const Json compared = row_where(gap.at("problems"), "problem", small_cube);
  CHECK(compared.at("portability").at("value") == Approx(0.5));
  CHECK(compared.at("reference_rate").at("value") == Approx(4e12));
  CHECK(compared.at("reference_implementation") == "library/a");
  CHECK(compared.at("target_implementation") == "library/b");
  CHECK(compared.at("portable_implementation") == "portable/x");
  CHECK(compared.at("refusals").empty());
  const Json refused = row_where(gap.at("problems"), "problem", cube);
  CHECK(refused.at("library_total").is_null());
  REQUIRE(refused.at("refusals").size() == 1);
  CHECK(refused.at("refusals")[0].at("condition") == "clock");
  CHECK_FALSE(refused.at("refusals")[0].at("text").get<std::string>().empty());
}

TEST_CASE("every statement has its kind and its sentence") {
  const Json json = gap_json(half_and_quarter());
  REQUIRE_FALSE(json.at("verdict").empty());
  REQUIRE_FALSE(json.at("gaps")[0].at("remarks").empty());
  for (const Json& statements : {json.at("verdict"), json.at("gaps")[0].at("remarks")}) {
    for (const Json& statement : statements) {
      CHECK_FALSE(statement.at("kind").get<std::string>().empty());
      CHECK_FALSE(statement.at("text").get<std::string>().empty());
    }
  }
}

TEST_CASE("findings hold every table of a report once, and records instead of their tables") {
  const Findings findings = findings_of(synthetic_subjects({2, 60, 9}));
  const Json json = findings_json(findings);
  CHECK(json.at("records").size() == 60);
  CHECK(json.at("runs").size() == findings.runs.size());
  CHECK(json.at("gaps").size() == findings.gaps.size());
  for (const ListedTable& table : listed_tables) {
    const Grid grid = table.make(findings);
    INFO(grid.id);
    const bool is_elsewhere = grid.id == "summary" || grid.id == "factors" || grid.id == "gaps" ||
                              grid.id == "cases" || grid.id == "samples";
    CHECK(json.at("tables").contains(grid.id) == !is_elsewhere);
    if (!is_elsewhere) CHECK(json.at("tables").at(grid.id).size() == grid.rows.size());
  }
}

TEST_CASE("what moat gap prints is part of what moat report writes") {
  const Findings findings = half_and_quarter();
  const Json whole = findings_json(findings);
  const Json part = gap_json(findings);
  for (const char* field : {"schema", "reference", "verdict", "gaps"})
    CHECK(part.at(field) == whole.at(field));
  for (const auto& [name, rows] : part.at("tables").items()) CHECK(whole.at("tables").at(name) == rows);
}

TEST_CASE("the summary has devices by chip, ratios with their problems, and rates of one problem") {
  const Json summary = findings_json(half_and_quarter()).at("summary");
  REQUIRE(summary.at("devices").size() == 2);
  CHECK(summary.at("devices")[0].at("is_reference") == true);
  CHECK(summary.at("devices")[1].at("chip") == "device of b:0");
  CHECK(summary.at("devices")[1].at("portable").at("value") == Approx(0.25));
  CHECK(summary.at("devices")[1].at("refused") == 1);
  CHECK(summary.at("devices")[1].at("refusal").at("condition") == "clock");
  const Json& part = summary.at("parts").at(0);
  CHECK(part.at("operator") == "gemm");
  CHECK(part.at("reference_problems") == 2);
  const Json row = row_where(part.at("rows"), "with", "portable");
  CHECK(row.at("device") == "b:0");
  CHECK(row.at("ratio").at("problems") == 1);
  CHECK(row.at("verified") == 1);
  CHECK(summary.at("verdict").size() == 2);
}
