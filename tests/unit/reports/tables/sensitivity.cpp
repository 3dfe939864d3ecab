// How the ratio of zeros to normal data reads.
#include "reports/tables/tables.h"

#include "tests/catch.h"
#include "tests/unit/results/random_record.h"

using namespace moat;

TEST_CASE("a ratio of zeros to normal data has its ends and says how the bound is known") {
  const Record record = test::good_record("host:0", "naive");
  const SubjectSensitivity whole{"", {{&record, 1.1, Interval{1.08, 1.12}, 20.0}}};
  const Grid grid = sensitivity_table(std::span(&whole, 1));
  REQUIRE(grid.rows.size() == 1);
  const auto text = [&](std::string_view key) {
    const std::size_t place = column_place(grid, key);
    return cell_text(grid.columns[place], grid.rows[0][place]);
  };
  CHECK(text("device") == "host:0");
  CHECK(text("ratio") == "1.10 (1.08 to 1.12)");
  CHECK(text("bound") == "above 20 op/byte, the ridge of the measured roofs");
}

TEST_CASE("a subject's name stands for its device") {
  const Record record = test::good_record("host:0", "naive");
  const SubjectSensitivity whole{"run/host:0", {{&record, 1.1, {}, {}}}};
  const Grid grid = sensitivity_table(std::span(&whole, 1));
  CHECK(grid.rows.at(0).at(0).text == "run/host:0");
}
