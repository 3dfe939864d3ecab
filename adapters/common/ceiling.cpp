// The table of what a compute unit may do at its very best. Deliberately generous: it catches clocks and
// kernels that lie, not good results.
#include "adapters/common/ceiling.h"

#include <fmt/format.h>

#include <algorithm>

namespace moat {
namespace {

/// Operations per cycle of one compute unit, by kind and input type.
struct PerCycle {
  double f64;
  double f32;
  double sixteen_bit;
  double i8;
  std::string_view source;
};

// CPU core: two FMA and two add pipes of 512 bits give 96 f32 operations, rounded up to 128; matrix tiles
// (Intel AMX) give 1024 of bf16 and 2048 of i8, doubled.
constexpr PerCycle cpu{64, 128, 2048, 4096, "two FMA and two add pipes of 512 bits, or twice Intel AMX"};
// NVIDIA H100 per multiprocessor: f64 256 (tensor cores), f32 256, tf32 2048, f16 4096, i8 8192; B200 has
// twice its f16. AMD MI300X per compute unit: f64 and f32 256, f16 2048. All at least doubled.
constexpr PerCycle gpu{2048, 4096, 16384, 32768, "at least twice a B200 multiprocessor"};

// Fastest clocks to be had, and then some: drivers report base clocks, or nothing.
constexpr double cpu_least_mhz = 6500;
constexpr double gpu_least_mhz = 3500;

double pick(const PerCycle& rates, Type type) {
  switch (type) {
    case Type::f64:
      return rates.f64;
    case Type::f32:
      return rates.f32;
    case Type::tf32:
    case Type::f16:
    case Type::bf16:
      return rates.sixteen_bit;
    default:
      return rates.i8;
  }
}

}  // namespace

std::optional<Ceiling> ceiling_of(const Traits& traits, std::uint32_t clock_mhz, const Types& types) {
  if (traits.kind == DeviceKind::accelerator || traits.compute_units == 0) return std::nullopt;
  const bool is_cpu = traits.kind == DeviceKind::cpu;
  const PerCycle& rates = is_cpu ? cpu : gpu;
  const double mhz = std::max(is_cpu ? cpu_least_mhz : gpu_least_mhz, static_cast<double>(clock_mhz));
  const double per_cycle = pick(rates, types.input);
  const std::string told =
      clock_mhz == 0 ? "the driver says none" : fmt::format("the driver says {}", clock_mhz);
  return Ceiling{traits.compute_units * mhz * 1e6 * per_cycle,
                 fmt::format("{} compute units x {} MHz ({}) x {} {} operations per cycle ({})",
                             traits.compute_units, mhz, told, per_cycle, name(types.input), rates.source)};
}

}  // namespace moat
