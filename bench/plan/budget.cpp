// Predicting a case's time.
#include "bench/plan/budget.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/statistics.h"

namespace moat {
namespace {

constexpr double executions_per_case = 6;
constexpr double executions_per_round = 4;   // of several
constexpr double longest_case_in_caps = 10;  // a case may take this many times its sampling cap

std::string basis_key(const Case& identity, const Types& types) {
  return fmt::format("{} {} {} {} {}", identity.problem.substr(0, identity.problem.find(':')),
                     identity.implementation, name(types.input), name(types.accumulate), name(types.output));
}

/// "0.67", "23", "140": without an exponent.
std::string two_digits(double value) {
  if (value < 100) return fmt::format("{:.2g}", value);
  const double unit = std::pow(10, std::floor(std::log10(value)) - 1);
  return fmt::format("{:.0f}", std::round(value / unit) * unit);
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
  if (basis.largest < amount(work) / 1000) return std::nullopt;
  return amount(work) / basis.rate;
}

std::optional<std::string> Budget::too_long(const Case& identity, const Types& types, const Work& work) {
  const double execution = predicted_execution(identity, types, work).value_or(0);
  const double longest = longest_case_in_caps * limits_.case_seconds;
  if (executions_per_case * execution <= longest) return std::nullopt;
  double& largest = bases_[basis_key(identity, types)].largest;
  largest = std::max(largest, amount(work));
  return fmt::format(
      "one execution would take about {} s, as predicted from smaller problems; six are needed, and "
      "the suite allows {:.3g} s for a case",
      two_digits(execution), longest);
}

double Budget::expected_seconds(const Case& identity, const Types& types, const Work& work) const {
  const double cap = limits_.case_seconds / static_cast<double>(limits_.rounds);
  const std::optional<double> execution = predicted_execution(identity, types, work);
  if (!execution || executions_per_case * *execution > longest_case_in_caps * limits_.case_seconds) return 0;
  const double executions = limits_.rounds == 1 ? executions_per_case : executions_per_round;
  return std::min(cap, 20 * *execution) + executions * *execution;
}

std::optional<std::string> Budget::exceeded_by(double seconds) const {
  if (spent_ >= limits_.device_seconds) {
    return fmt::format("the device's budget of {:.4g} s is used up", limits_.device_seconds);
  }
  if (spent_ + seconds <= limits_.device_seconds) return std::nullopt;
  return fmt::format(
      "all cases of the problem would take about {} s; {} s of the device's budget of {:.4g} s remain",
      two_digits(seconds), two_digits(limits_.device_seconds - spent_), limits_.device_seconds);
}

std::optional<std::string> Budget::first_uses_exceeded(const std::string& implementation) const {
  const auto found = first_uses_.find(implementation);
  if (found == first_uses_.end() || found->second < limits_.first_use_seconds) return std::nullopt;
  return fmt::format(
      "first uses of {} (compiling, tuning) have taken {:.3g} s, and the limit is {:.4g} s; what they leave "
      "in its caches makes the next run quicker, and --first-use-seconds sets another limit",
      implementation, found->second, limits_.first_use_seconds);
}

void Budget::add(const Record& record, double seconds, double first_use_seconds) {
  spent_ += seconds;
  first_uses_[record.identity.implementation] += first_use_seconds;
  // A case that hung says nothing about others.
  if (!record.measurement || amount(record.work) <= 0) return;
  const std::optional<double> shortest = quantile(record.measurement->samples_seconds, 0);
  if (!shortest || !(*shortest > 0)) return;
  Basis& basis = bases_[basis_key(record.identity, record.types)];
  basis.largest = std::max(basis.largest, amount(record.work));
  basis.rate = std::max(basis.rate, amount(record.work) / *shortest);
}

}  // namespace moat
