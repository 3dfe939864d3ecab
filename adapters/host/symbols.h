// The entry points of oneDNN by name. Knows no device and no problem.
#pragma once

#include <string>
#include <type_traits>

#include "adapters/host/abi.h"
#include "adapters/host/openmp.h"
#include "kernels/implementation.h"

namespace moat::host {

/// Entry points of oneDNN. Those of the major version that is not loaded are null.
struct DnnlSymbols {
  std::string path;
  int major = 0;
#define MOAT_DNNL_MEMBER(name, type) std::add_pointer_t<type> name = nullptr;
  MOAT_DNNL_FUNCTIONS(MOAT_DNNL_MEMBER)
  MOAT_DNNL_FUNCTIONS_V2(MOAT_DNNL_MEMBER)
  MOAT_DNNL_FUNCTIONS_V3(MOAT_DNNL_MEMBER)
#undef MOAT_DNNL_MEMBER
  OpenMp openmp;                                         // not there if the library does not use it
  TbbCreateGlobalControl* tbb_create_control = nullptr;  // null if it does not use oneTBB
};

/// Takes the entry points of the oneDNN behind `handle`; Unsupported tells which are missing.
[[nodiscard]] OrUnsupported<DnnlSymbols> take_dnnl(void* handle);

}  // namespace moat::host
