// OpenBLAS through CBLAS: f32 and f64; a batch is a loop, for 0.3.21 has no batched call.
#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "adapters/host/library.h"
#include "adapters/host/symbols.h"
#include "kernels/gemm/gemm.h"

namespace moat::host {
namespace {

struct Openblas {
  OpenblasSymbols api;
  unsigned threads = 1;
};

template <class T>
class OpenblasGemm final : public HostExecutable {
 public:
  OpenblasGemm(std::shared_ptr<const Openblas> library, CblasGemm<T>* gemm, const GemmShape& shape,
               std::span<std::byte* const> memory)
      : library_(std::move(library)),
        gemm_(gemm),
        shape_(shape),
        a_(reinterpret_cast<const T*>(memory[0])),
        b_(reinterpret_cast<const T*>(memory[1])),
        c_(reinterpret_cast<T*>(memory[2])) {}

  void enter() override {
    const int threads = static_cast<int>(library_->threads);
    if (library_->api.omp_set_num_threads != nullptr) library_->api.omp_set_num_threads(threads);
    library_->api.openblas_set_num_threads(threads);
  }

  void run() override {
    const GemmShape& s = shape_;
    const auto m = static_cast<std::int32_t>(s.m);
    const auto n = static_cast<std::int32_t>(s.n);
    const auto k = static_cast<std::int32_t>(s.k);
    // Rows of nothing are at least 1 long in BLAS.
    const std::int32_t lda = std::max(1, s.transpose_a ? m : k);
    const std::int32_t ldb = std::max(1, s.transpose_b ? k : n);
    const std::int32_t ldc = std::max(1, n);
    const T* a = a_;
    const T* b = b_;
    T* c = c_;
    for (std::int64_t entry = 0; entry < s.batch; ++entry) {
      gemm_(cblas_row_major, s.transpose_a ? cblas_transpose : cblas_no_transpose,
            s.transpose_b ? cblas_transpose : cblas_no_transpose, m, n, k, T{1}, a, lda, b, ldb, T{0}, c,
            ldc);
      a += s.m * s.k;
      b += s.k * s.n;
      c += s.m * s.n;
    }
  }
  [[nodiscard]] std::string_view runtime() const override { return "openblas"; }

 private:
  std::shared_ptr<const Openblas> library_;
  CblasGemm<T>* gemm_;
  GemmShape shape_;
  const T* a_;
  const T* b_;
  T* c_;
};

std::string_view threading(int parallel) {
  switch (parallel) {
    case openblas_sequential:
      return "sequential build";
    case openblas_threads:
      return "pthreads";
    case openblas_openmp:
      return "OpenMP";
    default:
      return "unknown threading";
  }
}

class OpenblasLibrary final : public Library {
 public:
  explicit OpenblasLibrary(std::shared_ptr<const Openblas> library) : library_(std::move(library)) {}
  [[nodiscard]] std::string implementation() const override { return "library/openblas"; }

  [[nodiscard]] std::string version() const override {
    const OpenblasSymbols& api = library_->api;
    const char* forced = std::getenv("OPENBLAS_CORETYPE");
    return fmt::format("{}, kernels for {}{}, {} threads by {}, {}", api.openblas_get_config(),
                       api.openblas_get_corename(),
                       forced != nullptr ? fmt::format(" (OPENBLAS_CORETYPE={})", forced) : std::string(),
                       api.openblas_get_num_threads(), threading(api.openblas_get_parallel()), api.path);
  }

  [[nodiscard]] std::optional<Unsupported> supports(const Problem& problem) const override {
    if (problem.operator_name() != "gemm") {
      return Unsupported{fmt::format("OpenBLAS has no {}", problem.operator_name())};
    }
    switch (problem.types().input) {
      case Type::f32:
      case Type::f64:
        return std::nullopt;
      case Type::bf16:
        return Unsupported{
            "OpenBLAS computes bf16 only in builds with sbgemm, which distributions leave out"};
      default:
        return Unsupported{fmt::format("OpenBLAS has no GEMM for inputs of {}", name(problem.types().input))};
    }
  }

 protected:
  [[nodiscard]] std::unique_ptr<Executable> do_prepare(const Problem& problem,
                                                       std::span<Buffer* const> buffers) override {
    const auto& gemm = dynamic_cast<const GemmProblem&>(problem);
    const std::vector<std::byte*> memory = tensor_memory(buffers);
    if (gemm.types().input == Type::f64) {
      return std::make_unique<OpenblasGemm<double>>(library_, library_->api.cblas_dgemm, gemm.shape(),
                                                    memory);
    }
    return std::make_unique<OpenblasGemm<float>>(library_, library_->api.cblas_sgemm, gemm.shape(), memory);
  }

 private:
  std::shared_ptr<const Openblas> library_;
};

}  // namespace

OrUnsupported<std::unique_ptr<Library>> make_openblas(unsigned threads) {
  static const std::array<std::string, 1> names{"libopenblas.so.0"};
  auto loaded = load_openblas(names);
  if (const auto* absent = std::get_if<Unsupported>(&loaded)) return *absent;
  const auto library =
      std::make_shared<const Openblas>(Openblas{std::get<OpenblasSymbols>(std::move(loaded)), threads});
  library->api.openblas_set_num_threads(static_cast<int>(threads));
  return std::make_unique<OpenblasLibrary>(library);
}

}  // namespace moat::host
