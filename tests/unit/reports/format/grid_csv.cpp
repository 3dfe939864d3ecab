// What CSV has of a table.
#include "reports/format/grid_csv.h"

#include "tests/catch.h"
#include "tests/unit/reports/format/small_grid.h"

using namespace moat;

TEST_CASE("CSV has base units, ends and hidden columns") {
  CHECK(csv_table(test::small_grid()) ==
        "name,rate,rate_low,rate_high,type,share\r\n"
        "\"a\",2000000000,1000000000,3000000000,\"f32\",0.5\r\n"
        "\"'=b\",,,,\"f16\",\r\n");
}

TEST_CASE("CSV has nothing of what only terminals draw") {
  Grid grid = test::small_grid();
  grid.columns[0].shown = GridShown::on_terminals;
  CHECK(csv_table(grid).starts_with("rate,rate_low,rate_high,type,share\r\n2000000000,"));
}
