// The rate of arithmetic: independent chains of multiply-adds that no compiler can shorten and every step of
// which shows in the result. Key: peak:chains=N,steps=N[,type=T], see PeakProblem::key.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "kernels/implementation.h"
#include "kernels/operator.h"

namespace moat {

/// A chain's state is a pair (x, y), and a pair of steps turns and shears it:
///   x = x + e·y,  y = y - e·x       with e = peak_coefficient(type) for f64, f32 and f16;
/// the state neither grows nor dies, so that operands stay as random as they began. For i8, x and y are
/// 32-bit integers of which the four bytes are signed operands, x = x + Σ e_j·byte_j(y), y = y + Σ
/// e_j·byte_j(x) with e = peak_bytes, modulo 2^32: what dot-product instructions with four products compute.
/// A step is one multiply-add, so a pair is 2 steps, and 8 for i8.
///
/// Types compute in themselves (f16 accumulates in f16); bf16 has no multiply-add outside matrix units in any
/// language of the kernels, and converting is not arithmetic.
class PeakProblem final : public Problem {
 public:
  /// `chains`: a multiple of 64 up to 2^30 - 64; `steps`: a multiple of 8 up to 2^20;
  /// f64, f32, f16 or i8. Throws UsageError.
  PeakProblem(std::int64_t chains, std::int64_t steps, Type type);

  [[nodiscard]] std::int64_t chains() const { return chains_; }
  [[nodiscard]] std::int64_t steps() const { return steps_; }
  /// How often x and y are updated.
  [[nodiscard]] std::int64_t pairs() const { return steps_ / (type_ == Type::i8 ? 8 : 2); }
  [[nodiscard]] std::string_view operator_name() const override { return "peak"; }
  /// All of chains, steps and type: "peak:chains=1048576,steps=2048,type=f32".
  [[nodiscard]] std::string key() const override;
  [[nodiscard]] Types types() const override;
  /// 2·chains·steps operations.
  [[nodiscard]] Work work() const override;
  /// "start" and "end": {2, chains}, all x, then all y; start of i8 is {2, chains, 4}.
  [[nodiscard]] std::vector<Tensor> tensors() const override;
  [[nodiscard]] std::unique_ptr<Verifier> verifier(
      std::span<const std::span<const std::byte>> inputs) const override;

 private:
  std::int64_t chains_;
  std::int64_t steps_;
  Type type_;
};

[[nodiscard]] const Operator& peak_operator();
/// naive and portable (portable.cpp).
[[nodiscard]] std::span<const Implementation> peak_implementations();

}  // namespace moat
