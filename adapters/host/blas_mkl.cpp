// oneMKL as a row of the BLAS libraries, through its single dynamic library, which loads the others. Where
// one of those is missing, oneMKL ends the process, so they are looked for first.
#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <system_error>

#include "adapters/host/blas.h"
#include "base/text.h"

namespace moat::host {
namespace {

namespace fs = std::filesystem;

struct Threading {
  int layer = mkl_threading_sequential;
  std::string_view library;  // "libmkl_gnu_thread"
  std::string_view words;
  void* openmp = nullptr;  // the runtime's handle
};

/// GNU's OpenMP where the machine has it, since the other libraries use it, too; then Intel's own.
Threading choose_threading(const fs::path& folder, unsigned threads) {
  std::error_code error;
  if (threads > 1) {
    if (void* gnu = dlopen("libgomp.so.1", RTLD_NOW | RTLD_LOCAL)) {
      return {mkl_threading_gnu, "libmkl_gnu_thread", "GNU's OpenMP", gnu};
    }
    if (fs::exists(folder / "libiomp5.so", error)) {
      void* intel = dlopen((folder / "libiomp5.so").c_str(), RTLD_NOW | RTLD_LOCAL);
      return {mkl_threading_intel, "libmkl_intel_thread", "Intel's OpenMP", intel};
    }
  }
  return {mkl_threading_sequential, "libmkl_sequential", "oneMKL's layer without threads"};
}

fs::path opened_path(const void* address) {
  Dl_info info{};
  return dladdr(address, &info) == 0 || info.dli_fname == nullptr ? fs::path() : fs::path(info.dli_fname);
}

/// Those of `names` that are not beside the library, whose own name tells what theirs end in.
std::vector<std::string> not_beside(const fs::path& library, std::span<const std::string_view> names) {
  constexpr std::string_view stem = "libmkl_rt";
  const std::string name = library.filename().string();
  const std::string ending = name.starts_with(stem) ? name.substr(stem.size()) : ".so";
  std::vector<std::string> missing;
  for (const std::string_view part : names) {
    std::error_code error;
    const fs::path file = library.parent_path() / (std::string(part) + ending);
    if (!fs::exists(file, error)) missing.push_back(file.filename().string());
  }
  return missing;
}

/// "2026.2-Product Build 20260915" of the sentence that oneMKL says.
std::string version_of(const MklFunctions& api) {
  std::array<char, 256> text{};
  api.MKL_Get_Version_String(text.data(), static_cast<int>(text.size()) - 1);
  std::string version = text.data();
  constexpr std::string_view before = "Version ";
  if (const auto at = version.find(before); at != std::string::npos) version.erase(0, at + before.size());
  version.erase(std::min(version.find(" for "), version.size()));
  return version;
}

KernelChoice choice_of(void* handle, const std::string& version) {
  KernelChoice made;
  made.library = "oneMKL " + version.substr(0, version.find('-'));
  MklGetVersion* get_version = nullptr;
  find_symbol(handle, "MKL_Get_Version", get_version);
  MklVersion said;
  if (get_version != nullptr) get_version(&said);
  if (said.processor != nullptr) made.kernels = said.processor;
  made.newest = KernelLevel::avx512;  // the sentence does not tell AMX
  made.limit = settings_text({"MKL_ENABLE_INSTRUCTIONS", "MKL_CBWR", "MKL_DEBUG_CPU_TYPE"});
  return made;
}

OrUnsupported<Blas> take(void* handle, unsigned threads) {
  Blas blas;
  blas.path = file_of_handle(handle);
  MklFunctions api;
  std::vector<std::string> missing;
#define MOAT_MKL_FIND(name, type) find_symbol(handle, #name, api.name, missing);
  MOAT_MKL_FUNCTIONS(MOAT_MKL_FIND)
#undef MOAT_MKL_FIND
  find_cblas(handle, "", blas, missing);
  if (!missing.empty()) {
    return Unsupported{
        fmt::format("{} lacks {}: oneMKL's libmkl_rt is needed", blas.path, join(missing, ", "))};
  }
  // oneMKL looks in the folder by which it was opened, not where a link leads.
  const fs::path opened = opened_path(reinterpret_cast<const void*>(api.MKL_Set_Num_Threads));
  const Threading threading = choose_threading(opened.parent_path(), threads);
  const std::array<std::string_view, 3> parts{"libmkl_core", "libmkl_intel_lp64", threading.library};
  if (const auto absent = not_beside(opened, parts); !absent.empty()) {
    return Unsupported{fmt::format("{} lacks {} in its folder", opened.string(), join(absent, ", "))};
  }
  find_product(handle, "cblas_gemm_bf16bf16f32", blas.bf16);
  find_product(handle, "cblas_gemm_f16f16f32", blas.f16);
  find_product(handle, "cblas_sgemm_batch_strided", blas.f32_batch);
  find_product(handle, "cblas_dgemm_batch_strided", blas.f64_batch);
  if (api.MKL_Set_Interface_Layer(mkl_interface_lp64) != mkl_interface_lp64 ||
      api.MKL_Set_Threading_Layer(threading.layer) != threading.layer) {
    return Unsupported{fmt::format("{} does not take 32-bit integers and {}", blas.path, threading.words)};
  }
  blas.asked = threads;
  if (threading.layer != mkl_threading_sequential) blas.openmp = OpenMp(threading.openmp);
  blas.threads = threading.layer == mkl_threading_sequential ? 1 : blas.openmp.granted(threads);
  api.MKL_Set_Dynamic(0);  // as many threads as it is told, always
  blas.set_threads = api.MKL_Set_Num_Threads;
  blas.set_threads(static_cast<int>(blas.threads));
  blas.choice = choice_of(handle, version_of(api));
  blas.version = fmt::format("oneMKL {}, {} threads by {}, {}", version_of(api), blas.threads,
                             threading.words, blas.path);
  return blas;
}

}  // namespace

BlasRow mkl_row() {
  return {"library/mkl", "oneMKL", mkl_files(), take};
}

}  // namespace moat::host
