// GEMM as an operator: the problem key, its parser, work and tensors.
#include "kernels/gemm/gemm.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/error.h"
#include "kernels/arguments.h"

namespace moat {
namespace {

constexpr std::array<std::string_view, 4> transpose_names{"nn", "nt", "tn", "tt"};
constexpr std::int64_t largest_matrix = std::numeric_limits<std::int32_t>::max();

constexpr KeyArgument matrix_size(std::string_view name, std::string_view meaning) {
  return {.name = name, .meaning = meaning, .most = largest_matrix};
}

constexpr std::array<KeyArgument, 8> gemm_arguments{
    {matrix_size("m", "rows of A and C"),
     matrix_size("n", "columns of B and C"),
     matrix_size("k", "columns of A, rows of B"),
     {.name = "batch", .meaning = "how many products", .usual = "1", .most = largest_matrix},
     {.name = "transpose",
      .meaning = "of A, then of B: n as it is, t stored transposed",
      .kind = KeyArgument::Kind::word,
      .usual = "nn",
      .words = transpose_names},
     {.name = "type", .meaning = "of A and B", .kind = KeyArgument::Kind::type, .usual = "f32"},
     {.name = "accumulate",
      .meaning = "in what sums are held",
      .kind = KeyArgument::Kind::type,
      .usual = "what is usual with the type"},
     {.name = "output",
      .meaning = "of C",
      .kind = KeyArgument::Kind::type,
      .usual = "what is usual with the type"}}};

bool supported_triple(const Types& types) {
  switch (types.input) {
    case Type::f64:
    case Type::f32:
    case Type::i8:
      return types == default_types(types.input);
    case Type::f16:
    case Type::bf16:
      return types.accumulate == Type::f32 && (types.output == types.input || types.output == Type::f32);
    default:
      return false;
  }
}

class Gemm final : public Operator {
 public:
  [[nodiscard]] std::string_view name() const override { return "gemm"; }
  [[nodiscard]] std::string_view convention() const override { return "2·M·N·K·batch operations"; }
  [[nodiscard]] std::string_view key_example() const override {
    return "gemm:m=1024,n=1024,k=1024,batch=2,transpose=nt,type=f16,output=f32";
  }
  [[nodiscard]] std::span<const KeyArgument> arguments() const override { return gemm_arguments; }
  [[nodiscard]] std::span<const std::string_view> examples() const override {
    // Few rows and many, a batch, and matrices stored either way.
    static constexpr std::array<std::string_view, 4> keys{
        "gemm:m=1,n=2048,k=2048,transpose=nt", "gemm:m=64,n=64,k=64,batch=64", "gemm:m=512,n=512,k=512",
        "gemm:m=333,n=517,k=771,transpose=tn"};
    return keys;
  }
  [[nodiscard]] std::unique_ptr<const Problem> parse(std::string_view text) const override;
  [[nodiscard]] std::span<const Implementation> implementations() const override {
    return gemm_implementations();
  }
};

std::unique_ptr<const Problem> Gemm::parse(std::string_view text) const {
  const Arguments values(name(), key_example(), gemm_arguments, text);
  GemmShape shape;
  for (const auto& [key, size] : std::initializer_list<std::pair<std::string_view, std::int64_t*>>{
           {"m", &shape.m}, {"n", &shape.n}, {"k", &shape.k}, {"batch", &shape.batch}}) {
    if (key != "batch" || values.has(key)) *size = values.number(key);
  }
  if (values.has("transpose")) {
    const std::string_view stored = transpose_names.at(values.word("transpose"));
    shape.transpose_a = stored[0] == 't';
    shape.transpose_b = stored[1] == 't';
  }
  return std::make_unique<GemmProblem>(shape, values.types());
}

}  // namespace

GemmProblem::GemmProblem(const GemmShape& shape, const Types& types) : shape_(shape), types_(types) {
  if (std::min({shape.m, shape.n, shape.k, shape.batch}) < 0) {
    throw UsageError("gemm: m, n, k and batch are at least 0");
  }
  for (const auto& [rows, columns] : {std::pair{shape.m, shape.k}, {shape.k, shape.n}, {shape.m, shape.n}}) {
    if (rows == 0 || columns == 0) continue;
    if (rows > largest_matrix / columns) {
      throw UsageError(
          fmt::format("gemm: a matrix of {} x {} has more than {} elements", rows, columns, largest_matrix));
    }
    if (shape.batch > std::numeric_limits<std::int64_t>::max() / 16 / (rows * columns)) {
      throw UsageError(fmt::format("gemm: a batch of {} matrices of {} x {} is beyond any memory",
                                   shape.batch, rows, columns));
    }
  }
  constexpr std::int64_t longest_i8 = largest_matrix / (128 * 128);
  if (types.input == Type::i8 && shape.k > longest_i8) {
    throw UsageError(
        fmt::format("gemm: k={} of i8 products can overflow i32; k is at most {}", shape.k, longest_i8));
  }
  if (!supported_triple(types)) {
    throw UsageError(fmt::format(
        "gemm: type={},accumulate={},output={} is no supported combination; supported are f64, f32, f16 and "
        "bf16 (accumulate=f32; output as the input or f32) and i8 (accumulate=i32,output=i32)",
        name(types.input), name(types.accumulate), name(types.output)));
  }
}

std::string GemmProblem::key() const {
  std::string text = fmt::format("gemm:m={},n={},k={}", shape_.m, shape_.n, shape_.k);
  if (shape_.batch != 1) text += fmt::format(",batch={}", shape_.batch);
  if (shape_.transpose_a || shape_.transpose_b) {
    text += fmt::format(",transpose={}",
                        transpose_names.at((shape_.transpose_a ? 2U : 0U) + (shape_.transpose_b ? 1U : 0U)));
  }
  text += fmt::format(",type={}", name(types_.input));
  const Types usual = default_types(types_.input);
  if (types_.accumulate != usual.accumulate) text += fmt::format(",accumulate={}", name(types_.accumulate));
  if (types_.output != usual.output) text += fmt::format(",output={}", name(types_.output));
  return text;
}

Work GemmProblem::work() const {
  const auto m = static_cast<double>(shape_.m);
  const auto n = static_cast<double>(shape_.n);
  const auto k = static_cast<double>(shape_.k);
  const auto batch = static_cast<double>(shape_.batch);
  return {.operations = 2 * m * n * k * batch,
          .bytes_read = batch * (m * k + k * n) * static_cast<double>(size_bytes(types_.input)),
          .bytes_written = batch * m * n * static_cast<double>(size_bytes(types_.output))};
}

std::vector<Tensor> GemmProblem::tensors() const {
  const auto stored = [&](bool transposed, std::int64_t rows, std::int64_t columns) {
    return transposed ? std::vector{shape_.batch, columns, rows} : std::vector{shape_.batch, rows, columns};
  };
  return {{"A", Role::input, types_.input, stored(shape_.transpose_a, shape_.m, shape_.k)},
          {"B", Role::input, types_.input, stored(shape_.transpose_b, shape_.k, shape_.n)},
          {"C", Role::output, types_.output, {shape_.batch, shape_.m, shape_.n}}};
}

const Operator& gemm_operator() {
  static const Gemm gemm;
  return gemm;
}

}  // namespace moat
