// Attention on the host in three plain steps: scores, softmax, product. A piece of work is one query, whose
// scores are all the memory it needs.
#include <algorithm>
#include <cmath>
#include <vector>

#include "adapters/host/naive.h"
#include "kernels/attention/attention.h"

namespace moat::host {
namespace {

struct AttentionMemory {
  const std::byte* q = nullptr;
  const std::byte* k = nullptr;
  const std::byte* v = nullptr;
  std::byte* o = nullptr;
};

// Queries [first, last) of batch * query_heads * queries.
template <class T>
void compute_rows(const AttentionShape& s, float scale, const AttentionMemory& memory, std::size_t first,
                  std::size_t last) {
  const auto keys = static_cast<std::size_t>(s.keys);
  const auto key_dim = static_cast<std::size_t>(s.key_dim);
  const auto value_dim = static_cast<std::size_t>(s.value_dim);
  std::vector<float> scores(keys);
  for (std::size_t row = first; row < last; ++row) {
    const std::size_t head = row / static_cast<std::size_t>(s.rows());
    const auto visible = static_cast<std::size_t>(s.visible(static_cast<std::int64_t>(row) % s.queries));
    const T* q = reinterpret_cast<const T*>(memory.q) + row * key_dim;
    const T* k = reinterpret_cast<const T*>(memory.k) + head * keys * key_dim;
    const T* v = reinterpret_cast<const T*>(memory.v) + head * keys * value_dim;
    T* o = reinterpret_cast<T*>(memory.o) + row * value_dim;
    float most = -INFINITY;
    for (std::size_t j = 0; j < visible; ++j) {
      float sum = 0;
      for (std::size_t p = 0; p < key_dim; ++p) sum += widen<float>(q[p]) * widen<float>(k[j * key_dim + p]);
      scores[j] = scale * sum;
      most = std::max(most, scores[j]);
    }
    float total = 0;
    for (std::size_t j = 0; j < visible; ++j) {
      scores[j] = std::exp(scores[j] - most);
      total += scores[j];
    }
    for (std::size_t c = 0; c < value_dim; ++c) {
      float sum = 0;
      for (std::size_t j = 0; j < visible; ++j) sum += scores[j] * widen<float>(v[j * value_dim + c]);
      o[c] = narrow<T>(sum / total);
    }
  }
}

using Rows = void(const AttentionShape&, float, const AttentionMemory&, std::size_t, std::size_t);

// Every type that AttentionProblem accepts; null for one it may accept later.
Rows* rows_for(const Types& types) {
  switch (types.input) {
    case Type::f32:
      return compute_rows<float>;
    case Type::f16:
      return compute_rows<F16>;
    case Type::bf16:
      return compute_rows<Bf16>;
    default:
      return nullptr;
  }
}

class NaiveAttention final : public NaiveExecutable {
 public:
  NaiveAttention(const AttentionProblem& problem, const AttentionMemory& memory,
                 std::shared_ptr<ThreadPool> threads)
      : NaiveExecutable(static_cast<std::size_t>(problem.shape().batch * problem.shape().query_heads *
                                                 problem.shape().queries),
                        std::move(threads)),
        shape_(problem.shape()),
        scale_(problem.scale()),
        memory_(memory),
        rows_(rows_for(problem.types())) {}

 protected:
  void work(std::size_t first, std::size_t last) const override {
    rows_(shape_, scale_, memory_, first, last);
  }

 private:
  AttentionShape shape_;
  float scale_;
  AttentionMemory memory_;
  Rows* rows_;
};

bool has_loops(const Problem& problem) {
  return rows_for(problem.types()) != nullptr;
}

std::unique_ptr<HostExecutable> prepare(const Problem& problem, std::span<std::byte* const> memory,
                                        std::shared_ptr<ThreadPool> threads) {
  return std::make_unique<NaiveAttention>(dynamic_cast<const AttentionProblem&>(problem),
                                          AttentionMemory{memory[0], memory[1], memory[2], memory[3]},
                                          std::move(threads));
}

}  // namespace

NaiveLoops naive_attention() {
  return {"attention", has_loops, prepare};
}

}  // namespace moat::host
