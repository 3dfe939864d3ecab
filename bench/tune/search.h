// Successive halving over candidate parameters, and the final comparison with the defaults. Pure logic over a
// measuring function; must not know devices, processes, files or clocks.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/statistics.h"
#include "kernels/implementation.h"

namespace moat {

/// One measurement of one candidate.
struct Trial {
  double seconds = 0;  // median of one execution; 0 if there is no result
  std::string fault;   // why there is no result: "wrong: …", "crashed: …"; empty otherwise
};

/// Verifies and measures one candidate; sampling takes at most about `cap_seconds`.
using MeasureParameters = std::function<Trial(const Parameters& parameters, double cap_seconds)>;

struct SearchLimits {
  double seconds = 60;              // wall time, by `elapsed`, without the final comparison
  double first_cap_seconds = 0.02;  // sampling cap in the first round; doubled in each round
  double last_cap_seconds = 0.2;    // upper limit of the cap, also in the final comparison
  std::size_t comparisons = 9;      // of the winner with the default; at least 6, see statistics.h
};

/// The progress of a search.
struct SearchStep {
  std::string_view stage;  // "round 1", "final"
  std::size_t done = 0;    // measurements in this stage
  std::size_t of = 0;
  double best_seconds = 0;  // so far in this stage; 0 if there is none
};

struct SearchHooks {
  MeasureParameters measure;
  std::function<double()> elapsed;  // seconds since the search began
  std::function<void(const SearchStep&)> on_step = [](const SearchStep&) {};
};

struct SearchOutcome {
  bool found = false;  // a candidate was verified; otherwise only `faults` is meaningful
  Parameters parameters;
  bool keeps_default = true;   // nothing was faster by more than noise
  double seconds = 0;          // medians of the final comparison; the last round's if there was none
  double default_seconds = 0;  // 0 if the default gave no result
  Interval ratio;              // 95 % interval of default / winner; {0, 0} without a comparison
  std::size_t tried = 0;       // candidates that were measured or failed
  std::size_t left_out = 0;    // candidates that were not reached in time
  std::vector<std::pair<Parameters, std::string>> faults;  // one per excluded candidate
};

/// `candidates` begins with the default. Each round measures all remaining candidates with one cap and keeps
/// the faster half; the next cap is twice as long. The first round may take half of the time limit; it uses
/// the given order and leaves out what it does not reach. The other rounds take the rest. The winner is
/// measured against the default in alternation; it replaces the default if the 95 % interval of the median
/// ratio lies above 1, or if the default has no result. A candidate with a fault in any round is excluded.
[[nodiscard]] SearchOutcome search_parameters(std::span<const Parameters> candidates,
                                              const SearchLimits& limits, const SearchHooks& hooks);

}  // namespace moat
