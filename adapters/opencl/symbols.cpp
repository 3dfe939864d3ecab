// dlopen and dlsym, with every failure turned into words.
#include "adapters/opencl/symbols.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <optional>
#include <vector>

#include "adapters/common/dynamic_library.h"
#include "base/text.h"

namespace moat::opencl {
namespace {

/// Fills `function` from `handle`; remembers the name if it is not there.
template <class Function>
void find(void* handle, const char* name, Function*& function, std::vector<std::string>& missing) {
  function = reinterpret_cast<Function*>(dlsym(handle, name));
  if (function == nullptr) missing.emplace_back(name);
}

template <class Symbols>
OrUnsupported<Symbols> complete(Symbols symbols, const std::vector<std::string>& missing,
                                std::string_view expected) {
  if (missing.empty()) return symbols;
  return Unsupported{fmt::format("{} lacks {}: {} is needed", symbols.path, join(missing, ", "), expected)};
}

}  // namespace

OrUnsupported<OpenclSymbols> load_opencl(std::span<const std::string> names) {
  void* handle = RTLD_DEFAULT;
  if (dlsym(handle, "clGetPlatformIDs") == nullptr) {
    const auto opened = open_first(names);
    if (const auto* absent = std::get_if<Unsupported>(&opened)) return *absent;
    handle = std::get<void*>(opened);
  }
  OpenclSymbols symbols;
  std::vector<std::string> missing;
#define MOAT_OPENCL_FIND(name, result, parameters) find(handle, #name, symbols.name, missing);
  MOAT_OPENCL_FUNCTIONS(MOAT_OPENCL_FIND)
#undef MOAT_OPENCL_FIND
  symbols.path = file_of(dlsym(handle, "clGetPlatformIDs"));
  return complete(std::move(symbols), missing, "OpenCL 1.2");
}

OrUnsupported<ClblastSymbols> load_clblast(std::span<const std::string> names) {
  const auto opened = open_first(names);
  if (const auto* absent = std::get_if<Unsupported>(&opened)) return *absent;
  void* const handle = std::get<void*>(opened);
  ClblastSymbols symbols;
  std::vector<std::string> missing;
#define MOAT_CLBLAST_FIND(name, type) find(handle, #name, symbols.name, missing);
  MOAT_CLBLAST_FUNCTIONS(MOAT_CLBLAST_FIND)
#undef MOAT_CLBLAST_FIND
  symbols.path = file_of(dlsym(handle, "CLBlastSgemmStridedBatched"));
  return complete(std::move(symbols), missing, "CLBlast 1.3");
}

}  // namespace moat::opencl
