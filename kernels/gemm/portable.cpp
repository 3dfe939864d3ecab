// The project's own GEMM kernels: naive, and portable by the methods of methods.h. Must not know adapters.
#include "kernels/gemm/methods.h"

namespace moat {

std::span<const Implementation> gemm_implementations() {
  static const std::array implementations{
      implementation_of("naive", gemm_naive_methods),
      implementation_of("portable", gemm_portable_methods, {"m", "n", "k", "batch"})};
  return implementations;
}

}  // namespace moat
