// GEMM through oneDNN's matmul primitive; and through its sgemm for f32 products that are thin, where that is
// faster (README.md has the figures).
#include <array>

#include "adapters/host/onednn.h"
#include "kernels/gemm/gemm.h"

namespace moat::host {
namespace {

// A matrix or a batch of them: logical rows x columns, with strides that say how it is stored.
MemoryDescriptor matrix(const DnnlSymbols& api, std::int64_t batch, std::int64_t rows, std::int64_t columns,
                        bool transposed, int type) {
  const std::array sizes{batch, rows, columns};
  const std::array strides{rows * columns, transposed ? std::int64_t{1} : columns,
                           transposed ? rows : std::int64_t{1}};
  const std::size_t skipped = batch == 1 ? 1 : 0;
  return {api, std::span(sizes).subspan(skipped), std::span(strides).subspan(skipped), type};
}

struct Matmul {
  MemoryDescriptor a, b, c;
  PrimitiveDescriptor primitive;
};

OrUnsupported<Matmul> find_matmul(const Dnnl& library, const GemmProblem& problem) {
  const DnnlSymbols& api = library.api;
  const Types types = problem.types();
  const OrUnsupported<int> input = dnnl_type(api, types.input);
  const OrUnsupported<int> output = dnnl_type(api, types.output);
  for (const auto* type : {&input, &output}) {
    if (const auto* absent = std::get_if<Unsupported>(type)) return *absent;
  }
  const GemmShape& s = problem.shape();
  Matmul matmul{matrix(api, s.batch, s.m, s.k, s.transpose_a, std::get<int>(input)),
                matrix(api, s.batch, s.k, s.n, s.transpose_b, std::get<int>(input)),
                matrix(api, s.batch, s.m, s.n, false, std::get<int>(output)),
                {}};
  OrUnsupported<PrimitiveDescriptor> accepted =
      accept(library, describe_matmul(library, matmul.a, matmul.b, matmul.c), types.input);
  if (const auto* absent = std::get_if<Unsupported>(&accepted)) return *absent;
  matmul.primitive = std::get<PrimitiveDescriptor>(std::move(accepted));
  return matmul;
}

class DnnlSgemm final : public DnnlExecutable {
 public:
  DnnlSgemm(const std::shared_ptr<const Dnnl>& library, const GemmShape& shape,
            std::span<std::byte* const> memory)
      : DnnlExecutable(library), shape_(shape), a_(memory[0]), b_(memory[1]), c_(memory[2]) {}
  void run() override {
    const GemmShape& s = shape_;
    check_dnnl(library().api.dnnl_sgemm(s.transpose_a ? 'T' : 'N', s.transpose_b ? 'T' : 'N', s.m, s.n, s.k,
                                        1.0F, reinterpret_cast<const float*>(a_), s.transpose_a ? s.m : s.k,
                                        reinterpret_cast<const float*>(b_), s.transpose_b ? s.k : s.n, 0.0F,
                                        reinterpret_cast<float*>(c_), s.n),
               "dnnl_sgemm");
  }

 private:
  GemmShape shape_;
  const std::byte* a_;
  const std::byte* b_;
  std::byte* c_;
};

// Where sgemm was measured to be the faster of the two (README.md); batches have no sgemm.
bool sgemm_is_faster(const GemmProblem& problem) {
  const GemmShape& s = problem.shape();
  if (problem.types().input != Type::f32 || s.batch != 1) return false;
  if (is_empty(problem)) return false;  // its leading dimensions would be 0
  return s.n == 1 || s.m <= 4 || (s.m <= 32 && !s.transpose_b);
}

std::optional<Unsupported> supports(const Dnnl& library, const Problem& problem) {
  const auto& gemm = dynamic_cast<const GemmProblem&>(problem);
  // As a program of ten lines does, too, that only describes the matmul.
  if (gemm.shape().m == 0) return Unsupported{"oneDNN (2.6.3) dies of a division by zero at m = 0"};
  const OrUnsupported<Matmul> matmul = find_matmul(library, gemm);
  if (const auto* absent = std::get_if<Unsupported>(&matmul)) return *absent;
  return std::nullopt;
}

std::unique_ptr<Executable> prepare(const std::shared_ptr<const Dnnl>& library, const Problem& problem,
                                    std::span<std::byte* const> memory) {
  const auto& gemm = dynamic_cast<const GemmProblem&>(problem);
  if (sgemm_is_faster(gemm)) return std::make_unique<DnnlSgemm>(library, gemm.shape(), memory);
  const Matmul matmul = std::get<Matmul>(find_matmul(*library, gemm));
  auto executable = std::make_unique<DnnlPrimitives>(library);
  const std::array bindings{Binding{dnnl_argument_src, &matmul.a, memory[0]},
                            Binding{dnnl_argument_weights, &matmul.b, memory[1]},
                            Binding{dnnl_argument_dst, &matmul.c, memory[2]}};
  executable->add("matmul", matmul.primitive, bindings);
  return executable;
}

}  // namespace

DnnlUse dnnl_gemm() {
  return {"gemm", supports, prepare};
}

}  // namespace moat::host
