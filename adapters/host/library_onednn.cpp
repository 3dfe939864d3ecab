// oneDNN as a library, versions 2.x and 3.x: which operator it is used for, and how it is found.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/host/onednn.h"

namespace moat::host {
namespace {

const DnnlUse* use_for(const Problem& problem) {
  static const std::array all{dnnl_gemm(), dnnl_convolution(), dnnl_attention()};
  const auto* const found = std::find_if(all.begin(), all.end(), [&](const DnnlUse& use) {
    return use.operator_name == problem.operator_name();
  });
  return found == all.end() ? nullptr : found;
}

class Onednn final : public Library {
 public:
  explicit Onednn(std::shared_ptr<const Dnnl> library) : library_(std::move(library)) {}
  [[nodiscard]] std::string implementation() const override { return "library/onednn"; }

  [[nodiscard]] std::string version() const override {
    const DnnlVersion& v = *library_->api.dnnl_version();
    const std::string_view runtime = v.cpu_runtime == dnnl_runtime_openmp       ? "OpenMP"
                                     : v.cpu_runtime == dnnl_runtime_tbb        ? "TBB"
                                     : v.cpu_runtime == dnnl_runtime_sequential ? "no threads"
                                                                                : "its own threads";
    return fmt::format("oneDNN {}.{}.{}, kernels for {}, {} threads by {}, {}", v.major, v.minor, v.patch,
                       instruction_set(library_->api), library_->threads, runtime, library_->api.path);
  }

  [[nodiscard]] std::optional<Unsupported> supports(const Problem& problem) const override {
    const DnnlUse* use = use_for(problem);
    if (use == nullptr) return Unsupported{fmt::format("oneDNN has no {}", problem.operator_name())};
    return use->supports(*library_, problem);
  }

 protected:
  [[nodiscard]] std::unique_ptr<Executable> do_prepare(const Problem& problem,
                                                       std::span<Buffer* const> buffers) override {
    return use_for(problem)->prepare(library_, problem, tensor_memory(buffers));
  }

 private:
  std::shared_ptr<const Dnnl> library_;
};

}  // namespace

OrUnsupported<std::unique_ptr<Library>> make_onednn(unsigned threads) {
  static const std::array<std::string, 2> names{"libdnnl.so.3", "libdnnl.so.2"};
  auto loaded = load_dnnl(names);
  if (const auto* absent = std::get_if<Unsupported>(&loaded)) return *absent;
  auto library = std::make_shared<Dnnl>();
  library->api = std::get<DnnlSymbols>(std::move(loaded));
  library->threads = threads;
  DnnlEngine engine = nullptr;
  int status = library->api.dnnl_engine_create(&engine, dnnl_cpu_value, 0);
  if (status != dnnl_success_value) {
    return Unsupported{
        fmt::format("{}: dnnl_engine_create(cpu, 0) gave {}", library->api.path, dnnl_status_text(status))};
  }
  library->engine = {engine, {library->api.dnnl_engine_destroy}};
  DnnlStream stream = nullptr;
  status = library->api.dnnl_stream_create(&stream, engine, dnnl_stream_default_flags_value);
  if (status != dnnl_success_value) {
    return Unsupported{
        fmt::format("{}: dnnl_stream_create gave {}", library->api.path, dnnl_status_text(status))};
  }
  library->stream = {stream, {library->api.dnnl_stream_destroy}};
  return std::make_unique<Onednn>(std::move(library));
}

}  // namespace moat::host
