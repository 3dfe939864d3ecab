// The binary interface of OpenCL 1.2 and of CLBlast's C API, as far as this adapter calls them. Declared
// here, under the vendors' own names, so that the build needs no SDK; tests/unit/adapters/opencl/abi.cpp
// compares it with the public headers (tier A). Includes nothing but the standard library.
#pragma once

#include <cstddef>
#include <cstdint>

namespace moat::opencl {

// NOLINTBEGIN(readability-identifier-naming): OpenCL's own names
using cl_int = std::int32_t;
using cl_uint = std::uint32_t;
using cl_ulong = std::uint64_t;
using cl_bool = cl_uint;
using cl_bitfield = cl_ulong;

using cl_platform_id = struct PlatformObject*;
using cl_device_id = struct DeviceIdObject*;
using cl_context = struct ContextObject*;
using cl_command_queue = struct QueueObject*;
using cl_mem = struct MemoryObject*;
using cl_program = struct ProgramObject*;
using cl_kernel = struct KernelObject*;
using cl_event = struct EventObject*;
// NOLINTEND(readability-identifier-naming)

/// cl_device_pci_bus_info_khr.
struct PciBusInfo {
  cl_uint domain;
  cl_uint bus;
  cl_uint device;
  cl_uint function;
};

/// cl_buffer_region.
struct BufferRegion {
  std::size_t offset;
  std::size_t bytes;
};

// Lists are X(name, value): one list for the constants, their names in messages and the comparison with the
// headers. CL_ is left out, because a test includes this file and <CL/cl.h>, whose macros carry it.

#define MOAT_OPENCL_CODES(X)                        \
  X(SUCCESS, 0)                                     \
  X(DEVICE_NOT_FOUND, -1)                           \
  X(DEVICE_NOT_AVAILABLE, -2)                       \
  X(COMPILER_NOT_AVAILABLE, -3)                     \
  X(MEM_OBJECT_ALLOCATION_FAILURE, -4)              \
  X(OUT_OF_RESOURCES, -5)                           \
  X(OUT_OF_HOST_MEMORY, -6)                         \
  X(PROFILING_INFO_NOT_AVAILABLE, -7)               \
  X(MEM_COPY_OVERLAP, -8)                           \
  X(IMAGE_FORMAT_MISMATCH, -9)                      \
  X(IMAGE_FORMAT_NOT_SUPPORTED, -10)                \
  X(BUILD_PROGRAM_FAILURE, -11)                     \
  X(MAP_FAILURE, -12)                               \
  X(MISALIGNED_SUB_BUFFER_OFFSET, -13)              \
  X(EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST, -14) \
  X(COMPILE_PROGRAM_FAILURE, -15)                   \
  X(LINKER_NOT_AVAILABLE, -16)                      \
  X(LINK_PROGRAM_FAILURE, -17)                      \
  X(DEVICE_PARTITION_FAILED, -18)                   \
  X(KERNEL_ARG_INFO_NOT_AVAILABLE, -19)             \
  X(INVALID_VALUE, -30)                             \
  X(INVALID_DEVICE_TYPE, -31)                       \
  X(INVALID_PLATFORM, -32)                          \
  X(INVALID_DEVICE, -33)                            \
  X(INVALID_CONTEXT, -34)                           \
  X(INVALID_QUEUE_PROPERTIES, -35)                  \
  X(INVALID_COMMAND_QUEUE, -36)                     \
  X(INVALID_HOST_PTR, -37)                          \
  X(INVALID_MEM_OBJECT, -38)                        \
  X(INVALID_IMAGE_FORMAT_DESCRIPTOR, -39)           \
  X(INVALID_IMAGE_SIZE, -40)                        \
  X(INVALID_SAMPLER, -41)                           \
  X(INVALID_BINARY, -42)                            \
  X(INVALID_BUILD_OPTIONS, -43)                     \
  X(INVALID_PROGRAM, -44)                           \
  X(INVALID_PROGRAM_EXECUTABLE, -45)                \
  X(INVALID_KERNEL_NAME, -46)                       \
  X(INVALID_KERNEL_DEFINITION, -47)                 \
  X(INVALID_KERNEL, -48)                            \
  X(INVALID_ARG_INDEX, -49)                         \
  X(INVALID_ARG_VALUE, -50)                         \
  X(INVALID_ARG_SIZE, -51)                          \
  X(INVALID_KERNEL_ARGS, -52)                       \
  X(INVALID_WORK_DIMENSION, -53)                    \
  X(INVALID_WORK_GROUP_SIZE, -54)                   \
  X(INVALID_WORK_ITEM_SIZE, -55)                    \
  X(INVALID_GLOBAL_OFFSET, -56)                     \
  X(INVALID_EVENT_WAIT_LIST, -57)                   \
  X(INVALID_EVENT, -58)                             \
  X(INVALID_OPERATION, -59)                         \
  X(INVALID_GL_OBJECT, -60)                         \
  X(INVALID_BUFFER_SIZE, -61)                       \
  X(INVALID_MIP_LEVEL, -62)                         \
  X(INVALID_GLOBAL_WORK_SIZE, -63)                  \
  X(INVALID_PROPERTY, -64)                          \
  X(INVALID_IMAGE_DESCRIPTOR, -65)                  \
  X(INVALID_COMPILER_OPTIONS, -66)                  \
  X(INVALID_LINKER_OPTIONS, -67)                    \
  X(INVALID_DEVICE_PARTITION_COUNT, -68)            \
  X(PLATFORM_NOT_FOUND_KHR, -1001)

#define MOAT_OPENCL_CONSTANTS(X)                \
  X(FALSE, 0)                                   \
  X(TRUE, 1)                                    \
  X(COMPLETE, 0)                                \
  X(PLATFORM_VERSION, 0x0901)                   \
  X(PLATFORM_NAME, 0x0902)                      \
  X(DEVICE_TYPE_CPU, 1 << 1)                    \
  X(DEVICE_TYPE_GPU, 1 << 2)                    \
  X(DEVICE_TYPE_ALL, 0xFFFFFFFF)                \
  X(DEVICE_TYPE, 0x1000)                        \
  X(DEVICE_MAX_COMPUTE_UNITS, 0x1002)           \
  X(DEVICE_MAX_WORK_GROUP_SIZE, 0x1004)         \
  X(DEVICE_MAX_WORK_ITEM_SIZES, 0x1005)         \
  X(DEVICE_MAX_CLOCK_FREQUENCY, 0x100C)         \
  X(DEVICE_MAX_MEM_ALLOC_SIZE, 0x1010)          \
  X(DEVICE_GLOBAL_MEM_CACHE_SIZE, 0x101E)       \
  X(DEVICE_GLOBAL_MEM_SIZE, 0x101F)             \
  X(DEVICE_LOCAL_MEM_TYPE, 0x1022)              \
  X(DEVICE_LOCAL_MEM_SIZE, 0x1023)              \
  X(DEVICE_ERROR_CORRECTION_SUPPORT, 0x1024)    \
  X(DEVICE_PROFILING_TIMER_RESOLUTION, 0x1025)  \
  X(DEVICE_AVAILABLE, 0x1027)                   \
  X(DEVICE_NAME, 0x102B)                        \
  X(DEVICE_VENDOR, 0x102C)                      \
  X(DRIVER_VERSION, 0x102D)                     \
  X(DEVICE_VERSION, 0x102F)                     \
  X(DEVICE_EXTENSIONS, 0x1030)                  \
  X(DEVICE_DOUBLE_FP_CONFIG, 0x1032)            \
  X(DEVICE_HOST_UNIFIED_MEMORY, 0x1035)         \
  X(DEVICE_NATIVE_VECTOR_WIDTH_FLOAT, 0x103A)   \
  X(DEVICE_OPENCL_C_VERSION, 0x103D)            \
  X(DEVICE_UUID_KHR, 0x106A)                    \
  X(UUID_SIZE_KHR, 16)                          \
  X(DEVICE_PCI_BUS_INFO_KHR, 0x410F)            \
  X(DEVICE_COMPUTE_CAPABILITY_MAJOR_NV, 0x4000) \
  X(DEVICE_COMPUTE_CAPABILITY_MINOR_NV, 0x4001) \
  X(LOCAL, 1)                                   \
  X(QUEUE_PROFILING_ENABLE, 1 << 1)             \
  X(MEM_READ_WRITE, 1 << 0)                     \
  X(BUFFER_CREATE_TYPE_REGION, 0x1220)          \
  X(PROGRAM_BUILD_LOG, 0x1183)                  \
  X(KERNEL_NUM_ARGS, 0x1191)                    \
  X(KERNEL_WORK_GROUP_SIZE, 0x11B0)             \
  X(EVENT_COMMAND_EXECUTION_STATUS, 0x11D3)     \
  X(PROFILING_COMMAND_START, 0x1282)            \
  X(PROFILING_COMMAND_END, 0x1283)

#define MOAT_OPENCL_DECLARE(name, value) constexpr cl_int CL_##name = value;
MOAT_OPENCL_CODES(MOAT_OPENCL_DECLARE)
#undef MOAT_OPENCL_DECLARE
#define MOAT_OPENCL_DECLARE(name, value) constexpr cl_uint CL_##name = value;
MOAT_OPENCL_CONSTANTS(MOAT_OPENCL_DECLARE)
#undef MOAT_OPENCL_DECLARE

// Entry points: X(name, result, (parameters)).

#define MOAT_OPENCL_FUNCTIONS(X)                                                                             \
  X(clGetPlatformIDs, cl_int, (cl_uint, cl_platform_id*, cl_uint*))                                          \
  X(clGetPlatformInfo, cl_int, (cl_platform_id, cl_uint, std::size_t, void*, std::size_t*))                  \
  X(clGetDeviceIDs, cl_int, (cl_platform_id, cl_bitfield, cl_uint, cl_device_id*, cl_uint*))                 \
  X(clGetDeviceInfo, cl_int, (cl_device_id, cl_uint, std::size_t, void*, std::size_t*))                      \
  X(clCreateContext, cl_context,                                                                             \
    (const std::intptr_t*, cl_uint, const cl_device_id*,                                                     \
     void (*)(const char*, const void*, std::size_t, void*), void*, cl_int*))                                \
  X(clReleaseContext, cl_int, (cl_context))                                                                  \
  X(clCreateCommandQueue, cl_command_queue, (cl_context, cl_device_id, cl_bitfield, cl_int*))                \
  X(clReleaseCommandQueue, cl_int, (cl_command_queue))                                                       \
  X(clCreateBuffer, cl_mem, (cl_context, cl_bitfield, std::size_t, void*, cl_int*))                          \
  X(clCreateSubBuffer, cl_mem, (cl_mem, cl_bitfield, cl_uint, const void*, cl_int*))                         \
  X(clReleaseMemObject, cl_int, (cl_mem))                                                                    \
  X(clCreateProgramWithSource, cl_program, (cl_context, cl_uint, const char**, const std::size_t*, cl_int*)) \
  X(clBuildProgram, cl_int,                                                                                  \
    (cl_program, cl_uint, const cl_device_id*, const char*, void (*)(cl_program, void*), void*))             \
  X(clGetProgramBuildInfo, cl_int, (cl_program, cl_device_id, cl_uint, std::size_t, void*, std::size_t*))    \
  X(clReleaseProgram, cl_int, (cl_program))                                                                  \
  X(clCreateKernel, cl_kernel, (cl_program, const char*, cl_int*))                                           \
  X(clSetKernelArg, cl_int, (cl_kernel, cl_uint, std::size_t, const void*))                                  \
  X(clGetKernelInfo, cl_int, (cl_kernel, cl_uint, std::size_t, void*, std::size_t*))                         \
  X(clGetKernelWorkGroupInfo, cl_int, (cl_kernel, cl_device_id, cl_uint, std::size_t, void*, std::size_t*))  \
  X(clReleaseKernel, cl_int, (cl_kernel))                                                                    \
  X(clEnqueueReadBuffer, cl_int,                                                                             \
    (cl_command_queue, cl_mem, cl_bool, std::size_t, std::size_t, void*, cl_uint, const cl_event*,           \
     cl_event*))                                                                                             \
  X(clEnqueueWriteBuffer, cl_int,                                                                            \
    (cl_command_queue, cl_mem, cl_bool, std::size_t, std::size_t, const void*, cl_uint, const cl_event*,     \
     cl_event*))                                                                                             \
  X(clEnqueueNDRangeKernel, cl_int,                                                                          \
    (cl_command_queue, cl_kernel, cl_uint, const std::size_t*, const std::size_t*, const std::size_t*,       \
     cl_uint, const cl_event*, cl_event*))                                                                   \
  X(clEnqueueMarkerWithWaitList, cl_int, (cl_command_queue, cl_uint, const cl_event*, cl_event*))            \
  X(clFinish, cl_int, (cl_command_queue))                                                                    \
  X(clWaitForEvents, cl_int, (cl_uint, const cl_event*))                                                     \
  X(clGetEventInfo, cl_int, (cl_event, cl_uint, std::size_t, void*, std::size_t*))                           \
  X(clGetEventProfilingInfo, cl_int, (cl_event, cl_uint, std::size_t, void*, std::size_t*))                  \
  X(clRetainEvent, cl_int, (cl_event))                                                                       \
  X(clReleaseEvent, cl_int, (cl_event))

// CLBlast. Its enumerations are passed as int; sizes and leading dimensions count elements.

/// Codes of CLBlast's own; the others are OpenCL's.
#define MOAT_CLBLAST_CODES(X)        \
  X(NotImplemented, -1024)           \
  X(InvalidMatrixA, -1022)           \
  X(InvalidMatrixB, -1021)           \
  X(InvalidMatrixC, -1020)           \
  X(InvalidDimension, -1017)         \
  X(InvalidLeadDimA, -1016)          \
  X(InvalidLeadDimB, -1015)          \
  X(InvalidLeadDimC, -1014)          \
  X(InsufficientMemoryA, -1011)      \
  X(InsufficientMemoryB, -1010)      \
  X(InsufficientMemoryC, -1009)      \
  X(InsufficientMemoryTemp, -2050)   \
  X(InvalidBatchCount, -2049)        \
  X(InvalidOverrideKernel, -2048)    \
  X(MissingOverrideParameter, -2047) \
  X(InvalidLocalMemUsage, -2046)     \
  X(NoHalfPrecision, -2045)          \
  X(NoDoublePrecision, -2044)        \
  X(DatabaseError, -2041)            \
  X(UnknownError, -2040)             \
  X(UnexpectedError, -2039)

#define MOAT_CLBLAST_CONSTANTS(X) \
  X(LayoutRowMajor, 101)          \
  X(TransposeNo, 111)             \
  X(TransposeYes, 112)

#define MOAT_CLBLAST_DECLARE(name, value) constexpr int CLBlast##name = value;
MOAT_CLBLAST_CODES(MOAT_CLBLAST_DECLARE)
MOAT_CLBLAST_CONSTANTS(MOAT_CLBLAST_DECLARE)
#undef MOAT_CLBLAST_DECLARE

/// (layout, transpose a, transpose b, m, n, k, alpha, a, offset, ld, b, offset, ld, beta, c, offset, ld,
/// queue, event, scratch). A null scratch lets the library allocate it.
template <class T>
using ClblastGemm = int(int, int, int, std::size_t, std::size_t, std::size_t, T, cl_mem, std::size_t,
                        std::size_t, cl_mem, std::size_t, std::size_t, T, cl_mem, std::size_t, std::size_t,
                        cl_command_queue*, cl_event*, cl_mem);
/// As above with a stride after each leading dimension and the batch before the queue; no scratch.
template <class T>
using ClblastBatchedGemm = int(int, int, int, std::size_t, std::size_t, std::size_t, T, cl_mem, std::size_t,
                               std::size_t, std::size_t, cl_mem, std::size_t, std::size_t, std::size_t, T,
                               cl_mem, std::size_t, std::size_t, std::size_t, std::size_t, cl_command_queue*,
                               cl_event*);
/// (layout, transpose a, transpose b, m, n, k, a offset, ld, b offset, ld, c offset, ld, queue, bytes).
using ClblastScratchSize = int(int, int, int, std::size_t, std::size_t, std::size_t, std::size_t, std::size_t,
                               std::size_t, std::size_t, std::size_t, std::size_t, cl_command_queue*,
                               std::size_t*);

/// Entry points: X(name, type).
#define MOAT_CLBLAST_FUNCTIONS(X)                          \
  X(CLBlastSgemmWithTempBuffer, ClblastGemm<float>)        \
  X(CLBlastDgemmWithTempBuffer, ClblastGemm<double>)       \
  X(CLBlastSGemmTempBufferSize, ClblastScratchSize)        \
  X(CLBlastDGemmTempBufferSize, ClblastScratchSize)        \
  X(CLBlastSgemmStridedBatched, ClblastBatchedGemm<float>) \
  X(CLBlastDgemmStridedBatched, ClblastBatchedGemm<double>)

}  // namespace moat::opencl
