// What is said of kernels that are for an older processor, by the names of libraries and of flags.
#include "adapters/host/kernel_level.h"

#include "tests/catch.h"

using namespace moat::host;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::set<std::string> skylake{"sse2", "avx", "avx2", "fma", "avx512f", "avx512bw", "avx512vl"};

KernelChoice openblas(const std::string& core) {
  return {"OpenBLAS 0.3.21", core, KernelLevel::avx512, "", "OPENBLAS_CORETYPE=SkylakeX chooses others"};
}

}  // namespace

TEST_CASE("the processor's level is the best that its flags have", "[host]") {
  CHECK(level_of_flags({"sse2"}) == KernelLevel::sse);
  CHECK(level_of_flags({"sse2", "avx"}) == KernelLevel::avx);
  CHECK(level_of_flags({"sse2", "avx", "avx2", "fma"}) == KernelLevel::avx2);
  CHECK(level_of_flags(skylake) == KernelLevel::avx512);
  CHECK(level_of_flags({"sse2", "avx", "avx512f"}) == KernelLevel::avx);  // Knights Landing's has no kernels
  std::set<std::string> rapids = skylake;
  rapids.insert({"amx_tile", "amx_bf16"});
  CHECK(level_of_flags(rapids) == KernelLevel::amx);
  CHECK(level_of_flags({"asimd"}) == KernelLevel::asimd);
  CHECK(level_of_flags({"asimd", "sve"}) == KernelLevel::sve);
  CHECK(level_of_flags({}) == KernelLevel::unknown);
}

TEST_CASE("every library's names of cores and instruction sets have a level", "[host]") {
  const auto [kernels, level] = GENERATE(table<std::string, KernelLevel>({
      {"Prescott", KernelLevel::sse},
      {"Nehalem", KernelLevel::sse},
      {"Sandybridge", KernelLevel::avx},
      {"Haswell", KernelLevel::avx2},
      {"Zen", KernelLevel::avx2},
      {"SkylakeX", KernelLevel::avx512},
      {"skx", KernelLevel::avx512},
      {"zen4", KernelLevel::avx512},
      {"generic", KernelLevel::sse},
      {"sse41", KernelLevel::sse},
      {"avx", KernelLevel::avx},
      {"avx2_vnni", KernelLevel::avx2},
      {"avx512_core_bf16", KernelLevel::avx512},
      {"avx512_core_amx", KernelLevel::amx},
      {"avx10_1_512_amx", KernelLevel::amx},
      {"Intel(R) Advanced Vector Extensions 512 (Intel(R) AVX-512) enabled processors", KernelLevel::avx512},
      {"Intel(R) Advanced Vector Extensions (Intel(R) AVX) enabled processors", KernelLevel::avx},
      {"NEOVERSEV1", KernelLevel::sve},
      {"ARMV8", KernelLevel::asimd},
      {"a core of tomorrow", KernelLevel::unknown},
  }));
  INFO(kernels);
  CHECK(level_of_kernels(kernels) == level);
}

TEST_CASE("a library that does not know the processor is told of with the core to choose", "[host]") {
  CHECK(
      older_kernels(openblas("Prescott"), KernelLevel::amx) ==
      "OpenBLAS 0.3.21 does not know this processor and uses its Prescott kernels although AVX-512 is there; "
      "OPENBLAS_CORETYPE=SkylakeX chooses others");
  CHECK(older_kernels(openblas("Zen"), KernelLevel::avx512) ==
        "OpenBLAS 0.3.21 uses its Zen kernels although AVX-512 is there; OPENBLAS_CORETYPE=SkylakeX chooses "
        "others");
}

TEST_CASE("where the environment chooses the kernels, it is named", "[host]") {
  const KernelChoice limited{"oneDNN 2.6.3", "avx2", KernelLevel::amx, "ONEDNN_MAX_CPU_ISA=AVX2"};
  CHECK(older_kernels(limited, KernelLevel::amx) ==
        "ONEDNN_MAX_CPU_ISA=AVX2 keeps oneDNN 2.6.3 to its avx2 kernels although AMX is there");
}

TEST_CASE("kernels that are as good as the processor, the library or our knowledge are no remark", "[host]") {
  CHECK(older_kernels(openblas("SkylakeX"), KernelLevel::amx).empty());  // it has nothing beyond
  CHECK(older_kernels(openblas("Prescott"), KernelLevel::sse).empty());
  CHECK(older_kernels(openblas("Prescott"), KernelLevel::unknown).empty());
  CHECK(older_kernels(openblas("a core of tomorrow"), KernelLevel::amx).empty());
  CHECK(older_kernels(openblas("ARMV8"), KernelLevel::avx512).empty());
}

TEST_CASE("the core to choose follows from the processor", "[host]") {
  CHECK(openblas_core(KernelLevel::amx, {}) == "SkylakeX");
  CHECK(openblas_core(KernelLevel::avx2, {}) == "Haswell");
  CHECK(openblas_core(KernelLevel::avx2, {"sse4a"}) == "Zen");
  CHECK(openblas_core(KernelLevel::sve, {}) == "NEOVERSEV1");
  CHECK(openblas_core(KernelLevel::sse, {}).empty());
}
