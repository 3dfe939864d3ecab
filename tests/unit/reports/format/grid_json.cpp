// What programs read of a table.
#include "reports/format/grid_json.h"

#include <limits>

#include "tests/catch.h"
#include "tests/unit/reports/format/small_grid.h"

using namespace moat;

TEST_CASE("JSON has a field for each column: ends with their value, null for nothing") {
  const Json rows = json_rows(test::small_grid());
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].dump() ==
        R"({"name":"a","rate":{"value":2000000000.0,"low":1000000000.0,"high":3000000000.0},)"
        R"("type":"f32","share":0.5})");
  CHECK(rows[1].dump() == R"({"name":"=b","rate":null,"type":"f16","share":null})");
}

TEST_CASE("counts are integers, whatever their text; a value counts for more than how it reads") {
  Grid grid{.columns = {{.key = "n", .kind = GridKind::count}, {.key = "x", .kind = GridKind::number}},
            .rows = {{cell(2.0, "2/3"), cell(0.5, "half")}}};
  CHECK(json_rows(grid)[0].dump() == R"({"n":2,"x":0.5})");
}

TEST_CASE("what is not finite is null") {
  const Grid grid{.columns = {{.key = "x", .kind = GridKind::number}},
                  .rows = {{cell(std::numeric_limits<double>::infinity())}}};
  CHECK(json_rows(grid)[0].dump() == R"({"x":null})");
}
