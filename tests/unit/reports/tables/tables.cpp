// What every table of a report keeps, whatever it says.
#include "reports/tables/tables.h"

#include <algorithm>
#include <set>

#include "tests/catch.h"
#include "tests/synthetic.h"

using namespace moat;
using namespace moat::test;

TEST_CASE("a table has a name, a caption and keys of its own, and rows as long as its columns") {
  const Findings findings = findings_of(synthetic_subjects({3, 300, 9}));
  std::set<std::string> ids;
  for (const ListedTable& listed : listed_tables) {
    const Grid grid = listed.make(findings);
    INFO(grid.id);
    CHECK_FALSE(grid.id.empty());
    CHECK(ids.insert(grid.id).second);
    CHECK_FALSE(grid.caption.empty());
    std::set<std::string> keys;
    for (const GridColumn& column : grid.columns) {
      INFO(column.key);
      CHECK(keys.insert(column.key).second);
      CHECK_FALSE(column.title.empty());
    }
    for (const GridRow& row : grid.rows) CHECK(row.size() == grid.columns.size());
  }
}

TEST_CASE("a table without rows says why it has none") {
  const Findings findings = findings_of({});
  for (const ListedTable& listed : listed_tables) {
    const Grid grid = listed.make(findings);
    INFO(grid.id);
    CHECK(grid.rows.empty());
    CHECK_FALSE(grid.empty.empty());
    CHECK(grid.columns.size() >= 1);
  }
}
