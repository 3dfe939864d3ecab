// What the host's libraries share.
#include "adapters/host/library.h"

namespace moat::host {

std::vector<std::byte*> tensor_memory(std::span<Buffer* const> buffers) {
  std::vector<std::byte*> memory;
  memory.reserve(buffers.size());
  for (const Buffer* buffer : buffers) memory.push_back(static_cast<const HostBuffer*>(buffer)->data());
  return memory;
}

void add_remark(LibraryUse& use, std::string remark) {
  if (!remark.empty()) use.remarks.push_back(std::move(remark));
}

}  // namespace moat::host
