// Judges outputs by their reference: whether each is within its allowance, whether all together are as exact
// as the stated arithmetic, and how likely a wrong result would have passed. Must not know operators.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "kernels/operator.h"
#include "kernels/tolerance.h"

namespace moat {

/// The share of an output's products that a fault must leave out, or get wrong, to count as plausible: one
/// lane of 64. No less than one product.
inline constexpr double least_fault = 1.0 / 64;

/// How many outputs of a large problem are drawn to be compared one by one: 256, but 16 at least of very long
/// sums. `terms`: products in one.
[[nodiscard]] int outputs_to_draw(std::int64_t terms);

/// Compares outputs with their reference and gives the verdict. Correct is what fulfils both of
/// - every output is within its bound;
/// - the root mean square of the errors beyond the output's rounding, each in units of its scale, is at most
///   1 + 7/sqrt(n) of n outputs: `most_deviations` for one, and near 1, which is generous, for many.
class Comparison {
 public:
  /// `terms`: products in one sum, for the accumulation that the errors imply. `fault`: the least share of an
  /// output's energy that a plausible fault concerns; by default `least_fault`.
  Comparison(std::int64_t terms, const Types& types, double fault = least_fault);
  /// Output element `index`. An `exact.energy` of 0 leaves the element out of the implied accumulation.
  void add(std::size_t index, const Dot& exact, const Allowance& allowance,
           std::span<const std::byte> output);
  /// Counts further outputs that the caller has found to be within their bounds.
  void add_within_bounds(std::uint64_t count) { count_ += count; }
  [[nodiscard]] Verdict verdict() const;

 private:
  [[nodiscard]] std::string implied_accumulation() const;
  /// Root mean square error in units of the root mean square of the products' energy.
  [[nodiscard]] double relative_error() const;
  /// The share of all products that must be missing to explain the errors, or 0 if that does not: missing
  /// products make results smaller, as much as they make errors large.
  [[nodiscard]] double missing_share() const;
  /// Whether the errors are certainly those of coarser arithmetic, and not of missing products.
  [[nodiscard]] bool is_arithmetic() const;
  [[nodiscard]] double most_rms_deviation() const;
  [[nodiscard]] double rms_deviation() const;
  [[nodiscard]] double false_acceptance() const;
  [[nodiscard]] std::string refusal(const Verdict& verdict) const;

  std::int64_t terms_;
  Types types_;
  double fault_;
  std::uint64_t count_ = 0;
  std::uint64_t wrong_ = 0;
  std::uint64_t undecided_ = 0;  // of no known value or bound
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
  double squared_scale_ = 0;
  double squared_value_ = 0;
  double error_by_value_ = 0;  // sum of (computed - exact) · exact
  std::uint64_t outputs_ = 0;  // in these sums
  std::int64_t sign_ = 0;
  std::uint64_t signs_ = 0;
  // Sums over outputs with a scale: what they were off, and what might have hidden a fault, both squared.
  double squared_deviation_ = 0;
  std::uint64_t scaled_ = 0;
  // Sums over outputs with an energy: the part of a plausible fault that rounding and scale would hide.
  double hidden_by_rounding_ = 0;
  double hidden_by_scale_ = 0;
};

}  // namespace moat
