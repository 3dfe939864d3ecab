// Names of codes and the choice of exception.
#include "adapters/opencl/check.h"

#include <fmt/format.h>

#include "base/error.h"

namespace moat::opencl {
namespace {

std::string_view code_name(cl_int code) {
  switch (code) {
#define MOAT_OPENCL_NAME(name, value) \
  case value:                         \
    return "CL_" #name;
    MOAT_OPENCL_CODES(MOAT_OPENCL_NAME)
#undef MOAT_OPENCL_NAME
#define MOAT_CLBLAST_NAME(name, value) \
  case value:                          \
    return "CLBlast" #name;
    MOAT_CLBLAST_CODES(MOAT_CLBLAST_NAME)
#undef MOAT_CLBLAST_NAME
    default:
      return "unknown code";
  }
}

/// What CLBlast's own codes mean; those of OpenCL say it by their names.
std::string_view meaning(cl_int code) {
  switch (code) {
    case CLBlastNotImplemented:
      return "it has no such routine";
    case CLBlastInsufficientMemoryA:
    case CLBlastInsufficientMemoryB:
    case CLBlastInsufficientMemoryC:
      return "a matrix reaches beyond the end of its buffer";
    case CLBlastInsufficientMemoryTemp:
      return "its scratch memory is too small";
    case CLBlastInvalidLocalMemUsage:
      return "its kernel needs more local memory than the device has";
    case CLBlastNoHalfPrecision:
      return "the device has no half precision";
    case CLBlastNoDoublePrecision:
      return "the device has no double precision";
    case CLBlastInvalidOverrideKernel:
    case CLBlastMissingOverrideParameter:
    case CLBlastDatabaseError:
      return "its database of tuned parameters does not fit the kernel";
    case CLBlastInvalidMatrixA:
    case CLBlastInvalidMatrixB:
    case CLBlastInvalidMatrixC:
      return "a matrix is no valid buffer";
    case CLBlastInvalidDimension:
    case CLBlastInvalidLeadDimA:
    case CLBlastInvalidLeadDimB:
    case CLBlastInvalidLeadDimC:
    case CLBlastInvalidBatchCount:
      return "it refuses a size";
    case CLBlastUnknownError:
    case CLBlastUnexpectedError:
      return "it caught an exception and does not say which; its kernel may not compile on this device";
    default:
      return "";
  }
}

}  // namespace

std::string code_text(cl_int code) {
  return fmt::format("{} ({})", code_name(code), code);
}

std::string failure_text(cl_int code, std::string_view call, SourceLocation location) {
  const std::string_view meant = meaning(code);
  return fmt::format("{}: {}{}{} at {}", call, code_text(code), meant.empty() ? "" : ", ", meant,
                     location.text());
}

void check(cl_int code, std::string_view call, SourceLocation location) {
  if (code == CL_SUCCESS) return;
  const std::string text = failure_text(code, call, location);
  if (code == CL_MEM_OBJECT_ALLOCATION_FAILURE || code == CL_OUT_OF_HOST_MEMORY) throw OutOfMemory(text);
  throw DeviceError(text);
}

void check_memory(cl_int code, std::string_view call, SourceLocation location) {
  if (code == CL_OUT_OF_RESOURCES || code == CL_INVALID_BUFFER_SIZE) {
    throw OutOfMemory(failure_text(code, call, location));
  }
  check(code, call, location);
}

}  // namespace moat::opencl
