// The binary interface of oneDNN's C API (2.x and 3.x), CBLAS, OpenBLAS, oneMKL, BLIS, OpenMP and oneTBB, as
// far as this adapter calls them. tests/unit/adapters/host/abi.cpp compares it with the public headers (tier
// A). Includes nothing but the standard library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace moat::host {

// oneDNN. Constants are X(name, value) without their prefix dnnl_, types carry the suffix of neither version.

#define MOAT_DNNL_STATUSES(X) \
  X(success, 0)               \
  X(out_of_memory, 1)         \
  X(invalid_arguments, 2)     \
  X(unimplemented, 3)         \
  X(runtime_error, 5)         \
  X(not_required, 6)

#define MOAT_DNNL_CONSTANTS(X) \
  X(f16, 1)                    \
  X(bf16, 2)                   \
  X(f32, 3)                    \
  X(s32, 4)                    \
  X(s8, 5)                     \
  X(cpu, 1)                    \
  X(stream_default_flags, 1)   \
  X(query_impl_info_str, 8)    \
  X(forward_inference, 96)     \
  X(binary_mul, 0x1fff1)       \
  X(softmax_accurate, 0x30000) \
  X(convolution_direct, 1)     \
  X(query_src_md, 129)         \
  X(query_weights_md, 131)     \
  X(query_dst_md, 133)         \
  X(format_tag_any, 1)

/// Values of dnnl_cpu_isa_t that both versions share; further ones exist in either.
#define MOAT_DNNL_ISAS(X)   \
  X(sse41, 0x1)             \
  X(avx, 0x3)               \
  X(avx2, 0x7)              \
  X(avx512_core, 0x27)      \
  X(avx512_core_vnni, 0x67) \
  X(avx512_core_bf16, 0xe7)

/// Of 2.x only; 3.x gives the same names other values.
#define MOAT_DNNL_ISAS_V2(X) \
  X(avx512_core_amx, 0x3e7)  \
  X(avx2_vnni, 0x407)
/// Of 3.x only.
#define MOAT_DNNL_ISAS_V3(X) \
  X(avx2_vnni, 0xf)          \
  X(avx2_vnni_2, 0x1f)       \
  X(avx512_core_fp16, 0x1ef) \
  X(avx512_core_amx, 0xfef)  \
  X(avx512_core_amx_fp16, 0x1fef)

#define MOAT_DNNL_DECLARE(name, value) constexpr int dnnl_##name##_value = value;
MOAT_DNNL_STATUSES(MOAT_DNNL_DECLARE)
MOAT_DNNL_CONSTANTS(MOAT_DNNL_DECLARE)
MOAT_DNNL_ISAS(MOAT_DNNL_DECLARE)
#undef MOAT_DNNL_DECLARE

constexpr int dnnl_argument_src = 1;       // DNNL_ARG_SRC, DNNL_ARG_SRC_0
constexpr int dnnl_argument_src_1 = 2;     // DNNL_ARG_SRC_1
constexpr int dnnl_argument_weights = 33;  // DNNL_ARG_WEIGHTS
constexpr int dnnl_argument_dst = 17;      // DNNL_ARG_DST
/// DNNL_MEMORY_ALLOCATE: in place of an address, the library allocates.
inline void* dnnl_memory_allocate() {
  // As oneDNN defines it. NOLINTNEXTLINE(performance-no-int-to-ptr)
  return reinterpret_cast<void*>(~std::uintptr_t{0});
}
constexpr int dnnl_f64_value_v3 = 7;  // since 3.0; 2.x has no such type
constexpr unsigned dnnl_runtime_sequential = 1;
constexpr unsigned dnnl_runtime_openmp = 2;
constexpr unsigned dnnl_runtime_tbb = 4;
constexpr unsigned dnnl_runtime_sycl = 512;

using DnnlEngine = struct DnnlEngineObject*;
using DnnlStream = struct DnnlStreamObject*;
using DnnlMemory = struct DnnlMemoryObject*;
using DnnlPrimitive = struct DnnlPrimitiveObject*;
using DnnlPrimitiveDescriptor = struct DnnlPrimitiveDescriptorObject*;
using DnnlDims = std::int64_t[12];

struct DnnlVersion {
  int major;
  int minor;
  int patch;
  const char* hash;
  unsigned cpu_runtime;
  unsigned gpu_runtime;
};

struct DnnlArgument {
  int index;
  DnnlMemory memory;
};

/// 2.x only: the caller keeps descriptors. Storage no smaller than any 2.x release's struct (696 and 2800
/// bytes in 2.6), opaque here; the comparison with the headers checks the sizes.
struct alignas(16) DnnlMemoryDescriptorV2 {
  std::byte storage[1024];
};
struct alignas(16) DnnlMatmulDescriptorV2 {
  std::byte storage[4096];
};
struct alignas(16) DnnlConvolutionDescriptorV2 {
  std::byte storage[8192];
};
struct alignas(16) DnnlBinaryDescriptorV2 {
  std::byte storage[4096];
};
struct alignas(16) DnnlSoftmaxDescriptorV2 {
  std::byte storage[6144];
};
/// 3.x only: the library keeps them.
using DnnlMemoryDescriptorV3 = struct DnnlMemoryDescriptorObject*;

/// Entry points of both versions: X(name, type). A memory descriptor is passed to
/// dnnl_memory_create by address in both.
#define MOAT_DNNL_FUNCTIONS(X)                                                                               \
  X(dnnl_version, const DnnlVersion*())                                                                      \
  X(dnnl_get_effective_cpu_isa, int())                                                                       \
  X(dnnl_engine_create, int(DnnlEngine*, int, std::size_t))                                                  \
  X(dnnl_engine_destroy, int(DnnlEngine))                                                                    \
  X(dnnl_stream_create, int(DnnlStream*, DnnlEngine, unsigned))                                              \
  X(dnnl_stream_wait, int(DnnlStream))                                                                       \
  X(dnnl_stream_destroy, int(DnnlStream))                                                                    \
  X(dnnl_memory_create, int(DnnlMemory*, const void*, DnnlEngine, void*))                                    \
  X(dnnl_memory_destroy, int(DnnlMemory))                                                                    \
  X(dnnl_primitive_desc_query, int(const DnnlPrimitiveDescriptorObject*, int, int, void*))                   \
  X(dnnl_primitive_desc_query_md, const void*(const DnnlPrimitiveDescriptorObject*, int, int))               \
  X(dnnl_memory_desc_equal, int(const void*, const void*))                                                   \
  X(dnnl_reorder_primitive_desc_create,                                                                      \
    int(DnnlPrimitiveDescriptor*, const void*, DnnlEngine, const void*, DnnlEngine, const void*))            \
  X(dnnl_primitive_desc_destroy, int(DnnlPrimitiveDescriptor))                                               \
  X(dnnl_primitive_create, int(DnnlPrimitive*, const DnnlPrimitiveDescriptorObject*))                        \
  X(dnnl_primitive_execute, int(const DnnlPrimitiveObject*, DnnlStream, int, const DnnlArgument*))           \
  X(dnnl_primitive_destroy, int(DnnlPrimitive))                                                              \
  X(dnnl_sgemm, int(char, char, std::int64_t, std::int64_t, std::int64_t, float, const float*, std::int64_t, \
                    const float*, std::int64_t, float, float*, std::int64_t))

#define MOAT_DNNL_FUNCTIONS_V2(X)                                                                         \
  X(dnnl_memory_desc_init_by_strides,                                                                     \
    int(DnnlMemoryDescriptorV2*, int, const DnnlDims, int, const DnnlDims))                               \
  X(dnnl_matmul_desc_init,                                                                                \
    int(DnnlMatmulDescriptorV2*, const DnnlMemoryDescriptorV2*, const DnnlMemoryDescriptorV2*,            \
        const DnnlMemoryDescriptorV2*, const DnnlMemoryDescriptorV2*))                                    \
  X(dnnl_memory_desc_init_by_tag, int(DnnlMemoryDescriptorV2*, int, const DnnlDims, int, int))            \
  X(dnnl_dilated_convolution_forward_desc_init,                                                           \
    int(DnnlConvolutionDescriptorV2*, int, int, const DnnlMemoryDescriptorV2*,                            \
        const DnnlMemoryDescriptorV2*, const DnnlMemoryDescriptorV2*, const DnnlMemoryDescriptorV2*,      \
        const DnnlDims, const DnnlDims, const DnnlDims, const DnnlDims))                                  \
  X(dnnl_binary_desc_init, int(DnnlBinaryDescriptorV2*, int, const DnnlMemoryDescriptorV2*,               \
                               const DnnlMemoryDescriptorV2*, const DnnlMemoryDescriptorV2*))             \
  X(dnnl_softmax_v2_forward_desc_init,                                                                    \
    int(DnnlSoftmaxDescriptorV2*, int, int, const DnnlMemoryDescriptorV2*, const DnnlMemoryDescriptorV2*, \
        int))                                                                                             \
  X(dnnl_primitive_desc_create, int(DnnlPrimitiveDescriptor*, const void*, const void*, DnnlEngine,       \
                                    const DnnlPrimitiveDescriptorObject*))

#define MOAT_DNNL_FUNCTIONS_V3(X)                                                                          \
  X(dnnl_memory_desc_create_with_strides,                                                                  \
    int(DnnlMemoryDescriptorV3*, int, const DnnlDims, int, const DnnlDims))                                \
  X(dnnl_memory_desc_create_with_tag, int(DnnlMemoryDescriptorV3*, int, const DnnlDims, int, int))         \
  X(dnnl_convolution_forward_primitive_desc_create,                                                        \
    int(DnnlPrimitiveDescriptor*, DnnlEngine, int, int, const DnnlMemoryDescriptorObject*,                 \
        const DnnlMemoryDescriptorObject*, const DnnlMemoryDescriptorObject*,                              \
        const DnnlMemoryDescriptorObject*, const DnnlDims, const DnnlDims, const DnnlDims, const DnnlDims, \
        const void*))                                                                                      \
  X(dnnl_memory_desc_destroy, int(DnnlMemoryDescriptorV3))                                                 \
  X(dnnl_matmul_primitive_desc_create,                                                                     \
    int(DnnlPrimitiveDescriptor*, DnnlEngine, const DnnlMemoryDescriptorObject*,                           \
        const DnnlMemoryDescriptorObject*, const DnnlMemoryDescriptorObject*,                              \
        const DnnlMemoryDescriptorObject*, const void*))                                                   \
  X(dnnl_binary_primitive_desc_create,                                                                     \
    int(DnnlPrimitiveDescriptor*, DnnlEngine, int, const DnnlMemoryDescriptorObject*,                      \
        const DnnlMemoryDescriptorObject*, const DnnlMemoryDescriptorObject*, const void*))                \
  X(dnnl_softmax_forward_primitive_desc_create,                                                            \
    int(DnnlPrimitiveDescriptor*, DnnlEngine, int, int, const DnnlMemoryDescriptorObject*,                 \
        const DnnlMemoryDescriptorObject*, int, const void*))

// CBLAS with 32-bit integers (builds with 64-bit ones have other names).

constexpr int cblas_row_major = 101;
constexpr int cblas_no_transpose = 111;
constexpr int cblas_transpose = 112;

/// (order, transpose a, transpose b, m, n, k, alpha, a, ld, b, ld, beta, c, ld).
template <class In, class Out = In>
using CblasGemm = void(int, int, int, std::int32_t, std::int32_t, std::int32_t, Out, const In*, std::int32_t,
                       const In*, std::int32_t, Out, Out*, std::int32_t);
/// f16 or bf16 inputs, f32 output.
using CblasMixedGemm = CblasGemm<std::uint16_t, float>;
/// As CblasGemm, with the step to the next matrix behind each ld, and the number of matrices last.
template <class T>
using CblasGemmBatchStrided = void(int, int, int, std::int32_t, std::int32_t, std::int32_t, T, const T*,
                                   std::int32_t, std::int32_t, const T*, std::int32_t, std::int32_t, T, T*,
                                   std::int32_t, std::int32_t, std::int32_t);

#define MOAT_CBLAS_FUNCTIONS(X)    \
  X(cblas_sgemm, CblasGemm<float>) \
  X(cblas_dgemm, CblasGemm<double>)

/// OpenBLAS and oneMKL, in newer versions.
#define MOAT_CBLAS_BATCH_FUNCTIONS(X)                        \
  X(cblas_sgemm_batch_strided, CblasGemmBatchStrided<float>) \
  X(cblas_dgemm_batch_strided, CblasGemmBatchStrided<double>)

// OpenBLAS.

constexpr int openblas_sequential = 0;
constexpr int openblas_threads = 1;
constexpr int openblas_openmp = 2;

#define MOAT_OPENBLAS_FUNCTIONS(X)   \
  X(openblas_get_config, char*())    \
  X(openblas_get_corename, char*())  \
  X(openblas_get_parallel, int())    \
  X(openblas_get_num_threads, int()) \
  X(openblas_set_num_threads, void(int))

// oneMKL, through libmkl_rt. Its headers name these functions in lower case by macros.

constexpr int mkl_interface_lp64 = 0;
constexpr int mkl_threading_intel = 0;
constexpr int mkl_threading_sequential = 1;
constexpr int mkl_threading_gnu = 3;

#define MOAT_MKL_FUNCTIONS(X)          \
  X(MKL_Set_Interface_Layer, int(int)) \
  X(MKL_Set_Threading_Layer, int(int)) \
  X(MKL_Set_Num_Threads, void(int))    \
  X(MKL_Set_Dynamic, void(int))        \
  X(MKL_Get_Version_String, void(char*, int))

/// Products of 16-bit inputs with f32 output.
#define MOAT_MKL_MIXED_FUNCTIONS(X)         \
  X(cblas_gemm_bf16bf16f32, CblasMixedGemm) \
  X(cblas_gemm_f16f16f32, CblasMixedGemm)

// BLIS.

using BlisSetNumThreads = void(std::int64_t);

#define MOAT_BLIS_FUNCTIONS(X)                       \
  X(bli_info_get_version_str, const char*())         \
  X(bli_info_get_blas_int_type_size, std::int64_t()) \
  X(bli_info_get_enable_openmp, std::int64_t())      \
  X(bli_info_get_enable_pthreads, std::int64_t())    \
  X(bli_arch_query_id, int())                        \
  X(bli_arch_string, const char*(int))               \
  X(bli_thread_set_num_threads, BlisSetNumThreads)

#define MOAT_MEMBER(name, type) std::add_pointer_t<type> name = nullptr;
struct OpenblasFunctions {
  MOAT_OPENBLAS_FUNCTIONS(MOAT_MEMBER)
};
struct MklFunctions {
  MOAT_MKL_FUNCTIONS(MOAT_MEMBER)
};
/// MKLVersion of mkl_types.h.
struct MklVersion {
  int major = 0;
  int minor = 0;
  int update = 0;
  char* product_status = nullptr;
  char* build = nullptr;
  char* processor =
      nullptr;  // "Intel(R) Advanced Vector Extensions 512 (Intel(R) AVX-512) enabled processors"
  char* platform = nullptr;
};
using MklGetVersion = void(MklVersion*);
struct BlisFunctions {
  MOAT_BLIS_FUNCTIONS(MOAT_MEMBER)
};
#undef MOAT_MEMBER

// oneTBB, under a oneDNN that uses it. The C++ interface's binary form has been the same since 2021:
// create(global_control&) is the constructor of an object that limits all threads until it is destroyed.

struct TbbGlobalControl {
  std::size_t value = 0;
  std::intptr_t reserved = 0;
  int parameter = 0;  // max_allowed_parallelism
};
using TbbCreateGlobalControl = void(TbbGlobalControl&);
constexpr const char* tbb_create_global_control = "_ZN3tbb6detail2r16createERNS0_2d114global_controlE";

/// omp_set_num_threads of the OpenMP runtime that a library brought.
using OmpSetNumThreads = void(int);

/// GNU's entry point of a parallel region: every thread of the team calls `body(data)`.
using GompParallel = void(void (*body)(void*), void* data, unsigned threads, unsigned flags);

}  // namespace moat::host
