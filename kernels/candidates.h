// Which parameters a search tries, of any operator: combinations of choices, and an implementation's list
// checked, sorted and cut. Pure; must not know devices, clocks or any operator.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "kernels/implementation.h"

namespace moat {

/// A parameter and the values to combine.
struct Choice {
  std::string name;
  std::vector<std::int64_t> values;
};

/// A method's parameters worth trying, with what a simple model says of them.
struct CandidateValues {
  Values values;
  double cost = 0;  // in any unit, the same for all candidates of a problem and method
};

/// `base` with every combination of the choices' values; `base` itself if there is no choice.
[[nodiscard]] std::vector<Values> combinations(const Values& base, std::span<const Choice> choices);

/// Where no model says more: 1, and 1 % for each factor of two by which a parameter is off its default.
[[nodiscard]] double distance_cost(const Values& defaults, const Values& values);

/// `base` with every combination of the choices' values, by distance_cost.
[[nodiscard]] std::vector<CandidateValues> candidates_by_distance(const Values& base,
                                                                  std::span<const Choice> choices);

/// A search that takes longer than this many compilations is not waited for.
inline constexpr std::size_t most_candidates = 40;

/// The defaults, then the implementation's other candidates, cheapest first by their model; without those
/// that break a rule (their plan is Unsupported), each once, at most `most` in all. Empty if even the
/// defaults are Unsupported or the problem is empty; the defaults alone if there is nothing to search.
[[nodiscard]] std::vector<Parameters> parameters_to_try(const Implementation& implementation,
                                                        const Problem& problem, const Traits& traits,
                                                        std::size_t most = most_candidates);

}  // namespace moat
