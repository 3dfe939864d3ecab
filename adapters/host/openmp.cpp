// Asking an OpenMP runtime by the entry points that GCC's compiled code calls; LLVM's and Intel's have them,
// too.
#include "adapters/host/openmp.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "adapters/common/dynamic_library.h"
#include "adapters/host/kernel_level.h"

namespace moat::host {

OpenMp::OpenMp(void* handle) {
  if (handle == nullptr) return;
  find_symbol(handle, "omp_set_num_threads", set_num_threads_);
  find_symbol(handle, "GOMP_parallel", parallel_);
  void (*set_dynamic)(int) = nullptr;
  find_symbol(handle, "omp_set_dynamic", set_dynamic);
  if (set_dynamic != nullptr) set_dynamic(0);
}

unsigned OpenMp::granted(unsigned asked) const {
  if (parallel_ == nullptr || asked < 2) return asked;
  std::atomic<unsigned> present = 0;
  parallel_([](void* count) { static_cast<std::atomic<unsigned>*>(count)->fetch_add(1); }, &present, asked,
            0);
  return std::clamp(present.load(), 1U, asked);
}

void OpenMp::set_threads(unsigned threads) const {
  if (set_num_threads_ != nullptr) set_num_threads_(static_cast<int>(threads));
}

std::string openmp_remark(unsigned granted, unsigned asked) {
  if (granted >= asked) return "";
  const std::string limits =
      settings_text({"OMP_THREAD_LIMIT", "OMP_MAX_ACTIVE_LEVELS", "OMP_DYNAMIC", "KMP_DEVICE_THREAD_LIMIT",
                     "KMP_TEAMS_THREAD_LIMIT", "KMP_ALL_THREADS"});
  return fmt::format("OpenMP grants {} of {} threads{}", granted, asked,
                     limits.empty() ? "" : fmt::format(" ({})", limits));
}

}  // namespace moat::host
