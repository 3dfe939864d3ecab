// oneDNN as a library, versions 2.x and 3.x: which operator it is used for, and how it is found.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/common/dynamic_library.h"
#include "adapters/host/kernel_level.h"
#include "adapters/host/onednn.h"

namespace moat::host {
namespace {

const DnnlUse* use_for(std::string_view operator_name) {
  static const std::array all{dnnl_gemm(), dnnl_convolution(), dnnl_attention()};
  const auto* const found = std::find_if(
      all.begin(), all.end(), [&](const DnnlUse& use) { return use.operator_name == operator_name; });
  return found == all.end() ? nullptr : found;
}

class Onednn final : public Library {
 public:
  Onednn(std::shared_ptr<const Dnnl> library, std::string passed_over)
      : library_(std::move(library)), passed_over_(std::move(passed_over)) {}
  [[nodiscard]] std::string implementation() const override { return "library/onednn"; }

  [[nodiscard]] std::string version() const override {
    const DnnlVersion& v = *library_->api.dnnl_version();
    const std::string_view runtime = v.cpu_runtime == dnnl_runtime_openmp       ? "OpenMP"
                                     : v.cpu_runtime == dnnl_runtime_tbb        ? "TBB"
                                     : v.cpu_runtime == dnnl_runtime_sycl       ? "SYCL"
                                     : v.cpu_runtime == dnnl_runtime_sequential ? "no threads"
                                                                                : "its own threads";
    return fmt::format("oneDNN {}.{}.{}, kernels for {}, {} threads by {}, {}{}", v.major, v.minor, v.patch,
                       instruction_set(library_->api), library_->threads, runtime, library_->api.path,
                       passed_over_);
  }

  [[nodiscard]] LibraryUse use() const override {
    LibraryUse made;
    made.threads_asked = library_->asked;
    made.threads_told = library_->threads;
    made.threads_granted = library_->api.openmp.granted(library_->threads);
    add_remark(made, openmp_remark(made.threads_granted, made.threads_asked));
    add_remark(made, sharing_remark(library_->threads, library_->api.openmp.processors(library_->threads)));
    made.kernels = instruction_set(library_->api);
    const DnnlVersion& v = *library_->api.dnnl_version();
    add_remark(made,
               older_kernels({fmt::format("oneDNN {}.{}.{}", v.major, v.minor, v.patch), made.kernels,
                              KernelLevel::amx, settings_text({"ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"})},
                             level_of_flags(processor_flags())));
    return made;
  }

  [[nodiscard]] bool has_operator(std::string_view operator_name) const override {
    return use_for(operator_name) != nullptr;
  }
  [[nodiscard]] std::optional<Unsupported> supports(const Problem& problem) const override {
    const DnnlUse* use = use_for(problem.operator_name());
    if (use == nullptr) return Unsupported{fmt::format("oneDNN has no {}", problem.operator_name())};
    return use->supports(*library_, problem);
  }

 protected:
  [[nodiscard]] std::unique_ptr<Executable> do_prepare(const Problem& problem,
                                                       std::span<Buffer* const> buffers) override {
    return use_for(problem.operator_name())->prepare(library_, problem, tensor_memory(buffers));
  }

 private:
  std::shared_ptr<const Dnnl> library_;
  std::string passed_over_;
};

/// oneTBB has no call for one library's threads: the limit is the process' and lasts.
void limit_tbb(TbbCreateGlobalControl* create, unsigned threads) {
  static TbbGlobalControl control;
  if (control.value != 0) return;
  control.value = threads;
  create(control);
}

/// The library with an engine and a stream, or why it is of no use.
OrUnsupported<std::shared_ptr<Dnnl>> open_engine(void* handle, unsigned threads) {
  auto taken = take_dnnl(handle);
  if (const auto* absent = std::get_if<Unsupported>(&taken)) return *absent;
  auto library = std::make_shared<Dnnl>();
  library->api = std::get<DnnlSymbols>(std::move(taken));
  const DnnlSymbols& api = library->api;
  library->asked = threads;
  library->threads = api.openmp.granted(threads);
  if (api.tbb_create_control != nullptr) limit_tbb(api.tbb_create_control, threads);
  DnnlEngine engine = nullptr;
  int status = api.dnnl_engine_create(&engine, dnnl_cpu_value, 0);
  if (status != dnnl_success_value) {
    const bool is_sycl = api.dnnl_version()->cpu_runtime == dnnl_runtime_sycl;
    return Unsupported{fmt::format(
        "{}: dnnl_engine_create(cpu, 0) gave {}{}", api.path, dnnl_status_text(status),
        is_sycl
            ? "; it reaches the CPU through SYCL and needs Intel's OpenCL runtime (PyPI's intel-opencl-rt)"
            : "")};
  }
  library->engine = {engine, {api.dnnl_engine_destroy}};
  DnnlStream stream = nullptr;
  status = api.dnnl_stream_create(&stream, engine, dnnl_stream_default_flags_value);
  if (status != dnnl_success_value) {
    return Unsupported{fmt::format("{}: dnnl_stream_create gave {}", api.path, dnnl_status_text(status))};
  }
  library->stream = {stream, {api.dnnl_stream_destroy}};
  return library;
}

}  // namespace

OrUnsupported<std::unique_ptr<Library>> make_onednn(const LibraryFiles& files, unsigned threads) {
  announce_opencl_runtimes();  // oneDNN for SYCL reaches the CPU through OpenCL
  auto loaded =
      load_library<std::shared_ptr<Dnnl>>(files, [&](void* handle) { return open_engine(handle, threads); });
  if (const auto* absent = std::get_if<Unsupported>(&loaded)) return *absent;
  auto& found = std::get<Loaded<std::shared_ptr<Dnnl>>>(loaded);
  return std::make_unique<Onednn>(std::move(found.symbols), passed_over_text(found.passed_over));
}

}  // namespace moat::host
