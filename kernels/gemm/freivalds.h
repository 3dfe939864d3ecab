// Freivalds' check: a product is refuted by multiplying with random vectors, at the cost of reading the
// matrices once. Must not know devices.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kernels/gemm/gemm.h"

namespace moat {

/// Holds A·(B·x) for three vectors x of random signs per batch entry. Sums are long double.
///
/// A row i is refuted if |(C·x)_i - (A·(B·x))_i| exceeds
///   6 · 4 · u · (sqrt(k) ‖c_i‖ + 4 ‖a_i‖ ‖B‖_F) + 6 · u_out ‖c_i‖:
/// a dot product's rounding error is a sum of k errors of size u times the partial sums, which stay below
/// |c_ij| + 2‖a_i‖‖b_j‖/sqrt(k) on average; random signs add them like a random walk, 6 is its deviation and
/// the further 4 allows for truncating adders. With normal data of k = n = 4096 one wrong element of typical
/// size is found.
class Freivalds {
 public:
  Freivalds(const GemmProblem& problem, std::span<const std::byte> a, std::span<const std::byte> b);
  /// Gives what an element of C ought to be, in place of an infinity that stands there.
  using Exact = std::function<double(std::size_t element)>;
  /// Why `c` is no product of the inputs, or nothing. An infinity, which an overflowing output rightly holds,
  /// enters the sums as its exact value; `exact` is asked for 1024 of them, further rows with infinities are
  /// passed over.
  [[nodiscard]] std::optional<std::string> refute(std::span<const std::byte> c, const Exact& exact) const;

 private:
  static constexpr std::size_t vectors = 3;
  [[nodiscard]] long double sign(std::size_t vector, std::int64_t column) const;

  GemmShape shape_;
  Types types_;
  std::vector<std::byte> signs_;       // bit `vector` of entry `column`
  std::vector<long double> products_;  // [batch][row][vector]
  std::vector<double> row_norms_;      // ‖a_i‖, [batch][row]
  std::vector<double> norms_;          // ‖B‖_F, [batch]
};

}  // namespace moat
