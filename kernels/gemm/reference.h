// GEMM in more than the working precision: the truth that every implementation is held to.
// Must not know devices.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kernels/gemm/gemm.h"
#include "kernels/tolerance.h"

namespace moat {

/// The inputs of one batch entry as double, op() applied: a is M×K, b is K×N, both row-major.
struct GemmOperands {
  std::vector<double> a;
  std::vector<double> b;
};
[[nodiscard]] GemmOperands gemm_operands(const GemmProblem& problem, std::span<const std::byte> a,
                                         std::span<const std::byte> b, std::int64_t batch);

/// Row `row` of op(A)·op(B), all N outputs. In double; for f64 problems as if in twice double's precision.
void gemm_row(const GemmProblem& problem, const GemmOperands& operands, std::int64_t row, std::span<Dot> out);
/// One output, from the stored inputs.
[[nodiscard]] Dot gemm_dot(const GemmProblem& problem, std::span<const std::byte> a,
                           std::span<const std::byte> b, std::int64_t batch, std::int64_t row,
                           std::int64_t column);

}  // namespace moat
