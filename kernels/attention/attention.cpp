// Attention as an operator: the problem key, its parser, work and tensors.
#include "kernels/attention/attention.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "kernels/arguments.h"

namespace moat {
namespace {

constexpr std::int64_t largest_size = std::numeric_limits<std::int32_t>::max();
constexpr std::array<std::string_view, 2> mask_names{"full", "causal"};

float usual_scale(std::int64_t key_dim) {
  return static_cast<float>(1 / std::sqrt(static_cast<double>(key_dim)));
}

// Without a key there is no average; without a batch or a query there is nothing to average.
constexpr KeyArgument attention_size(std::string_view name, std::string_view meaning, std::int64_t least,
                                     std::string_view usual = "") {
  return {.name = name, .meaning = meaning, .usual = usual, .least = least, .most = largest_size};
}

constexpr std::array<KeyArgument, 10> attention_arguments{
    {attention_size("b", "batch", 0, "1"),
     attention_size("hq", "heads of queries", 1),
     attention_size("hkv", "heads of keys and values, each for equally many of the queries'", 1, "hq"),
     attention_size("sq", "queries of each head", 0),
     attention_size("skv", "keys and values of each head", 1),
     attention_size("d", "elements of a query and of a key", 1),
     attention_size("dv", "elements of a value", 1, "d"),
     {.name = "mask",
      .meaning = "whether a query sees the keys after it",
      .kind = KeyArgument::Kind::word,
      .usual = "full",
      .words = mask_names},
     {.name = "scale",
      .meaning = "factor of the scores, in f32",
      .kind = KeyArgument::Kind::real,
      .usual = "1/sqrt(d)"},
     {.name = "type", .meaning = "of all tensors", .kind = KeyArgument::Kind::type, .usual = "f32"}}};

class Attention final : public Operator {
 public:
  [[nodiscard]] std::string_view name() const override { return "attention"; }
  [[nodiscard]] std::string_view convention() const override {
    return "2·(D+Dv) operations per query and key it sees, softmax not counted";
  }
  [[nodiscard]] std::string_view key_example() const override {
    return "attention:b=2,hq=32,hkv=8,sq=512,skv=512,d=128,mask=causal,type=f16";
  }
  [[nodiscard]] std::span<const KeyArgument> arguments() const override { return attention_arguments; }
  [[nodiscard]] std::span<const std::string_view> examples() const override {
    // One query and many.
    static constexpr std::array<std::string_view, 2> keys{"attention:hq=32,hkv=8,sq=1,skv=4096,d=128",
                                                          "attention:hq=8,hkv=8,sq=512,skv=512,d=64"};
    return keys;
  }
  [[nodiscard]] std::unique_ptr<const Problem> parse(std::string_view text) const override;
  [[nodiscard]] std::span<const Implementation> implementations() const override {
    return attention_implementations();
  }
};

std::unique_ptr<const Problem> Attention::parse(std::string_view text) const {
  const Arguments values(name(), key_example(), attention_arguments, text);
  const auto size = [&](std::string_view key, std::int64_t usual) {
    return values.has(key) ? values.number(key) : usual;
  };
  AttentionShape shape;
  shape.batch = size("b", 1);
  shape.query_heads = values.number("hq");
  shape.key_value_heads = size("hkv", shape.query_heads);
  shape.queries = values.number("sq");
  shape.keys = values.number("skv");
  shape.key_dim = values.number("d");
  shape.value_dim = size("dv", shape.key_dim);
  shape.causal = values.has("mask") && values.word("mask") == 1;
  const std::optional<float> scale = values.has("scale") ? std::optional(values.real("scale")) : std::nullopt;
  return std::make_unique<AttentionProblem>(shape, values.type("type", Type::f32), scale);
}

void require_sizes(const AttentionShape& s) {
  if (std::min({s.query_heads, s.key_value_heads, s.keys, s.key_dim, s.value_dim}) < 1 ||
      std::min(s.batch, s.queries) < 0) {
    throw UsageError("attention: b and sq are at least 0, other sizes at least 1");
  }
  if (s.query_heads % s.key_value_heads != 0) {
    throw UsageError(fmt::format(
        "attention: hq={} is no multiple of hkv={}; each key-value head serves equally many query heads",
        s.query_heads, s.key_value_heads));
  }
  if (s.causal && s.queries > s.keys) {
    throw UsageError(
        fmt::format("attention: with mask=causal and sq={} > skv={} the first queries see no key; give at "
                    "least as many keys as queries",
                    s.queries, s.keys));
  }
  const std::int64_t dim = std::max(s.key_dim, s.value_dim);
  for (const std::int64_t length :
       {s.sharing() > largest_size / std::max<std::int64_t>(1, s.queries) ? largest_size : s.rows(),
        s.keys}) {
    if (length > largest_size / dim) {
      throw UsageError(fmt::format(
          "attention: the {} rows of {} elements that belong to one key-value head are more than {} elements",
          length, dim, largest_size));
    }
  }
  const std::int64_t largest = std::max(s.rows(), s.keys) * dim;
  if (s.batch > std::numeric_limits<std::int64_t>::max() / 16 / largest / s.key_value_heads) {
    throw UsageError(
        fmt::format("attention: b={} times {} heads is beyond any memory", s.batch, s.query_heads));
  }
}

}  // namespace

AttentionProblem::AttentionProblem(const AttentionShape& shape, Type type, std::optional<float> scale)
    : shape_(shape), types_(default_types(type)), scale_(scale.value_or(usual_scale(shape.key_dim))) {
  require_sizes(shape);
  if (type != Type::f32 && type != Type::f16 && type != Type::bf16) {
    throw UsageError(
        fmt::format("attention: type={} is not supported; supported are f32, f16 and bf16", name(type)));
  }
  if (!std::isfinite(scale_)) throw UsageError("attention: scale is a finite number");
}

std::string AttentionProblem::key() const {
  const AttentionShape& s = shape_;
  std::string text = "attention:";
  if (s.batch != 1) text += fmt::format("b={},", s.batch);
  text += fmt::format("hq={}", s.query_heads);
  if (s.key_value_heads != s.query_heads) text += fmt::format(",hkv={}", s.key_value_heads);
  text += fmt::format(",sq={},skv={},d={}", s.queries, s.keys, s.key_dim);
  if (s.value_dim != s.key_dim) text += fmt::format(",dv={}", s.value_dim);
  if (s.causal) text += ",mask=causal";
  if (scale_ != usual_scale(s.key_dim)) text += fmt::format(",scale={}", scale_);
  return text + fmt::format(",type={}", name(types_.input));
}

Work AttentionProblem::work() const {
  const AttentionShape& s = shape_;
  const auto queries = static_cast<double>(s.queries);
  const auto keys = static_cast<double>(s.keys);
  const double pairs = s.causal ? queries * (keys - queries) + queries * (queries + 1) / 2 : queries * keys;
  const auto dims = static_cast<double>(s.key_dim) + static_cast<double>(s.value_dim);
  const double heads = static_cast<double>(s.batch) * static_cast<double>(s.query_heads);
  Work work{.operations = 2 * dims * pairs * heads};
  for (const Tensor& tensor : tensors()) {
    (tensor.role == Role::input ? work.bytes_read : work.bytes_written) +=
        static_cast<double>(tensor.bytes());
  }
  return work;
}

std::vector<Tensor> AttentionProblem::tensors() const {
  const AttentionShape& s = shape_;
  const Type type = types_.input;
  return {{"Q", Role::input, type, {s.batch, s.query_heads, s.queries, s.key_dim}},
          {"K", Role::input, type, {s.batch, s.key_value_heads, s.keys, s.key_dim}},
          {"V", Role::input, type, {s.batch, s.key_value_heads, s.keys, s.value_dim}},
          {"O", Role::output, types_.output, {s.batch, s.query_heads, s.queries, s.value_dim}}};
}

const Operator& attention_operator() {
  static const Attention attention;
  return attention;
}

}  // namespace moat
