// dlsym, with what is missing turned into words.
#include "adapters/host/symbols.h"

#include <fmt/format.h>

#include <vector>

#include "adapters/common/dynamic_library.h"
#include "base/text.h"

namespace moat::host {
namespace {

Unsupported lacks(const std::string& path, const std::vector<std::string>& missing,
                  std::string_view expected) {
  return {fmt::format("{} lacks {}: {} is needed", path, join(missing, ", "), expected)};
}

}  // namespace

OrUnsupported<DnnlSymbols> take_dnnl(void* handle) {
  DnnlSymbols symbols;
  std::vector<std::string> missing;
#define MOAT_DNNL_FIND(name, type) find_symbol(handle, #name, symbols.name, missing);
  MOAT_DNNL_FUNCTIONS(MOAT_DNNL_FIND)
  symbols.path = file_of_handle(handle);
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
  symbols.openmp = OpenMp(handle);
  find_symbol(handle, tbb_create_global_control, symbols.tbb_create_control);
  return symbols;
}

}  // namespace moat::host
