// The OpenMP runtime that a library brought: how many threads it really grants, which is not what it says
// that it could. Must not know libraries.
#pragma once

#include <string>

#include "adapters/host/abi.h"

namespace moat::host {

/// Libraries divide their work by omp_get_max_threads, which no limit lowers (OpenMP 5.2, 18.3.3: a region
/// may get fewer). oneDNN's products leave the shares of missing threads undone, so it must never be told of
/// threads that it does not get.
class OpenMp {
 public:
  /// No runtime: grants whatever it is asked for.
  OpenMp() = default;
  /// Of the library behind `handle`, which may be null. Turns off that the number of threads changes by
  /// itself (OMP_DYNAMIC).
  explicit OpenMp(void* handle);

  [[nodiscard]] bool is_there() const { return set_num_threads_ != nullptr; }
  /// Threads that a parallel region of `asked` gets, by entering one; at most `asked`, at least 1. For the
  /// thread that will use the library.
  [[nodiscard]] unsigned granted(unsigned asked) const;
  /// Processors that the threads of such a region may use together; 0 if that is not known.
  [[nodiscard]] unsigned processors(unsigned asked) const;
  /// For the calling thread; nothing without a runtime.
  void set_threads(unsigned threads) const;

 private:
  OmpSetNumThreads* set_num_threads_ = nullptr;
  GompParallel* parallel_ = nullptr;  // null: a runtime without GNU's entry points, which cannot be asked
};

/// "OpenMP grants 1 of 2 threads (OMP_THREAD_LIMIT=1)", with the variables that let it; empty if it grants
/// all.
[[nodiscard]] std::string openmp_remark(unsigned granted, unsigned asked);

/// "2 threads share 1 processor (OMP_PLACES={0})"; empty where each can have its own, or if it is not known.
[[nodiscard]] std::string sharing_remark(unsigned threads, unsigned processors);

}  // namespace moat::host
