// GEMM in more than the working precision.
#include "kernels/gemm/reference.h"

#include <cmath>

namespace moat {
namespace {

std::vector<double> operand(Type type, std::span<const std::byte> bytes, std::int64_t batch, bool transposed,
                            std::int64_t rows, std::int64_t columns) {
  std::vector<double> values(static_cast<std::size_t>(rows * columns));
  const auto base = static_cast<std::size_t>(batch * rows * columns);
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) {
      const std::int64_t at = transposed ? j * rows + i : i * columns + j;
      values[static_cast<std::size_t>(i * columns + j)] =
          load(type, bytes, base + static_cast<std::size_t>(at));
    }
  }
  return values;
}

}  // namespace

GemmOperands gemm_operands(const GemmProblem& problem, std::span<const std::byte> a,
                           std::span<const std::byte> b, std::int64_t batch) {
  const GemmShape& s = problem.shape();
  const Type type = problem.types().input;
  return {operand(type, a, batch, s.transpose_a, s.m, s.k), operand(type, b, batch, s.transpose_b, s.k, s.n)};
}

void gemm_row(const GemmProblem& problem, const GemmOperands& operands, std::int64_t row,
              std::span<Dot> out) {
  const GemmShape& s = problem.shape();
  const auto n = static_cast<std::size_t>(s.n);
  const auto k = static_cast<std::size_t>(s.k);
  const double* a = operands.a.data() + static_cast<std::size_t>(row) * k;
  const bool compensate = problem.types().accumulate == Type::f64;
  std::vector<double> compensation(compensate ? n : 0);
  for (Dot& dot : out) dot = {};
  for (std::size_t p = 0; p < k; ++p) {
    const double* b = operands.b.data() + p * n;
    for (std::size_t j = 0; j < n; ++j) {
      const double product = a[p] * b[j];
      out[j].magnitude += std::fabs(product);
      out[j].energy += product * product;
      if (compensate) {
        add_compensated(a[p], b[j], out[j].value, compensation[j]);
      } else {
        out[j].value += product;
      }
    }
  }
  // Infinite sums leave NaN in the compensation; the plain sum is then already right.
  for (std::size_t j = 0; j < compensation.size(); ++j) {
    if (std::isfinite(compensation[j])) out[j].value += compensation[j];
  }
}

Dot gemm_dot(const GemmProblem& problem, std::span<const std::byte> a, std::span<const std::byte> b,
             std::int64_t batch, std::int64_t row, std::int64_t column) {
  const GemmShape& s = problem.shape();
  const Type type = problem.types().input;
  const bool compensate = problem.types().accumulate == Type::f64;
  Dot dot;
  double compensation = 0;
  for (std::int64_t p = 0; p < s.k; ++p) {
    const std::int64_t at_a = batch * s.m * s.k + (s.transpose_a ? p * s.m + row : row * s.k + p);
    const std::int64_t at_b = batch * s.k * s.n + (s.transpose_b ? column * s.k + p : p * s.n + column);
    const double left = load(type, a, static_cast<std::size_t>(at_a));
    const double right = load(type, b, static_cast<std::size_t>(at_b));
    const double product = left * right;
    dot.magnitude += std::fabs(product);
    dot.energy += product * product;
    if (compensate) {
      add_compensated(left, right, dot.value, compensation);
    } else {
      dot.value += product;
    }
  }
  if (std::isfinite(compensation)) dot.value += compensation;
  return dot;
}

}  // namespace moat
