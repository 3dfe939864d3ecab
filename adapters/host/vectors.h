// Vector registers for the host's own loops: which ones this processor has, and how a function is compiled
// for them while the program stays one for every processor of the architecture.
#pragma once

#include <cstddef>
#include <cstdint>

namespace moat::host {

/// Widest registers with floating-point multiply-adds that processor and system can use: avx512 64 bytes,
/// avx2 32, baseline 16.
enum class Vectors : std::uint8_t { baseline, avx2, avx512 };
[[nodiscard]] Vectors widest_vectors();

/// A vector that may lie anywhere an element may.
template <class T, std::size_t bytes>
using Vector [[gnu::vector_size(bytes), gnu::aligned(alignof(T)), gnu::may_alias]] = T;

}  // namespace moat::host

// MOAT_FOR_EACH_VECTORS(DEFINE): DEFINE(suffix, bytes of a register, attribute) for each of Vectors. Loops
// are defined by macros, not as templates over the width: a compiler lowers a vector by what the function
// around it may use.
#if defined(__x86_64__)
#define MOAT_FOR_EACH_VECTORS(DEFINE)                   \
  DEFINE(baseline, 16, )                                \
  DEFINE(avx2, 32, __attribute__((target("avx2,fma")))) \
  DEFINE(avx512, 64, __attribute__((target("avx512f,avx512bw"))))
#else
#define MOAT_FOR_EACH_VECTORS(DEFINE) \
  DEFINE(baseline, 16, )              \
  DEFINE(avx2, 16, )                  \
  DEFINE(avx512, 16, )
#endif
