// Attention, forward: O = softmax(scale * Q * K^T, masked) * V for every batch entry and query head.
// Key: attention:[b=B,]hq=H[,hkv=H],sq=S,skv=S,d=D[,dv=D][,mask=causal][,scale=X][,type=T],
// see AttentionProblem::key.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "kernels/implementation.h"
#include "kernels/operator.h"

namespace moat {

/// Query head h reads key-value head h / (query_heads / key_value_heads): multi-head attention if there are
/// as many of both, multi-query with a single key-value head, grouped-query between. A causal mask is aligned
/// to the end: query i sees the keys 0 … keys - queries + i.
struct AttentionShape {
  std::int64_t batch = 1;
  std::int64_t query_heads = 1;
  std::int64_t key_value_heads = 1;  // divides query_heads
  std::int64_t queries = 1;
  std::int64_t keys = 1;  // at least `queries` under a causal mask: a query that sees nothing has no output
  std::int64_t key_dim = 1;    // elements of a query and of a key
  std::int64_t value_dim = 1;  // elements of a value and of an output
  bool causal = false;
  friend bool operator==(const AttentionShape&, const AttentionShape&) = default;

  /// Query heads that share a key-value head.
  [[nodiscard]] std::int64_t sharing() const { return query_heads / key_value_heads; }
  /// Queries that share a key-value head; neighbours in memory, query fastest, then head.
  [[nodiscard]] std::int64_t rows() const { return sharing() * queries; }
  /// Keys that query `query` sees; always the first ones.
  [[nodiscard]] std::int64_t visible(std::int64_t query) const {
    return causal ? keys - queries + query + 1 : keys;
  }
};

class AttentionProblem final : public Problem {
 public:
  /// `scale` multiplies the products of queries and keys; absent: 1 / sqrt(key_dim), rounded to f32. Throws
  /// UsageError if a size is out of range, the mask leaves a query without keys, or the type is none of f32,
  /// f16 and bf16. Softmax and sums are always f32.
  AttentionProblem(const AttentionShape& shape, Type type, std::optional<float> scale = std::nullopt);

  [[nodiscard]] const AttentionShape& shape() const { return shape_; }
  [[nodiscard]] float scale() const { return scale_; }
  [[nodiscard]] std::string_view operator_name() const override { return "attention"; }
  /// hq, sq, skv, d and type always;
  /// b, hkv, dv, mask and scale only where they differ from 1, hq, d, full and 1/sqrt(d).
  [[nodiscard]] std::string key() const override;
  [[nodiscard]] Types types() const override { return types_; }
  /// 2·(D+Dv) operations for each pair of a query and a key that it sees, exactly counted; softmax is not.
  [[nodiscard]] Work work() const override;
  /// Q {batch, query_heads, queries, key_dim}, K {batch, key_value_heads, keys, key_dim},
  /// V {batch, key_value_heads, keys, value_dim}, O {batch, query_heads, queries, value_dim}.
  [[nodiscard]] std::vector<Tensor> tensors() const override;
  [[nodiscard]] std::unique_ptr<Verifier> verifier(
      std::span<const std::span<const std::byte>> inputs) const override;
  [[nodiscard]] std::vector<std::vector<std::byte>> exact_inputs(std::uint64_t seed) const override;

 private:
  AttentionShape shape_;
  Types types_;
  float scale_;
};

[[nodiscard]] const Operator& attention_operator();
/// naive and portable (portable.cpp).
[[nodiscard]] std::span<const Implementation> attention_implementations();

}  // namespace moat
