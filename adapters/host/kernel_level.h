// Whether the kernels that a library chose are for an older processor than the one it runs on, from the
// names that libraries give to cores and instruction sets. Pure; must not know how a library is loaded.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>

namespace moat::host {

/// What kernels are written in. Levels of one architecture are in order; sse stands for everything before
/// AVX.
enum class KernelLevel : std::uint8_t { unknown, sse, avx, avx2, avx512, amx, asimd, sve };
[[nodiscard]] std::string_view name(KernelLevel level);

/// The best that a processor with these flags of /proc/cpuinfo can do.
[[nodiscard]] KernelLevel level_of_flags(const std::set<std::string>& flags);
/// Of a core or instruction set by the name that OpenBLAS, BLIS, oneDNN or oneMKL gives it ("Prescott",
/// "skx", "avx512_core_amx", "Intel(R) AVX2"); unknown for any other name.
[[nodiscard]] KernelLevel level_of_kernels(std::string_view kernels);

struct KernelChoice {
  std::string library;  // "OpenBLAS 0.3.21"
  std::string kernels;  // as the library names them
  KernelLevel newest =
      KernelLevel::unknown;  // that the library has; what the processor has beyond it is no loss
  std::string limit;         // the variable that was set and chooses: "OPENBLAS_CORETYPE=Prescott"
  std::string way_out = {};  // "OPENBLAS_CORETYPE=SkylakeX chooses others"
};

/// "OpenBLAS 0.3.21 does not know this processor and uses its Prescott kernels although AVX-512 is there;
/// OPENBLAS_CORETYPE=SkylakeX chooses others". Empty if the kernels are as good as the processor, or if it is
/// not known.
[[nodiscard]] std::string older_kernels(const KernelChoice& choice, KernelLevel processor);

/// The core that OpenBLAS should be told of (OPENBLAS_CORETYPE) on such a processor; empty if none is known.
[[nodiscard]] std::string_view openblas_core(KernelLevel processor, const std::set<std::string>& flags);

/// The flags of the processor that this process runs on.
[[nodiscard]] const std::set<std::string>& processor_flags();

/// "NAME=value, …" of those of `names` that the environment has.
[[nodiscard]] std::string settings_text(std::initializer_list<const char*> names);

}  // namespace moat::host
