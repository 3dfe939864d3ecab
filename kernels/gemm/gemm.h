// GEMM: C[b] = op(A[b]) * op(B[b]) for b in [0, batch), everything row-major and dense.
// Key: gemm:m=M,n=N,k=K[,batch=B][,transpose=nn|nt|tn|tt][,type=T][,accumulate=T][,output=T],
// see GemmProblem::key.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "kernels/implementation.h"
#include "kernels/operator.h"

namespace moat {

/// op(A) is M×K, op(B) is K×N, C is M×N. A is stored M×K, or K×M if transpose_a; B is stored K×N, or N×K if
/// transpose_b. Sizes are at least 1 and each tensor has fewer than 2^31 elements (kernels index one matrix
/// with 32 bits).
struct GemmShape {
  std::int64_t m = 1;
  std::int64_t n = 1;
  std::int64_t k = 1;
  std::int64_t batch = 1;
  bool transpose_a = false;
  bool transpose_b = false;
  friend bool operator==(const GemmShape&, const GemmShape&) = default;
};

class GemmProblem final : public Problem {
 public:
  /// Throws UsageError if a size is out of range or the types are no supported triple:
  /// f64, f32, f16, bf16 and i8 with their default accumulation and output; f16 and bf16 also with f32
  /// output.
  GemmProblem(const GemmShape& shape, const Types& types);

  [[nodiscard]] const GemmShape& shape() const { return shape_; }
  [[nodiscard]] std::string_view operator_name() const override { return "gemm"; }
  /// m, n, k and type always;
  /// batch, transpose, accumulate and output only where they differ from 1, nn and the default.
  [[nodiscard]] std::string key() const override;
  [[nodiscard]] Types types() const override { return types_; }
  /// 2·M·N·K·batch operations.
  [[nodiscard]] Work work() const override;
  /// A, B, C; shapes {batch, rows, columns} as stored.
  [[nodiscard]] std::vector<Tensor> tensors() const override;
  [[nodiscard]] std::unique_ptr<Verifier> verifier(
      std::span<const std::span<const std::byte>> inputs) const override;
  [[nodiscard]] std::vector<std::vector<std::byte>> exact_inputs(std::uint64_t seed) const override;

 private:
  GemmShape shape_;
  Types types_;
};

[[nodiscard]] const Operator& gemm_operator();
/// naive and portable (portable.cpp).
[[nodiscard]] std::span<const Implementation> gemm_implementations();

}  // namespace moat
