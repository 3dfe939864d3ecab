// Errors of verified results against their bounds.
#include <fmt/format.h>

#include "base/text.h"
#include "reports/tables/tables.h"

namespace moat {
namespace {

std::vector<GridColumn> columns() {
  return {{.key = "device", .title = "device", .importance = 5, .heading = "errors"},
          {.key = "operator", .title = "operator", .importance = 4},
          {.key = "type", .title = "type", .shown = GridShown::as_data},
          {.key = "types", .title = "types", .note = "Of the inputs, and of the sums", .importance = 3},
          {.key = "implementation", .title = "implementation", .importance = 5, .shortens = true},
          {.key = "cases", .title = "cases", .kind = GridKind::count, .importance = 2},
          {.key = "worst",
           .title = "worst/bound",
           .kind = GridKind::number,
           .note = "The worst error as a share of its bound",
           .importance = 5},
          {.key = "bias",
           .title = "bias",
           .kind = GridKind::number,
           .note = "Mean sign of the errors; near 1 or -1 means truncation",
           .importance = 2},
          {.key = "ratio_to_reference",
           .title = "to reference's",
           .kind = GridKind::number,
           .note = "Geometric mean of the ratio of errors on problems that the reference computed, too",
           .importance = 4},
          {.key = "accumulation",
           .title = "accumulation",
           .note = "What the sizes of the errors look like",
           .importance = 3,
           .shortens = true},
          {.key = "remark", .title = "remark", .shown = GridShown::on_pages},
          {.key = "worst_problem", .title = "worst at", .shown = GridShown::on_pages}};
}

}  // namespace

Grid numerics_table(const Findings& findings) {
  Grid grid{.id = "numerics",
            .caption = "Errors of the verified results against their bounds",
            .columns = columns(),
            .empty = "No verified result."};
  for (const NumericsRow& row : findings.numerics) {
    GridCell ratio;
    if (row.ratio_to_reference)
      ratio = cell(*row.ratio_to_reference, fmt::format("{:.3g}", *row.ratio_to_reference));
    grid.rows.push_back(
        {cell(row.subject), cell(row.operator_name), cell(name(row.types.input)),
         cell(fmt::format("{}→{}", name(row.types.input), name(row.types.accumulate))),
         cell(row.implementation), count_cell(row.cases), cell(row.worst, fmt::format("{:.2g}", row.worst)),
         cell(row.bias, fmt::format("{:+.2f}", row.bias)), ratio,
         cell(join(row.accumulations, ", "), row.lower_precision ? Tone::bad : Tone::plain),
         cell(row.lower_precision ? fmt::format("accumulates below {}", name(row.types.accumulate)) : ""),
         cell(row.worst_problem)});
  }
  return grid;
}

}  // namespace moat
