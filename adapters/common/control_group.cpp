// Files of control groups, versions 1 and 2.
#include "adapters/common/control_group.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/system_text.h"
#include "base/text.h"

namespace moat {
namespace {

void lower(std::optional<std::size_t>& bound, std::size_t value) {
  bound = std::min(bound.value_or(value), value);
}

struct MemoryFiles {
  std::string_view limit;
  std::string_view usage;
  std::string_view droppable;  // key in memory.stat of file cache that is dropped under pressure
};

// Version 1 says "no limit" with a number near 2^63.
constexpr std::size_t no_limit = std::size_t{1} << 60;

void read_memory(const std::filesystem::path& group, const MemoryFiles& files, CgroupLimits& limits) {
  const std::optional<std::size_t> limit = leading_number(system_text(group / files.limit));
  if (!limit || *limit >= no_limit) return;
  const std::size_t used = leading_number(system_text(group / files.usage)).value_or(0);
  const std::size_t droppable =
      leading_number(field(system_text(group / "memory.stat"), files.droppable, ' ').value_or(""))
          .value_or(0);
  const std::size_t held = used - std::min(used, droppable);
  lower(limits.memory_bytes_limit, *limit);
  lower(limits.memory_bytes_left, *limit - std::min(*limit, held));
}

void read_quota(std::string_view quota, std::string_view period, CgroupLimits& limits) {
  const std::optional<std::size_t> numerator = leading_number(quota);  // "max" and "-1" are none
  const std::optional<std::size_t> denominator = leading_number(period);
  if (!numerator || !denominator || *denominator == 0) return;
  const double cpus = static_cast<double>(*numerator) / static_cast<double>(*denominator);
  limits.cpus = std::min(limits.cpus.value_or(cpus), cpus);
}

// Calls visit(folder) for the group and every ancestor up to `top`. A container may see its own group at the
// top although /proc names the full path: folders that do not exist say nothing.
template <class Visit>
void each_ancestor(const std::filesystem::path& top, std::string_view group, Visit visit) {
  std::filesystem::path relative(group.substr(std::min(group.find_first_not_of('/'), group.size())));
  while (!relative.empty()) {
    visit(top / relative);
    relative = relative.parent_path();
  }
  visit(top);
}

}  // namespace

CgroupLimits read_cgroups(const std::filesystem::path& root) {
  CgroupLimits limits;
  const std::filesystem::path mount = root / "sys/fs/cgroup";
  const std::string groups = system_text(root / "proc/self/cgroup");
  for (const std::string_view line : split(groups, '\n')) {  // "<id>:<controllers>:<path>"
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string_view group = line.substr(second + 1);
    for (const std::string_view controller : split(controllers, ',')) {
      if (controller.empty()) {  // version 2
        each_ancestor(mount, group, [&](const std::filesystem::path& folder) {
          read_memory(folder, {"memory.max", "memory.current", "inactive_file"}, limits);
          const std::string quota = system_text(folder / "cpu.max");  // "<quota> <period>"
          const std::size_t blank = quota.find(' ');
          if (blank != std::string::npos) read_quota(quota.substr(0, blank), quota.substr(blank), limits);
        });
      } else if (controller == "memory") {
        each_ancestor(mount / "memory", group, [&](const std::filesystem::path& folder) {
          read_memory(folder, {"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"},
                      limits);
        });
      } else if (controller == "cpu") {
        each_ancestor(mount / "cpu", group, [&](const std::filesystem::path& folder) {
          read_quota(system_text(folder / "cpu.cfs_quota_us"), system_text(folder / "cpu.cfs_period_us"),
                     limits);
        });
      }
    }
  }
  return limits;
}

std::size_t granted_memory(std::size_t bytes) {
  return std::min(bytes, read_cgroups("/").memory_bytes_limit.value_or(bytes));
}

}  // namespace moat
