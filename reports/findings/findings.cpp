// Puts the findings together.
#include "reports/findings/findings.h"

#include <algorithm>
#include <utility>

#include "reports/findings/beside.h"
#include "reports/gap/gap_parts.h"

namespace moat {

Findings find(FindingsRequest request) {
  Findings findings;
  findings.title = std::move(request.title);
  findings.generated_utc = std::move(request.generated_utc);
  findings.version = std::move(request.version);
  findings.command = std::move(request.command);
  findings.subjects = std::move(request.subjects);
  findings.reference = std::move(request.reference);
  const auto place = std::ranges::find(findings.subjects, findings.reference,
                                       [](const Subject& subject) { return std::optional(subject.label); });
  const Subject* reference = place == findings.subjects.end() ? nullptr : &*place;
  for (const Subject& subject : findings.subjects) {
    if (std::ranges::find(findings.runs, subject.run.id, &RunInfo::id) == findings.runs.end()) {
      findings.runs.push_back(subject.run);
    }
    findings.roofs.push_back(roofs_of(subject));
    findings.sensitivity.push_back({subject.label, zeros_to_normal(subject.records, subject.unselected)});
  }
  if (reference != nullptr) {
    require_baseline(*reference, request.options);
    const auto roofs = [&](const Subject& subject) -> const KnownRoofs& {
      return findings.roofs[static_cast<std::size_t>(&subject - findings.subjects.data())];
    };
    for (const Subject& subject : findings.subjects) {
      if (&subject == reference) continue;
      findings.gaps.push_back(
          attribute(*reference, subject, roofs(*reference), roofs(subject), request.options));
    }
  }
  findings.coverage = coverage_cells(findings.subjects);
  findings.shares = coverage_shares(findings.subjects);
  findings.numerics = numerics_rows(findings.subjects, reference);
  findings.first_use = first_use_rows(findings.subjects);
  findings.differences = environment_differences(findings.runs);
  findings.portability = measured_portability(findings.subjects);
  findings.verdict = verdict_of(findings);
  findings.overview = overview_of(findings, request.options);
  return findings;
}

}  // namespace moat
