// Tables fit their width, keep numbers whole and let nothing steer the terminal.
#include "reports/format/grid_terminal.h"

#include <random>
#include <stdexcept>

#include "base/text.h"
#include "tests/catch.h"
#include "tests/unit/reports/format/small_grid.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

Grid sample() {
  return {.columns = {{.key = "device", .title = "device", .importance = 2, .shortens = true},
                      {.key = "rate", .title = "rate", .kind = GridKind::number, .importance = 3},
                      {.key = "empty", .title = "empty", .importance = 9},
                      {.key = "remark", .title = "a long remark", .importance = 1, .shortens = true}},
          .rows = {{cell("host:0"), cell(139.2, "139.2"), cell(""), cell("nothing to say of it")},
                   {cell("opencl:0 on something"), cell(4.0, "4.000"), cell(""), cell("slow")}}};
}

}  // namespace

TEST_CASE("a table without a width shows everything, aligned, without blanks at line ends") {
  CHECK(terminal_table(sample(), {}) ==
        "device                  rate  a long remark\n"
        "host:0                 139.2  nothing to say of it\n"
        "opencl:0 on something  4.000  slow\n");
}

TEST_CASE("the least important text shortens first") {
  CHECK(terminal_table(sample(), {43, false}) ==
        "device                  rate  a long remark\n"
        "host:0                 139.2  nothing to s…\n"
        "opencl:0 on something  4.000  slow\n");
}

TEST_CASE("what cannot shorten enough goes before anything more important shortens") {
  CHECK(terminal_table(sample(), {36, false}) ==
        "device                  rate\n"
        "host:0                 139.2\n"
        "opencl:0 on something  4.000\n"
        "(no room for: a long remark)\n");
}

TEST_CASE("columns that fit no more are left out and named, numbers are never cut") {
  CHECK(terminal_table(sample(), {20, false}) ==
        "device          rate\n"
        "host:0         139.2\n"
        "opencl:0 on …  4.000\n"
        "(no room for: a long remark)\n");
  CHECK(terminal_table(sample(), {6, false}) ==
        "device\n"
        "host:0\n"
        "opencl:0 …\n"
        "(no room for: a long remark, rate)\n");
  CHECK_THAT(terminal_table(sample(), {1, false}), ContainsSubstring("host:0"));
}

TEST_CASE("no table is wider than its terminal, as long as the most important column fits") {
  std::mt19937_64 random(11);
  for (int i = 0; i < 100; ++i) {
    const Grid grid = test::random_grid(random);
    std::size_t most = 0;
    const auto key = [&](std::size_t place) { return std::pair(grid.columns[place].importance, place); };
    for (std::size_t place = 0; place < grid.columns.size(); ++place) {
      if (key(place) >= key(most)) most = place;
    }
    std::size_t needed = std::max<std::size_t>(10, display_width(grid.columns[most].title));
    for (const GridRow& row : grid.rows) {
      if (!grid.columns[most].shortens)
        needed = std::max(needed, display_width(cell_text(grid.columns[most], row[most])));
    }
    for (std::size_t width = std::max<std::size_t>(20, needed); width <= 200; width += 7) {
      const std::string text = terminal_table(grid, {width, false});
      for (const std::string_view line : split(text, '\n')) {
        if (!line.starts_with("(no room")) CHECK(display_width(line) <= width);
      }
    }
  }
}

TEST_CASE("the device stays longest, however important other columns are") {
  const Grid grid{.columns = {{.key = "device", .title = "device", .importance = 1},
                              {.key = "implementation", .title = "implementation", .importance = 100},
                              {.key = "rate", .title = "rate", .kind = GridKind::count, .importance = 99}},
                  .rows = {{cell("opencl:0"), cell("portable"), cell(1.0)},
                           {cell("vulkan:0"), cell("portable"), cell(1.0)}}};
  for (std::size_t width = 8; width < 40; ++width) {
    const std::string text = terminal_table(grid, {width, false});
    CHECK_THAT(text, ContainsSubstring("opencl:0") && ContainsSubstring("vulkan:0"));
  }
}

TEST_CASE("the ends of intervals go before any column does") {
  const Grid grid{.columns = {{.key = "name", .title = "name", .importance = 1},
                              {.key = "ratio", .title = "ratio", .kind = GridKind::factor, .importance = 2}},
                  .rows = {{cell("gemm"), cell(Factor{0.5, 0.25, 1})}}};
  CHECK(terminal_table(grid, {0, false}) ==
        "name                  ratio\n"
        "gemm  0.500 (0.250 to 1.00)\n");
  CHECK(terminal_table(grid, {15, false}) ==
        "name  ratio\n"
        "gemm  0.500\n"
        "(no room for: the ends of intervals)\n");
}

TEST_CASE("a column that groups does not repeat itself") {
  const Grid grid{.columns = {{.key = "a", .title = "a", .groups = true}, {.key = "b", .title = "b"}},
                  .rows = {{cell("x"), cell("1")}, {cell("x"), cell("2")}, {cell("y"), cell("3")}}};
  CHECK(terminal_table(grid, {}) == "a  b\nx  1\n   2\ny  3\n");
}

TEST_CASE("a terminal has a heading instead of a caption, notes below, and no column of pages") {
  const Grid grid{.columns = {{.key = "device", .title = "device", .heading = "errors"},
                              {.key = "more", .title = "more", .shown = GridShown::on_pages}},
                  .rows = {{cell("host:0"), cell("page")}},
                  .notes = {"one\x1b thing"}};
  CHECK(terminal_table(grid, {}) == "errors\nhost:0\n  one\xEF\xBF\xBD thing\n");
}

TEST_CASE("without rows a table says so, or nothing") {
  CHECK(terminal_table({.empty = "No runs."}, {}) == "No runs.\n");
  CHECK(terminal_table({}, {}).empty());
}

TEST_CASE("colours surround text alone and only where asked for") {
  const Grid grid{.columns = {{.key = "status", .title = "status"},
                              {.key = "rate", .title = "rate", .kind = GridKind::count}},
                  .rows = {{cell("ok", Tone::good), cell(1.0)}}};
  CHECK(terminal_table(grid, {0, true}) ==
        "\x1b[1mstatus\x1b[0m  \x1b[1mrate\x1b[0m\n\x1b[32mok\x1b[0m         1\n");
  CHECK(terminal_table(grid, {0, false}).find('\x1b') == std::string::npos);
}

TEST_CASE("a row has as many cells as there are columns") {
  const Grid grid{.columns = {{.key = "one", .title = "one"}, {.key = "two", .title = "two"}},
                  .rows = {{cell("a")}}};
  CHECK_THROWS_AS(terminal_table(grid, {}), std::out_of_range);
}
