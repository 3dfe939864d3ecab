// Error bounds for dot products, and the arithmetic that the size of the errors implies. Used by
// every operator whose outputs are sums of products. Must not know devices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/operator.h"
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

/// The forward error bound of a dot product of length k in any order of summation,
///   |computed - exact| <= gamma_k |a|·|b| + u_out |exact| + half a subnormal,   gamma_k = k v / (1 - k v),
/// (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1), with v = 2u: the bound for
/// truncating adders, which matrix units have. u belongs to the stated accumulate type, u_out to the output
/// type. Integers: 0.
class DotTolerance {
 public:
  DotTolerance(std::int64_t k, const Types& types);
  [[nodiscard]] double bound(const Dot& exact) const;

 private:
  Types types_;
  double gamma_;
};

/// The bound on the difference between the sum of a row of outputs with random signs and the product of the
/// row's left factor with the sum of the right factors (Freivalds' check):
///   6 · 4 · u · (sqrt(k) ‖c‖ + 4 ‖a‖ ‖B‖_F) + 6 · u_out ‖c‖, for outputs c = a·B of k products each.
/// A dot product's rounding error is a sum of k errors of size u times the partial sums, which stay below
/// |c_j| + 2‖a‖‖b_j‖/sqrt(k) on average; random signs add them like a random walk, 6 is its deviation and
/// the further 4 allows for truncating adders.
[[nodiscard]] double refutation_bound(std::int64_t k, const Types& types, double output_norm,
                                      double factor_norms);

/// Compares outputs with their reference and gives the verdict.
class Comparison {
 public:
  /// `terms`: products in one sum, for the accumulation that the errors imply.
  Comparison(std::int64_t terms, const Types& types) : terms_(terms), types_(types) {}
  /// Output element `index`, which may be off by `bound`.
  /// An `exact.energy` of 0 leaves the element out of the implied accumulation.
  void add(std::size_t index, const Dot& exact, double bound, std::span<const std::byte> output);
  /// Counts further outputs that the caller has found to be within their bounds.
  void add_within_bounds(std::uint64_t count) { count_ += count; }
  [[nodiscard]] Verdict verdict() const;

 private:
  [[nodiscard]] std::string implied_accumulation() const;

  std::int64_t terms_;
  Types types_;
  std::uint64_t count_ = 0;
  std::uint64_t wrong_ = 0;
  double worst_ratio_ = -1;
  std::size_t worst_index_ = 0;
  double worst_computed_ = 0;
  double worst_exact_ = 0;
  double max_error_ = 0;
  double bound_ = 0;
  // Sums over outputs for the implied accumulation:
  // squared error, output rounding expected, energy; and signs.
  double squared_error_ = 0;
  double rounding_ = 0;
  double energy_ = 0;
  std::int64_t sign_ = 0;
  std::uint64_t signs_ = 0;
};

}  // namespace moat
