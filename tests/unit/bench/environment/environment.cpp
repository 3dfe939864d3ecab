// The environment: every fact is a value or says why not, from a machine made of files.
#include "bench/environment/environment.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "bench/environment/parts.h"
#include "tests/catch.h"
#include "tests/unit/results/scratch.h"

using namespace moat;

namespace {

/// A root folder with the files a test needs.
class FakeRoot {
 public:
  FakeRoot() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("moat-root-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(path_);
  }
  FakeRoot(const FakeRoot&) = delete;
  FakeRoot& operator=(const FakeRoot&) = delete;
  ~FakeRoot() {
    std::error_code ignored;  // a temporary folder that stays behind fails no test
    std::filesystem::remove_all(path_, ignored);
  }

  FakeRoot& add(const std::string& file, const std::string& text) {
    const std::filesystem::path path = path_ / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return *this;
  }
  [[nodiscard]] environment::SystemFiles files() const { return environment::SystemFiles(path_); }
  [[nodiscard]] EnvironmentSources sources() const {
    return {path_, {"HOME=/home/someone", "OMP_NUM_THREADS=2", "POCL_DEVICES=cpu"}, topology};
  }

  static constexpr const char* topology = "Package:1 L3Cache:1(size=16777216) Core:2 PU:2";

 private:
  std::filesystem::path path_;
};

const char* const cpuinfo =
    "processor\t: 0\n"
    "vendor_id\t: GenuineIntel\n"
    "cpu family\t: 6\n"
    "model\t\t: 143\n"
    "model name\t: Some CPU @ 2.1GHz\n"
    "stepping\t: 8\n"
    "microcode\t: 0x2b\n"
    "cpu MHz\t\t: 2000.500\n"
    "flags\t\t: fpu avx2 hypervisor\n"
    "\n"
    "processor\t: 1\n"
    "model name\t: Some CPU @ 2.1GHz\n"
    "cpu MHz\t\t: 3000.500\n"
    "flags\t\t: fpu avx2 hypervisor\n";

void add_typical(FakeRoot& root) {
  root.add("proc/cpuinfo", cpuinfo)
      .add("proc/meminfo",
           "MemTotal:       16303340 kB\nMemAvailable:    8000000 kB\nHugepagesize:       2048 kB\n")
      .add("proc/loadavg", "0.50 1.25 2.00 3/456 789\n")
      .add("proc/cmdline",
           "BOOT_IMAGE=/vmlinuz root=UUID=1234 ro mitigations=off isolcpus=1 intel_pstate.x=1\n")
      .add("proc/sys/kernel/osrelease", "6.1.0-9-amd64\n")
      .add("etc/os-release", "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n")
      .add("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n")
      .add("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n")
      .add("sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "performance\n")
      .add("sys/devices/system/cpu/intel_pstate/no_turbo", "1\n")
      .add("proc/self/cgroup", "0::/user.slice/job\n")
      .add("sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
}

bool is_unavailable(const Json& value) {
  return value.is_string() && value.get<std::string>().starts_with("unavailable: ");
}

// Every leaf is a value or a reason: nothing empty, nothing null.
void check_complete(const Json& value, const std::string& path) {
  CAPTURE(path);
  if (value.is_structured()) {
    if (path != "/process/variables" && path != "/process/libraries") CHECK_FALSE(value.empty());
    for (const auto& [key, child] : value.items()) check_complete(child, path + "/" + key);
    return;
  }
  CHECK_FALSE(value.is_null());
  if (value.is_string()) {
    CHECK_FALSE(value.get<std::string>().empty());
    CHECK(value.get<std::string>() != "unavailable: ");
  }
}

}  // namespace

TEST_CASE("on a machine that tells nothing, every fact still says why") {
  const FakeRoot root;
  EnvironmentSources sources = root.sources();
  sources.synthetic_topology = "no topology at all";
  const Json environment = describe_environment(sources);
  check_complete(environment, "");
  CHECK(environment.at("system").at("cpu").at("model") ==
        "unavailable: /proc/cpuinfo: No such file or directory");
  CHECK(is_unavailable(environment.at("system").at("topology")));
  CHECK(is_unavailable(environment.at("system").at("limits").at("cpus")));
  CHECK(is_unavailable(environment.at("before").at("clocks")));
  CHECK(is_unavailable(environment.at("process").at("libraries")));
}

TEST_CASE("this machine is described completely and in time") {
  const Json environment = describe_environment(EnvironmentSources::of_this_process());
  check_complete(environment, "");
  CHECK(environment.at("system").at("cpu").at("logical_cpus").get<int>() >= 1);
  CHECK(environment.at("system").at("topology").at("threads").get<int>() >= 1);
  CHECK_FALSE(environment.at("process").at("libraries").empty());
}

TEST_CASE("the processor's facts come from /proc/cpuinfo and cpufreq") {
  FakeRoot root;
  add_typical(root);
  Json cpu = environment::describe_cpu(root.files());
  CHECK(cpu.at("model") == "Some CPU @ 2.1GHz");
  CHECK(cpu.at("microcode") == "0x2b");
  CHECK(cpu.at("isa_flags") == "fpu avx2 hypervisor");
  CHECK(cpu.at("logical_cpus") == 2);
  CHECK(cpu.at("governor") == "performance");
  CHECK(cpu.at("turbo") == "off");
  CHECK(cpu.at("frequency_driver") ==
        "unavailable: /sys/devices/system/cpu/cpu0/cpufreq/scaling_driver: No such file or directory");
  root.add("sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "powersave\n");
  cpu = environment::describe_cpu(root.files());
  CHECK(cpu.at("governor") == Json{{"performance", "1 CPUs"}, {"powersave", "1 CPUs"}});
}

TEST_CASE("turbo is told by other drivers too") {
  FakeRoot root;
  root.add("sys/devices/system/cpu/cpufreq/boost", "1\n");
  CHECK(environment::describe_cpu(root.files()).at("turbo") == "on");
}

TEST_CASE("clocks come from cpufreq, else from /proc/cpuinfo, and say which") {
  FakeRoot root;
  add_typical(root);
  Json clocks = environment::observe_clocks(root.files());
  CHECK(clocks.at("lowest_mhz") == 2000.5);
  CHECK(clocks.at("mean_mhz") == 2500.5);
  CHECK(clocks.at("highest_mhz") == 3000.5);
  root.add("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "1234000\n");
  clocks = environment::observe_clocks(root.files());
  CHECK(clocks.at("highest_mhz") == 1234);
  CHECK(clocks.at("source") == "scaling_cur_freq");
}

TEST_CASE("temperatures are read from every zone") {
  FakeRoot root;
  root.add("sys/class/thermal/thermal_zone0/type", "x86_pkg_temp\n")
      .add("sys/class/thermal/thermal_zone0/temp", "45500\n");
  const Json zones = environment::observe_temperatures(root.files());
  REQUIRE(zones.size() == 1);
  CHECK(zones[0] == Json{{"zone", "x86_pkg_temp"}, {"celsius", 45.5}});
}

TEST_CASE("hwloc counts cores, caches and NUMA nodes") {
  const Json topology = environment::describe_topology(FakeRoot::topology);
  CHECK(topology.at("packages") == 1);
  CHECK(topology.at("cores") == 2);
  CHECK(topology.at("threads") == 4);
  REQUIRE(topology.at("caches").size() == 1);
  CHECK(topology.at("caches")[0] == Json{{"level", "L3"}, {"bytes", 16777216}, {"count", 1}});
  CHECK(topology.at("numa_nodes").size() == 1);
}

TEST_CASE("memory, kernel and load are read with their units") {
  FakeRoot root;
  add_typical(root);
  const Json memory = environment::describe_memory(root.files());
  CHECK(memory.at("memory_bytes") == std::int64_t{16303340} * 1024);
  CHECK(memory.at("transparent_huge_pages") == "madvise");
  CHECK(memory.at("swap_memory_bytes") == "unavailable: /proc/meminfo has no line 'SwapTotal'");
  const Json kernel = environment::describe_kernel(root.files());
  CHECK(kernel.at("release") == "6.1.0-9-amd64");
  CHECK(kernel.at("distribution") == "Debian GNU/Linux 12 (bookworm)");
  CHECK(kernel.at("hypervisor") == "present (CPU flag)");
  const Json load = environment::observe_load(root.files());
  CHECK(load.at("load_average").at("5_minutes") == "1.25");
}

TEST_CASE("of the boot options only those that bear on speed are kept") {
  FakeRoot root;
  add_typical(root);
  CHECK(environment::describe_kernel(root.files()).at("boot_options") ==
        "mitigations=off isolcpus=1 intel_pstate.x=1");
}

TEST_CASE("a container is recognised") {
  FakeRoot root;
  CHECK(environment::describe_kernel(root.files())
            .at("container")
            .get<std::string>()
            .starts_with("none found"));
  root.add(".dockerenv", "");
  CHECK(environment::describe_kernel(root.files()).at("container") == "docker");
}

TEST_CASE("limits are the tightest of the control group and its ancestors") {
  FakeRoot root;
  SECTION("version 2") {
    add_typical(root);
    root.add("sys/fs/cgroup/user.slice/cpu.max", "150000 100000\n")
        .add("sys/fs/cgroup/user.slice/memory.max", "1073741824\n")
        .add("sys/fs/cgroup/user.slice/job/cpu.max", "max 100000\n")
        .add("sys/fs/cgroup/user.slice/job/memory.max", "2147483648\n")
        .add("sys/fs/cgroup/user.slice/job/cpuset.cpus.effective", "0-1\n")
        .add("sys/fs/cgroup/user.slice/job/cpu.stat",
             "usage_usec 5\nnr_throttled 7\nthrottled_usec 2500000\n");
    CHECK(environment::describe_limits(root.files()) == Json{{"control_group_version", 2},
                                                             {"cpus", 1.5},
                                                             {"cpu_set", "0-1"},
                                                             {"memory_limit_bytes", 1073741824}});
    CHECK(environment::observe_throttling(root.files()) ==
          Json{{"throttled_periods", 7}, {"throttled_seconds", 2.5}});
  }
  SECTION("version 1, seen from inside a container") {
    root.add("proc/self/cgroup",
             "5:memory:/docker/abc\n3:cpuset:/docker/abc\n2:cpu,cpuacct:/docker/abc\n0::/docker/abc\n")
        .add("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "200000\n")
        .add("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n")
        .add("sys/fs/cgroup/cpu,cpuacct/cpu.stat", "nr_periods 9\nnr_throttled 1\nthrottled_time 500000000\n")
        .add("sys/fs/cgroup/cpuset/cpuset.cpus", "0-3\n")
        .add("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    CHECK(environment::describe_limits(root.files()) == Json{{"control_group_version", 1},
                                                             {"cpus", 2.0},
                                                             {"cpu_set", "0-3"},
                                                             {"memory_limit_bytes", "none"}});
    CHECK(environment::observe_throttling(root.files()) ==
          Json{{"throttled_periods", 1}, {"throttled_seconds", 0.5}});
  }
  SECTION("no quota means none is counted") {
    add_typical(root);
    root.add("sys/fs/cgroup/user.slice/job/cpu.stat", "usage_usec 5\n");
    CHECK(environment::describe_limits(root.files()).at("cpus") == "none");
    CHECK(is_unavailable(environment::observe_throttling(root.files())));
  }
}

TEST_CASE("a process tells the variables runtimes obey, and no others") {
  FakeRoot root;
  root.add("proc/self/status", "Name:\tmoat\nCpus_allowed_list:\t0-1\n")
      .add("proc/self/stat", "1 (a ) b) S 1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 5 1 0 100\n")
      .add("proc/self/maps",
           "7f00-7f01 r-xp 00000000 00:1d 1  /usr/lib/libopenblas.so.0\n"
           "7f01-7f02 r--p 00000000 00:1d 1  /usr/lib/libopenblas.so.0\n"
           "7f02-7f03 r--p 00000000 00:1d 1  /home/someone/libsecret.so\n"
           "7f03-7f04 rw-p 00000000 00:00 0  [heap]\n");
  const Json process = describe_process(root.sources());
  CHECK(process.at("variables") == Json{{"OMP_NUM_THREADS", "2"}, {"POCL_DEVICES", "cpu"}});
  CHECK(process.at("libraries") == Json::array({"/usr/lib/libopenblas.so.0"}));
  CHECK(process.at("allowed_cpus") == "0-1");
  CHECK(process.at("niceness") == 5);
}

TEST_CASE("the build is told with its commit or why there is none") {
  const Json build = describe_build();
  const std::string commit = build.at("commit").get<std::string>();
  CHECK((commit.size() == 40 || is_unavailable(build.at("commit"))));
  CHECK_FALSE(build.at("compiler").get<std::string>().empty());
}

TEST_CASE("the system's id follows the machine, not the moment") {
  FakeRoot root;
  add_typical(root);
  const std::string id = system_id(describe_system(root.sources()));
  CHECK(id.size() == 12);
  CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
  SECTION("load, clocks and a little reserved memory do not matter") {
    root.add("proc/loadavg", "9.00 9.00 9.00 9/456 789\n")
        .add("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "1000000\n")
        .add("proc/meminfo",
             "MemTotal:       16303000 kB\nMemAvailable:    1 kB\nHugepagesize:       2048 kB\n");
    CHECK(system_id(describe_system(root.sources())) == id);
  }
  SECTION("microcode does") {
    std::string text = cpuinfo;
    text.replace(text.find("0x2b"), 4, "0x2c");
    root.add("proc/cpuinfo", text);
    CHECK(system_id(describe_system(root.sources())) != id);
  }
  SECTION("settings do") {
    root.add("sys/devices/system/cpu/intel_pstate/no_turbo", "0\n");
    CHECK(system_id(describe_system(root.sources())) != id);
  }
  SECTION("twice the memory does") {
    root.add("proc/meminfo", "MemTotal:       32606680 kB\nHugepagesize:       2048 kB\n");
    CHECK(system_id(describe_system(root.sources())) != id);
  }
}

TEST_CASE("the time that other guests took is told where the kernel counts it") {
  FakeRoot root;
  root.add("proc/stat", "cpu  1 2 3 4 5 6 7 89 10 11\ncpu0 1 2 3 4 5 6 7 20 10 11\n");
  CHECK(environment::observe_load(root.files()).at("steal_ticks") == 89);
  root.add("proc/stat", "cpu  1 2 3 4 5 6 7\n");
  CHECK(environment::observe_load(root.files()).at("steal_ticks") ==
        "unavailable: /proc/stat has no steal column");
}

TEST_CASE("every stack's variables are told, and no others") {
  EnvironmentSources sources;
  const std::string variable = GENERATE(
      as<std::string>{}, "LP_NUM_THREADS", "GALLIUM_DRIVER", "RADV_PERFTEST", "ANV_DEBUG", "INTEL_DEBUG",
      "IGC_ShaderDumpEnable", "NEO_CACHE_DIR", "ZE_AFFINITY_MASK", "MESA_SHADER_CACHE_DISABLE",
      "POCL_MAX_PTHREAD_COUNT", "OCL_ICD_VENDORS", "VK_DRIVER_FILES", "OMP_THREAD_LIMIT", "GOMP_SPINCOUNT",
      "KMP_AFFINITY", "MKL_ENABLE_INSTRUCTIONS", "BLIS_ARCH_TYPE", "ONEDNN_MAX_CPU_ISA", "OPENBLAS_CORETYPE",
      "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "MUSA_VISIBLE_DEVICES",
      "ASCEND_RT_VISIBLE_DEVICES", "XDG_CACHE_HOME", "MALLOC_ARENA_MAX", "LD_PRELOAD");
  sources.variables = {variable + "=value=1", "HOME=/home/someone", "XDG_SESSION_ID=5", "PASSWORD=x",
                       "nonsense"};
  CHECK(telling_settings(sources) == std::map<std::string, std::string>{{variable, "value=1"}});
}

TEST_CASE("a quota below the processors that are allowed is a standing remark") {
  const test::ScratchFolder folder;
  const auto put = [&](const std::string& path, const std::string& text) {
    std::filesystem::create_directories((folder.path() / path).parent_path());
    test::write(folder.path() / path, text);
  };
  EnvironmentSources sources;
  sources.root = folder.path();
  CHECK(standing_remarks(sources).empty());
  put("proc/self/status", "Cpus_allowed_list:\t0-3\n");
  put("proc/self/cgroup", "0::/box\n");
  put("sys/fs/cgroup/cgroup.controllers", "cpu\n");
  put("sys/fs/cgroup/box/cpu.max", "150000 100000\n");
  CHECK(standing_remarks(sources) ==
        std::vector<std::string>{"the control group's quota grants 1.50 of 4 CPUs"});
  put("sys/fs/cgroup/box/cpu.max", "max 100000\n");
  CHECK(standing_remarks(sources).empty());
}
