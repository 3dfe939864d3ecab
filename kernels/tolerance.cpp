// The error bound and the judgement of errors.
#include "kernels/tolerance.h"

#include <fmt/format.h>

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

void add_compensated(double a, double b, double& sum, double& compensation) {
  const double product = a * b;
  const double product_error = std::fma(a, b, -product);
  const double total = sum + product;
  const double virtual_product = total - sum;
  const double sum_error = (sum - (total - virtual_product)) + (product - virtual_product);
  sum = total;
  compensation += product_error + sum_error;
}

DotTolerance::DotTolerance(std::int64_t k, const Types& types) : types_(types) {
  const double unit = 2 * static_cast<double>(k) * unit_roundoff(types.accumulate);
  gamma_ = unit < 1 ? unit / (1 - unit) : std::numeric_limits<double>::infinity();
}

double DotTolerance::bound(const Dot& exact) const {
  if (!is_floating(types_.output)) return 0;
  const double accumulated = gamma_ * exact.magnitude;
  return accumulated + unit_roundoff(types_.output) * (std::fabs(exact.value) + accumulated) +
         smallest_subnormal(types_.output) / 2;
}

double refutation_bound(std::int64_t k, const Types& types, double output_norm, double factor_norms) {
  const double root = std::sqrt(static_cast<double>(k));
  return 24 * unit_roundoff(types.accumulate) * (root * output_norm + 4 * factor_norms) +
         6 * unit_roundoff(types.output) * output_norm;
}

void Comparison::add(std::size_t index, const Dot& exact, double bound, std::span<const std::byte> output) {
  const double computed = load(types_.output, output, index);
  ++count_;
  if (!std::isfinite(exact.value)) bound = 0;  // NaN and infinity are right or wrong, not near
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
  if (!std::isfinite(error) || !std::isfinite(exact.value) || exact.energy == 0) return;
  const double rounding =
      is_floating(types_.output) ? rms_rounding * unit_roundoff(types_.output) * exact.value : 0;
  squared_error_ += error * error;
  rounding_ += rounding * rounding;
  energy_ += exact.energy;
  if (error != 0) {
    sign_ += std::fabs(computed) > std::fabs(exact.value) ? 1 : -1;
    ++signs_;
  }
}

// The relative error r = sqrt(sum of squared errors / sum of energies) is compared with what each arithmetic
// leaves on average. Rounding the inputs costs a constant (tf32: 2.8e-4), accumulating in T costs u_T
// sqrt(k/6) where partial sums grow like a random walk. The types lie a factor of ten and more apart, so a
// factor of four decides.
std::string Comparison::implied_accumulation() const {
  if (energy_ == 0 || count_ < 8) return "unknown";
  if (squared_error_ == 0) return "exact";
  if (types_.accumulate == Type::f16) return "f16";  // nothing here computes in less
  if (types_.accumulate == Type::f64) {
    return std::sqrt(squared_error_ / energy_) > unit_roundoff(Type::f32) / 16 ? "f32-like" : "f64";
  }
  const bool narrow_output = types_.output != types_.accumulate;
  if (narrow_output && squared_error_ < 4 * rounding_)
    return fmt::format("hidden by {} output", name(types_.output));
  const double relative = std::sqrt(squared_error_ / energy_);
  const double walk = std::sqrt(1 + static_cast<double>(terms_) / 6);
  const double as_stated = 4 * unit_roundoff(types_.accumulate) * walk;
  if (relative <= std::fmax(as_stated, input_rounding(Type::tf32) / 4))
    return std::string(name(types_.accumulate));
  return relative <= 2 * input_rounding(Type::tf32) ? "tf32-like" : "f16-like";
}

Verdict Comparison::verdict() const {
  Verdict verdict;
  verdict.max_error = max_error_;
  verdict.tolerance = bound_;
  verdict.bias = signs_ == 0 ? 0 : static_cast<double>(sign_) / static_cast<double>(signs_);
  verdict.checked = count_;
  verdict.accumulation = is_floating(types_.output) ? implied_accumulation() : "exact";
  const Type stated = types_.accumulate;
  if (wrong_ != 0) {
    verdict.reason = fmt::format(
        "{} of {} checked outputs beyond their bound; "
        "worst: element {} is {:.9g}, reference {:.9g}, bound {:.3g}",
        wrong_, count_, worst_index_, worst_computed_, worst_exact_, bound_);
  } else if (verdict.accumulation.ends_with("-like")) {
    verdict.reason = fmt::format("the errors' size implies {} arithmetic where {} is stated",
                                 verdict.accumulation, name(stated));
  } else {
    verdict.correct = true;
  }
  return verdict;
}

}  // namespace moat
