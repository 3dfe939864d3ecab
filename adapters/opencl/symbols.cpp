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

template <class Symbols>
OrUnsupported<Symbols> complete(Symbols symbols, const std::vector<std::string>& missing,
                                std::string_view expected) {
  if (missing.empty()) return symbols;
  return Unsupported{fmt::format("{} lacks {}: {} is needed", symbols.path, join(missing, ", "), expected)};
}

OrUnsupported<OpenclSymbols> take_opencl(void* handle) {
  OpenclSymbols symbols;
  std::vector<std::string> missing;
#define MOAT_OPENCL_FIND(name, result, parameters) find_symbol(handle, #name, symbols.name, missing);
  MOAT_OPENCL_FUNCTIONS(MOAT_OPENCL_FIND)
#undef MOAT_OPENCL_FIND
  symbols.path = handle == RTLD_DEFAULT ? file_of(dlsym(handle, "clGetPlatformIDs")) : file_of_handle(handle);
  return complete(std::move(symbols), missing, "OpenCL 1.2");
}

OrUnsupported<ClblastSymbols> take_clblast(void* handle) {
  ClblastSymbols symbols;
  std::vector<std::string> missing;
#define MOAT_CLBLAST_FIND(name, type) find_symbol(handle, #name, symbols.name, missing);
  MOAT_CLBLAST_FUNCTIONS(MOAT_CLBLAST_FIND)
#undef MOAT_CLBLAST_FIND
  symbols.path = file_of_handle(handle);
  return complete(std::move(symbols), missing, "CLBlast 1.3");
}

}  // namespace

OrUnsupported<OpenclSymbols> load_opencl(const LibraryFiles& files) {
  if (dlsym(RTLD_DEFAULT, "clGetPlatformIDs") != nullptr) return take_opencl(RTLD_DEFAULT);
  auto loaded = load_library<OpenclSymbols>(files, take_opencl);
  if (const auto* absent = std::get_if<Unsupported>(&loaded)) return *absent;
  return std::get<Loaded<OpenclSymbols>>(std::move(loaded)).symbols;
}

OrUnsupported<ClblastSymbols> load_clblast(const LibraryFiles& files) {
  auto loaded = load_library<ClblastSymbols>(files, take_clblast);
  if (const auto* absent = std::get_if<Unsupported>(&loaded)) return *absent;
  auto& found = std::get<Loaded<ClblastSymbols>>(loaded);
  found.symbols.passed_over = passed_over_text(found.passed_over);
  return std::move(found.symbols);
}

}  // namespace moat::opencl
