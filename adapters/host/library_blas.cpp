// GEMM through CBLAS, whichever library has it. A batch is one call where the library has a batched one,
// else a loop. Must not know the libraries' differences; those are in blas_*.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "adapters/host/blas.h"
#include "kernels/gemm/gemm.h"

namespace moat::host {
namespace {

/// A product of the library for one problem.
template <class In, class Out>
class BlasGemm final : public HostExecutable {
 public:
  BlasGemm(std::shared_ptr<const Blas> blas, std::string_view runtime, CblasGemm<In, Out>* gemm,
           CblasGemmBatchStrided<Out>* batched, const GemmShape& shape, std::span<std::byte* const> memory)
      : blas_(std::move(blas)),
        runtime_(runtime),
        gemm_(gemm),
        batched_(batched),
        shape_(shape),
        a_(reinterpret_cast<const In*>(memory[0])),
        b_(reinterpret_cast<const In*>(memory[1])),
        c_(reinterpret_cast<Out*>(memory[2])) {}

  void enter() override {
    const int threads = static_cast<int>(blas_->threads);
    blas_->openmp.set_threads(blas_->threads);
    if (blas_->set_threads != nullptr) blas_->set_threads(threads);
  }

  void run() override {
    const GemmShape& s = shape_;
    const auto m = static_cast<std::int32_t>(s.m);
    const auto n = static_cast<std::int32_t>(s.n);
    const auto k = static_cast<std::int32_t>(s.k);
    const int transpose_a = s.transpose_a ? cblas_transpose : cblas_no_transpose;
    const int transpose_b = s.transpose_b ? cblas_transpose : cblas_no_transpose;
    // Rows of nothing are at least 1 long in BLAS.
    const std::int32_t lda = std::max(1, s.transpose_a ? m : k);
    const std::int32_t ldb = std::max(1, s.transpose_b ? k : n);
    const std::int32_t ldc = std::max(1, n);
    if constexpr (std::is_same_v<In, Out>) {
      if (batched_ != nullptr) {
        batched_(cblas_row_major, transpose_a, transpose_b, m, n, k, Out{1}, a_, lda, m * k, b_, ldb, k * n,
                 Out{0}, c_, ldc, m * n, static_cast<std::int32_t>(s.batch));
        return;
      }
    }
    const In* a = a_;
    const In* b = b_;
    Out* c = c_;
    for (std::int64_t entry = 0; entry < s.batch; ++entry) {
      gemm_(cblas_row_major, transpose_a, transpose_b, m, n, k, Out{1}, a, lda, b, ldb, Out{0}, c, ldc);
      a += s.m * s.k;
      b += s.k * s.n;
      c += s.m * s.n;
    }
  }
  [[nodiscard]] std::string_view runtime() const override { return runtime_; }

 private:
  std::shared_ptr<const Blas> blas_;
  std::string_view runtime_;
  CblasGemm<In, Out>* gemm_;
  CblasGemmBatchStrided<Out>* batched_;  // null: a loop
  GemmShape shape_;
  const In* a_;
  const In* b_;
  Out* c_;
};

class BlasLibrary final : public Library {
 public:
  BlasLibrary(const BlasRow& row, std::shared_ptr<const Blas> blas) : row_(row), blas_(std::move(blas)) {}
  [[nodiscard]] std::string implementation() const override { return std::string(row_.implementation); }
  [[nodiscard]] std::string version() const override { return blas_->version; }
  [[nodiscard]] LibraryUse use() const override { return blas_use(*blas_); }

  [[nodiscard]] bool has_operator(std::string_view operator_name) const override {
    return operator_name == "gemm";
  }
  [[nodiscard]] std::optional<Unsupported> supports(const Problem& problem) const override {
    if (!has_operator(problem.operator_name())) {
      return Unsupported{fmt::format("{} has no {}", row_.name, problem.operator_name())};
    }
    return blas_refuses(*blas_, row_.name, problem.types());
  }

 protected:
  [[nodiscard]] std::unique_ptr<Executable> do_prepare(const Problem& problem,
                                                       std::span<Buffer* const> buffers) override {
    const auto& gemm = dynamic_cast<const GemmProblem&>(problem);
    const std::vector<std::byte*> memory = tensor_memory(buffers);
    switch (gemm.types().input) {
      case Type::f64:
        return prepare_gemm<double, double>(blas_->f64.function, blas_->f64_batch.function, gemm, memory);
      case Type::bf16:
        return prepare_gemm<std::uint16_t, float>(blas_->bf16.function, nullptr, gemm, memory);
      case Type::f16:
        return prepare_gemm<std::uint16_t, float>(blas_->f16.function, nullptr, gemm, memory);
      default:
        return prepare_gemm<float, float>(blas_->f32.function, blas_->f32_batch.function, gemm, memory);
    }
  }

 private:
  template <class In, class Out>
  [[nodiscard]] std::unique_ptr<Executable> prepare_gemm(CblasGemm<In, Out>* gemm,
                                                         CblasGemmBatchStrided<Out>* batched,
                                                         const GemmProblem& problem,
                                                         std::span<std::byte* const> memory) const {
    const GemmShape& shape = problem.shape();
    // Steps from one matrix to the next have 32 bits there, and so has a tensor: GemmProblem says so.
    const bool in_one_call = shape.batch > 1 && !is_empty(problem);
    return std::make_unique<BlasGemm<In, Out>>(blas_, row_.implementation, gemm,
                                               in_one_call ? batched : nullptr, shape, memory);
  }

  BlasRow row_;
  std::shared_ptr<const Blas> blas_;
};

template <class Function>
std::optional<Unsupported> refuses(const Blas& blas, std::string_view name, const Types& types,
                                   const Product<Function>& product) {
  if (product.function != nullptr) return std::nullopt;
  if (!product.name.empty()) return Unsupported{fmt::format("{} lacks {}", blas.path, product.name)};
  return Unsupported{fmt::format("{} has no GEMM for inputs of {}", name, moat::name(types.input))};
}

/// Products of 16-bit inputs have f32 output.
std::optional<Unsupported> refuses_mixed(const Blas& blas, std::string_view name, const Types& types,
                                         const Product<CblasMixedGemm>& product) {
  if (auto refused = refuses(blas, name, types, product)) return refused;
  if (types.accumulate == Type::f32 && types.output == Type::f32) return std::nullopt;
  return Unsupported{fmt::format("{} gives f32; the problem asks for {} accumulation and {} output",
                                 product.name, moat::name(types.accumulate), moat::name(types.output))};
}

}  // namespace

LibraryUse blas_use(const Blas& blas) {
  LibraryUse made;
  made.threads_asked = blas.asked;
  made.threads_told = blas.threads;
  made.threads_granted = blas.openmp.granted(blas.threads);
  if (blas.openmp.is_there()) {
    add_remark(made, openmp_remark(made.threads_granted, made.threads_asked));
    add_remark(made, sharing_remark(blas.threads, blas.openmp.processors(blas.threads)));
  } else if (blas.threads < blas.asked) {
    add_remark(made, fmt::format("{} takes {} of {} threads", blas.choice.library, blas.threads, blas.asked));
  }
  made.kernels = blas.choice.kernels;
  add_remark(made, older_kernels(blas.choice, level_of_flags(processor_flags())));
  return made;
}

std::optional<Unsupported> blas_refuses(const Blas& blas, std::string_view name, const Types& types) {
  switch (types.input) {
    case Type::f32:
      return refuses(blas, name, types, blas.f32);
    case Type::f64:
      return refuses(blas, name, types, blas.f64);
    case Type::bf16:
      return refuses_mixed(blas, name, types, blas.bf16);
    case Type::f16:
      return refuses_mixed(blas, name, types, blas.f16);
    default:
      return refuses(blas, name, types, Product<CblasGemm<float>>{});
  }
}

void find_cblas(void* handle, const std::string& prefix, Blas& blas, std::vector<std::string>& missing) {
  find_product(handle, prefix + "cblas_sgemm", blas.f32);
  find_product(handle, prefix + "cblas_dgemm", blas.f64);
  if (blas.f32.function == nullptr && blas.f64.function == nullptr) missing.push_back(blas.f32.name);
}

std::array<BlasRow, 3> blas_rows() {
  return {openblas_row(), mkl_row(), blis_row()};
}

OrUnsupported<std::unique_ptr<Library>> make_blas(const BlasRow& row, unsigned threads) {
  auto loaded = load_library<Blas>(row.files, [&](void* handle) { return row.take(handle, threads); });
  if (const auto* absent = std::get_if<Unsupported>(&loaded)) return *absent;
  auto& found = std::get<Loaded<Blas>>(loaded);
  found.symbols.version += passed_over_text(found.passed_over);
  return std::make_unique<BlasLibrary>(row, std::make_shared<const Blas>(std::move(found.symbols)));
}

}  // namespace moat::host
