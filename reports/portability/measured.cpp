// Cascades and the navigation chart from records.
#include "reports/portability/measured.h"

#include <algorithm>
#include <map>
#include <optional>

#include "kernels/implementation_name.h"
#include "reports/gap/gap_parts.h"
#include "reports/portability/kernel_lines.h"
#include "results/figures.h"

namespace moat {
namespace {

std::string family(const Record& record) {
  const std::optional<ImplementationFamily> family = family_of(record.identity.implementation);
  return family ? std::string(name(*family)) : record.identity.implementation;
}

/// Whether the record has a rate to compare: the suite's work, under the usual conditions.
bool counts(const Record& record) {
  const Conditions& conditions = record.identity.conditions;
  return record.status == Status::ok && record.provenance == Provenance::measured &&
         record.work.operations > 0 && conditions.data == Data::normal && conditions.cache == Cache::hot &&
         !is_roof_operator(record.operator_name);
}

/// The best rate by problem, platform and application.
using Rates = std::map<std::string, std::map<std::string, std::map<std::string, double>>>;

Rates rates_of(std::span<const Subject> subjects) {
  Rates rates;
  for (const Subject& subject : subjects) {
    for (const Record& record : subject.records) {
      const std::optional<double> rate =
          counts(record) ? figures(record).operations_per_second : std::nullopt;
      if (!rate || !(*rate > 0)) continue;
      double& best = rates[record.identity.problem][subject.label][family(record)];
      best = std::max(best, *rate);
    }
  }
  return rates;
}

/// Efficiencies against the best rate on the same problem: of any device if all are one piece of hardware,
/// else of the same device.
PerformanceTable table_of(const Rates& rates, std::size_t platforms, bool one_hardware) {
  PerformanceTable table;
  for (const auto& [problem, by_platform] : rates) {
    if (by_platform.size() < platforms) continue;
    double best_of_all = 0;
    for (const auto& [platform, by_family] : by_platform) {
      for (const auto& [name, rate] : by_family) best_of_all = std::max(best_of_all, rate);
    }
    for (const auto& [platform, by_family] : by_platform) {
      double best = one_hardware ? best_of_all : 0;
      for (const auto& [name, rate] : by_family) best = std::max(best, rate);
      for (const auto& [name, rate] : by_family) {
        Performance entry;
        entry.problem = problem;
        entry.platform = platform;
        entry.application = name;
        entry.application_efficiency = rate / best;
        (void)table.add(std::move(entry));
      }
    }
  }
  return table;
}

bool is_one_hardware(const std::vector<const Subject*>& measured) {
  return std::ranges::all_of(measured, [&](const Subject* subject) {
    return subject == measured.front() || same_hardware(*measured.front(), *subject);
  });
}

/// Planning every kernel takes a while, and the kernels are those that were built in: once is enough.
const std::map<std::string, double>& own_divergences() {
  static const std::map<std::string, double> divergences = divergences_of(kernel_lines());
  return divergences;
}

}  // namespace

MeasuredPortability measured_portability(std::span<const Subject> subjects) {
  std::vector<const Subject*> measured;
  for (const Subject& subject : subjects) {
    if (std::ranges::any_of(subject.records, counts)) measured.push_back(&subject);
  }
  MeasuredPortability made;
  for (const Subject* subject : measured) made.platforms.push_back(subject->label);
  if (measured.size() < 2) return made;
  made.one_hardware = is_one_hardware(measured);
  const Rates rates = rates_of(subjects);
  const PerformanceTable table = table_of(rates, measured.size(), made.one_hardware);
  made.problems = table.problems().size();
  made.measured_problems = rates.size();
  made.cascades = cascades(table, Efficiency::application);
  made.navigation = navigation_chart(portability(table, Efficiency::application), own_divergences());
  return made;
}

}  // namespace moat
