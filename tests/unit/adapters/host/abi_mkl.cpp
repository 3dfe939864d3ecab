// adapters/host/abi.h against oneMKL's public headers, where they are installed.
#include "adapters/host/abi.h"
#include "tests/catch.h"
#include "tests/unit/adapters/host/same_function.h"

#if __has_include(<mkl.h>)
#include <mkl.h>
#define MOAT_HAS_MKL
#endif

using namespace moat::host;

#ifdef MOAT_HAS_MKL
namespace {

MOAT_CBLAS_FUNCTIONS(MOAT_SAME_FUNCTION)
MOAT_CBLAS_BATCH_FUNCTIONS(MOAT_SAME_FUNCTION)
MOAT_MKL_FUNCTIONS(MOAT_SAME_FUNCTION)
MOAT_MKL_MIXED_FUNCTIONS(MOAT_SAME_FUNCTION)
static_assert(mkl_interface_lp64 == MKL_INTERFACE_LP64);
static_assert(mkl_threading_intel == MKL_THREADING_INTEL);
static_assert(mkl_threading_sequential == MKL_THREADING_SEQUENTIAL);
static_assert(mkl_threading_gnu == MKL_THREADING_GNU);

}  // namespace
#endif

TEST_CASE("the declarations of oneMKL were compared with the installed headers", "[host]") {
#ifdef MOAT_HAS_MKL
  WARN("oneMKL " << __INTEL_MKL__ << "." << __INTEL_MKL_UPDATE__);
#else
  WARN("not exercised: oneMKL's <mkl.h> is not installed (PyPI's mkl-include)");
#endif
}
