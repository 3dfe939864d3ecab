// Checks that every library of the host makes.
#include "adapters/host/library.h"

#include <fmt/format.h>

#include "kernels/error.h"

namespace moat::host {

GemmMemory gemm_memory(const GemmProblem& problem, std::span<Buffer* const> buffers) {
  const std::vector<Tensor> tensors = problem.tensors();
  if (buffers.size() != tensors.size()) {
    throw DeviceError(
        fmt::format("{}: {} buffers for {} tensors", problem.key(), buffers.size(), tensors.size()));
  }
  std::array<std::byte*, 3> memory{};
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const auto* buffer = dynamic_cast<const HostBuffer*>(buffers[i]);
    if (buffer == nullptr) {
      throw DeviceError(
          fmt::format("{}: the buffer of {} is not the host's", problem.key(), tensors[i].name));
    }
    if (buffer->bytes() < tensors[i].bytes()) {
      throw DeviceError(fmt::format("{}: the buffer of {} has {} bytes, {} are needed", problem.key(),
                                    tensors[i].name, buffer->bytes(), tensors[i].bytes()));
    }
    memory.at(i) = buffer->data();
  }
  return {memory[0], memory[1], memory[2]};
}

const GemmProblem& supported_gemm(const Library& library, const Problem& problem) {
  if (const std::optional<Unsupported> absent = library.supports(problem)) {
    throw DeviceError(
        fmt::format("{} does not support {}: {}", library.implementation(), problem.key(), absent->reason));
  }
  return *as_gemm(problem);
}

}  // namespace moat::host
