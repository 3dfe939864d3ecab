// OpenBLAS as a row of the BLAS libraries, also under the names that it has in SciPy's wheels.
#include <fmt/format.h>

#include <cstdlib>

#include "adapters/host/blas.h"
#include "base/text.h"

namespace moat::host {
namespace {

std::string_view threading(int parallel) {
  switch (parallel) {
    case openblas_sequential:
      return "sequential build";
    case openblas_threads:
      return "pthreads";
    case openblas_openmp:
      return "OpenMP";
    default:
      return "unknown threads";
  }
}

std::string describe(const OpenblasFunctions& api, const std::string& path) {
  const char* forced = std::getenv("OPENBLAS_CORETYPE");
  return fmt::format("{}, kernels for {}{}, {} threads by {}, {}", api.openblas_get_config(),
                     api.openblas_get_corename(),
                     forced != nullptr ? fmt::format(" (OPENBLAS_CORETYPE={})", forced) : std::string(),
                     api.openblas_get_num_threads(), threading(api.openblas_get_parallel()), path);
}

OrUnsupported<Blas> take(void* handle, unsigned threads) {
  // SciPy's wheels put a prefix before every name, so that two builds in one process stay apart.
  const std::string prefix = symbol(handle, "scipy_cblas_sgemm") != nullptr ? "scipy_" : "";
  Blas blas;
  blas.path = file_of_handle(handle);
  blas.threads = threads;
  OpenblasFunctions api;
  std::vector<std::string> missing;
#define MOAT_OPENBLAS_FIND(name, type) find_symbol(handle, prefix + #name, api.name, missing);
  MOAT_OPENBLAS_FUNCTIONS(MOAT_OPENBLAS_FIND)
#undef MOAT_OPENBLAS_FIND
  find_cblas(handle, prefix, blas, missing);
  if (!missing.empty()) {
    return Unsupported{fmt::format("{} lacks {}: OpenBLAS 0.3 is needed", blas.path, join(missing, ", "))};
  }
  find_product(handle, prefix + "cblas_sgemm_batch_strided", blas.f32_batch);
  find_product(handle, prefix + "cblas_dgemm_batch_strided", blas.f64_batch);
  find_symbol(handle, "omp_set_num_threads", blas.omp_set_num_threads);
  blas.set_threads = api.openblas_set_num_threads;
  blas.set_threads(static_cast<int>(threads));
  blas.version = describe(api, blas.path);
  return blas;
}

}  // namespace

BlasRow openblas_row() {
  return {"library/openblas", "OpenBLAS", openblas_files(), take};
}

}  // namespace moat::host
