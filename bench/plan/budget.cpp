// Predicting a case's time.
#include "bench/plan/budget.h"

#include <fmt/format.h>

#include <algorithm>

#include "results/figures.h"

namespace moat {
namespace {

constexpr double executions_per_case = 6;
constexpr double longest_case_in_caps = 10;  // a case may take this many times its sampling cap

std::string basis_key(const Case& identity, const Types& types) {
  return fmt::format("{} {} {} {} {}", identity.problem.substr(0, identity.problem.find(':')),
                     identity.implementation, name(types.input), name(types.accumulate), name(types.output));
}

// What time is taken to be proportional to; copies have no operations.
double amount(const Work& work) {
  return std::max(work.operations, work.bytes());
}

}  // namespace

std::optional<double> Budget::predicted_execution(const Case& identity, const Types& types,
                                                  const Work& work) const {
  const auto found = bases_.find(basis_key(identity, types));
  if (found == bases_.end()) return std::nullopt;
  const Basis& basis = found->second;
  if (basis.amount < amount(work) / 1000) return std::nullopt;
  return basis.seconds * amount(work) / basis.amount;
}

std::optional<std::string> Budget::exceeded_by(const Case& identity, const Types& types, const Work& work) {
  const double execution = predicted_execution(identity, types, work).value_or(0);
  const double longest = longest_case_in_caps * limits_.case_seconds;
  if (executions_per_case * execution > longest) {
    bases_[basis_key(identity, types)] = {amount(work), execution};
    return fmt::format(
        "one execution would take about {:.2g} s, as predicted from smaller problems; six are needed, and "
        "the suite allows {:.3g} s for a case",
        execution, longest);
  }
  if (spent_ >= limits_.device_seconds) {
    return fmt::format("the device's budget of {:.4g} s is used up", limits_.device_seconds);
  }
  const double needed = std::min(limits_.case_seconds, 20 * execution) + executions_per_case * execution;
  if (spent_ + needed > limits_.device_seconds) {
    return fmt::format(
        "would take about {:.2g} s, as predicted from smaller problems; {:.2g} s of the device's budget of "
        "{:.4g} s remain",
        needed, limits_.device_seconds - spent_, limits_.device_seconds);
  }
  return std::nullopt;
}

void Budget::add(const Record& record, double wall_seconds) {
  spent_ += wall_seconds;
  // A case that hung says nothing about others.
  const std::optional<double> execution = figures(record).median_seconds;
  if (!execution || !(*execution > 0) || amount(record.work) <= 0) return;
  bases_[basis_key(record.identity, record.types)] = {amount(record.work), *execution};
}

}  // namespace moat
