// BLIS as a row of the BLAS libraries: the reference implementation, and AMD's build of it.
#include <fmt/format.h>

#include "adapters/host/blas.h"
#include "base/text.h"

namespace moat::host {
namespace {

BlisSetNumThreads* set_num_threads = nullptr;  // of the one BLIS in this process

void set_threads(int threads) {
  set_num_threads(threads);
}

OrUnsupported<Blas> take(void* handle, unsigned threads) {
  Blas blas;
  blas.path = file_of_handle(handle);
  blas.asked = threads;
  BlisFunctions api;
  std::vector<std::string> missing;
#define MOAT_BLIS_FIND(name, type) find_symbol(handle, #name, api.name, missing);
  MOAT_BLIS_FUNCTIONS(MOAT_BLIS_FIND)
#undef MOAT_BLIS_FIND
  find_cblas(handle, "", blas, missing);
  if (!missing.empty()) {
    return Unsupported{
        fmt::format("{} lacks {}: BLIS with its CBLAS is needed", blas.path, join(missing, ", "))};
  }
  if (const std::int64_t bits = api.bli_info_get_blas_int_type_size(); bits != 32) {
    return Unsupported{fmt::format("{} has integers of {} bits in CBLAS; 32 are needed", blas.path, bits)};
  }
  const bool has_openmp = api.bli_info_get_enable_openmp() != 0;
  const bool has_threads = has_openmp || api.bli_info_get_enable_pthreads() != 0;
  if (has_openmp) blas.openmp = OpenMp(handle);
  blas.threads = has_threads ? blas.openmp.granted(threads) : 1;
  set_num_threads = api.bli_thread_set_num_threads;
  blas.set_threads = set_threads;
  blas.set_threads(static_cast<int>(blas.threads));
  blas.choice = {fmt::format("BLIS {}", api.bli_info_get_version_str()),
                 api.bli_arch_string(api.bli_arch_query_id()), KernelLevel::avx512,
                 settings_text({"BLIS_ARCH_TYPE", "BLIS_MODEL_TYPE"})};
  blas.version = fmt::format(
      "BLIS {}, kernels for {}, {}, {}", api.bli_info_get_version_str(),
      api.bli_arch_string(api.bli_arch_query_id()),
      has_threads ? fmt::format("{} threads by {}", blas.threads, has_openmp ? "OpenMP" : "pthreads")
                  : "built without threads",
      blas.path);
  return blas;
}

}  // namespace

BlasRow blis_row() {
  return {"library/blis", "BLIS", blis_files(), take};
}

}  // namespace moat::host
