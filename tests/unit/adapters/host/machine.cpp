// Parsing what the kernel says about the machine, and what follows from it.
#include "adapters/host/machine.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "tests/catch.h"

using namespace moat;
using namespace moat::host;

namespace {

// A "/" of its own, removed at the end.
class Root {
 public:
  Root() : path_(std::filesystem::temp_directory_path() / ("moat_host_" + std::to_string(getpid()))) {
    std::filesystem::remove_all(path_);
  }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;
  ~Root() { std::filesystem::remove_all(path_); }
  void put(const std::string& file, const std::string& text) const {
    std::filesystem::create_directories((path_ / file).parent_path());
    std::ofstream(path_ / file) << text;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("an x86 cpuinfo gives model, vendor and flags", "[host]") {
  const CpuInfo info = parse_cpuinfo(
      "processor\t: 0\n"
      "vendor_id\t: GenuineIntel\n"
      "model name\t: Intel(R) Xeon(R)  \n"
      "flags\t\t: fpu avx2 fma\n"
      "\n"
      "processor\t: 1\n"
      "model name\t: another\n");
  CHECK(info.model == "Intel(R) Xeon(R)");
  CHECK(info.vendor == "Intel");
  CHECK(info.flags == std::set<std::string>{"fpu", "avx2", "fma"});
}

TEST_CASE("an Arm cpuinfo gives implementer, part and features", "[host]") {
  const CpuInfo info =
      parse_cpuinfo("processor\t: 0\nFeatures\t: fp asimd sve\nCPU implementer\t: 0x41\nCPU part\t: 0xd40\n");
  CHECK(info.model == "CPU implementer 0x41 part 0xd40");
  CHECK(info.vendor == "unknown");
  CHECK(info.flags.contains("sve"));
}

TEST_CASE("an empty cpuinfo still gives names", "[host]") {
  const CpuInfo info = parse_cpuinfo("");
  CHECK(info.model == "unknown processor");
  CHECK(info.vendor == "unknown");
  CHECK(info.flags.empty());
}

TEST_CASE("meminfo is read in bytes", "[host]") {
  const std::string text = "MemTotal:       2048 kB\nMemAvailable:    1024 kB\n";
  CHECK(parse_meminfo(text, "MemTotal") == std::optional<std::size_t>(2 << 20));
  CHECK(parse_meminfo(text, "MemAvailable") == std::optional<std::size_t>(1 << 20));
  CHECK_FALSE(parse_meminfo(text, "SwapTotal").has_value());
}

TEST_CASE("control groups of version 2 bound by the tightest ancestor", "[host]") {
  const Root root;
  root.put("proc/self/cgroup", "0::/outer/inner\n");
  root.put("sys/fs/cgroup/outer/memory.max", "1000000\n");
  root.put("sys/fs/cgroup/outer/memory.current", "300000\n");
  root.put("sys/fs/cgroup/outer/memory.stat", "anon 100\ninactive_file 50000\n");
  root.put("sys/fs/cgroup/outer/cpu.max", "150000 100000\n");
  root.put("sys/fs/cgroup/outer/inner/memory.max", "max\n");
  root.put("sys/fs/cgroup/outer/inner/cpu.max", "max 100000\n");
  const CgroupLimits limits = read_cgroups(root.path());
  CHECK(limits.memory_bytes_limit == std::optional<std::size_t>(1000000));
  CHECK(limits.memory_bytes_left == std::optional<std::size_t>(750000));
  CHECK(limits.cpus == std::optional(1.5));
}

TEST_CASE("control groups of version 1 bound, and a container that sees its own group at the top", "[host]") {
  const Root root;
  root.put("proc/self/cgroup", "4:memory:/docker/0123\n2:cpu,cpuacct:/docker/0123\n");
  root.put("sys/fs/cgroup/memory/memory.limit_in_bytes", "5000\n");
  root.put("sys/fs/cgroup/memory/memory.usage_in_bytes", "6000\n");
  root.put("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  root.put("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  const CgroupLimits limits = read_cgroups(root.path());
  CHECK(limits.memory_bytes_limit == std::optional<std::size_t>(5000));
  CHECK(limits.memory_bytes_left == std::optional<std::size_t>(0));
  CHECK_FALSE(limits.cpus.has_value());
}

TEST_CASE("no control groups and unlimited ones bound nothing", "[host]") {
  const Root root;
  CHECK_FALSE(read_cgroups(root.path()).memory_bytes_left.has_value());
  root.put("proc/self/cgroup", "4:memory:/\n");
  root.put("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  CHECK_FALSE(read_cgroups(root.path()).memory_bytes_limit.has_value());
}

TEST_CASE("one thread per core, fewer under a quota, as many as the user says", "[host]") {
  CHECK(thread_count(8, std::nullopt, nullptr) == 8);
  CHECK(thread_count(8, 2.9, nullptr) == 2);
  CHECK(thread_count(8, 0.5, nullptr) == 1);
  CHECK(thread_count(2, 16.0, nullptr) == 2);
  CHECK(thread_count(8, 2.0, "12") == 12);
  CHECK_THROWS_AS(thread_count(8, std::nullopt, "all"), UsageError);
  CHECK_THROWS_AS(thread_count(8, std::nullopt, "0"), UsageError);
  CHECK_THROWS_AS(thread_count(8, std::nullopt, "4 "), UsageError);
}

TEST_CASE("rates per cycle grow with the instruction set and are unknown elsewhere", "[host]") {
  const std::set<std::string> avx512{"sse2", "avx", "avx2", "fma", "avx512f"};
  CHECK(core_rate(avx512, Type::f32).operations_per_cycle == 64);
  CHECK(core_rate(avx512, Type::f64).operations_per_cycle == 32);
  CHECK(core_rate({"sse2", "avx", "fma"}, Type::f32).operations_per_cycle == 32);
  CHECK(core_rate({"sse2"}, Type::f32).operations_per_cycle == 16);
  CHECK(core_rate({"sse2", "avx512f", "amx_int8"}, Type::i8).operations_per_cycle == 2048);
  CHECK(core_rate({"asimd"}, Type::f32).operations_per_cycle == 0);
  CHECK(vector_width_f32(avx512) == 16);
}

TEST_CASE("this machine has cores, memory and caches", "[host]") {
  const Machine machine = read_machine();
  CHECK(machine.threads >= 1);
  CHECK(machine.cores >= 1);
  CHECK(machine.hardware_threads >= machine.cores);
  CHECK(machine.memory_bytes > (std::size_t{1} << 20));
  CHECK(available_memory() > 0);
  CHECK(available_memory() <= machine.memory_bytes);
}
