// Tables as data: how cells read, and what CSV has of them.
#include "reports/format/grid.h"

#include "reports/format/grid_csv.h"
#include "reports/page/grid_html.h"
#include "tests/catch.h"

using moat::cell;
using moat::Grid;
using moat::GridKind;

namespace {

Grid small() {
  return {"t",
          "A table",
          {{"name", "Name"},
           {"rate", "Rate", GridKind::rate, "FLOP/s", true},
           {"type", "Type", GridKind::text, "", false, true},
           {"share", "Share", GridKind::percent}},
          {{cell("a"), cell(moat::Factor{2e9, 1e9, 3e9}), cell("f32"), cell(0.5)},
           {cell("=b"), {}, cell("f16"), {}}},
          "nothing"};
}

}  // namespace

TEST_CASE("cells read with three or four digits and their unit") {
  const Grid grid = small();
  CHECK(cell_text(grid.columns[1], grid.rows[0][1]) == "2.000 GFLOP/s");
  CHECK(cell_text(grid.columns[1], grid.rows[1][1]) == "–");
  CHECK(cell_text(grid.columns[3], grid.rows[0][3]) == "50.0 %");
  CHECK(moat::factor_text(0.04567) == "0.0457");
  CHECK(moat::factor_text(123.4) == "123");
  CHECK(moat::factor_text(0.0000123) == "1.23e-05");
  CHECK(moat::factor_text(moat::Factor{0.5, 0.45, 0.55}) == "0.500 [0.450, 0.550]");
  CHECK(moat::factor_text(moat::exactly(1)) == "1.00");
}

TEST_CASE("CSV has base units, ends and hidden columns") {
  CHECK(moat::csv_table(small()) ==
        "name,rate,rate_low,rate_high,type,share\r\n"
        "\"a\",2000000000,1000000000,3000000000,\"f32\",0.5\r\n"
        "\"'=b\",,,,\"f16\",\r\n");
}

TEST_CASE("a table's data lists each text once") {
  const moat::Json data = moat::grid_data(small());
  CHECK(data.at("columns").at(2).at("values") == moat::Json::array({"f32", "f16"}));
  CHECK(data.at("columns").at(2).at("hidden") == true);
  CHECK(data.at("rows").at(0).dump() == "[0,[2000000000.0,1000000000.0,3000000000.0],0,0.5]");
  CHECK(data.at("rows").at(1).dump() == "[1,null,1,null]");
}

TEST_CASE("a table element has a caption, scopes and no hidden column") {
  const std::string html = moat::table_element(small(), true);
  for (const char* part :
       {"<caption>A table</caption>", "<th scope=\"col\"", "<th scope=\"row\">a", "data-type=\"f32\"",
        "data-v=\"2000000000\"", "data-ends=\"1000000000 3000000000\""})
    CHECK(html.find(part) != std::string::npos);
  CHECK(html.find(">Type") == std::string::npos);
}
