// The judgement of errors.
#include "kernels/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <limits>

namespace moat {
namespace {

// Root mean square of a relative rounding error in units of u,
// for significands spread logarithmically: about 0.41.
constexpr double rms_rounding = 0.41;

// Mean relative error (per root of the products' energy) that rounding both inputs to `type` would leave.
double input_rounding(Type type) {
  return std::sqrt(2.0) * rms_rounding * unit_roundoff(type);
}

/// Infinity where either is NaN or infinite and the other is not; infinite results are right where the
/// reference is infinite or overflows the output type within the bound.
double error_of(double computed, double exact, double bound, Type output) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (std::isnan(exact)) return std::isnan(computed) ? 0 : infinity;
  if (std::isnan(computed)) return infinity;
  if (std::isinf(computed)) {
    const double overflow = largest(output) * (1 + unit_roundoff(output) / 2);
    const bool same_sign = std::signbit(computed) == std::signbit(exact);
    return same_sign && std::fabs(exact) + bound >= overflow ? 0 : infinity;
  }
  return std::fabs(computed - exact);
}

}  // namespace

int outputs_to_draw(std::int64_t terms) {
  constexpr double products = 1 << 28;  // in all, about half a second of reference
  return static_cast<int>(std::clamp(products / static_cast<double>(terms), 16.0, 256.0));
}

Comparison::Comparison(std::int64_t terms, const Types& types, double fault)
    : terms_(terms),
      types_(types),
      fault_(std::max(fault, 1 / static_cast<double>(std::max<std::int64_t>(terms, 1)))) {}

void Comparison::add(std::size_t index, const Dot& exact, const Allowance& allowance,
                     std::span<const std::byte> output) {
  const double computed = load(types_.output, output, index);
  ++count_;
  // NaN and infinity are right or wrong, not near.
  const double bound = std::isfinite(exact.value) ? allowance.bound : 0;
  const double error = error_of(computed, exact.value, bound, types_.output);
  if (error > bound) ++wrong_;
  const double ratio = error == 0 ? 0 : error / bound;
  if (ratio > worst_ratio_) {
    worst_ratio_ = ratio;
    worst_index_ = index;
    worst_computed_ = computed;
    worst_exact_ = exact.value;
    max_error_ = error;
    bound_ = bound;
  }
  // A NaN is also what stands in outputs that nobody writes.
  if (std::isnan(exact.value) || std::isinf(bound)) ++undecided_;
  if (!std::isfinite(error) || !std::isfinite(exact.value) || !std::isfinite(bound)) return;
  if (allowance.scale > 0) {
    const double deviation = std::max(0.0, error - allowance.rounding) / allowance.scale;
    squared_deviation_ += deviation * deviation;
    ++scaled_;
  }
  if (exact.energy == 0) return;
  const double fault = std::sqrt(fault_ * exact.energy);
  hidden_by_rounding_ += allowance.rounding / fault;
  hidden_by_scale_ += allowance.scale / fault;
  squared_scale_ += allowance.scale * allowance.scale;
  const double rounding =
      is_floating(types_.output) ? rms_rounding * unit_roundoff(types_.output) * exact.value : 0;
  squared_error_ += error * error;
  rounding_ += rounding * rounding;
  energy_ += exact.energy;
  squared_value_ += exact.value * exact.value;
  error_by_value_ += (computed - exact.value) * exact.value;
  ++outputs_;
  if (error != 0) {
    sign_ += std::fabs(computed) > std::fabs(exact.value) ? 1 : -1;
    ++signs_;
  }
}

double Comparison::relative_error() const {
  return std::sqrt(squared_error_ / energy_);
}

double Comparison::missing_share() const {
  if (energy_ == 0 || squared_value_ == 0) return 0;
  const double by_size = squared_error_ / energy_;
  const double by_sign = -error_by_value_ / squared_value_;
  const double chance = 2.5 * std::sqrt(by_size / static_cast<double>(outputs_));
  const bool explains = by_sign > chance && by_sign > by_size / 2 && by_sign < 2 * by_size;
  return explains ? std::min(by_sign, 1.0) : 0;
}

bool Comparison::is_arithmetic() const {
  const double share = squared_error_ / energy_;
  const bool is_below_one_product = share * static_cast<double>(terms_) < 0.25;
  const bool would_show_missing = share * static_cast<double>(outputs_) > 25;  // well above chance
  return is_below_one_product || (would_show_missing && missing_share() == 0);
}

// The relative error r = sqrt(sum of squared errors / sum of energies) is compared with what each arithmetic
// leaves on average. Rounding the inputs costs a constant (tf32: 2.8e-4), accumulating in T costs u_T
// sqrt(k/6) where partial sums grow like a random walk. The types lie a factor of ten and more apart, so a
// factor of four decides.
std::string Comparison::implied_accumulation() const {
  if (energy_ == 0 || count_ < 8) return "unknown";
  if (squared_error_ == 0) return "exact";
  if (types_.accumulate == Type::f16) return "f16";  // nothing here computes in less
  const double relative = relative_error();
  if (types_.accumulate == Type::f64) {
    if (relative <= unit_roundoff(Type::f32) / 16) return "f64";
    return is_arithmetic() ? "f32-like" : "below f64";
  }
  const bool narrow_output = types_.output != types_.accumulate;
  if (narrow_output && squared_error_ < 4 * rounding_)
    return fmt::format("hidden by {} output", name(types_.output));
  const double walk = std::sqrt(1 + static_cast<double>(terms_) / 6);
  const double as_stated =
      std::fmax(4 * unit_roundoff(types_.accumulate) * walk, std::sqrt(squared_scale_ / energy_));
  if (relative <= std::fmax(as_stated, input_rounding(Type::tf32) / 4))
    return std::string(name(types_.accumulate));
  if (!is_arithmetic()) return fmt::format("below {}", name(types_.accumulate));
  return relative <= 2 * input_rounding(Type::tf32) ? "tf32-like" : "f16-like";
}

double Comparison::most_rms_deviation() const {
  return scaled_ == 0 ? 0 : 1 + (most_deviations - 1) / std::sqrt(static_cast<double>(scaled_));
}

double Comparison::rms_deviation() const {
  return scaled_ == 0 ? 0 : std::sqrt(squared_deviation_ / static_cast<double>(scaled_));
}

// A fault's errors are taken as normally distributed and independent, with the standard deviation
// sqrt(fault · energy): their mean square has a chi-squared distribution.
double Comparison::false_acceptance() const {
  if (outputs_ == 0) return undecided_ > 0 ? 1 : 0;
  const auto n = static_cast<double>(outputs_);
  const double hidden = (hidden_by_rounding_ + most_rms_deviation() * hidden_by_scale_) / n;
  if (!(hidden < 1)) return 1;
  const double mean_square = hidden * hidden;
  // Of many outputs Chernoff's bound suffices, which no number of them overflows.
  constexpr double many = 30;
  if (n > many) return std::exp(n / 2 * (1 - mean_square + std::log(mean_square)));
  return boost::math::cdf(boost::math::chi_squared(n), n * mean_square);
}

std::string Comparison::refusal(const Verdict& verdict) const {
  const double share = missing_share();
  const std::string missing =
      share > 0 ? fmt::format("; the errors are as if {:.2g} % of all products were missing", 100 * share)
                : "";
  if (wrong_ != 0) {
    return fmt::format(
        "{} of {} checked outputs beyond their bound; "
        "worst: element {} is {:.9g}, reference {:.9g}, bound {:.3g}{}",
        wrong_, count_, worst_index_, worst_computed_, worst_exact_, bound_, missing);
  }
  const std::string_view stated = name(types_.accumulate);
  if (verdict.accumulation.ends_with("-like"))
    return fmt::format("the errors' size implies {} arithmetic where {} is stated", verdict.accumulation,
                       stated);
  if (verdict.accumulation.starts_with("below ")) {
    return fmt::format("the errors are {:.2g} of the products' size{}", relative_error(),
                       share > 0 ? missing
                                 : fmt::format(": products are missing, or the arithmetic is coarser than "
                                               "{}; {} outputs cannot tell which",
                                               stated, outputs_));
  }
  if (rms_deviation() > most_rms_deviation()) {
    return fmt::format("the errors are {:.3g} times what independent roundings in {} leave, at most {:.3g}{}",
                       rms_deviation(), stated, most_rms_deviation(), missing);
  }
  return "";
}

Verdict Comparison::verdict() const {
  Verdict verdict;
  verdict.max_error = max_error_;
  verdict.tolerance = bound_;
  verdict.bias = signs_ == 0 ? 0 : static_cast<double>(sign_) / static_cast<double>(signs_);
  verdict.checked = count_;
  verdict.accumulation = is_floating(types_.output) ? implied_accumulation() : "exact";
  verdict.reason = refusal(verdict);
  verdict.correct = verdict.reason.empty();
  verdict.false_acceptance = verdict.correct ? false_acceptance() : 0;
  return verdict;
}

}  // namespace moat
