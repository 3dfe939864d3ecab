// How shares of verified cases read.
#include "reports/tables/tables.h"

#include "tests/catch.h"

using namespace moat;

TEST_CASE("a share is of all cases, to whole percents, and nothing of no cases") {
  Findings findings;
  using Scope = CoverageShare::Scope;
  findings.shares = {{"host:0", Scope::all, "all", 2, 3}, {"host:0", Scope::by_operator, "gemm", 0, 0}};
  const Grid grid = shares_table(findings);
  const std::size_t share = column_place(grid, "share");
  CHECK(cell_text(grid.columns[share], grid.rows.at(0)[share]) == "67 %");
  CHECK(grid.rows[0][share].value == Approx(2.0 / 3));
  CHECK(cell_text(grid.columns[share], grid.rows.at(1)[share]) == "–");
}
