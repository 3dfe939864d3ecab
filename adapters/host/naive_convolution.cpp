// Convolution on the host: one sum after the other.
#include <algorithm>

#include "adapters/host/naive.h"
#include "kernels/convolution/convolution.h"

namespace moat::host {
namespace {

struct ConvolutionMemory {
  const std::byte* input = nullptr;
  const std::byte* weights = nullptr;
  std::byte* output = nullptr;
};

// Filter elements [first, last) that meet the image along one axis,
// for an output whose filter begins at `begin`.
struct Meeting {
  std::int64_t first;
  std::int64_t last;
};
Meeting meeting(std::int64_t begin, std::int64_t dilation, std::int64_t filter, std::int64_t image) {
  const std::int64_t first = begin >= 0 ? 0 : (-begin - 1) / dilation + 1;
  const std::int64_t last = begin >= image ? 0 : (image - begin - 1) / dilation + 1;
  return {first, std::min(last, filter)};
}

// Rows of outputs [first, last), of the n * k * p there are.
template <class In, class Sum, class Out>
void compute_rows(const ConvolutionShape& s, const ConvolutionMemory& memory, std::size_t first,
                  std::size_t last) {
  const Strides in = input_strides(s);
  const Strides filter = weights_strides(s);
  const Strides out = output_strides(s);
  for (auto row = static_cast<std::int64_t>(first); row < static_cast<std::int64_t>(last); ++row) {
    const std::int64_t p = row % s.p();
    const std::int64_t k = row / s.p() % s.k;
    const std::int64_t n = row / s.p() / s.k;
    const In* image =
        reinterpret_cast<const In*>(memory.input) + n * in[0] + k / s.group_k() * s.group_c() * in[1];
    const In* weights = reinterpret_cast<const In*>(memory.weights) + k * filter[0];
    Out* to = reinterpret_cast<Out*>(memory.output) + n * out[0] + k * out[1] + p * out[2];
    const std::int64_t top = p * s.stride.h - s.pad.h;
    const Meeting rows = meeting(top, s.dilation.h, s.r, s.h);
    for (std::int64_t q = 0; q < s.q(); ++q) {
      const std::int64_t left = q * s.stride.w - s.pad.w;
      const Meeting columns = meeting(left, s.dilation.w, s.s, s.w);
      Sum sum = 0;
      for (std::int64_t c = 0; c < s.group_c(); ++c) {
        for (std::int64_t y = rows.first; y < rows.last; ++y) {
          const In* pixels = image + c * in[1] + (top + y * s.dilation.h) * in[2];
          const In* factors = weights + c * filter[1] + y * filter[2];
          for (std::int64_t x = columns.first; x < columns.last; ++x) {
            sum += widen<Sum>(pixels[(left + x * s.dilation.w) * in[3]]) * widen<Sum>(factors[x * filter[3]]);
          }
        }
      }
      to[q * out[3]] = narrow<Out>(sum);
    }
  }
}

using Rows = void(const ConvolutionShape&, const ConvolutionMemory&, std::size_t, std::size_t);

// Every triple that ConvolutionProblem accepts; null for one it may accept later.
Rows* rows_for(const Types& types) {
  const bool wide = types.output == Type::f32;
  switch (types.input) {
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

class NaiveConvolution final : public NaiveExecutable {
 public:
  NaiveConvolution(const ConvolutionProblem& problem, const ConvolutionMemory& memory,
                   std::shared_ptr<ThreadPool> threads)
      : NaiveExecutable(static_cast<std::size_t>(problem.shape().n * problem.shape().k * problem.shape().p()),
                        std::move(threads)),
        shape_(problem.shape()),
        memory_(memory),
        rows_(rows_for(problem.types())) {}

 protected:
  void work(std::size_t first, std::size_t last) const override { rows_(shape_, memory_, first, last); }

 private:
  ConvolutionShape shape_;
  ConvolutionMemory memory_;
  Rows* rows_;
};

bool has_loops(const Problem& problem) {
  return rows_for(problem.types()) != nullptr;
}

std::unique_ptr<HostExecutable> prepare(const Problem& problem, std::span<std::byte* const> memory,
                                        std::shared_ptr<ThreadPool> threads) {
  return std::make_unique<NaiveConvolution>(dynamic_cast<const ConvolutionProblem&>(problem),
                                            ConvolutionMemory{memory[0], memory[1], memory[2]},
                                            std::move(threads));
}

}  // namespace

NaiveLoops naive_convolution() {
  return {"convolution", has_loops, prepare};
}

}  // namespace moat::host
