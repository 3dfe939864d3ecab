// Stream on the host: plain loops over whole registers, shared among threads.
#include <algorithm>
#include <vector>

#include "adapters/host/naive.h"
#include "adapters/host/vectors.h"
#include "kernels/planning.h"
#include "kernels/stream/stream.h"

namespace moat::host {
namespace {

// Elements of one piece of work: enough to hide that it is handed out, few enough to share among threads.
constexpr std::size_t piece = std::size_t{1} << 15;

template <class T>
struct StreamMemory {
  const T* a = nullptr;
  const T* b = nullptr;
  T* c = nullptr;
  T* parts = nullptr;  // of a dot product: the sum of each piece
};

template <class T>
constexpr T scalar = sizeof(T) == sizeof(double) ? static_cast<T>(0.4) : static_cast<T>(0.4F);

// Elements [first, last), which are one piece or less.
template <class T>
using StreamLoop = void(const StreamMemory<T>& memory, std::size_t first, std::size_t last);

#define MOAT_COPY(a, b) (a)
#define MOAT_MUL(a, b) (s * (a))
#define MOAT_ADD(a, b) ((a) + (b))
#define MOAT_TRIAD(a, b) ((a) + s * (b))

// NOLINTBEGIN(bugprone-macro-parentheses): TARGET is an attribute
#define MOAT_ELEMENTWISE(OP, VALUE, NAME, BYTES, TARGET)                                               \
  template <class T>                                                                                   \
  TARGET void OP##_##NAME(const StreamMemory<T>& memory, std::size_t first, std::size_t last) {        \
    using Register = Vector<T, BYTES>;                                                                 \
    constexpr std::size_t lanes = (BYTES) / sizeof(T);                                                 \
    [[maybe_unused]] const T s = scalar<T>;                                                            \
    const T* a = memory.a;                                                                             \
    [[maybe_unused]] const T* b = memory.b;                                                            \
    T* c = memory.c;                                                                                   \
    std::size_t i = first;                                                                             \
    for (; i + lanes <= last; i += lanes) {                                                            \
      *reinterpret_cast<Register*>(c + i) =                                                            \
          VALUE(*reinterpret_cast<const Register*>(a + i), *reinterpret_cast<const Register*>(b + i)); \
    }                                                                                                  \
    for (; i < last; ++i) c[i] = VALUE(a[i], b[i]);                                                    \
  }

// Four sums, so that one addition need not wait for the last.
#define MOAT_DOT(NAME, BYTES, TARGET)                                                          \
  template <class T>                                                                           \
  TARGET void dot_##NAME(const StreamMemory<T>& memory, std::size_t first, std::size_t last) { \
    using Register = Vector<T, BYTES>;                                                         \
    constexpr std::size_t lanes = (BYTES) / sizeof(T);                                         \
    constexpr std::size_t sums = 4;                                                            \
    Register sum[sums] = {};                                                                   \
    std::size_t i = first;                                                                     \
    for (; i + sums * lanes <= last; i += sums * lanes) {                                      \
      for (std::size_t j = 0; j < sums; ++j) {                                                 \
        sum[j] += *reinterpret_cast<const Register*>(memory.a + i + j * lanes) *               \
                  *reinterpret_cast<const Register*>(memory.b + i + j * lanes);                \
      }                                                                                        \
    }                                                                                          \
    const Register all = (sum[0] + sum[1]) + (sum[2] + sum[3]);                                \
    T total = 0;                                                                               \
    for (std::size_t lane = 0; lane < lanes; ++lane) total += all[lane];                       \
    for (; i < last; ++i) total += memory.a[i] * memory.b[i];                                  \
    memory.parts[first / piece] = total;                                                       \
  }

#define MOAT_STREAM(NAME, BYTES, TARGET)                   \
  MOAT_ELEMENTWISE(copy, MOAT_COPY, NAME, BYTES, TARGET)   \
  MOAT_ELEMENTWISE(mul, MOAT_MUL, NAME, BYTES, TARGET)     \
  MOAT_ELEMENTWISE(add, MOAT_ADD, NAME, BYTES, TARGET)     \
  MOAT_ELEMENTWISE(triad, MOAT_TRIAD, NAME, BYTES, TARGET) \
  MOAT_DOT(NAME, BYTES, TARGET)                            \
  template <class T>                                       \
  StreamLoop<T>* loop_##NAME(StreamOp op) {                \
    switch (op) {                                          \
      case StreamOp::copy:                                 \
        return copy_##NAME<T>;                             \
      case StreamOp::mul:                                  \
        return mul_##NAME<T>;                              \
      case StreamOp::add:                                  \
        return add_##NAME<T>;                              \
      case StreamOp::triad:                                \
        return triad_##NAME<T>;                            \
      case StreamOp::dot:                                  \
        break;                                             \
    }                                                      \
    return dot_##NAME<T>;                                  \
  }
MOAT_FOR_EACH_VECTORS(MOAT_STREAM)
// NOLINTEND(bugprone-macro-parentheses)

template <class T>
StreamLoop<T>* loop_for(StreamOp op) {
  switch (widest_vectors()) {
    case Vectors::avx512:
      return loop_avx512<T>(op);
    case Vectors::avx2:
      return loop_avx2<T>(op);
    case Vectors::baseline:
      break;
  }
  return loop_baseline<T>(op);
}

template <class T>
class NaiveStream final : public NaiveExecutable {
 public:
  NaiveStream(const StreamProblem& problem, std::span<std::byte* const> memory,
              std::shared_ptr<ThreadPool> threads)
      : NaiveExecutable(pieces(problem), std::move(threads)),
        n_(static_cast<std::size_t>(problem.n())),
        is_dot_(problem.op() == StreamOp::dot),
        loop_(loop_for<T>(problem.op())),
        parts_(is_dot_ ? pieces(problem) : 0) {
    const auto* const a = reinterpret_cast<const T*>(memory[0]);
    memory_ = {a, problem.has_b() ? reinterpret_cast<const T*>(memory[1]) : a,
               reinterpret_cast<T*>(memory.back()), parts_.data()};
  }

 protected:
  void work(std::size_t first, std::size_t last) const override {
    for (std::size_t i = first; i < last; ++i) loop_(memory_, i * piece, std::min(n_, (i + 1) * piece));
  }
  void finish() const override {
    if (!is_dot_) return;
    T total = 0;
    for (const T part : parts_) total += part;
    memory_.c[0] = total;
  }

 private:
  static std::size_t pieces(const StreamProblem& problem) {
    return static_cast<std::size_t>(divide_up(problem.n(), static_cast<std::int64_t>(piece)));
  }

  std::size_t n_;
  bool is_dot_;
  StreamLoop<T>* loop_;
  std::vector<T> parts_;
  StreamMemory<T> memory_;
};

bool has_loops(const Problem& problem) {
  const Type type = problem.types().input;
  return type == Type::f32 || type == Type::f64;
}

std::unique_ptr<HostExecutable> prepare(const Problem& problem, std::span<std::byte* const> memory,
                                        std::shared_ptr<ThreadPool> threads) {
  const auto& stream = dynamic_cast<const StreamProblem&>(problem);
  if (stream.types().input == Type::f64) {
    return std::make_unique<NaiveStream<double>>(stream, memory, std::move(threads));
  }
  return std::make_unique<NaiveStream<float>>(stream, memory, std::move(threads));
}

}  // namespace

NaiveLoops naive_stream() {
  return {"stream", has_loops, prepare};
}

}  // namespace moat::host
