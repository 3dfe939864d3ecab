// OpenCL's return codes become exceptions with the function's name, the code's name and the place.
// Knows the ABI only.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "adapters/common/source_location.h"
#include "adapters/opencl/abi.h"

namespace moat::opencl {

/// "CL_OUT_OF_RESOURCES (-5)"; also CLBlast's own codes; "unknown code (-4711)" for others.
[[nodiscard]] std::string code_text(cl_int code);

/// "clFinish: CL_OUT_OF_RESOURCES (-5) at adapters/opencl/device.cpp:120"; of CLBlast's own codes also what
/// they mean.
[[nodiscard]] std::string failure_text(cl_int code, std::string_view call,
                                       SourceLocation location = SourceLocation::here());

/// Throws OutOfMemory for CL_MEM_OBJECT_ALLOCATION_FAILURE and CL_OUT_OF_HOST_MEMORY, DeviceError for any
/// other code but CL_SUCCESS. CL_OUT_OF_RESOURCES is a DeviceError: drivers also use it for faulting kernels
/// and exhausted registers.
void check(cl_int code, std::string_view call, SourceLocation location = SourceLocation::here());

/// Where running out of resources can only mean memory: allocating and filling buffers.
/// CL_OUT_OF_RESOURCES and CL_INVALID_BUFFER_SIZE are OutOfMemory too.
void check_memory(cl_int code, std::string_view call, SourceLocation location = SourceLocation::here());

#define MOAT_OPENCL_CHECK(call) ::moat::opencl::check((call), ::moat::called_function(#call))
#define MOAT_OPENCL_CHECK_MEMORY(call) ::moat::opencl::check_memory((call), ::moat::called_function(#call))

/// Owner of one reference to an OpenCL object, e.g. Owned<cl_mem>(raw, symbols.clReleaseMemObject).
template <class Handle>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, cl_int (*)(Handle)>;

}  // namespace moat::opencl
