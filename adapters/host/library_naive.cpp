// The host's own loops as a library: which operator has which.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/host/naive.h"

namespace moat::host {
namespace {

const NaiveLoops* loops_of(std::string_view operator_name) {
  static const std::array all{
      naive_gemm(), naive_attention(), naive_convolution(), naive_stream(), naive_peak(),
  };
  const auto* const found = std::find_if(
      all.begin(), all.end(), [&](const NaiveLoops& loops) { return loops.operator_name == operator_name; });
  return found == all.end() ? nullptr : found;
}

class Naive final : public Library {
 public:
  explicit Naive(std::shared_ptr<ThreadPool> threads) : threads_(std::move(threads)) {}
  [[nodiscard]] std::string implementation() const override { return "naive"; }
  [[nodiscard]] std::string version() const override { return "C++ loops, compiler " __VERSION__; }
  [[nodiscard]] bool has_operator(std::string_view operator_name) const override {
    return loops_of(operator_name) != nullptr;
  }
  [[nodiscard]] std::optional<Unsupported> supports(const Problem& problem) const override {
    const NaiveLoops* loops = loops_of(problem.operator_name());
    if (loops == nullptr) {
      return Unsupported{fmt::format("the host has no loops for {}", problem.operator_name())};
    }
    if (!loops->has_loops(problem)) {
      return Unsupported{fmt::format("the host has no loops for inputs of {}", name(problem.types().input))};
    }
    return std::nullopt;
  }

 protected:
  [[nodiscard]] std::unique_ptr<Executable> do_prepare(const Problem& problem,
                                                       std::span<Buffer* const> buffers) override {
    return loops_of(problem.operator_name())->prepare(problem, tensor_memory(buffers), threads_);
  }

 private:
  std::shared_ptr<ThreadPool> threads_;
};

}  // namespace

std::unique_ptr<Library> make_naive(std::shared_ptr<ThreadPool> threads) {
  return std::make_unique<Naive>(std::move(threads));
}

}  // namespace moat::host
