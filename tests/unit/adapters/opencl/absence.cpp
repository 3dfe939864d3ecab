// What a machine without OpenCL is told, and why.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "adapters/common/device_nodes.h"
#include "adapters/opencl/adapter.h"
#include "adapters/opencl/info.h"
#include "adapters/opencl/library.h"
#include "base/error.h"
#include "tests/catch.h"
#include "tests/unit/adapters/environment.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using namespace moat::opencl;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("without a loader, discovery tells which names were tried and what to install") {
  Configuration configuration;
  configuration.loader.stems = {"libMoatHasNoOpenCL"};
  const auto adapter = make_adapter(configuration);
  const Discovery discovery = adapter->discover();
  CHECK(discovery.devices.empty());
  CHECK_THAT(discovery.absence, ContainsSubstring("libMoatHasNoOpenCL.so with a version of 1, or none"));
  CHECK(discovery.absence.find("install") != std::string::npos);
  CHECK_THROWS_WITH(adapter->open(0), ContainsSubstring("libMoatHasNoOpenCL.so"));
}

TEST_CASE("a cache folder of PoCL that cannot be written is named, with the way out") {
  const test::ScratchFolder folder;
  const EnvironmentVariable writable("POCL_CACHE_DIR", (folder / "cache").string());
  CHECK(explain_pocl_cache().empty());
  const EnvironmentVariable impossible("POCL_CACHE_DIR", "/proc/nowhere/cache");
  CHECK_THAT(explain_pocl_cache(), ContainsSubstring("/proc/nowhere/cache cannot be written") &&
                                       ContainsSubstring("set POCL_CACHE_DIR"));
  const EnvironmentVariable unset("POCL_CACHE_DIR", std::nullopt);
  const EnvironmentVariable no_cache("XDG_CACHE_HOME", std::nullopt);
  const EnvironmentVariable no_home("HOME", "/proc/nowhere");
  CHECK_THAT(explain_pocl_cache(), ContainsSubstring("/proc/nowhere/.cache/pocl/kcache cannot be written"));
}

TEST_CASE("a library that is not OpenCL is refused with the entry points it lacks") {
  const LibraryFiles files{.name = "none", .stems = {"libm"}, .oldest = 6, .newest = 6};
  const auto loaded = load_opencl(files);
  REQUIRE(std::holds_alternative<Unsupported>(loaded));
  CHECK(std::get<Unsupported>(loaded).reason.find("clGetPlatformIDs") != std::string::npos);
  const auto blas = load_clblast(files);
  REQUIRE(std::holds_alternative<Unsupported>(blas));
  CHECK(std::get<Unsupported>(blas).reason.find("CLBlastSgemmStridedBatched") != std::string::npos);
}

TEST_CASE("device nodes are blamed only if they exist and are closed") {
  const test::ScratchFolder folder;
  const auto node = folder.path() / "renderD128";
  std::ofstream(node) << "";
  const std::vector<std::filesystem::path> nodes{node, folder.path() / "renderD129"};
  CHECK(explain_permissions(nodes).empty());
  std::filesystem::permissions(node, std::filesystem::perms::none);
  if (access(node.c_str(), R_OK) == 0) {
    WARN("run as root, to whom no file is closed: only the open case was tested");
  } else {
    CHECK(explain_permissions(nodes).find("no permission for " + node.string() + ":") != std::string::npos);
  }
}

TEST_CASE("CLBlast's version is what its file name carries") {
  CHECK(version_from_file_name("/usr/lib/libclblast.so.1.5.3") ==
        "1.5.3 (by the file name /usr/lib/libclblast.so.1.5.3)");
  CHECK(version_from_file_name("/usr/lib/libclblast.so.1") == "unknown (/usr/lib/libclblast.so.1)");
  CHECK(version_from_file_name("/opt/clblast/libclblast.so") == "unknown (/opt/clblast/libclblast.so)");
}
