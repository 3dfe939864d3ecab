// CLBlast's GEMM behind the Library interface.
#include "adapters/opencl/library.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/error.h"
#include "kernels/gemm/gemm.h"

namespace moat::opencl {
namespace {

int transposition(bool transpose) {
  return transpose ? CLBlastTransposeYes : CLBlastTransposeNo;
}

template <class T>
struct GemmFunctions {
  ClblastGemm<T>* gemm = nullptr;
  ClblastBatchedGemm<T>* batched = nullptr;
  ClblastScratchSize* scratch_size = nullptr;
};

/// Buffers of one GEMM, each large enough for its tensor.
struct Operands {
  cl_mem a = nullptr;
  cl_mem b = nullptr;
  cl_mem c = nullptr;
};

template <class T>
class ClblastExecutable final : public OpenclExecutable {
 public:
  ClblastExecutable(std::shared_ptr<Session> session, const GemmFunctions<T>& functions,
                    const GemmShape& shape, const Operands& operands)
      : session_(std::move(session)),
        functions_(functions),
        operands_(operands),
        transpose_a_(transposition(shape.transpose_a)),
        transpose_b_(transposition(shape.transpose_b)),
        m_(static_cast<std::size_t>(shape.m)),
        n_(static_cast<std::size_t>(shape.n)),
        k_(static_cast<std::size_t>(shape.k)),
        batch_(static_cast<std::size_t>(shape.batch)),
        lda_(shape.transpose_a ? m_ : k_),
        ldb_(shape.transpose_b ? k_ : n_),
        scratch_(nullptr, session_->symbols->clReleaseMemObject) {
    if (batch_ == 1) allocate_scratch();
  }

  /// CLBlast compiles its kernels on their first call; this is that call, into an output of its own.
  void rehearse() {
    std::unique_ptr<Buffer> output;
    try {
      output = allocate(session_, batch_ * m_ * n_ * sizeof(T));
    } catch (const OutOfMemory&) {
      return;  // the first execution will be the slow one
    }
    run_into(handle_of(*output), nullptr);
    MOAT_OPENCL_CHECK(session_->symbols->clFinish(session_->queue.get()));
  }

  void enqueue(Owned<cl_event>* first, Owned<cl_event>* last) override {
    // CLBlast reports the event of its last kernel only, so a marker stands before its first.
    const OpenclSymbols& cl = *session_->symbols;
    cl_event event = nullptr;
    if (first != nullptr) {
      MOAT_OPENCL_CHECK(cl.clEnqueueMarkerWithWaitList(session_->queue.get(), 0, nullptr, &event));
      *first = Owned<cl_event>(event, cl.clReleaseEvent);
    }
    event = nullptr;
    cl_event* const wanted = last != nullptr ? &event : nullptr;
    run_into(operands_.c, wanted);
    if (last != nullptr) *last = Owned<cl_event>(event, cl.clReleaseEvent);
  }

  /// Batched calls allocate scratch of their own, which lives until they have run.
  [[nodiscard]] std::size_t window() const override { return batch_ == 1 ? 256 : 4; }

 private:
  /// Once, instead of by the library in every call; the queue is in order, so executions can share it.
  void allocate_scratch() {
    const OpenclSymbols& cl = *session_->symbols;
    cl_command_queue queue = session_->queue.get();
    std::size_t bytes = 0;
    check(functions_.scratch_size(CLBlastLayoutRowMajor, transpose_a_, transpose_b_, m_, n_, k_, 0, lda_, 0,
                                  ldb_, 0, n_, &queue, &bytes),
          "CLBlast's size of scratch memory for GEMM");
    if (bytes == 0) return;
    cl_int code = CL_SUCCESS;
    scratch_.reset(cl.clCreateBuffer(session_->context.get(), CL_MEM_READ_WRITE, bytes, nullptr, &code));
    check_memory(code, fmt::format("clCreateBuffer({} bytes of scratch for CLBlast)", bytes));
  }

  void run_into(cl_mem c, cl_event* event) { batch_ == 1 ? run_single(c, event) : run_batched(c, event); }

  void run_single(cl_mem c, cl_event* event) {
    cl_command_queue queue = session_->queue.get();
    check(functions_.gemm(CLBlastLayoutRowMajor, transpose_a_, transpose_b_, m_, n_, k_, T{1}, operands_.a, 0,
                          lda_, operands_.b, 0, ldb_, T{0}, c, 0, n_, &queue, event, scratch_.get()),
          "CLBlast's GEMM");
  }

  void run_batched(cl_mem c, cl_event* event) {
    cl_command_queue queue = session_->queue.get();
    check(functions_.batched(CLBlastLayoutRowMajor, transpose_a_, transpose_b_, m_, n_, k_, T{1}, operands_.a,
                             0, lda_, m_ * k_, operands_.b, 0, ldb_, k_ * n_, T{0}, c, 0, n_, m_ * n_, batch_,
                             &queue, event),
          "CLBlast's batched GEMM");
  }

  std::shared_ptr<Session> session_;
  GemmFunctions<T> functions_;
  Operands operands_;
  int transpose_a_;
  int transpose_b_;
  std::size_t m_;
  std::size_t n_;
  std::size_t k_;
  std::size_t batch_;
  std::size_t lda_;
  std::size_t ldb_;
  Owned<cl_mem> scratch_;
};

class Clblast final : public Library {
 public:
  Clblast(std::shared_ptr<Session> session, const ClblastSymbols& symbols, const Traits& traits)
      : session_(std::move(session)), symbols_(symbols), has_f64_(traits.has_f64) {}

  [[nodiscard]] std::string implementation() const override { return "library/clblast"; }
  [[nodiscard]] std::string version() const override {
    return version_from_file_name(symbols_.path) + symbols_.passed_over;
  }

  [[nodiscard]] bool has_operator(std::string_view operator_name) const override {
    return operator_name == "gemm";
  }
  [[nodiscard]] std::optional<Unsupported> supports(const Problem& problem) const override {
    if (!has_operator(problem.operator_name())) {
      return Unsupported{fmt::format("CLBlast is used for gemm only, not {}", problem.operator_name())};
    }
    if (is_empty(problem)) return Unsupported{"CLBlast refuses empty matrices (kInvalidDimension)"};
    const Types types = problem.types();
    if (types == default_types(Type::f32)) return std::nullopt;
    if (types == default_types(Type::f64)) {
      if (has_f64_) return std::nullopt;
      return Unsupported{"the device has no f64 arithmetic"};
    }
    if (types.input == Type::f16) {
      return Unsupported{
          fmt::format("CLBlastHgemm accumulates in f16, the problem asks for {}", name(types.accumulate))};
    }
    return Unsupported{fmt::format("CLBlast has no GEMM of {} with {} accumulation and {} output",
                                   name(types.input), name(types.accumulate), name(types.output))};
  }

 protected:
  [[nodiscard]] std::unique_ptr<Executable> do_prepare(const Problem& problem,
                                                       std::span<Buffer* const> buffers) override {
    const auto& gemm = dynamic_cast<const GemmProblem&>(problem);
    const Operands operands{
        .a = handle_of(*buffers[0]), .b = handle_of(*buffers[1]), .c = handle_of(*buffers[2])};
    if (gemm.types().input == Type::f64) {
      return prepare_typed<double>({.gemm = symbols_.CLBlastDgemmWithTempBuffer,
                                    .batched = symbols_.CLBlastDgemmStridedBatched,
                                    .scratch_size = symbols_.CLBlastDGemmTempBufferSize},
                                   gemm.shape(), operands);
    }
    return prepare_typed<float>({.gemm = symbols_.CLBlastSgemmWithTempBuffer,
                                 .batched = symbols_.CLBlastSgemmStridedBatched,
                                 .scratch_size = symbols_.CLBlastSGemmTempBufferSize},
                                gemm.shape(), operands);
  }

 private:
  template <class T>
  [[nodiscard]] std::unique_ptr<Executable> prepare_typed(const GemmFunctions<T>& functions,
                                                          const GemmShape& shape, const Operands& operands) {
    auto executable = std::make_unique<ClblastExecutable<T>>(session_, functions, shape, operands);
    executable->rehearse();
    return executable;
  }

  std::shared_ptr<Session> session_;
  ClblastSymbols symbols_;
  bool has_f64_;
};

}  // namespace

OrUnsupported<std::unique_ptr<Library>> make_clblast(std::shared_ptr<Session> session,
                                                     const OrUnsupported<ClblastSymbols>& loaded,
                                                     const Traits& traits) {
  if (const auto* absent = std::get_if<Unsupported>(&loaded)) return *absent;
  return std::make_unique<Clblast>(std::move(session), std::get<ClblastSymbols>(loaded), traits);
}

std::string version_from_file_name(const std::string& path) {
  const std::string file = std::filesystem::path(path).filename().string();
  const std::string_view marker = ".so.";
  const auto at = file.find(marker);
  const std::string version = at == std::string::npos ? "" : file.substr(at + marker.size());
  // A lone number is the interface's, not the release's.
  if (version.find('.') == std::string::npos) return fmt::format("unknown ({})", path);
  return fmt::format("{} (by the file name {})", version, path);
}

}  // namespace moat::opencl
