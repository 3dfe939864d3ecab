// The share of cases with a verified result.
#include <fmt/format.h>

#include "reports/tables/tables.h"

namespace moat {

Grid shares_table(const Findings& findings) {
  Grid grid{.id = "shares",
            .caption =
                "Share of the cases with a verified result; "
                "naive kernels, which nobody would use, not counted",
            .columns = {{.key = "device", .title = "device", .importance = 5, .heading = "coverage"},
                        {.key = "scope", .title = "scope", .shown = GridShown::as_data},
                        {.key = "of", .title = "of", .importance = 5},
                        {.key = "ok", .title = "verified", .kind = GridKind::count, .importance = 5},
                        {.key = "cases", .title = "cases", .kind = GridKind::count, .importance = 5},
                        {.key = "share", .title = "share", .kind = GridKind::percent, .importance = 5}},
            .empty = "No cases."};
  for (const CoverageShare& share : findings.shares) {
    GridCell ratio;
    if (share.cases > 0) {
      const double value = static_cast<double>(share.ok) / static_cast<double>(share.cases);
      ratio = cell(value, fmt::format("{:.0f} %", 100 * value));
    }
    grid.rows.push_back({cell(share.subject), cell(name(share.scope)), cell(share.name), count_cell(share.ok),
                         count_cell(share.cases), ratio});
  }
  return grid;
}

}  // namespace moat
