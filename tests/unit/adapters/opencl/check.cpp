// Return codes become exceptions that name the call, the code and the place.
#include "adapters/opencl/check.h"

#include "base/error.h"
#include "tests/catch.h"

using namespace moat;
using namespace moat::opencl;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("codes are written by name and number") {
  CHECK(code_text(CL_SUCCESS) == "CL_SUCCESS (0)");
  CHECK(code_text(-1001) == "CL_PLATFORM_NOT_FOUND_KHR (-1001)");
  CHECK(code_text(-2046) == "CLBlastInvalidLocalMemUsage (-2046)");
  CHECK(code_text(-4711) == "unknown code (-4711)");
}

TEST_CASE("success throws nothing") {
  CHECK_NOTHROW(MOAT_OPENCL_CHECK(CL_SUCCESS));
}

TEST_CASE("a failed call is told with its function, its code and its place, not with its source text") {
  const auto fail = [] { return CL_INVALID_VALUE; };
  CHECK_THROWS_WITH(MOAT_OPENCL_CHECK(fail()),
                    Catch::Matchers::StartsWith("fail: CL_INVALID_VALUE (-30) at "));
  CHECK_THROWS_WITH(MOAT_OPENCL_CHECK(fail()), ContainsSubstring("adapters/opencl/check.cpp:"));
  CHECK_THROWS_AS(MOAT_OPENCL_CHECK(fail()), DeviceError);
}

TEST_CASE("the function's name is what is left of the source text of a call") {
  CHECK(called_function("clFinish(queue)") == "clFinish");
  CHECK(called_function("session_->symbols->clFinish(session_->queue.get())") == "clFinish");
  CHECK(called_function("functions.gemm(a::b, c.d())") == "gemm");
  CHECK(called_function("CL_SUCCESS") == "CL_SUCCESS");
}

TEST_CASE("each of CLBlast's own codes comes with what it means") {
  CHECK_THAT(failure_text(-2046, "CLBlast's GEMM"),
             Catch::Matchers::StartsWith(
                 "CLBlast's GEMM: CLBlastInvalidLocalMemUsage (-2046), its kernel needs more "
                 "local memory than the device has at "));
#define MOAT_CLBLAST_HAS_MEANING(name, value) \
  CHECK_THAT(failure_text(value, "call"), ContainsSubstring("(" #value "), "));
  MOAT_CLBLAST_CODES(MOAT_CLBLAST_HAS_MEANING)
#undef MOAT_CLBLAST_HAS_MEANING
}

TEST_CASE("running out of memory is its own exception") {
  CHECK_THROWS_AS(check(CL_MEM_OBJECT_ALLOCATION_FAILURE, "call"), OutOfMemory);
  CHECK_THROWS_AS(check(CL_OUT_OF_HOST_MEMORY, "call"), OutOfMemory);
  CHECK_THROWS_AS(check_memory(CL_OUT_OF_RESOURCES, "call"), OutOfMemory);
  CHECK_THROWS_AS(check_memory(CL_INVALID_BUFFER_SIZE, "call"), OutOfMemory);
}

TEST_CASE("running out of other resources is not mistaken for memory") {
  try {
    check(CL_OUT_OF_RESOURCES, "clFinish");
    FAIL("no exception");
  } catch (const OutOfMemory&) {
    FAIL("a faulting kernel was taken for a lack of memory");
  } catch (const DeviceError& error) {
    CHECK(std::string(error.what()).find("CL_OUT_OF_RESOURCES") != std::string::npos);
  }
}
