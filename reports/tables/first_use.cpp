// The cost of first use.
#include "reports/tables/tables.h"

namespace moat {

Grid first_use_table(const Findings& findings) {
  Grid grid{
      .id = "first_use",
      .caption = "Seconds until the first result",
      .columns =
          {{.key = "device", .title = "device", .importance = 5, .heading = "first use"},
           {.key = "implementation", .title = "implementation", .importance = 5},
           {.key = "cases", .title = "cases", .kind = GridKind::count, .importance = 2},
           {.key = "median_compile_seconds",
            .title = "compile, median",
            .kind = GridKind::seconds,
            .note = "To compile and prepare",
            .importance = 4},
           {.key = "worst_compile_seconds", .title = "worst", .kind = GridKind::seconds, .importance = 3},
           {.key = "median_first_call_seconds",
            .title = "first call, median",
            .kind = GridKind::seconds,
            .importance = 4},
           {.key = "worst_first_call_seconds", .title = "worst", .kind = GridKind::seconds, .importance = 3},
           {.key = "worst_problem", .title = "worst at", .shown = GridShown::on_pages}},
      .empty = "Not recorded."};
  for (const FirstUseRow& row : findings.first_use) {
    grid.rows.push_back({cell(row.subject), cell(row.implementation), count_cell(row.cases),
                         cell(row.median_compile_seconds), cell(row.worst_compile_seconds),
                         cell(row.median_first_call_seconds), cell(row.worst_first_call_seconds),
                         cell(row.worst_problem)});
  }
  return grid;
}

}  // namespace moat
