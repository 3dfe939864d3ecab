// How far a GEMM's output may lie from the reference, and what the errors found say about the arithmetic that
// made them. Pure functions of figures; must not know devices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/gemm/reference.h"
#include "kernels/operator.h"

namespace moat {

/// The forward error bound of a dot product of length k in any order of summation,
///   |computed - exact| <= gamma_k |a|·|b| + u_out |exact| + half a subnormal,   gamma_k = k v / (1 - k v),
/// (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1), with v = 2u: the bound for
/// truncating adders, which matrix units have. u belongs to the stated accumulate type, u_out to the output
/// type. Integers: 0.
class GemmTolerance {
 public:
  GemmTolerance(std::int64_t k, const Types& types);
  [[nodiscard]] double bound(const Dot& exact) const;
  [[nodiscard]] std::int64_t k() const { return k_; }
  [[nodiscard]] const Types& types() const { return types_; }

 private:
  std::int64_t k_;
  Types types_;
  double gamma_;
};

/// Collects outputs against their reference and judges them.
class GemmComparison {
 public:
  explicit GemmComparison(const GemmTolerance& tolerance) : tolerance_(tolerance) {}
  void add(std::size_t index, const Dot& exact, std::span<const std::byte> output);
  [[nodiscard]] Verdict verdict() const;

 private:
  [[nodiscard]] std::string implied_accumulation() const;

  const GemmTolerance& tolerance_;
  std::uint64_t count_ = 0;
  std::uint64_t wrong_ = 0;
  double worst_ratio_ = -1;
  std::size_t worst_index_ = 0;
  double worst_computed_ = 0;
  double worst_exact_ = 0;
  double max_error_ = 0;
  double bound_ = 0;
  // Sums over outputs for the implied accumulation: squared error, output rounding expected, energy; and
  // signs.
  double squared_error_ = 0;
  double rounding_ = 0;
  double energy_ = 0;
  std::int64_t sign_ = 0;
  std::uint64_t signs_ = 0;
};

}  // namespace moat
