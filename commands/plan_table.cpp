// Planned cases as a table.
#include "commands/plan_table.h"

#include <fmt/format.h>

namespace moat {

Grid plan_table(std::span<const PlannedCase> cases) {
  Grid grid{
      .id = "plan",
      .caption = "Cases that a run would measure, with their expected work",
      .columns =
          {{.key = "device", .title = "device", .importance = 90},
           {.key = "implementation", .title = "implementation", .importance = 80, .shortens = true},
           {.key = "problem", .title = "problem", .importance = 100, .shortens = true},
           {.key = "cache", .title = "cache", .importance = 20},
           {.key = "operations", .title = "operations", .kind = GridKind::rate, .importance = 60},
           {.key = "bytes", .title = "bytes", .kind = GridKind::rate, .base = "B", .importance = 50},
           {.key = "operations_per_byte", .title = "op/byte", .kind = GridKind::number, .importance = 40},
           {.key = "note", .title = "note", .kind = GridKind::prose, .importance = 70, .shortens = true}},
      .empty = "No cases."};
  for (const PlannedCase& planned : cases) {
    const Work work = planned.problem->work();
    const Case& identity = planned.identity;
    grid.rows.push_back({cell(identity.device), cell(identity.implementation), cell(identity.problem),
                         cell(name(identity.conditions.cache)), cell(work.operations), cell(work.bytes()),
                         cell(work.operations / work.bytes()),
                         planned.unsupported
                             ? cell("unsupported: " + planned.unsupported->reason, Tone::faint)
                             : cell(planned.workload)});
  }
  return grid;
}

}  // namespace moat
