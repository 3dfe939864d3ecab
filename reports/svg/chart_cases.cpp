// Cases, numbered as the table of cases lists them.
#include "reports/svg/chart_cases.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/units.h"

namespace moat {
namespace {

std::optional<Roofs> best_roofs(const KnownRoofs* known) {
  std::optional<Roofs> roofs;
  for (const RoofBasis basis : {RoofBasis::measured, RoofBasis::datasheet}) {
    if (known != nullptr && !roofs) roofs = roofs_with_launch(*known, basis);
  }
  return roofs;
}

bool is_bound_by_launch(const Record& record, const std::optional<Roofs>& roofs) {
  if (!roofs) return false;
  const std::optional<Bound> bound = bound_of(*roofs, record.work, record.types);
  return bound && bound->kind == RoofKind::launch;
}

}  // namespace

const KnownRoofs* roofs_of(const Findings& findings, std::size_t subject) {
  return subject < findings.roofs.size() ? &findings.roofs[subject] : nullptr;
}

std::vector<ChartCase> chart_cases(const Findings& findings) {
  std::vector<ChartCase> cases;
  std::size_t row = 0;
  for (std::size_t subject = 0; subject < findings.subjects.size(); ++subject) {
    const std::optional<Roofs> roofs = best_roofs(roofs_of(findings, subject));
    for (const Record& record : findings.subjects[subject].records) {
      const Figures derived = figures(record);
      if (derived.operations_per_second || derived.bytes_per_second)
        cases.push_back({row, subject, &record, derived, is_bound_by_launch(record, roofs)});
      ++row;
    }
  }
  return cases;
}

std::string rate_text(const Rate& rate, std::string_view base) {
  std::string made = quantity_text(rate.value, base);
  if (rate.ends) {
    const Unit unit = decimal_unit(rate.value, base);
    made += fmt::format(" [{}, {}]", number_text(rate.ends->low / unit.factor),
                        number_text(rate.ends->high / unit.factor));
  }
  return made;
}

std::string_view launch_words(const ChartCase& one) {
  return one.bound_by_launch ? ", limited by launch latency" : "";
}

}  // namespace moat
