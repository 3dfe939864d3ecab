// Asking an OpenMP runtime by the entry points that GCC's compiled code calls; LLVM's and Intel's have them,
// too.
#include "adapters/host/openmp.h"

#include <fmt/format.h>

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <mutex>

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

unsigned OpenMp::processors(unsigned asked) const {
  if (parallel_ == nullptr) return 0;
  struct Team {
    std::mutex mutex;
    cpu_set_t all{};
    bool is_known = true;
  } team;
  parallel_(
      [](void* data) {
        auto& shared = *static_cast<Team*>(data);
        cpu_set_t own{};
        const bool is_known = sched_getaffinity(0, sizeof own, &own) == 0;  // of this thread
        const std::scoped_lock lock(shared.mutex);
        shared.is_known = shared.is_known && is_known;
        CPU_OR(&shared.all, &shared.all, &own);
      },
      &team, asked, 0);
  return team.is_known ? static_cast<unsigned>(CPU_COUNT(&team.all)) : 0;
}

void OpenMp::set_threads(unsigned threads) const {
  if (set_num_threads_ != nullptr) set_num_threads_(static_cast<int>(threads));
}

std::string sharing_remark(unsigned threads, unsigned processors) {
  if (processors == 0 || processors >= threads) return "";
  const std::string binding = settings_text({"OMP_PROC_BIND", "OMP_PLACES", "GOMP_CPU_AFFINITY",
                                             "KMP_AFFINITY", "KMP_HW_SUBSET", "MOAT_HOST_THREADS"});
  return fmt::format("{} threads share {} processor{}{}", threads, processors, processors == 1 ? "" : "s",
                     binding.empty() ? "" : fmt::format(" ({})", binding));
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
