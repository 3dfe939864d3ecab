// Where a driver keeps what it compiled, by the variables that it reads.
#include "adapters/common/compiled_kernels.h"

#include "tests/catch.h"
#include "tests/unit/adapters/environment.h"

using namespace moat;

namespace {

std::string pocl() {
  return compiled_kernels_text("POCL_CACHE_DIR", "", "pocl/kcache");
}

}  // namespace

TEST_CASE("the folder is the driver's own variable's, else the user's cache, and both ways out are named") {
  const EnvironmentVariable home("HOME", "/home/someone");
  const EnvironmentVariable cache("XDG_CACHE_HOME", std::nullopt);
  const EnvironmentVariable own("POCL_CACHE_DIR", std::nullopt);
  CHECK(pocl() == "/home/someone/.cache/pocl/kcache; remove it, or set POCL_CACHE_DIR to another folder");
  {
    const EnvironmentVariable set("XDG_CACHE_HOME", "/cache");
    CHECK(pocl() == "/cache/pocl/kcache; remove it, or set POCL_CACHE_DIR to another folder");
  }
  {
    const EnvironmentVariable set("POCL_CACHE_DIR", "/own/");
    CHECK(pocl() == "/own; remove it, or set POCL_CACHE_DIR to another folder");
  }
  const EnvironmentVariable homeless("HOME", std::nullopt);
  CHECK(pocl() == "set POCL_CACHE_DIR to a folder of your own");
}

TEST_CASE("only a device with the detail has a hint at its cache") {
  DeviceInfo info;
  CHECK(compiled_kernels_hint(info).empty());
  info.details.emplace_back(compiled_kernels_detail, "/cache; remove it");
  CHECK(compiled_kernels_hint(info) ==
        "; if this comes back, what its driver compiled earlier may be damaged: /cache; remove it");
}
