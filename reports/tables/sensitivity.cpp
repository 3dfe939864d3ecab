// Rates on zeros against rates on normal data.
#include "reports/findings/roof_words.h"
#include "reports/tables/tables.h"

namespace moat {

Grid sensitivity_table(std::span<const SubjectSensitivity> subjects) {
  Grid grid{
      .id = "sensitivity",
      .caption = "Rate on zeros relative to rate on normal data, of cases bound by arithmetic",
      .columns = {{.key = "device", .title = "device", .importance = 90},
                  {.key = "implementation", .title = "implementation", .importance = 80, .shortens = true},
                  {.key = "operator", .title = "operator", .shown = GridShown::as_data},
                  {.key = "type", .title = "type", .shown = GridShown::as_data},
                  {.key = "problem", .title = "problem", .importance = 70, .shortens = true},
                  {.key = "ratio",
                   .title = "zeros to normal",
                   .kind = GridKind::factor,
                   .interval = true,
                   .importance = 100},
                  {.key = "bound",
                   .title = "bound by arithmetic",
                   .kind = GridKind::prose,
                   .importance = 10,
                   .shortens = true}},
      .empty = "Not measured: it needs cases with both data, moat run --data normal --data zeros."};
  for (const SubjectSensitivity& subject : subjects) {
    for (const Sensitivity& sensitive : subject.cases) {
      if (sensitive.normal == nullptr) continue;
      const Record& record = *sensitive.normal;
      GridCell ratio = cell(sensitive.ratio);
      ratio.ends = sensitive.interval;
      grid.rows.push_back({cell(subject.subject.empty() ? record.identity.device : subject.subject),
                           cell(record.identity.implementation), cell(record.operator_name),
                           cell(name(record.types.input)), cell(record.identity.problem), ratio,
                           cell(ridge_text(sensitive.measured_ridge))});
    }
  }
  return grid;
}

Grid sensitivity_table(const Findings& findings) {
  return sensitivity_table(findings.sensitivity);
}

}  // namespace moat
