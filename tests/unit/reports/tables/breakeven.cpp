// The table of break-even: what it says of a share that is recalled, bounded or not known at all.
#include "reports/tables/breakeven.h"

#include <algorithm>

#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

Breakeven with_row(const BreakevenRow& row) {
  Breakeven made;
  made.reference = "R";
  made.target = "T";
  made.rows = {row};
  return made;
}

BreakevenRow typical() {
  BreakevenRow row;
  row.operator_name = "gemm";
  row.types = {Type::f16, Type::f32, Type::f16};
  row.bound = RoofKind::memory;
  row.problems = 5;
  row.hardware = exactly(0.5);
  row.reference_efficiency = KnownEfficiency{Factor{0.6, 0.5, 0.7}, 2, true, {"a paper"}};
  row.required = Factor{1.2, 1, 1.4};
  row.reach = Reach::out_of_reach;
  return row;
}

}  // namespace

TEST_CASE("a row of break-even has its factors with their ends, and its verdict in a tone") {
  const Grid grid = breakeven_table(with_row(typical()));
  CHECK(grid.caption == "T to match R");
  CHECK(std::ranges::count(grid.columns, GridKind::factor, &GridColumn::kind) == 4);
  for (const GridColumn& column : grid.columns) CHECK(column.interval == (column.kind == GridKind::factor));
  REQUIRE(grid.rows.size() == 1);
  const GridRow& row = grid.rows[0];
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (is_on_pages(grid.columns[i])) texts.push_back(cell_text(grid.columns[i], row[i]));
  }
  CHECK(texts == std::vector<std::string>{"gemm", "f16", "memory", "5", "0.500", "0.600 (0.500 to 0.700)",
                                          "1.20 (1.00 to 1.40)", "–",
                                          std::string(name(Reach::out_of_reach))});
  CHECK(row[6].tone == Tone::strong);
  CHECK(row[8].tone == Tone::bad);
  CHECK_THAT(row[5].note, ContainsSubstring("a paper"));
}

TEST_CASE("what is recalled, only bounded, without a roof or within reach is said in the row") {
  BreakevenRow row = typical();
  row.reference_efficiency->verified = false;
  row.required_is_upper_bound = true;
  row.without_roof = 2;
  row.bound.reset();
  row.reach = Reach::within;
  const GridRow made = breakeven_table(with_row(row)).rows.at(0);
  CHECK(made[2].text.empty());
  CHECK(made[3].text == "3/5");
  CHECK(made[5].text == "0.600 (0.500 to 0.700) recalled");
  CHECK(made[6].text == "at most 1.20 (1.00 to 1.40)");
  CHECK(made[8].tone == Tone::good);
}

TEST_CASE("break-even as text names both chips, each row's conclusion and what shares are of") {
  const std::string text = breakeven_text(with_row(typical()), {});
  CHECK_THAT(text, ContainsSubstring("T to match R (derived: neither was measured)") &&
                       ContainsSubstring("\n  gemm f16, bound by memory: ") &&
                       ContainsSubstring("Shares are of the roof"));
}
