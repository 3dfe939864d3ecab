// dlopen and dlsym, with every failure turned into words.
#include "adapters/host/symbols.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>

#include <filesystem>
#include <optional>
#include <vector>

#include "adapters/common/dynamic_library.h"
#include "base/text.h"

namespace moat::host {
namespace {

// The file behind `handle`, links resolved.
std::string file_of(void* handle) {
  link_map* map = nullptr;
  if (dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0 || map == nullptr) return "unknown file";
  std::error_code error;
  const auto path = std::filesystem::canonical(map->l_name, error);
  return error ? map->l_name : path.string();
}

template <class Function>
void find(void* handle, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(handle, name));
}

template <class Function>
void find(void* handle, const char* name, Function*& function, std::vector<std::string>& missing) {
  find(handle, name, function);
  if (function == nullptr) missing.emplace_back(name);
}

Unsupported lacks(const std::string& path, const std::vector<std::string>& missing,
                  std::string_view expected) {
  return {fmt::format("{} lacks {}: {} is needed", path, join(missing, ", "), expected)};
}

}  // namespace

OrUnsupported<DnnlSymbols> load_dnnl(std::span<const std::string> names) {
  const auto opened = open_first(names);
  if (const auto* absent = std::get_if<Unsupported>(&opened)) return *absent;
  void* const handle = std::get<void*>(opened);
  DnnlSymbols symbols;
  std::vector<std::string> missing;
#define MOAT_DNNL_FIND(name, type) find(handle, #name, symbols.name, missing);
  MOAT_DNNL_FUNCTIONS(MOAT_DNNL_FIND)
  symbols.path = file_of(handle);
  if (!missing.empty()) return lacks(symbols.path, missing, "oneDNN 2 or 3");
  symbols.major = symbols.dnnl_version()->major;
  if (symbols.major == 2) {
    MOAT_DNNL_FUNCTIONS_V2(MOAT_DNNL_FIND)
  } else if (symbols.major == 3) {
    MOAT_DNNL_FUNCTIONS_V3(MOAT_DNNL_FIND)
  } else {
    return Unsupported{
        fmt::format("{} is oneDNN {}; its interface is known for 2 and 3", symbols.path, symbols.major)};
  }
#undef MOAT_DNNL_FIND
  if (!missing.empty()) return lacks(symbols.path, missing, fmt::format("oneDNN {}", symbols.major));
  find(handle, "omp_set_num_threads", symbols.omp_set_num_threads);
  return symbols;
}

OrUnsupported<OpenblasSymbols> load_openblas(std::span<const std::string> names) {
  const auto opened = open_first(names);
  if (const auto* absent = std::get_if<Unsupported>(&opened)) return *absent;
  void* const handle = std::get<void*>(opened);
  OpenblasSymbols symbols;
  std::vector<std::string> missing;
#define MOAT_OPENBLAS_FIND(name, type) find(handle, #name, symbols.name, missing);
  MOAT_OPENBLAS_FUNCTIONS(MOAT_OPENBLAS_FIND)
#undef MOAT_OPENBLAS_FIND
  symbols.path = file_of(handle);
  if (!missing.empty()) return lacks(symbols.path, missing, "OpenBLAS 0.3");
  find(handle, "omp_set_num_threads", symbols.omp_set_num_threads);
  return symbols;
}

}  // namespace moat::host
