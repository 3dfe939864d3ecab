// GEMM on the host: one dot product after the other.
#include "adapters/host/naive.h"
#include "kernels/gemm/gemm.h"

namespace moat::host {
namespace {

struct GemmMemory {
  const std::byte* a = nullptr;
  const std::byte* b = nullptr;
  std::byte* c = nullptr;
};

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

class NaiveGemm final : public NaiveExecutable {
 public:
  NaiveGemm(const GemmProblem& problem, const GemmMemory& memory, std::shared_ptr<ThreadPool> threads)
      : NaiveExecutable(static_cast<std::size_t>(problem.shape().batch * problem.shape().m),
                        std::move(threads)),
        shape_(problem.shape()),
        memory_(memory),
        rows_(rows_for(problem.types())) {}

 protected:
  void work(std::size_t first, std::size_t last) const override { rows_(shape_, memory_, first, last); }

 private:
  GemmShape shape_;
  GemmMemory memory_;
  Rows* rows_;
};

bool has_loops(const Problem& problem) {
  return rows_for(problem.types()) != nullptr;
}

std::unique_ptr<HostExecutable> prepare(const Problem& problem, std::span<std::byte* const> memory,
                                        std::shared_ptr<ThreadPool> threads) {
  return std::make_unique<NaiveGemm>(dynamic_cast<const GemmProblem&>(problem),
                                     GemmMemory{memory[0], memory[1], memory[2]}, std::move(threads));
}

}  // namespace

NaiveLoops naive_gemm() {
  return {"gemm", has_loops, prepare};
}

}  // namespace moat::host
