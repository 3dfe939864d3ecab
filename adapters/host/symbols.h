// Finds oneDNN and OpenBLAS at run time and their entry points by name. Knows no device and no problem.
#pragma once

#include <span>
#include <string>
#include <type_traits>

#include "adapters/host/abi.h"
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
  OmpSetNumThreads* omp_set_num_threads = nullptr;  // null if the library does not use OpenMP
};

/// Entry points of OpenBLAS.
struct OpenblasSymbols {
  std::string path;
#define MOAT_OPENBLAS_MEMBER(name, type) std::add_pointer_t<type> name = nullptr;
  MOAT_OPENBLAS_FUNCTIONS(MOAT_OPENBLAS_MEMBER)
#undef MOAT_OPENBLAS_MEMBER
  OmpSetNumThreads* omp_set_num_threads = nullptr;  // null in the pthread flavour
};

/// The first of `names` that loads. Libraries stay loaded: they leave threads behind. Unsupported tells which
/// names were tried, with the dynamic linker's words, or which entry point is missing.
[[nodiscard]] OrUnsupported<DnnlSymbols> load_dnnl(std::span<const std::string> names);
[[nodiscard]] OrUnsupported<OpenblasSymbols> load_openblas(std::span<const std::string> names);

}  // namespace moat::host
