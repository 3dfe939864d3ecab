// The tables of runs and of their environments.
#include <fmt/format.h>

#include "base/json.h"
#include "reports/tables/tables.h"
#include "tests/catch.h"
#include "tests/unit/reports/gap/subjects.h"

using namespace moat;
using namespace moat::test;

namespace {

std::vector<std::string> texts_of(const GridRow& row) {
  std::vector<std::string> made;
  for (const GridCell& one : row) made.push_back(one.text);
  return made;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a run's row says when it began and whether it ended") {
  Findings findings;
  RunInfo one = run("first", "here");
  one.suite = "quick";
  one.system_id = "0123";
  one.started_utc = "2026-01-02T03:04:05Z";
  one.command = "moat run";
  findings.runs = {one, one};
  findings.runs[1].ended_utc = "2026-01-02T04:00:00Z";
  const Grid grid = runs_table(findings);
  REQUIRE(grid.rows.size() == 2);
  CHECK(texts_of(grid.rows[0]) ==
        Strings{"first", "quick", "here", "0123", "2026-01-02T03:04:05Z", "did not end", "moat run"});
  CHECK(grid.rows[1][5].text == "2026-01-02T04:00:00Z");
}

TEST_CASE("an environment's facts are named by their path, its lists are joined") {
  Findings findings;
  findings.runs = {run("first", "here"), run("second", "there")};
  *findings.runs[0].environment = {{"cpu", {{"model", "A"}, {"flags", Json::array({"x", 2})}}},
                                   {"zones", Json::array({Json{{"name", "z"}}})}};
  *findings.runs[1].environment = {{"cpu", {{"model", "B"}}}};
  const Grid grid = environment_table(findings);
  REQUIRE(grid.columns.size() == 3);
  CHECK(grid.columns[1].key == "run_1");
  CHECK(grid.columns[1].title == "first");
  CHECK(grid.columns[2].key == "run_2");
  CHECK(grid.columns[2].title == "second");
  REQUIRE(grid.rows.size() == 3);
  CHECK(texts_of(grid.rows[0]) == Strings{"cpu.flags", "x, 2", ""});
  CHECK(texts_of(grid.rows[1]) == Strings{"cpu.model", "A", "B"});
  CHECK(texts_of(grid.rows[2]) == Strings{"zones[0].name", "z", ""});
  CHECK(grid.caption == "The environment of each run");
}

TEST_CASE("more runs than eight have no columns, and the caption says so") {
  Findings findings;
  for (int i = 0; i < 8; ++i) findings.runs.push_back(run(fmt::format("run {}", i), "here"));
  CHECK(environment_table(findings).caption == "The environment of each run");
  CHECK(environment_table(findings).columns.size() == 9);
  findings.runs.push_back(run("one more", "here"));
  CHECK(environment_table(findings).caption == "The environment of the first eight runs");
  CHECK(environment_table(findings).columns.size() == 9);
}

TEST_CASE("systems that differ are compared fact by fact, a single one with nothing") {
  Findings findings;
  findings.runs = {run("first", "here")};
  CHECK(differences_table(findings).empty == "One run: nothing to differ from.");
  findings.runs.push_back(run("second", "there"));
  CHECK(differences_table(findings).empty == "The systems do not differ in any recorded fact.");
  findings.differences = {{"cpu.model", {"A", std::nullopt}}};
  const Grid grid = differences_table(findings);
  REQUIRE(grid.rows.size() == 1);
  CHECK(texts_of(grid.rows[0]) == Strings{"cpu.model", "A", "not recorded"});
}
