// The host's own loops: one dot product after the other, rows shared among threads. Deliberately simple: it
// is the floor that libraries and portable kernels are held against.
#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstring>

#include "adapters/host/library.h"
#include "kernels/error.h"

namespace moat::host {
namespace {

struct F16 {
  std::uint16_t bits;
};
struct Bf16 {
  std::uint16_t bits;
};

// from_f16 computes powers; looked up once per bit pattern, it costs what a load costs.
const std::array<float, 65536>& f16_values() {
  static const auto values = [] {
    auto table = std::make_unique<std::array<float, 65536>>();
    for (std::uint32_t bits = 0; bits < table->size(); ++bits) {
      (*table)[bits] = static_cast<float>(from_f16(static_cast<std::uint16_t>(bits)));
    }
    return table;
  }();
  return *values;
}

// Input to accumulator.
template <class Sum, class T>
Sum widen(T value) {
  return static_cast<Sum>(value);
}
template <>
float widen<float, F16>(F16 value) {
  static const std::array<float, 65536>& values = f16_values();
  return values[value.bits];
}
template <>
float widen<float, Bf16>(Bf16 value) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value.bits) << 16);
}

// Accumulator to output.
template <class T, class Sum>
T narrow(Sum value) {
  if constexpr (std::is_same_v<T, F16>) {
    return {to_f16(static_cast<double>(value))};
  } else if constexpr (std::is_same_v<T, Bf16>) {
    return {to_bf16(static_cast<double>(value))};
  } else {
    return value;
  }
}

// Rows [first, last) of the batch * m rows of C.
template <class In, class Sum, class Out>
void compute_rows(const GemmShape& s, const GemmMemory& memory, std::size_t first, std::size_t last) {
  const auto m = static_cast<std::size_t>(s.m);
  const auto n = static_cast<std::size_t>(s.n);
  const auto k = static_cast<std::size_t>(s.k);
  const std::size_t a_row = s.transpose_a ? 1 : k;
  const std::size_t a_step = s.transpose_a ? m : 1;
  const std::size_t b_column = s.transpose_b ? k : 1;
  const std::size_t b_step = s.transpose_b ? 1 : n;
  for (std::size_t row = first; row < last; ++row) {
    const std::size_t entry = row / m;
    const In* a = reinterpret_cast<const In*>(memory.a) + entry * m * k + (row % m) * a_row;
    const In* b = reinterpret_cast<const In*>(memory.b) + entry * k * n;
    Out* c = reinterpret_cast<Out*>(memory.c) + row * n;
    for (std::size_t column = 0; column < n; ++column) {
      Sum sum = 0;
      for (std::size_t p = 0; p < k; ++p) {
        sum += widen<Sum>(a[p * a_step]) * widen<Sum>(b[column * b_column + p * b_step]);
      }
      c[column] = narrow<Out>(sum);
    }
  }
}

using Rows = void(const GemmShape&, const GemmMemory&, std::size_t, std::size_t);

// Every triple that GemmProblem accepts; null for one it may accept later.
Rows* rows_for(const Types& types) {
  const bool wide = types.output == Type::f32;
  switch (types.input) {
    case Type::f64:
      return compute_rows<double, double, double>;
    case Type::f32:
      return compute_rows<float, float, float>;
    case Type::f16:
      return wide ? compute_rows<F16, float, float> : compute_rows<F16, float, F16>;
    case Type::bf16:
      return wide ? compute_rows<Bf16, float, float> : compute_rows<Bf16, float, Bf16>;
    case Type::i8:
      return compute_rows<std::int8_t, std::int32_t, std::int32_t>;
    default:
      return nullptr;
  }
}

class NaiveGemm final : public HostExecutable {
 public:
  NaiveGemm(const GemmProblem& problem, const GemmMemory& memory, std::shared_ptr<ThreadPool> threads)
      : shape_(problem.shape()),
        memory_(memory),
        rows_(rows_for(problem.types())),
        threads_(std::move(threads)) {}
  void run() override {
    threads_->run(static_cast<std::size_t>(shape_.batch * shape_.m), 1,
                  [this](std::size_t first, std::size_t last) { rows_(shape_, memory_, first, last); });
  }
  [[nodiscard]] std::string_view runtime() const override { return "naive"; }

 private:
  GemmShape shape_;
  GemmMemory memory_;
  Rows* rows_;
  std::shared_ptr<ThreadPool> threads_;
};

class Naive final : public Library {
 public:
  explicit Naive(std::shared_ptr<ThreadPool> threads) : threads_(std::move(threads)) {}
  [[nodiscard]] std::string implementation() const override { return "naive"; }
  [[nodiscard]] std::string version() const override { return "C++ loops, compiler " __VERSION__; }
  [[nodiscard]] std::optional<Unsupported> supports(const Problem& problem) const override {
    const GemmProblem* gemm = as_gemm(problem);
    if (gemm == nullptr) {
      return Unsupported{fmt::format("the host has no loops for {} yet", problem.operator_name())};
    }
    if (rows_for(gemm->types()) == nullptr) {
      return Unsupported{fmt::format("the host has no loops for inputs of {}", name(gemm->types().input))};
    }
    return std::nullopt;
  }
  [[nodiscard]] std::unique_ptr<Executable> prepare(const Problem& problem,
                                                    std::span<Buffer* const> buffers) override {
    const GemmProblem& gemm = supported_gemm(*this, problem);
    return std::make_unique<NaiveGemm>(gemm, gemm_memory(gemm, buffers), threads_);
  }

 private:
  std::shared_ptr<ThreadPool> threads_;
};

}  // namespace

std::unique_ptr<Library> make_naive(std::shared_ptr<ThreadPool> threads) {
  return std::make_unique<Naive>(std::move(threads));
}

}  // namespace moat::host
