// OpenBLAS as a row of the BLAS libraries, also under the names that it has in SciPy's wheels.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

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

KernelChoice choice_of(const OpenblasFunctions& api) {
  const std::string config = api.openblas_get_config();  // "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH …"
  KernelChoice made;
  made.library = config.substr(0, config.find(' ', config.find(' ') + 1));
  made.kernels = api.openblas_get_corename();
  const std::set<std::string>& flags = processor_flags();
  const KernelLevel processor = level_of_flags(flags);
  made.newest = processor == KernelLevel::amx ? KernelLevel::avx512 : processor;
  made.limit = settings_text({"OPENBLAS_CORETYPE"});
  const std::string_view core = openblas_core(processor, flags);
  if (config.find("DYNAMIC_ARCH") == std::string::npos) {
    made.way_out = "it was built for that processor alone";
  } else if (!core.empty()) {
    made.way_out = fmt::format("OPENBLAS_CORETYPE={} chooses others", core);
  }
  return made;
}

OrUnsupported<Blas> take(void* handle, unsigned threads) {
  // SciPy's wheels put a prefix before every name, so that two builds in one process stay apart.
  const std::string prefix = symbol(handle, "scipy_cblas_sgemm") != nullptr ? "scipy_" : "";
  Blas blas;
  blas.path = file_of_handle(handle);
  blas.asked = threads;
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
  if (api.openblas_get_parallel() == openblas_openmp) blas.openmp = OpenMp(handle);
  blas.set_threads = api.openblas_set_num_threads;
  blas.set_threads(static_cast<int>(blas.openmp.granted(threads)));
  blas.threads = std::clamp(static_cast<unsigned>(std::max(1, api.openblas_get_num_threads())), 1U, threads);
  blas.choice = choice_of(api);
  blas.version = describe(api, blas.path);
  return blas;
}

}  // namespace

BlasRow openblas_row() {
  return {"library/openblas", "OpenBLAS", openblas_files(), take};
}

}  // namespace moat::host
