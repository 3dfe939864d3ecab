// A table on a page, and as the page's data.
#include "reports/page/grid_html.h"

#include "tests/catch.h"
#include "tests/unit/reports/format/small_grid.h"

using namespace moat;

TEST_CASE("a table's data lists each text once") {
  const Json data = grid_data(test::small_grid());
  CHECK(data.at("columns").at(2).at("values") == Json::array({"f32", "f16"}));
  CHECK(data.at("columns").at(2).at("hidden") == true);
  CHECK(data.at("rows").at(0).dump() == "[0,[2000000000.0,1000000000.0,3000000000.0],0,0.5]");
  CHECK(data.at("rows").at(1).dump() == "[1,null,1,null]");
}

TEST_CASE("a table element has a caption, scopes and no hidden column") {
  const std::string html = table_element(test::small_grid(), true);
  for (const char* part :
       {"<caption>A table</caption>", "<th scope=\"col\"", ">Name", "<th scope=\"row\">a",
        "data-type=\"f32\"", "data-v=\"2000000000\"", "data-ends=\"1000000000 3000000000\""})
    CHECK(html.find(part) != std::string::npos);
  CHECK(html.find(">Type") == std::string::npos);
}

TEST_CASE("a page has nothing of what only terminals draw, and the notes below the table") {
  Grid grid = test::small_grid();
  grid.columns[3].shown = GridShown::on_terminals;
  grid.notes = {"a < b"};
  CHECK(table_element(grid, true).find("Share") == std::string::npos);
  CHECK(grid_data(grid).at("columns").size() == 3);
  CHECK(grid_data(grid).at("rows").at(0).size() == 3);
  CHECK(table_element(grid, true).ends_with("<p>a &lt; b</p>\n"));
}
