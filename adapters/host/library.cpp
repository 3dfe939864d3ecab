// Checks that every library of the host makes.
#include "adapters/host/library.h"

#include <fmt/format.h>

#include "base/error.h"

namespace moat::host {

std::vector<std::byte*> tensor_memory(const Problem& problem, std::span<Buffer* const> buffers) {
  const std::vector<Tensor> tensors = problem.tensors();
  if (buffers.size() != tensors.size()) {
    throw DeviceError(
        fmt::format("{}: {} buffers for {} tensors", problem.key(), buffers.size(), tensors.size()));
  }
  std::vector<std::byte*> memory;
  memory.reserve(tensors.size());
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
    memory.push_back(buffer->data());
  }
  return memory;
}

void require_support(const Library& library, const Problem& problem) {
  if (const std::optional<Unsupported> absent = library.supports(problem)) {
    throw DeviceError(
        fmt::format("{} does not support {}: {}", library.implementation(), problem.key(), absent->reason));
  }
}

}  // namespace moat::host
