// What the processor says of itself, through the compiler's own check, which asks the system, too.
#include "adapters/host/vectors.h"

namespace moat::host {

Vectors widest_vectors() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0)
    return Vectors::avx512;
  if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) return Vectors::avx2;
#endif
  return Vectors::baseline;
}

}  // namespace moat::host
