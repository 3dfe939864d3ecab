// What rounding may cost a sum of products: bounds that always hold, and the size that independent roundings
// have. Used by every operator whose outputs are such sums. Must not know devices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/types.h"

namespace moat {

/// The reference of one output, with the sums that its error bound needs.
struct Dot {
  double value = 0;      // sum of a_k * b_k
  double magnitude = 0;  // sum of |a_k * b_k|
  double energy = 0;     // sum of (a_k * b_k)^2
};

/// Adds a*b to `sum`, and the rounding errors of product and addition to `compensation`: their sum is as if
/// in twice double's precision (Dot2 of Ogita, Rump and Oishi, "Accurate sum and dot product", SIAM J. Sci.
/// Comput. 26, 2005).
void add_compensated(double a, double b, double& sum, double& compensation);

/// How many standard deviations of independent roundings a single output may be off.
inline constexpr double most_deviations = 8;

/// How far an output of a correct implementation may be off.
struct Allowance {
  double bound = 0;     // in all; infinite where nothing is known: such an output is not judged
  double scale = 0;     // of `bound`: a standard deviation, generously, of the arithmetic's errors
  double rounding = 0;  // of `bound`: what rounding to the output type may cost
};

/// The allowance of a dot product of k products. Its bound is the lesser of
/// - the forward error bound for any numbers in any order of summation,
///     |computed - exact| <= gamma_k |a|·|b| + u_out |exact| + half a subnormal,   gamma_k = k v / (1 - k v),
///   (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1), with v = 2u: the bound
///   for truncating adders, which matrix units have. Of long sums it says nothing: it exceeds their size;
/// - `most_deviations` times `scale`, for numbers that do not depend on each other, added in an order that
///   does not depend on them: sqrt(k) u sqrt(value² + energy), which is the size of the partial sums or more
///   (after Higham and Mary, "Sharper probabilistic backward error analysis for basic linear algebra kernels
///   with random data", SIAM J. Sci. Comput. 42, 2020). Truncation does not average out: for inputs that
///   matrix units take (narrower than f32) k/4 u sqrt(value² + energy) is added, since these add 4 products
///   or more at once.
/// u belongs to the accumulate type, u_out to the output type. Integers: 0.
/// If the inputs are whole numbers and the sum of the products' magnitudes is at most 1/u, every order of
/// summation is exact, and a quarter is allowed, for algorithms that transform their inputs.
class DotTolerance {
 public:
  DotTolerance(std::int64_t k, const Types& types, bool whole_numbers = false);
  [[nodiscard]] Allowance allow(const Dot& exact) const;

 private:
  Types types_;
  bool whole_numbers_;
  double gamma_;
  double deviation_;  // `scale` / sqrt(value² + energy)
};

/// `scale` of a sum of k products whose energy and squared value together are 1, as DotTolerance has it.
[[nodiscard]] double sum_deviation(std::int64_t k, const Types& types);

/// Whether every element is a whole number.
[[nodiscard]] bool all_whole(Type type, std::span<const std::byte> bytes);

/// The bound on the difference between the sum of a row of outputs with random signs and the product of the
/// row's left factor with the sum of the right factors (Freivalds' check):
///   6 · 4 · u · (sqrt(k) ‖c‖ + 4 ‖a‖ ‖B‖_F) + 6 · u_out ‖c‖, for outputs c = a·B of k products each.
/// A dot product's rounding error is a sum of k errors of size u times the partial sums, which stay below
/// |c_j| + 2‖a‖‖b_j‖/sqrt(k) on average; random signs add them like a random walk, 6 is its deviation and
/// the further 4 allows for more. Truncation, as in DotTolerance, adds 6 · k/4 · u · (‖c‖ + ‖a‖ ‖B‖_F /
/// sqrt(k)).
[[nodiscard]] double refutation_bound(std::int64_t k, const Types& types, double output_norm,
                                      double factor_norms);

}  // namespace moat
