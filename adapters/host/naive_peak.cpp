// Chains of multiply-adds on the host: as many as its registers hold, shared among threads. The host's own
// peak, for the instruction set that it has.
#include <algorithm>
#include <bit>

#include "adapters/host/naive.h"
#include "adapters/host/vectors.h"
#include "kernels/peak/peak.h"
#include "kernels/peak/reference.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace moat::host {
namespace {

// Chains of one piece of work; PeakProblem's count is a multiple of it.
constexpr std::size_t piece = 64;

struct PeakMemory {
  const std::byte* start = nullptr;
  std::byte* end = nullptr;
};

// Chains [first, last), which are pieces.
using PeakLoop = void(const PeakMemory& memory, std::size_t chains, std::size_t first, std::size_t last,
                      std::size_t pairs);

// Pairs of registers at a time: with room for the coefficient, and for products where they need it.
constexpr std::size_t pairs_of_registers(std::size_t bytes) {
  return bytes == 64 ? 12 : bytes == 32 ? 8 : 6;
}

// NOLINTBEGIN(bugprone-macro-parentheses): TARGET is an attribute
// The last registers of a range may have no chains left: they compute on zeros.
#define MOAT_CHAINS(NAME, BYTES, TARGET)                                                       \
  template <class T>                                                                           \
  TARGET void chains_##NAME(const PeakMemory& memory, std::size_t chains, std::size_t first,   \
                            std::size_t last, std::size_t pairs) {                             \
    using Register = Vector<T, BYTES>;                                                         \
    constexpr std::size_t lanes = (BYTES) / sizeof(T);                                         \
    constexpr std::size_t count = pairs_of_registers(BYTES);                                   \
    const auto* start = reinterpret_cast<const T*>(memory.start);                              \
    auto* end = reinterpret_cast<T*>(memory.end);                                              \
    const Register e =                                                                         \
        static_cast<T>(peak_coefficient(sizeof(T) == 8 ? Type::f64 : Type::f32)) - Register{}; \
    for (std::size_t at = first; at < last; at += count * lanes) {                             \
      Register x[count] = {};                                                                  \
      Register y[count] = {};                                                                  \
      const std::size_t full = std::min(count, (last - at) / lanes);                           \
      for (std::size_t i = 0; i < count; ++i) {                                                \
        if (i >= full) continue;                                                               \
        x[i] = *reinterpret_cast<const Register*>(start + at + i * lanes);                     \
        y[i] = *reinterpret_cast<const Register*>(start + chains + at + i * lanes);            \
      }                                                                                        \
      for (std::size_t pair = 0; pair < pairs; ++pair) {                                       \
        _Pragma("GCC unroll 16") for (std::size_t i = 0; i < count; ++i) x[i] += e * y[i];     \
        _Pragma("GCC unroll 16") for (std::size_t i = 0; i < count; ++i) y[i] -= e * x[i];     \
      }                                                                                        \
      for (std::size_t i = 0; i < count; ++i) {                                                \
        if (i >= full) continue;                                                               \
        *reinterpret_cast<Register*>(end + at + i * lanes) = x[i];                             \
        *reinterpret_cast<Register*>(end + chains + at + i * lanes) = y[i];                    \
      }                                                                                        \
    }                                                                                          \
  }
MOAT_FOR_EACH_VECTORS(MOAT_CHAINS)

static_assert(std::endian::native == std::endian::little, "byte 0 of a chain's state is its lowest");

// The sum of four products with the signed bytes of each 32-bit lane, by ordinary instructions.
#define MOAT_BYTE_CHAINS(NAME, BYTES, TARGET)                                                             \
  TARGET void byte_chains_##NAME(const PeakMemory& memory, std::size_t chains, std::size_t first,         \
                                 std::size_t last, std::size_t pairs) {                                   \
    using Register = Vector<std::int32_t, BYTES>;                                                         \
    using Sum = Vector<std::uint32_t, BYTES>;                                                             \
    constexpr std::size_t lanes = (BYTES) / sizeof(std::int32_t);                                         \
    constexpr std::size_t count = 4;                                                                      \
    static_assert(piece % lanes == 0);                                                                    \
    const auto* start = reinterpret_cast<const std::int32_t*>(memory.start);                              \
    auto* end = reinterpret_cast<std::int32_t*>(memory.end);                                              \
    for (std::size_t at = first; at < last; at += count * lanes) {                                        \
      Register state[2][count] = {};                                                                      \
      const std::size_t full = std::min(count, (last - at) / lanes);                                      \
      for (std::size_t half = 0; half < 2; ++half) {                                                      \
        for (std::size_t i = 0; i < full; ++i) {                                                          \
          state[half][i] = *reinterpret_cast<const Register*>(start + half * chains + at + i * lanes);    \
        }                                                                                                 \
      }                                                                                                   \
      for (std::size_t pair = 0; pair < pairs; ++pair) {                                                  \
        for (std::size_t half = 0; half < 2; ++half) {                                                    \
          for (std::size_t i = 0; i < count; ++i) {                                                       \
            const Register from = state[1 - half][i];                                                     \
            const Register products = ((from << 24) >> 24) * peak_bytes[0] +                              \
                                      ((from << 16) >> 24) * peak_bytes[1] +                              \
                                      ((from << 8) >> 24) * peak_bytes[2] + (from >> 24) * peak_bytes[3]; \
            state[half][i] = reinterpret_cast<Register>(reinterpret_cast<Sum>(state[half][i]) +           \
                                                        reinterpret_cast<Sum>(products));                 \
          }                                                                                               \
        }                                                                                                 \
      }                                                                                                   \
      for (std::size_t half = 0; half < 2; ++half) {                                                      \
        for (std::size_t i = 0; i < full; ++i) {                                                          \
          *reinterpret_cast<Register*>(end + half * chains + at + i * lanes) = state[half][i];            \
        }                                                                                                 \
      }                                                                                                   \
    }                                                                                                     \
  }
MOAT_FOR_EACH_VECTORS(MOAT_BYTE_CHAINS)
// NOLINTEND(bugprone-macro-parentheses)

#if defined(__x86_64__)
// The same by the instruction that exists for it.
__attribute__((target("avx512f,avx512bw,avx512vnni"))) void byte_chains_vnni(
    const PeakMemory& memory, std::size_t chains, std::size_t first, std::size_t last, std::size_t pairs) {
  constexpr std::size_t lanes = 16;
  constexpr std::size_t count = 12;
  const auto* start = reinterpret_cast<const std::int32_t*>(memory.start);
  auto* end = reinterpret_cast<std::int32_t*>(memory.end);
  static_assert(peak_bytes[0] == 37 && peak_bytes[1] == 91 && peak_bytes[2] == 113 && peak_bytes[3] == 19);
  const __m512i e = _mm512_set1_epi32(37 + (91 << 8) + (113 << 16) + (19 << 24));
  for (std::size_t at = first; at < last; at += count * lanes) {
    __m512i x[count];
    __m512i y[count];
    const std::size_t full = std::min(count, (last - at) / lanes);
    for (std::size_t i = 0; i < count; ++i) {
      x[i] = i < full ? _mm512_loadu_si512(start + at + i * lanes) : _mm512_setzero_si512();
      y[i] = i < full ? _mm512_loadu_si512(start + chains + at + i * lanes) : _mm512_setzero_si512();
    }
    for (std::size_t pair = 0; pair < pairs; ++pair) {
      _Pragma("GCC unroll 16") for (std::size_t i = 0; i < count; ++i) x[i] =
          _mm512_dpbusd_epi32(x[i], e, y[i]);
      _Pragma("GCC unroll 16") for (std::size_t i = 0; i < count; ++i) y[i] =
          _mm512_dpbusd_epi32(y[i], e, x[i]);
    }
    for (std::size_t i = 0; i < full; ++i) {
      _mm512_storeu_si512(end + at + i * lanes, x[i]);
      _mm512_storeu_si512(end + chains + at + i * lanes, y[i]);
    }
  }
}

bool has_byte_products() {
  return widest_vectors() == Vectors::avx512 && __builtin_cpu_supports("avx512vnni") != 0;
}
#endif

template <class T>
PeakLoop* chains_for() {
  switch (widest_vectors()) {
    case Vectors::avx512:
      return chains_avx512<T>;
    case Vectors::avx2:
      return chains_avx2<T>;
    case Vectors::baseline:
      break;
  }
  return chains_baseline<T>;
}

PeakLoop* byte_chains() {
#if defined(__x86_64__)
  if (has_byte_products()) return byte_chains_vnni;
#endif
  switch (widest_vectors()) {
    case Vectors::avx512:
      return byte_chains_avx512;
    case Vectors::avx2:
      return byte_chains_avx2;
    case Vectors::baseline:
      break;
  }
  return byte_chains_baseline;
}

// Null where C++ has no arithmetic in the type.
PeakLoop* loop_for(Type type) {
  switch (type) {
    case Type::f64:
      return chains_for<double>();
    case Type::f32:
      return chains_for<float>();
    case Type::i8:
      return byte_chains();
    default:
      return nullptr;
  }
}

// Enough pieces at a time for every register: 12 of 64 bytes are three pieces of f32.
constexpr std::size_t pieces_at_a_time = 12;

class NaivePeak final : public NaiveExecutable {
 public:
  NaivePeak(const PeakProblem& problem, const PeakMemory& memory, std::shared_ptr<ThreadPool> threads)
      : NaiveExecutable(
            (static_cast<std::size_t>(problem.chains()) / piece + pieces_at_a_time - 1) / pieces_at_a_time,
            std::move(threads)),
        memory_(memory),
        chains_(static_cast<std::size_t>(problem.chains())),
        pairs_(static_cast<std::size_t>(problem.pairs())),
        loop_(loop_for(problem.types().input)) {}

 protected:
  void work(std::size_t first, std::size_t last) const override {
    constexpr std::size_t chains = pieces_at_a_time * piece;
    loop_(memory_, chains_, first * chains, std::min(chains_, last * chains), pairs_);
  }

 private:
  PeakMemory memory_;
  std::size_t chains_;
  std::size_t pairs_;
  PeakLoop* loop_;
};

bool has_loops(const Problem& problem) {
  return loop_for(problem.types().input) != nullptr;
}

std::unique_ptr<HostExecutable> prepare(const Problem& problem, std::span<std::byte* const> memory,
                                        std::shared_ptr<ThreadPool> threads) {
  return std::make_unique<NaivePeak>(dynamic_cast<const PeakProblem&>(problem),
                                     PeakMemory{memory[0], memory[1]}, std::move(threads));
}

}  // namespace

NaiveLoops naive_peak() {
  return {"peak", has_loops, prepare};
}

}  // namespace moat::host
