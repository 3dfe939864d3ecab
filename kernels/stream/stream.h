// Memory bandwidth by the five kernels of BabelStream (Deakin, Price, Martineau, McIntosh-Smith, "GPU-STREAM
// v2.0", 2016), after McCalpin's STREAM. Key: stream:op=OP,n=N[,type=T], see StreamProblem::key.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "kernels/implementation.h"
#include "kernels/operator.h"

namespace moat {

/// With inputs a and b, output c and the scalar s:
/// copy c = a · mul c = s·a · add c = a + b · triad c = a + s·b · dot c = sum of a·b, one element.
enum class StreamOp : std::uint8_t { copy, mul, add, triad, dot };
[[nodiscard]] std::string_view name(StreamOp op);

/// BabelStream's scalar, 0.4, as `type` holds it.
[[nodiscard]] double stream_scalar(Type type);

class StreamProblem final : public Problem {
 public:
  /// `n` elements, 1 to 2^31 - 1; f32 or f64. Throws UsageError.
  StreamProblem(StreamOp op, std::int64_t n, Type type);

  [[nodiscard]] StreamOp op() const { return op_; }
  [[nodiscard]] std::int64_t n() const { return n_; }
  [[nodiscard]] bool has_b() const { return op_ >= StreamOp::add; }
  [[nodiscard]] std::string_view operator_name() const override { return "stream"; }
  /// All of op, n and type: "stream:op=triad,n=33554432,type=f64".
  [[nodiscard]] std::string key() const override;
  [[nodiscard]] Types types() const override { return {type_, type_, type_}; }
  /// As BabelStream counts, in elements: copy and mul 2·n, add and triad 3·n, dot 2·n (its one output does
  /// not count). Operations: 0, n, n, 2·n, 2·n.
  [[nodiscard]] Work work() const override;
  /// a, b where there is one, c.
  [[nodiscard]] std::vector<Tensor> tensors() const override;
  [[nodiscard]] std::unique_ptr<Verifier> verifier(
      std::span<const std::span<const std::byte>> inputs) const override;
  [[nodiscard]] std::vector<std::vector<std::byte>> exact_inputs(std::uint64_t seed) const override;

 private:
  StreamOp op_;
  std::int64_t n_;
  Type type_;
};

[[nodiscard]] const Operator& stream_operator();
/// naive and portable (portable.cpp).
[[nodiscard]] std::span<const Implementation> stream_implementations();

}  // namespace moat
