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
/// A row is refuted if it lies beyond refutation_bound (kernels/tolerance.h). With normal data of k = n =
/// 4096 one wrong element of typical size is found.
class Freivalds {
 public:
  Freivalds(const GemmProblem& problem, std::span<const std::byte> a, std::span<const std::byte> b);
  /// Gives what an element of C ought to be, in place of an infinity that stands there.
  using Exact = std::function<double(std::size_t element)>;
  /// Why `c` is no product of the inputs, or nothing.
  /// An infinity, which an overflowing output rightly holds, enters the sums as its exact value;
  /// `exact` is asked for 1024 of them, further rows with infinities are passed over.
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
