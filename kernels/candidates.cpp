// Lists of parameters to try.
#include "kernels/candidates.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace moat {

std::vector<Values> combinations(const Values& base, std::span<const Choice> choices) {
  std::vector<Values> made{base};
  for (const Choice& choice : choices) {
    std::vector<Values> next;
    next.reserve(made.size() * choice.values.size());
    for (const Values& values : made) {
      for (const std::int64_t value : choice.values) {
        next.push_back(values);
        next.back()[choice.name] = value;
      }
    }
    made = std::move(next);
  }
  return made;
}

double distance_cost(const Values& defaults, const Values& values) {
  double cost = 1;
  for (const auto& [name, value] : values) {
    const auto usual = static_cast<double>(defaults.at(name));
    cost += 0.01 * std::fabs(std::log2((1 + static_cast<double>(value)) / (1 + usual)));
  }
  return cost;
}

std::vector<CandidateValues> candidates_by_distance(const Values& base, std::span<const Choice> choices) {
  std::vector<CandidateValues> candidates;
  for (Values& values : combinations(base, choices)) {
    const double cost = distance_cost(base, values);
    candidates.push_back({std::move(values), cost});
  }
  return candidates;
}

std::vector<Parameters> parameters_to_try(const Implementation& implementation, const Problem& problem,
                                          const Traits& traits, std::size_t most) {
  const auto is_valid = [&](const Parameters& parameters) {
    return std::holds_alternative<Plan>(implementation.plan(problem, traits, parameters));
  };
  if (is_empty(problem)) return {};
  std::vector<Parameters> chosen{implementation.defaults(problem, traits)};
  if (!is_valid(chosen.front())) return {};
  if (!implementation.candidates) return chosen;
  std::vector<Candidate> candidates = implementation.candidates(problem, traits);
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.cost < b.cost; });
  std::set<Parameters> seen{chosen.front()};
  for (Candidate& candidate : candidates) {
    if (chosen.size() >= most) break;
    if (!seen.insert(candidate.parameters).second || !is_valid(candidate.parameters)) continue;
    chosen.push_back(std::move(candidate.parameters));
  }
  return chosen;
}

}  // namespace moat
