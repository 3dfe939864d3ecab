// adapters/host/abi.h against the public headers of oneDNN, OpenBLAS and oneMKL, where they are installed:
// the compiler makes the comparison, the tests say what was compared.
#include "adapters/host/abi.h"

#include <cstddef>

#include "tests/catch.h"
#include "tests/unit/adapters/host/same_function.h"

#if __has_include(<oneapi/dnnl/dnnl.h>)
#include <oneapi/dnnl/dnnl.h>
#define MOAT_HAS_DNNL
#endif
#if __has_include(<cblas.h>)
#include <cblas.h>
#ifdef OPENBLAS_VERSION
#define MOAT_HAS_OPENBLAS
#endif
#endif

using namespace moat::host;

namespace {

#ifdef MOAT_HAS_DNNL
MOAT_DNNL_FUNCTIONS(MOAT_SAME_FUNCTION)
#if DNNL_VERSION_MAJOR == 2
MOAT_DNNL_FUNCTIONS_V2(MOAT_SAME_FUNCTION)
static_assert(sizeof(DnnlMemoryDescriptorV2) >= sizeof(dnnl_memory_desc_t));
static_assert(alignof(DnnlMemoryDescriptorV2) >= alignof(dnnl_memory_desc_t));
static_assert(sizeof(DnnlMatmulDescriptorV2) >= sizeof(dnnl_matmul_desc_t));
static_assert(alignof(DnnlMatmulDescriptorV2) >= alignof(dnnl_matmul_desc_t));
static_assert(sizeof(DnnlConvolutionDescriptorV2) >= sizeof(dnnl_convolution_desc_t));
static_assert(alignof(DnnlConvolutionDescriptorV2) >= alignof(dnnl_convolution_desc_t));
static_assert(sizeof(DnnlBinaryDescriptorV2) >= sizeof(dnnl_binary_desc_t));
static_assert(alignof(DnnlBinaryDescriptorV2) >= alignof(dnnl_binary_desc_t));
static_assert(sizeof(DnnlSoftmaxDescriptorV2) >= sizeof(dnnl_softmax_v2_desc_t));
static_assert(alignof(DnnlSoftmaxDescriptorV2) >= alignof(dnnl_softmax_v2_desc_t));
#else
MOAT_DNNL_FUNCTIONS_V3(MOAT_SAME_FUNCTION)
static_assert(sizeof(DnnlMemoryDescriptorV3) == sizeof(dnnl_memory_desc_t));
static_assert(dnnl_f64_value_v3 == ::dnnl_f64);
#endif

#define MOAT_SAME(name, value) static_assert(dnnl_##name##_value == static_cast<int>(::dnnl_##name));
MOAT_DNNL_STATUSES(MOAT_SAME)
MOAT_DNNL_CONSTANTS(MOAT_SAME)
#undef MOAT_SAME
#define MOAT_SAME(name, value) static_assert(dnnl_##name##_value == static_cast<int>(::dnnl_cpu_isa_##name));
MOAT_DNNL_ISAS(MOAT_SAME)
#undef MOAT_SAME
#define MOAT_SAME(name, value) static_assert((value) == static_cast<int>(::dnnl_cpu_isa_##name));
#if DNNL_VERSION_MAJOR == 2
MOAT_DNNL_ISAS_V2(MOAT_SAME)
#else
MOAT_DNNL_ISAS_V3(MOAT_SAME)
#endif
#undef MOAT_SAME
static_assert(dnnl_argument_src == DNNL_ARG_SRC);
static_assert(dnnl_argument_src == DNNL_ARG_SRC_0);
static_assert(dnnl_argument_src_1 == DNNL_ARG_SRC_1);
static_assert(dnnl_argument_weights == DNNL_ARG_WEIGHTS);
static_assert(dnnl_argument_dst == DNNL_ARG_DST);
static_assert(dnnl_runtime_sequential == DNNL_RUNTIME_SEQ);
static_assert(dnnl_runtime_openmp == DNNL_RUNTIME_OMP);
static_assert(dnnl_runtime_tbb == DNNL_RUNTIME_TBB);
static_assert(dnnl_runtime_sycl == DNNL_RUNTIME_SYCL);

static_assert(sizeof(DnnlDims) == sizeof(dnnl_dims_t));
static_assert(sizeof(DnnlVersion) == sizeof(dnnl_version_t));
static_assert(offsetof(DnnlVersion, patch) == offsetof(dnnl_version_t, patch));
static_assert(offsetof(DnnlVersion, hash) == offsetof(dnnl_version_t, hash));
static_assert(offsetof(DnnlVersion, cpu_runtime) == offsetof(dnnl_version_t, cpu_runtime));
static_assert(sizeof(DnnlArgument) == sizeof(dnnl_exec_arg_t));
static_assert(offsetof(DnnlArgument, memory) == offsetof(dnnl_exec_arg_t, memory));
#endif

#ifdef MOAT_HAS_OPENBLAS
MOAT_CBLAS_FUNCTIONS(MOAT_SAME_FUNCTION)
MOAT_OPENBLAS_FUNCTIONS(MOAT_SAME_FUNCTION)
static_assert(cblas_row_major == CblasRowMajor);
static_assert(cblas_no_transpose == CblasNoTrans);
static_assert(cblas_transpose == CblasTrans);
static_assert(openblas_sequential == OPENBLAS_SEQUENTIAL);
static_assert(openblas_threads == OPENBLAS_THREAD);
static_assert(openblas_openmp == OPENBLAS_OPENMP);
#endif

}  // namespace

TEST_CASE("the declarations were compared with the installed headers", "[host]") {
#ifdef MOAT_HAS_DNNL
  WARN("oneDNN " << DNNL_VERSION_MAJOR << "." << DNNL_VERSION_MINOR << "." << DNNL_VERSION_PATCH);
#else
  WARN("not exercised: <oneapi/dnnl/dnnl.h> is not installed (libdnnl-dev)");
#endif
#ifdef MOAT_HAS_OPENBLAS
  WARN(OPENBLAS_VERSION);
#else
  WARN("not exercised: OpenBLAS's <cblas.h> is not installed (libopenblas-dev)");
#endif
}
