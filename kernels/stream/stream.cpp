// Stream as an operator: the problem key, its parser, work and tensors.
#include "kernels/stream/stream.h"

#include <fmt/format.h>

#include <array>
#include <limits>

#include "base/error.h"
#include "kernels/arguments.h"

namespace moat {
namespace {

constexpr std::array<std::string_view, 5> op_names{"copy", "mul", "add", "triad", "dot"};
constexpr std::int64_t most_elements = std::numeric_limits<std::int32_t>::max();  // 32-bit in kernels

constexpr std::array<KeyArgument, 3> stream_arguments{
    {{.name = "op",
      .meaning = "copy: c = a; mul: c = s·a; add: c = a + b; triad: c = a + s·b; dot: c = sum of a·b",
      .kind = KeyArgument::Kind::word,
      .words = op_names},
     {.name = "n", .meaning = "elements of an array", .least = 1, .most = most_elements},
     {.name = "type", .meaning = "of the arrays", .kind = KeyArgument::Kind::type, .usual = "f32"}}};

class Stream final : public Operator {
 public:
  [[nodiscard]] std::string_view name() const override { return "stream"; }
  [[nodiscard]] bool is_roof() const override { return true; }
  [[nodiscard]] std::string_view convention() const override {
    return "0, n, n, 2·n, 2·n operations, 2·n, 2·n, 3·n, 3·n, 2·n elements (copy, mul, add, triad, dot)";
  }
  [[nodiscard]] std::string_view key_example() const override {
    return "stream:op=triad,n=33554432,type=f64";
  }
  [[nodiscard]] std::span<const KeyArgument> arguments() const override { return stream_arguments; }
  [[nodiscard]] std::span<const std::string_view> examples() const override {
    static constexpr std::array<std::string_view, 3> keys{
        "stream:op=copy,n=33554432", "stream:op=triad,n=33554432", "stream:op=dot,n=33554432"};
    return keys;
  }
  [[nodiscard]] std::unique_ptr<const Problem> parse(std::string_view text) const override {
    const Arguments values(name(), key_example(), stream_arguments, text);
    return std::make_unique<StreamProblem>(static_cast<StreamOp>(values.word("op")), values.number("n"),
                                           values.type("type", Type::f32));
  }
  [[nodiscard]] std::span<const Implementation> implementations() const override {
    return stream_implementations();
  }
};

}  // namespace

std::string_view name(StreamOp op) {
  return op_names.at(static_cast<std::size_t>(op));
}

double stream_scalar(Type type) {
  return type == Type::f64 ? 0.4 : static_cast<double>(0.4F);
}

StreamProblem::StreamProblem(StreamOp op, std::int64_t n, Type type) : op_(op), n_(n), type_(type) {
  if (n < 1 || n > most_elements) {
    throw UsageError(fmt::format("stream: n={} is not from 1 to {}", n, most_elements));
  }
  if (type != Type::f32 && type != Type::f64) {
    throw UsageError(
        fmt::format("stream: type={} is not supported; there are f32 and f64", moat::name(type)));
  }
}

std::string StreamProblem::key() const {
  return fmt::format("stream:op={},n={},type={}", name(op_), n_, name(type_));
}

Work StreamProblem::work() const {
  constexpr std::array<double, 5> operations{0, 1, 1, 2, 2};
  const auto n = static_cast<double>(n_);
  const double array_bytes = n * static_cast<double>(size_bytes(type_));
  return {.operations = operations.at(static_cast<std::size_t>(op_)) * n,
          .bytes_read = (has_b() ? 2 : 1) * array_bytes,
          .bytes_written = op_ == StreamOp::dot ? 0 : array_bytes};
}

std::vector<Tensor> StreamProblem::tensors() const {
  std::vector<Tensor> all{{"a", Role::input, type_, {n_}}};
  if (has_b()) all.push_back({"b", Role::input, type_, {n_}});
  all.push_back({"c", Role::output, type_, {op_ == StreamOp::dot ? 1 : n_}});
  return all;
}

const Operator& stream_operator() {
  static const Stream stream;
  return stream;
}

}  // namespace moat
