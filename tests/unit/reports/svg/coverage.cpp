// The matrix of coverage as a picture: its cells stand in their rows and under their types.
#include "reports/svg/charts.h"
#include "reports/tables/tables.h"
#include "tests/synthetic.h"
#include "tests/unit/reports/svg/drawn.h"

using namespace moat;
using namespace moat::test;

TEST_CASE("a cell of the matrix stands in its row, under its type, in the colour of its mark") {
  const Findings findings = findings_of(synthetic_subjects({2, 60, 9}));
  const Grid table = coverage_table(findings);
  const Canvas canvas = coverage_chart(findings).parts.at(0).canvas;
  check_lies_within(canvas);
  const Drawn chart = drawn(canvas);
  std::size_t cells = 0;
  double above = 0;
  for (const std::vector<GridCell>& row : table.rows) {
    const DrawnElement label = chart.text(row[0].text + "  " + row[1].text + "  " + row[2].text);
    CHECK(label.y() > above);
    above = label.y();
    for (std::size_t column = 3; column < row.size(); ++column) {
      if (row[column].text.empty()) continue;
      ++cells;
      const DrawnElement title = chart.text(table.columns[column].title);
      const auto box = std::ranges::find_if(chart.boxes, [&](const DrawnElement& it) {
        return it.points[0].y < label.y() && label.y() < it.points[1].y && it.points[0].x < title.x() &&
               title.x() < it.points[1].x;
      });
      REQUIRE(box != chart.boxes.end());
      CHECK(box->title == row[column].note);
      CHECK(box->style == (row[column].text.starts_with("✗")   ? "bad"
                           : row[column].text.starts_with("✓") ? "full"
                           : row[column].text.starts_with("◐") ? "part"
                                                               : "none"));
      // Its words begin where the type's name does.
      CHECK(std::ranges::any_of(chart.texts, [&](const DrawnElement& it) {
        return it.text == row[column].text && it.x() == title.x() && it.y() == label.y();
      }));
    }
  }
  CHECK(cells == chart.boxes.size());
  CHECK(cells > 10);
}
