// The project's own convolution kernels: naive, and portable by the methods of methods.h.
// Must not know adapters.
#include "kernels/convolution/methods.h"

namespace moat {

std::span<const Implementation> convolution_implementations() {
  static const std::array implementations{
      implementation_of("naive", convolution_naive_methods),
      implementation_of("portable", convolution_portable_methods, {"n", "c", "h", "w", "k"})};
  return implementations;
}

}  // namespace moat
