// The counters of the kernel's out-of-memory killer.
#include "bench/environment/memory_kills.h"

#include <fmt/format.h>

#include "bench/environment/files.h"
#include "bench/environment/parts.h"

namespace moat {
namespace {

bool has_grown(const std::optional<std::int64_t>& before, const std::optional<std::int64_t>& after) {
  return before && after && *after > *before;
}

}  // namespace

MemoryKills memory_kills(const std::filesystem::path& root) {
  const environment::SystemFiles files(root);
  const environment::SystemFiles::Text counters = files.read("/proc/vmstat");
  return {environment::group_memory_kills(files),
          environment::integer(field(counters.view(), "oom_kill", ' ').value_or("")),
          environment::granted_memory(files)};
}

std::string exhausted_memory(const MemoryKills& before, const MemoryKills& after) {
  if (has_grown(before.in_group, after.in_group) || has_grown(before.in_system, after.in_system)) {
    if (!after.group_limit_bytes) return "the machine's memory";
    constexpr double gib = 1024.0 * 1024 * 1024;
    return fmt::format("the memory that the control group grants, {:.3g} GiB",
                       static_cast<double>(*after.group_limit_bytes) / gib);
  }
  return "";
}

}  // namespace moat
