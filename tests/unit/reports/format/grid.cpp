// Tables as data: how cells read, in every format alike.
#include "reports/format/grid.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "reports/format/escape.h"
#include "reports/format/grid_csv.h"
#include "reports/format/grid_json.h"
#include "reports/format/grid_markdown.h"
#include "reports/format/grid_terminal.h"
#include "reports/page/grid_html.h"
#include "tests/catch.h"
#include "tests/unit/reports/format/small_grid.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("cells read with three or four digits and their unit") {
  const Grid grid = test::small_grid();
  CHECK(cell_text(grid.columns[1], grid.rows[0][1]) == "2.000 GFLOP/s");
  CHECK(cell_text(grid.columns[1], grid.rows[1][1]) == "–");
  CHECK(cell_text(grid.columns[3], grid.rows[0][3]) == "50.0 %");
}

TEST_CASE("a factor reads without its ends where there is no room for them") {
  const GridColumn column{.kind = GridKind::factor};
  CHECK(brief_text(column, cell(Factor{0.5, 0.45, 0.55})) == "0.500");
  GridCell with_text = cell(Factor{0.5, 0.45, 0.55});
  with_text.text = "about a half";
  CHECK(brief_text(column, with_text) == "about a half");
}

TEST_CASE("a title on a page begins with a capital if it is a word") {
  const auto title = [](const char* text) { return page_title({.title = text}); };
  CHECK(title("error/tol") == "Error/tol");
  CHECK(title("first call, median") == "First call, median");
  for (const char* as_is : {"f32", "host:0", "±", "k", "GFLOP/s", "HW", "log2", ""})
    CHECK(title(as_is) == as_is);
}

TEST_CASE("a column is found by its key") {
  CHECK(column_place(test::small_grid(), "type") == 2);
  CHECK_THROWS_AS(column_place(test::small_grid(), "nothing"), std::logic_error);
}

TEST_CASE("rows are left out by what they say") {
  const Grid kept = rows_where(test::small_grid(), [](const GridRow& row) { return row[0].text == "a"; });
  REQUIRE(kept.rows.size() == 1);
  CHECK(kept.rows[0][2].text == "f32");
}

TEST_CASE("any table shows the same texts in every format that people read, and its values in the others") {
  std::mt19937_64 random(20261128);
  for (int i = 0; i < 200; ++i) {
    const Grid grid = test::random_grid(random);
    const std::string terminal = terminal_table(grid, {});
    const std::string markdown = markdown_table(grid);
    const std::string html = table_element(grid, true);
    const std::string csv = csv_table(grid);
    const Json json = json_rows(grid);
    for (std::size_t row = 0; row < grid.rows.size(); ++row) {
      for (std::size_t place = 0; place < grid.columns.size(); ++place) {
        const GridCell& some = grid.rows[row][place];
        const std::string text = cell_text(grid.columns[place], some);
        CHECK_THAT(terminal, ContainsSubstring(text));
        CHECK_THAT(markdown, ContainsSubstring("| " + markdown_text(text) + " |"));
        CHECK_THAT(html, ContainsSubstring(">" + text));
        const Json& field = json[row].at(grid.columns[place].key);
        if (!some.value) {
          CHECK((some.text.empty() ? field.is_null() : field == some.text));
        } else {
          const Json& value = field.is_object() ? field.at("value") : field;
          CHECK(value.get<double>() ==
                (grid.columns[place].kind == GridKind::count ? std::floor(*some.value) : *some.value));
          CHECK_THAT(csv, ContainsSubstring(fmt::format("{}", *some.value)));
        }
      }
    }
  }
}

TEST_CASE("a pattern takes the texts of other columns; what is no name in braces stays as it is") {
  Grid grid;
  grid.columns = {{.key = "device"}, {.key = "problem"}};
  const GridRow row{cell("x:0"), cell("gemm")};
  const auto text_of = [&](const std::string& pattern) {
    GridColumn column;
    column.pattern = pattern;
    return pattern_text(grid, column, row);
  };
  CHECK(text_of("run {device} {problem}{device}!") == "run x:0 gemmx:0!");
  CHECK(text_of("run") == "run");
  CHECK(text_of("run {device") == "run {device");
  CHECK(text_of("{device} run {problem") == "x:0 run {problem");
  CHECK(text_of("run } now") == "run } now");
  CHECK(text_of("{nothing}").empty());
}
