// How factors read: which rows there are, and what stands in them.
#include "reports/format/grid_terminal.h"
#include "reports/tables/tables.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

Means means_of(std::size_t problems, std::optional<Factor> stack) {
  Means means;
  means.problems = problems;
  means.total = Factor{0.5, 0.4, 0.6};
  means.hardware = exactly(1);
  means.stack = stack;
  means.software = Factor{0.5, 0.4, 0.6};
  return means;
}

Gap gap_of(const Means& library, const Means& portable, const Means& both) {
  Gap gap;
  gap.reference = "host:0";
  gap.target = "opencl:0";
  gap.summaries = {{{}, library, portable, both}};
  return gap;
}

std::string at(const Grid& grid, std::size_t row, std::string_view key) {
  const std::size_t place = column_place(grid, key);
  return cell_text(grid.columns[place], grid.rows.at(row)[place]);
}

}  // namespace

TEST_CASE("stack and portability stand as one only where they cannot be told apart") {
  const std::vector<Gap> gaps{gap_of(means_of(2, exactly(0.5)), means_of(3, std::nullopt), {})};
  const Grid grid = factors_table(gaps);
  REQUIRE(grid.rows.size() == 2);
  CHECK(at(grid, 0, "path") == "library");
  CHECK(at(grid, 0, "software") == "–");
  CHECK(at(grid, 1, "path") == "portable");
  CHECK(at(grid, 1, "stack") == "–");
  CHECK(at(grid, 1, "software") == "0.500 (0.400 to 0.600)");
  CHECK(at(grid, 1, "total_log2") == "-1.00");
}

TEST_CASE("problems with all three factors have a row where they are fewer") {
  const Means portable = means_of(3, std::nullopt);
  CHECK(factors_table(std::vector{gap_of({}, portable, means_of(3, exactly(1)))}).rows.size() == 1);
  const Grid grid = factors_table(std::vector{gap_of({}, portable, means_of(2, exactly(1)))});
  REQUIRE(grid.rows.size() == 2);
  CHECK(at(grid, 1, "path") == "all three factors");
}

TEST_CASE("a narrow terminal keeps the factors without their ends") {
  const std::vector<Gap> gaps{gap_of(means_of(2, exactly(0.5)), means_of(3, std::nullopt), {})};
  const std::string text = terminal_table(factors_table(gaps), {80, false});
  CHECK_THAT(text, ContainsSubstring("hardware") && ContainsSubstring("no room for: the ends of intervals"));
  CHECK_THAT(text, !ContainsSubstring(" to 0.6"));
}

TEST_CASE("a roof says what binds if it is not arithmetic, and whether it is verified") {
  const Record record = test::good_record("opencl:0", "naive");
  ProblemGap problem;
  problem.any = &record;
  problem.reference_roof = Bound{exactly(2e12), RoofKind::arithmetic, true};
  problem.target_roof = Bound{exactly(1e9), RoofKind::memory, false};
  Gap gap;
  gap.problems.push_back(problem);
  const Grid grid = gaps_table(std::span(&gap, 1));
  CHECK(at(grid, 0, "reference_roof") == "2.000 TFLOP/s");
  CHECK(at(grid, 0, "target_roof") == "1.000 GFLOP/s mem");
  CHECK(grid.rows[0][column_place(grid, "target_roof")].note == "unverified");
}
