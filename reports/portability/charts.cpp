// Cascades and the navigation chart from the findings' records.
#include "reports/portability/charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "reports/gap/gap_parts.h"
#include "reports/portability/kernel_lines.h"
#include "reports/portability/metrics.h"
#include "reports/tables/metrics.h"
#include "results/figures.h"

namespace moat {
namespace {

std::string family(const Record& record) {
  return record.identity.implementation.substr(0, record.identity.implementation.find('/'));
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

Rates rates_of(const Findings& findings, const std::vector<std::string>& platforms) {
  Rates rates;
  for (const Subject& subject : findings.subjects) {
    if (std::find(platforms.begin(), platforms.end(), subject.label) == platforms.end()) continue;
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

std::vector<std::string> measured_platforms(const Findings& findings) {
  std::vector<std::string> platforms;
  for (const Subject& subject : findings.subjects) {
    if (std::any_of(subject.records.begin(), subject.records.end(), counts))
      platforms.push_back(subject.label);
  }
  return platforms;
}

bool is_one_hardware(const Findings& findings, const std::vector<std::string>& platforms) {
  const Subject* first = nullptr;
  for (const Subject& subject : findings.subjects) {
    if (std::find(platforms.begin(), platforms.end(), subject.label) == platforms.end()) continue;
    if (first == nullptr) first = &subject;
    if (!same_hardware(*first, subject)) return false;
  }
  return true;
}

}  // namespace

PortabilityCharts portability_charts(const Findings& findings) {
  PortabilityCharts charts;
  const std::vector<std::string> platforms = measured_platforms(findings);
  if (platforms.size() < 2) {
    charts.remarks.emplace_back("Cascades need measured results of two devices or more.");
    return charts;
  }
  const bool one_hardware = is_one_hardware(findings, platforms);
  const Rates rates = rates_of(findings, platforms);
  const PerformanceTable table = table_of(rates, platforms.size(), one_hardware);
  charts.remarks.push_back(
      fmt::format("Over {} of {} problems: those with a verified result on each of {}. Efficiency is the "
                  "rate over the best of any "
                  "implementation on the same problem and {}.",
                  table.problems().size(), rates.size(), join(platforms, ", "),
                  one_hardware ? "hardware, which all of them are ways to" : "device"));
  for (const Cascade& cascade : cascades(table, Efficiency::application)) {
    PortabilityCharts::Cascade series{cascade.application, {}, {}, {}};
    for (const CascadeStep& step : cascade.steps) {
      series.platforms.push_back(step.platform);
      series.efficiency.push_back(step.efficiency);
      series.portability.push_back(step.pp);
    }
    charts.cascade.push_back(std::move(series));
  }
  const std::map<std::string, double> divergences = divergences_of(kernel_lines());
  for (const NavigationPoint& point :
       navigation_chart(portability(table, Efficiency::application), divergences)) {
    charts.navigation.push_back({point.application, point.pp, point.convergence});
  }
  charts.remarks.emplace_back(
      "Convergence is of Moat's own kernel sources over OpenCL, Vulkan and CUDA (moat metrics --code); "
      "libraries have none.");
  return charts;
}

}  // namespace moat
