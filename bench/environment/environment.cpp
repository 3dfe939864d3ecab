// Puts the parts together; this build and this process.
#include "bench/environment/environment.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "bench/environment/build_info.h"
#include "bench/environment/parts.h"

namespace moat {
namespace {

using environment::integer;
using environment::SystemFiles;
using environment::unavailable;

/// Runtimes and libraries whose behaviour variables change. A name is recorded if it begins so.
constexpr auto telling_variables = std::to_array<std::string_view>(
    {"OMP_", "GOMP_", "KMP_", "OPENBLAS_", "GOTO_", "BLIS_", "MKL_", "DNNL_", "ONEDNN_", "POCL_", "OCL_",
     "OPENCL", "CLBLAST_", "CUDA_", "NVIDIA_", "CUBLAS_", "HIP_", "HSA_", "ROCR_", "ROCBLAS_", "GPU_", "AMD_",
     "MUSA_", "ASCEND_", "MESA_", "VK_", "RUSTICL_", "MOAT_", "BENCHMARK_", "HWLOC_", "MALLOC_",
     "GLIBC_TUNABLES", "LD_", "TBB_",
     // Mesa's drivers and what they are built on
     "LP_", "GALLIUM_", "LIBGL_", "LLVMPIPE_", "DRI_", "RADV_", "ANV_", "NVK_", "TU_", "ACO_", "ZINK_",
     "INTEL_", "force_",
     // Intel's, ARM's and others' compute stacks
     "IGC_", "NEO_", "ZE_", "ZET_", "SYCL_", "CL_", "OCLGRIND_", "CLVK_", "ACL_", "ARMPL_", "LIBXSMM_",
     "FLEXIBLAS", "ROCM_", "MIOPEN_", "TT_", "VE_", "TPU_", "__GL_", "PAN_", "V3D_", "FD_", "IR3_", "NIR_",
     // where caches and drivers are looked for
     "XDG_CACHE_HOME", "LIBOMPTARGET_", "CUBLASLT_", "CUDNN_"});

constexpr auto telling_libraries = std::to_array<std::string_view>(
    {"ld-linux",   "libc.so",     "libc-",      "libm.so",   "libm-",      "libstdc++",    "libdnnl",
     "libmkldnn",  "libopenblas", "libblas",    "liblapack", "libblis",    "libmkl",       "libgomp",
     "libomp",     "libiomp",     "libtbb",     "libOpenCL", "libpocl",    "libLLVM",      "libclang",
     "libclblast", "libhwloc",    "libcuda",    "libcublas", "libcudnn",   "libnvrtc",     "libnvidia",
     "libamdhip",  "libhsa",      "librocblas", "libhip",    "libamdocl",  "libmusa",      "libascend",
     "libvulkan",  "libigdrcl",   "libigc",     "libze_",    "libgallium", "libamd_comgr", "libsycl",
     "libur_"});

template <std::size_t size>
bool begins_with_any(std::string_view text, const std::array<std::string_view, size>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](auto prefix) { return text.starts_with(prefix); });
}

Json variables(const EnvironmentSources& sources) {
  Json object = Json::object();
  for (const auto& [name, value] : telling_settings(sources)) object[name] = value;
  return object;
}

/// Paths of mapped files, of those libraries that compute or dispatch.
Json loaded_libraries(const SystemFiles& files) {
  const SystemFiles::Text maps = files.read("/proc/self/maps");
  if (!maps.value) return unavailable(maps.absence);
  std::set<std::string> paths;
  for (const std::string_view line : split(*maps.value, '\n')) {
    const std::size_t slash = line.find('/');
    if (slash == std::string_view::npos) continue;
    const std::string_view path = trim(line.substr(slash));
    if (begins_with_any(path.substr(path.rfind('/') + 1), telling_libraries)) paths.emplace(path);
  }
  return paths;
}

/// Field 19 of /proc/self/stat, counted behind the command's name, which may hold spaces and parentheses.
Json niceness(const SystemFiles& files) {
  constexpr std::size_t behind_name = 16;
  const SystemFiles::Text stat = files.read("/proc/self/stat");
  if (!stat.value) return unavailable(stat.absence);
  const std::size_t end = stat.value->rfind(") ");
  if (end == std::string::npos) return unavailable("/proc/self/stat has no command name");
  const std::vector<std::string_view> words = split(std::string_view(*stat.value).substr(end + 2), ' ');
  const auto nice = words.size() > behind_name ? integer(words[behind_name]) : std::nullopt;
  if (!nice) return unavailable("/proc/self/stat has no field 19");
  return *nice;
}

Json allowed_cpus(const SystemFiles& files) {
  const SystemFiles::Text status = files.read("/proc/self/status");
  if (!status.value) return unavailable(status.absence);
  const auto cpus = field(*status.value, "Cpus_allowed_list", ':');
  if (!cpus) return unavailable("/proc/self/status has no Cpus_allowed_list");
  return std::string(*cpus);
}

/// Replaces sizes of memory by GiB, throughout.
void round_memory(Json& value) {
  constexpr double gib = 1024.0 * 1024 * 1024;
  if (!value.is_structured()) return;
  for (auto& [key, child] : value.items()) {
    if (child.is_number() && key.ends_with("memory_bytes")) {
      child = std::llround(child.get<double>() / gib);
    } else {
      round_memory(child);
    }
  }
}

}  // namespace

EnvironmentSources EnvironmentSources::of_this_process() {
  EnvironmentSources sources;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    sources.variables.emplace_back(*variable);
  }
  return sources;
}

Json describe_system(const EnvironmentSources& sources) {
  const SystemFiles files(sources.root);
  return {{"cpu", environment::describe_cpu(files)},
          {"topology", environment::describe_topology(sources.synthetic_topology)},
          {"memory", environment::describe_memory(files)},
          {"kernel", environment::describe_kernel(files)},
          {"limits", environment::describe_limits(files)}};
}

std::string system_id(const Json& system) {
  Json stable = system;
  round_memory(stable);
  return short_digest(strict_json(stable));
}

Json describe_build() {
  const BuildInfo& info = build_info();
  return {{"version", info.version},
          {"commit", info.commit},
          {"tree", info.tree},
          {"compiler", info.compiler},
          {"build_type", info.build_type},
          {"flags", info.flags},
          {"sanitizers", info.sanitizers},
          {"build_id", build_id().empty() ? Json("none") : Json(build_id())}};
}

Json describe_process(const EnvironmentSources& sources) {
  const SystemFiles files(sources.root);
  return {{"allowed_cpus", allowed_cpus(files)},
          {"niceness", niceness(files)},
          {"variables", variables(sources)},
          {"libraries", loaded_libraries(files)}};
}

Json observe_state(const EnvironmentSources& sources) {
  const SystemFiles files(sources.root);
  Json state = environment::observe_load(files);
  state["clocks"] = environment::observe_clocks(files);
  state["temperatures"] = environment::observe_temperatures(files);
  state["throttling"] = environment::observe_throttling(files);
  return state;
}

std::map<std::string, std::string> telling_settings(const EnvironmentSources& sources) {
  std::map<std::string, std::string> settings;
  for (const std::string_view variable : sources.variables) {
    const std::size_t equals = variable.find('=');
    if (equals == std::string_view::npos || !begins_with_any(variable, telling_variables)) continue;
    settings.try_emplace(std::string(variable.substr(0, equals)), variable.substr(equals + 1));
  }
  return settings;
}

std::vector<std::string> standing_remarks(const EnvironmentSources& sources) {
  const SystemFiles files(sources.root);
  const std::optional<double> granted = environment::granted_cpus(files);
  const auto processors = static_cast<double>(environment::allowed_processors(files).size());
  if (!granted || processors == 0 || *granted >= processors) return {};
  return {fmt::format("the control group's quota grants {:.2f} of {:.0f} CPUs", *granted, processors)};
}

Json describe_environment(const EnvironmentSources& sources) {
  const Json system = describe_system(sources);
  return {{"system_id", system_id(system)},   {"system", system},
          {"build", describe_build()},        {"process", describe_process(sources)},
          {"before", observe_state(sources)}, {"after", unavailable("the run has not ended")}};
}

}  // namespace moat
