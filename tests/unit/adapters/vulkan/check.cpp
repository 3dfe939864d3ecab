// Return codes become exceptions that name the call, the code and the place; timestamps become seconds.
#include "adapters/vulkan/check.h"

#include "adapters/vulkan/session.h"
#include "base/error.h"
#include "tests/catch.h"

using namespace moat;
using namespace moat::vulkan;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;

TEST_CASE("codes are written by name and number") {
  CHECK(code_text(VK_SUCCESS) == "VK_SUCCESS (0)");
  CHECK(code_text(VK_ERROR_DEVICE_LOST) == "VK_ERROR_DEVICE_LOST (-4)");
  CHECK(code_text(static_cast<VkResult>(-4711)) == "unknown code (-4711)");
}

TEST_CASE("success and codes that tell a state throw nothing") {
  CHECK_NOTHROW(MOAT_VULKAN_CHECK(VK_SUCCESS));
  CHECK_NOTHROW(MOAT_VULKAN_CHECK(VK_INCOMPLETE));
}

TEST_CASE("a failed call is told with its function, its code and its place, not with its source text") {
  const auto fail = [] { return VK_ERROR_INITIALIZATION_FAILED; };
  CHECK_THROWS_WITH(MOAT_VULKAN_CHECK(fail()),
                    Catch::Matchers::StartsWith("fail: VK_ERROR_INITIALIZATION_FAILED (-3) at "));
  CHECK_THROWS_WITH(MOAT_VULKAN_CHECK(fail()), ContainsSubstring("adapters/vulkan/check.cpp:"));
  CHECK_THROWS_AS(MOAT_VULKAN_CHECK(fail()), DeviceError);
}

TEST_CASE("running out of memory is its own exception, and a lost device says what to do") {
  CHECK_THROWS_AS(check(VK_ERROR_OUT_OF_DEVICE_MEMORY, "call"), OutOfMemory);
  CHECK_THROWS_AS(check(VK_ERROR_OUT_OF_HOST_MEMORY, "call"), OutOfMemory);
  CHECK_THROWS_WITH(check(VK_ERROR_DEVICE_LOST, "call"), ContainsSubstring("open it again"));
}

TEST_CASE("timestamps are told apart by their valid bits, across a wrap") {
  CHECK_THAT(seconds_between(1000, 3000, 64, 1), WithinRel(2e-6, 1e-9));
  CHECK_THAT(seconds_between(1000, 3000, 64, 52.08), WithinRel(2000 * 52.08e-9, 1e-9));
  CHECK_THAT(seconds_between((1ULL << 36) - 10, 20, 36, 1), WithinRel(30e-9, 1e-9));
  CHECK_THAT(seconds_between(~0ULL - 9, 20, 36, 1),
             WithinRel(30e-9, 1e-9));  // bits beyond the valid ones mean nothing
  CHECK_THAT(seconds_between(~0ULL - 9, 20, 64, 1), WithinRel(30e-9, 1e-9));
  CHECK_THAT(seconds_between(3000, 1000, 64, 1), WithinRel(-2e-6, 1e-9));
}
