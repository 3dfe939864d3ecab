// The out-of-memory killer's counters, from files of a machine that is not this one.
#include "bench/environment/memory_kills.h"

#include "tests/catch.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

class FakeMemory {
 public:
  void put(const std::string& path, const std::string& text) const {
    const std::filesystem::path file = folder_.path() / path;
    std::filesystem::create_directories(file.parent_path());
    test::write(file, text);
  }
  [[nodiscard]] MemoryKills read() const { return memory_kills(folder_.path()); }

 private:
  test::ScratchFolder folder_;
};

}  // namespace

TEST_CASE("a kill in the control group names its limit, in both versions") {
  const FakeMemory machine;
  SECTION("version 2, the limit and the count of a group above") {
    machine.put("proc/self/cgroup", "0::/a/b\n");
    machine.put("sys/fs/cgroup/cgroup.controllers", "memory\n");
    machine.put("sys/fs/cgroup/a/memory.max", "629145600\n");
    machine.put("sys/fs/cgroup/a/memory.events", "low 0\noom 3\noom_kill 3\n");
    machine.put("sys/fs/cgroup/a/b/memory.max", "max\n");
    const MemoryKills before = machine.read();
    CHECK(exhausted_memory(before, machine.read()).empty());
    machine.put("sys/fs/cgroup/a/memory.events", "low 0\noom 4\noom_kill 4\n");
    CHECK_THAT(exhausted_memory(before, machine.read()),
               ContainsSubstring("control group") && ContainsSubstring("0.586 GiB"));
  }
  SECTION("version 1") {
    machine.put("proc/self/cgroup", "4:memory:/box\n");
    machine.put("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "1073741824\n");
    machine.put("sys/fs/cgroup/memory/box/memory.oom_control",
                "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n");
    const MemoryKills before = machine.read();
    machine.put("sys/fs/cgroup/memory/box/memory.oom_control",
                "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
    CHECK_THAT(exhausted_memory(before, machine.read()), ContainsSubstring("1 GiB"));
  }
}

TEST_CASE("a kill without a control group is for want of the machine's memory") {
  const FakeMemory machine;
  machine.put("proc/vmstat", "nr_free_pages 5\noom_kill 7\n");
  const MemoryKills before = machine.read();
  machine.put("proc/vmstat", "nr_free_pages 5\noom_kill 8\n");
  CHECK(exhausted_memory(before, machine.read()) == "the machine's memory");
}

TEST_CASE("where nothing is counted, nothing is claimed") {
  const FakeMemory machine;
  const MemoryKills before = machine.read();
  machine.put("proc/vmstat", "oom_kill 8\n");
  CHECK(exhausted_memory(before, machine.read()).empty());
}
