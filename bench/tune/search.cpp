// Rounds, halving and the duel.
#include "bench/tune/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace moat {
namespace {

class Search {
 public:
  Search(std::span<const Parameters> candidates, const SearchLimits& limits, const SearchHooks& hooks)
      : limits_(limits), hooks_(hooks), default_(candidates.front()), cap_(limits.first_cap_seconds) {
    for (const Parameters& parameters : candidates) standing_.push_back({parameters, 0});
  }

  SearchOutcome run() {
    first_round();
    for (int round = 2; standing_.size() > 1 && hooks_.elapsed() < limits_.seconds; ++round) {
      halve();
      if (standing_.size() == 1) break;
      cap_ = std::min(2 * cap_, limits_.last_cap_seconds);
      measure_standing(fmt::format("round {}", round));
    }
    // If nobody else is left, the default is, unless it fell out itself.
    if (!default_failed_) standing_.push_back({default_, 0});
    while (!standing_.empty() && !decide()) standing_.erase(standing_.begin());
    return std::move(outcome_);
  }

 private:
  struct Contender {
    Parameters parameters;
    double seconds = 0;
  };

  /// Nothing if the candidate fell out.
  std::optional<double> measure(const Parameters& parameters) {
    Trial trial = hooks_.measure(parameters, cap_);
    if (trial.fault.empty() && trial.seconds > 0) return trial.seconds;
    outcome_.faults.emplace_back(parameters, trial.fault.empty() ? "no result" : std::move(trial.fault));
    if (parameters == default_) default_failed_ = true;
    return std::nullopt;
  }

  void first_round() {
    const std::size_t all = standing_.size();
    std::vector<Contender> measured;
    double best = 0;
    for (Contender& contender : standing_) {
      // The default is always measured; one rival at least is tried.
      if (outcome_.tried > 1 && hooks_.elapsed() > limits_.seconds / 2) break;
      ++outcome_.tried;
      if (const auto seconds = measure(contender.parameters)) {
        measured.push_back({std::move(contender.parameters), *seconds});
        best = best == 0 ? *seconds : std::min(best, *seconds);
      }
      hooks_.on_step({"round 1", outcome_.tried, all, best});
    }
    outcome_.left_out = all - outcome_.tried;
    standing_ = std::move(measured);
    rank();
  }

  void measure_standing(const std::string& stage) {
    std::vector<Contender> measured;
    double best = 0;
    std::size_t done = 0;
    for (Contender& contender : standing_) {
      // Out of time: what this round did not reach keeps its place behind what it did.
      if (done > 0 && hooks_.elapsed() >= limits_.seconds) break;
      if (const auto seconds = measure(contender.parameters)) {
        measured.push_back({std::move(contender.parameters), *seconds});
        best = best == 0 ? *seconds : std::min(best, *seconds);
      }
      hooks_.on_step({stage, ++done, standing_.size(), best});
    }
    standing_ = std::move(measured);
    rank();
  }

  void rank() {
    std::stable_sort(standing_.begin(), standing_.end(),
                     [](const Contender& a, const Contender& b) { return a.seconds < b.seconds; });
  }

  void halve() { standing_.resize((standing_.size() + 1) / 2); }

  /// Whether the first contender's case is decided; false if it fell out.
  bool decide() {
    const Contender& champion = standing_.front();
    cap_ = limits_.last_cap_seconds;
    if (champion.parameters == default_) return !default_failed_ && keep_default();
    outcome_.parameters = champion.parameters;
    std::vector<double> of_default;
    std::vector<double> of_champion;
    std::vector<double> ratios;
    for (std::size_t i = 0; i < limits_.comparisons; ++i) {
      // A drift of the machine favours neither: who goes first alternates.
      const auto play = [&](bool defaults) {
        if (defaults && default_failed_) return true;
        const auto seconds = measure(defaults ? default_ : champion.parameters);
        if (seconds) (defaults ? of_default : of_champion).push_back(*seconds);
        return seconds.has_value() || defaults;
      };
      if (!play(i % 2 == 0) || !play(i % 2 != 0)) return false;
      if (default_failed_) break;
      ratios.push_back(of_default.back() / of_champion.back());
      hooks_.on_step({"final", i + 1, limits_.comparisons, 0});
    }
    judge(of_default, of_champion, ratios);
    return true;
  }

  bool keep_default() {
    const auto seconds = measure(default_);
    if (!seconds) return false;
    outcome_.found = true;
    outcome_.parameters = default_;
    outcome_.seconds = outcome_.default_seconds = *seconds;
    return true;
  }

  void judge(const std::vector<double>& of_default, const std::vector<double>& of_champion,
             const std::vector<double>& ratios) {
    outcome_.found = true;
    outcome_.seconds = median(of_champion).value_or(outcome_.seconds);
    if (default_failed_) {
      outcome_.keeps_default = false;
      return;
    }
    outcome_.default_seconds = median(of_default).value_or(0);
    outcome_.ratio = median_interval(ratios).value_or(Interval{});
    outcome_.keeps_default = !(outcome_.ratio.low > 1);
    if (!outcome_.keeps_default) return;
    outcome_.parameters = default_;
    outcome_.seconds = outcome_.default_seconds;
  }

  const SearchLimits& limits_;
  const SearchHooks& hooks_;
  Parameters default_;
  double cap_;
  bool default_failed_ = false;
  std::vector<Contender> standing_;
  SearchOutcome outcome_;
};

}  // namespace

SearchOutcome search_parameters(std::span<const Parameters> candidates, const SearchLimits& limits,
                                const SearchHooks& hooks) {
  if (candidates.empty()) throw std::logic_error("a search without candidates");
  return Search(candidates, limits, hooks).run();
}

}  // namespace moat
