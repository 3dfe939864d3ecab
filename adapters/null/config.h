// The null adapter's configuration: how many devices, how fast, and which problems go wrong in which way.
// Pure text to value; must not know devices. README.md is its documentation for people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace moat::null {

/// What goes wrong with a problem. Names in text are the enumerators'.
enum class Fault : std::uint8_t {
  lie,        // one output is wrong
  nan,        // one output is NaN (or, of integers, wrong)
  unwritten,  // outputs stay as they were
  overrun,    // one element is written past the end of the output
  underrun,   // one byte is written before the begin of the output
  after,      // right for four executions, then as lie
  crash,      // dies of SIGSEGV
  abort,      // dies of SIGABRT
  hang,       // never returns
  error,      // throws DeviceError
  oom,        // throws OutOfMemory while being prepared
  clock20x,   // the device's clock runs twenty times too slowly: a flattering time
  toofast,    // both clocks tell a time beyond the ceiling
  noise,      // every batch takes up to 5 % longer, at random but the same in every process
  drift,      // every batch takes 1 % longer than the one before
  slowstart,  // takes 0.3 s when it is prepared for the first time in a process, like what compiles
  cut,        // the last tenth of the products is left out of every sum
  second,     // throws DeviceError when it is prepared for the second time in a process
};
[[nodiscard]] std::string_view name(Fault fault);

struct FaultRule {
  Fault fault = Fault::lie;
  std::string problems;  // glob over problem keys (base/text.h)
};

struct Config {
  std::size_t devices = 1;
  double operations_per_second = 1e9;
  double launch_seconds = 0;  // by the host's clock, once per batch
  std::size_t memory_bytes = std::size_t{1} << 30;
  std::vector<FaultRule> faults;
};

/// "devices=2;rate=1e9;launch=1e-6;memory=1e8;lie@gemm:m=3,*;hang@gemm:m=5,*": settings and faults in any
/// order, every part optional. Throws UsageError naming the part and the way out.
[[nodiscard]] Config parse_config(std::string_view text);
/// From the environment's MOAT_NULL_CONFIG; nothing if it is unset or empty. Throws as above.
[[nodiscard]] std::optional<Config> config_from_environment();

/// The faults of one problem, in the configuration's order.
[[nodiscard]] std::vector<Fault> faults_of(const Config& config, std::string_view problem_key);

}  // namespace moat::null
