// The table's rules, efficiencies, PP and what is derived from it.
#include "reports/portability/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "base/error.h"

namespace moat {
namespace {

std::optional<std::string> name_fault(std::string_view what, std::string_view name) {
  if (name.empty()) return fmt::format("the {} is empty", what);
  if (name.size() > PerformanceTable::Limits::name_bytes) {
    return fmt::format("the {}'s name has {} bytes; at most {}", what, name.size(),
                       PerformanceTable::Limits::name_bytes);
  }
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(name.begin(), name.end(), is_control)) {
    return fmt::format("the {}'s name holds control characters", what);
  }
  if (name.front() == ' ' || name.back() == ' ') {
    return fmt::format("the {}'s name begins or ends with a blank", what);
  }
  return std::nullopt;
}

std::optional<std::string> number_fault(const Performance& entry) {
  if (entry.fom && (!std::isfinite(*entry.fom) || *entry.fom <= 0)) {
    return fmt::format("the figure of merit {} is not above 0 and finite; leave it empty if it did not run",
                       *entry.fom);
  }
  for (const auto& [name, value] : {std::pair{"app eff", entry.application_efficiency},
                                    std::pair{"arch eff", entry.architectural_efficiency}}) {
    if (value && !(*value >= 0 && *value <= 1)) {
      return fmt::format("{} is {}; an efficiency is a ratio from 0 to 1, not a percentage", name, *value);
    }
  }
  return std::nullopt;
}

/// Sums over what ran.
struct SupportedSums {
  std::size_t supported = 0;
  double sum = 0;
  double inverse_sum = 0;
  void add(std::optional<double> efficiency) {
    if (!efficiency || *efficiency == 0) return;
    ++supported;
    sum += *efficiency;
    inverse_sum += 1 / *efficiency;
  }
  [[nodiscard]] std::optional<double> harmonic() const {
    if (supported == 0) return std::nullopt;
    return static_cast<double>(supported) / inverse_sum;
  }
  [[nodiscard]] double pp(std::size_t pairs) const { return supported == pairs ? harmonic().value_or(0) : 0; }
};

Portability portability_of(std::string problem, std::string application, const SupportedSums& tally,
                           std::size_t pairs) {
  Portability made{std::move(problem), std::move(application), tally.pp(pairs), tally.supported, pairs, {},
                   tally.harmonic()};
  if (tally.supported > 0) made.mean_of_supported = tally.sum / static_cast<double>(tally.supported);
  return made;
}

/// The same entries with efficiencies of one kind from `efficiency`.
template <class Function>
PerformanceTable changed(const PerformanceTable& table, const Function& change) {
  PerformanceTable made;
  for (Performance entry : table.entries()) {
    change(entry);
    if (const auto fault = made.add(std::move(entry))) throw UsageError(*fault);
  }
  return made;
}

}  // namespace

std::size_t PerformanceTable::Names::add(const std::string& name) {
  const auto [at, is_new] = index.emplace(name, names.size());
  if (is_new) names.push_back(name);
  return at->second;
}

std::optional<std::string> PerformanceTable::add(Performance entry) {
  for (const auto& [what, name] : {std::pair{"problem", &entry.problem},
                                   {"platform", &entry.platform},
                                   {"application", &entry.application}}) {
    if (auto fault = name_fault(what, *name)) return fault;
  }
  if (auto fault = number_fault(entry)) return fault;
  if (find(entry.problem, entry.platform, entry.application) != nullptr) {
    return fmt::format("a second entry for application {} on platform {} and problem {}; keep one",
                       entry.application, entry.platform, entry.problem);
  }
  if (entries_.size() == Limits::entries) return fmt::format("more than {} entries", Limits::entries);
  const auto is_excess = [](const Names& names, const std::string& name, std::size_t most) {
    return names.names.size() == most && !names.index.contains(name);
  };
  if (is_excess(problems_, entry.problem, Limits::problems)) {
    return fmt::format("more than {} problems", Limits::problems);
  }
  if (is_excess(platforms_, entry.platform, Limits::platforms)) {
    return fmt::format("more than {} platforms", Limits::platforms);
  }
  if (is_excess(applications_, entry.application, Limits::applications)) {
    return fmt::format("more than {} applications", Limits::applications);
  }
  index_[{problems_.add(entry.problem), platforms_.add(entry.platform),
          applications_.add(entry.application)}] = entries_.size();
  entries_.push_back(std::move(entry));
  return std::nullopt;
}

const Performance* PerformanceTable::find(std::string_view problem, std::string_view platform,
                                          std::string_view application) const {
  const auto problem_at = problems_.index.find(problem);
  const auto platform_at = platforms_.index.find(platform);
  const auto application_at = applications_.index.find(application);
  if (problem_at == problems_.index.end() || platform_at == platforms_.index.end() ||
      application_at == applications_.index.end()) {
    return nullptr;
  }
  const auto at = index_.find({problem_at->second, platform_at->second, application_at->second});
  return at == index_.end() ? nullptr : &entries_[at->second];
}

std::string_view name(Efficiency kind) {
  return kind == Efficiency::application ? "application" : "architectural";
}

std::optional<double> efficiency_of(const Performance& entry, Efficiency kind) {
  return kind == Efficiency::application ? entry.application_efficiency : entry.architectural_efficiency;
}

bool has_efficiency(const PerformanceTable& table, Efficiency kind) {
  return std::any_of(table.entries().begin(), table.entries().end(),
                     [&](const Performance& entry) { return efficiency_of(entry, kind).has_value(); });
}

PerformanceTable with_application_efficiency(const PerformanceTable& table, Better better) {
  using Pair = std::pair<std::string_view, std::string_view>;
  std::map<Pair, double> best;  // of problem and platform
  for (const Performance& entry : table.entries()) {
    if (!entry.fom) continue;
    const auto [at, is_new] = best.emplace(Pair{entry.problem, entry.platform}, *entry.fom);
    if (!is_new) {
      at->second =
          better == Better::higher ? std::max(at->second, *entry.fom) : std::min(at->second, *entry.fom);
    }
  }
  return changed(table, [&](Performance& entry) {
    if (!entry.fom) {
      entry.application_efficiency = 0;
      return;
    }
    const double top = best.at({entry.problem, entry.platform});
    const double ratio = better == Better::higher ? *entry.fom / top : top / *entry.fom;
    // However slow, it ran: 0 would say that it did not.
    entry.application_efficiency = std::max(ratio, std::numeric_limits<double>::min());
  });
}

PerformanceTable with_architectural_efficiency(const PerformanceTable& table,
                                               std::span<const PlatformPeak> peaks) {
  std::map<std::pair<std::string_view, std::string_view>, double> of;
  for (const PlatformPeak& peak : peaks) of[{peak.platform, peak.problem}] = peak.value;
  return changed(table, [&](Performance& entry) {
    if (!entry.fom) {
      entry.architectural_efficiency = 0;
      return;
    }
    auto at = of.find({entry.platform, entry.problem});
    if (at == of.end()) at = of.find({entry.platform, ""});
    if (at == of.end()) {
      throw UsageError(
          fmt::format("no peak is given for platform {} and problem {}; give one, or leave out the problem "
                      "to give one for all",
                      entry.platform, entry.problem));
    }
    if (*entry.fom > at->second) {
      throw UsageError(
          fmt::format("{} reaches {} on {}, which is beyond its peak of {}: are both in one unit, and "
                      "the figures rates?",
                      entry.application, *entry.fom, entry.platform, at->second));
    }
    entry.architectural_efficiency = std::max(*entry.fom / at->second, std::numeric_limits<double>::min());
  });
}

double Portability::share_supported() const {
  return pairs == 0 ? 0 : static_cast<double>(supported) / static_cast<double>(pairs);
}

double performance_portability(std::span<const double> efficiencies) {
  SupportedSums tally;
  for (const double efficiency : efficiencies) tally.add(efficiency);
  return tally.pp(efficiencies.size());
}

std::vector<Portability> portability(const PerformanceTable& table, Efficiency kind) {
  std::map<std::string_view, SupportedSums> tallies;
  for (const Performance& entry : table.entries()) tallies[entry.application].add(efficiency_of(entry, kind));
  const std::size_t pairs = table.problems().size() * table.platforms().size();
  std::vector<Portability> all;
  for (const std::string& application : table.applications()) {
    all.push_back(portability_of("", application, tallies[application], pairs));
  }
  return all;
}

std::vector<Portability> portability_by_problem(const PerformanceTable& table, Efficiency kind) {
  std::map<std::pair<std::string_view, std::string_view>, SupportedSums> tallies;
  for (const Performance& entry : table.entries()) {
    tallies[{entry.problem, entry.application}].add(efficiency_of(entry, kind));
  }
  std::vector<Portability> all;
  for (const std::string& problem : table.problems()) {
    for (const std::string& application : table.applications()) {
      all.push_back(
          portability_of(problem, application, tallies[{problem, application}], table.platforms().size()));
    }
  }
  return all;
}

std::vector<Cascade> cascades(const PerformanceTable& table, Efficiency kind) {
  std::map<std::pair<std::string_view, std::string_view>, SupportedSums> tallies;
  for (const Performance& entry : table.entries()) {
    tallies[{entry.application, entry.platform}].add(efficiency_of(entry, kind));
  }
  std::vector<Cascade> all;
  for (const std::string& application : table.applications()) {
    Cascade cascade{application, {}};
    for (const std::string& platform : table.platforms()) {
      const double efficiency = tallies[{application, platform}].pp(table.problems().size());
      cascade.steps.push_back({platform, efficiency, 0});
    }
    std::stable_sort(
        cascade.steps.begin(), cascade.steps.end(),
        [](const CascadeStep& left, const CascadeStep& right) { return left.efficiency > right.efficiency; });
    SupportedSums tally;
    std::size_t count = 0;
    for (CascadeStep& step : cascade.steps) {
      tally.add(step.efficiency);
      step.pp = tally.pp(++count);
    }
    all.push_back(std::move(cascade));
  }
  return all;
}

std::vector<NavigationPoint> navigation_chart(std::span<const Portability> portabilities,
                                              const std::map<std::string, double>& divergences) {
  std::vector<NavigationPoint> points;
  for (const Portability& portability : portabilities) {
    const auto at = divergences.find(portability.application);
    if (at != divergences.end()) points.push_back({portability.application, 1 - at->second, portability.pp});
  }
  return points;
}

}  // namespace moat
