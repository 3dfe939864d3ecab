// How many threads an OpenMP runtime grants, asked of GNU's where this machine has it.
#include "adapters/host/openmp.h"

#include <dlfcn.h>

#include "adapters/common/dynamic_library.h"
#include "tests/catch.h"
#include "tests/unit/adapters/environment.h"

using namespace moat;
using namespace moat::host;

TEST_CASE("without a runtime everything is granted", "[host]") {
  const OpenMp none;
  CHECK_FALSE(none.is_there());
  CHECK(none.granted(7) == 7);
  CHECK_FALSE(OpenMp(nullptr).is_there());
}

TEST_CASE("a region that the runtime keeps to one thread is found out by entering it", "[host]") {
  void* handle = dlopen("libgomp.so.1", RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    WARN("not exercised: GNU's OpenMP is not installed");
    return;
  }
  const OpenMp openmp(handle);
  REQUIRE(openmp.is_there());
  CHECK(openmp.granted(1) == 1);
  CHECK(openmp.granted(2) == 2);
  void (*set_max_active_levels)(int) = nullptr;
  find_symbol(handle, "omp_set_max_active_levels", set_max_active_levels);
  REQUIRE(set_max_active_levels != nullptr);
  set_max_active_levels(0);  // as OMP_MAX_ACTIVE_LEVELS=0; OMP_THREAD_LIMIT is only read at the start
  CHECK(openmp.granted(2) == 1);
  set_max_active_levels(1);
}

TEST_CASE("threads that are not granted are a remark that names what may have limited them", "[host]") {
  const EnvironmentVariable levels("OMP_MAX_ACTIVE_LEVELS", std::nullopt);
  const EnvironmentVariable dynamic("OMP_DYNAMIC", std::nullopt);
  const EnvironmentVariable limit("OMP_THREAD_LIMIT", "1");
  CHECK(openmp_remark(1, 2) == "OpenMP grants 1 of 2 threads (OMP_THREAD_LIMIT=1)");
  CHECK(openmp_remark(2, 2).empty());
  const EnvironmentVariable none("OMP_THREAD_LIMIT", std::nullopt);
  CHECK(openmp_remark(1, 2) == "OpenMP grants 1 of 2 threads");
}

TEST_CASE("threads that are bound to fewer processors than they are share them, which is a remark",
          "[host]") {
  for (const char* name :
       {"OMP_PROC_BIND", "GOMP_CPU_AFFINITY", "KMP_AFFINITY", "KMP_HW_SUBSET", "MOAT_HOST_THREADS"})
    unsetenv(name);
  const EnvironmentVariable places("OMP_PLACES", "{0}");
  CHECK(sharing_remark(2, 1) == "2 threads share 1 processor (OMP_PLACES={0})");
  CHECK(sharing_remark(2, 2).empty());
  CHECK(sharing_remark(2, 0).empty());  // not known
  CHECK(OpenMp().processors(2) == 0);
  if (void* handle = dlopen("libgomp.so.1", RTLD_NOW | RTLD_LOCAL)) CHECK(OpenMp(handle).processors(1) >= 1);
}
