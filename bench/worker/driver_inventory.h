// The inventory of one adapter: each of its driver files asked alone, and layers that do harm told from
// drivers. Must not know which adapters there are.
#pragma once

#include <future>
#include <mutex>
#include <semaphore>
#include <set>
#include <string>

#include "bench/plan/listed_device.h"
#include "bench/worker/inventory.h"

namespace moat {

/// Who is being asked at the moment, by all threads; and how many are asked at once.
class Waiting {
 public:
  /// Who is asked for as long as this lives.
  class Turn {
   public:
    Turn(Waiting& waiting, std::string name);
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn();

   private:
    Waiting& waiting_;
    std::string name_;
  };
  /// "opencl (/etc/OpenCL/vendors/x.icd), vulkan".
  [[nodiscard]] std::string text();
  /// Side by side; one after another where the process may have few open files.
  [[nodiscard]] static std::launch policy();

 private:
  static constexpr std::ptrdiff_t most_at_once = 4;

  std::mutex mutex_;
  std::multiset<std::string> names_;
  std::counting_semaphore<most_at_once> places_{most_at_once};
};

/// Throws UsageError where an environment variable of Moat is malformed.
[[nodiscard]] ListedAdapter list_drivers(const InventoryOptions& options, const std::string& adapter,
                                         Waiting& waiting);

}  // namespace moat
