// The project's own attention kernels: naive, and portable by the methods of methods.h.
// Must not know adapters.
#include "kernels/attention/methods.h"

namespace moat {

std::span<const Implementation> attention_implementations() {
  static const std::array implementations{
      implementation_of("naive", attention_naive_methods),
      implementation_of("portable", attention_portable_methods, {"b", "hq", "hkv", "sq", "skv"})};
  return implementations;
}

}  // namespace moat
