// What the host's libraries share: an executable that runs on the calling thread and its helpers, and the
// memory behind a problem's buffers. Each library*.cpp makes one of them.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/common/library_files.h"
#include "adapters/host/threads.h"
#include "kernels/operator.h"

namespace moat::host {

/// Memory of this process, or a view of it.
class HostBuffer final : public Buffer {
 public:
  HostBuffer(std::shared_ptr<std::byte> memory, std::size_t bytes)
      : Buffer(bytes), memory_(std::move(memory)) {}
  [[nodiscard]] std::byte* data() const { return memory_.get(); }
  [[nodiscard]] const std::shared_ptr<std::byte>& memory() const { return memory_; }

 private:
  std::shared_ptr<std::byte> memory_;
};

class HostExecutable : public Executable {
 public:
  /// Called on the timing thread before the first run() of a series, untimed:
  /// settings that a runtime keeps per thread.
  virtual void enter() {}
  /// Likewise, after enter(), when the inputs may have changed since the last time: inputs brought into a
  /// layout that a network would keep them in.
  virtual void load() {}
  /// Called after the last run() of a series, untimed: outputs brought back from such a layout.
  virtual void leave() {}
  /// One execution; returns when the result is in memory.
  virtual void run() = 0;
  /// Whose threads work, so that the device can let another runtime's fall asleep first.
  [[nodiscard]] virtual std::string_view runtime() const = 0;

  std::uint64_t loaded_at = 0;  // the device's count of changes when it last called load()
};

/// Adds it unless it is empty.
void add_remark(LibraryUse& use, std::string remark);

/// Where the buffers of Library::do_prepare() are: one address per tensor.
[[nodiscard]] std::vector<std::byte*> tensor_memory(std::span<Buffer* const> buffers);

/// "library/onednn" with `threads` threads, or why it is absent. `files` says how its files are named.
[[nodiscard]] OrUnsupported<std::unique_ptr<Library>> make_onednn(const LibraryFiles& files,
                                                                  unsigned threads);
/// "naive".
[[nodiscard]] std::unique_ptr<Library> make_naive(std::shared_ptr<ThreadPool> threads);

}  // namespace moat::host
