// The record: the only thing that leaves a measurement. One case with its status, samples, verification,
// conditions and provenance. Must not know devices' interfaces or the command line.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/statistics.h"
#include "kernels/implementation.h"
#include "kernels/inputs.h"
#include "kernels/operator.h"

namespace moat {

/// Only `ok` is a result. The names in text are those of the enumerators, with '-' for '_'.
enum class Status : std::uint8_t {
  ok,
  unsupported,
  skipped,
  wrong,
  untrusted,
  unverified,
  disturbed,
  crashed,
  timed_out,
  out_of_memory,
  error
};
[[nodiscard]] std::string_view name(Status status);
/// All names, in the order of the enumerators.
[[nodiscard]] std::span<const std::string_view> status_names();
[[nodiscard]] std::optional<Status> parse_status(std::string_view text);

enum class Provenance : std::uint8_t { measured, emulated, published, derived };
[[nodiscard]] std::string_view name(Provenance provenance);
[[nodiscard]] std::optional<Provenance> parse_provenance(std::string_view text);

/// hot: back to back on the same buffers. cold: rotating over buffers of twice the last-level cache or more.
enum class Cache : std::uint8_t { hot, cold };
[[nodiscard]] std::string_view name(Cache cache);
[[nodiscard]] std::optional<Cache> parse_cache(std::string_view text);

struct Conditions {
  Data data = Data::normal;
  Cache cache = Cache::hot;
  std::uint64_t seed = 1;
  friend bool operator==(const Conditions&, const Conditions&) = default;
};

/// problem × device × implementation × conditions.
struct Case {
  std::string device;          // "opencl:0"
  std::string implementation;  // "naive", "portable/opencl", "library/clblast"
  std::string problem;         // canonical key
  Conditions conditions;
  /// Stable text, e.g. "opencl:0/portable/opencl/gemm:m=64,n=64,k=64,type=f32/normal/hot"; "/seed=S" follows
  /// if S is not 1.
  [[nodiscard]] std::string id() const;
  friend bool operator==(const Case&, const Case&) = default;
};

/// All samples of a case. Statistics are computed from it (statistics.h), never stored alone.
struct Measurement {
  std::vector<double> samples_seconds;  // time of each batch divided by `batch`, one round after another
  std::uint64_t batch = 1;              // executions per sample, in the first round
  std::string clock;  // name of the device's clock, or "host slope" if that clock is not trusted
  double clock_resolution_seconds = 0;
  double clock_ratio = 0;   // device time / host slope as validated once per device; 0 if not validated
  std::string stop_reason;  // "interval", "time cap", "sample cap"
  std::uint64_t warm_up_executions = 0;
  double warm_up_seconds = 0;
  std::vector<std::uint64_t> round_samples = {};  // how many each round took; empty if there was one round
  friend bool operator==(const Measurement&, const Measurement&) = default;
};

/// What the harness itself spent on the case, in seconds of wall time. Never part of a rate.
struct Effort {
  double compile_seconds = 0;     // compile and prepare, in the first round
  double first_call_seconds = 0;  // first execution, host clock, in the first round
  double verify_seconds = 0;      // inputs, reference and both comparisons
  double kernel_seconds = 0;      // all executions on the device: warm-up, validation, samples
  double total_seconds = 0;       // the whole case
  friend bool operator==(const Effort&, const Effort&) = default;
};

/// What a case ran with, and what bore on its time while it was sampled, as far as the system says. Shares
/// are of the sampled time; those of several rounds are the largest.
struct Circumstances {
  std::uint64_t threads_asked = 0;             // of a library; 0: not known
  std::uint64_t threads_granted = 0;           // to it, by the runtime that it uses; 0: not known
  std::string kernels;                         // the core or instruction set that a library chose
  std::optional<double> waited;                // in which the thread that waited longest had no processor
  std::optional<double> stolen;                // in which a hypervisor gave one of the processors to others
  std::optional<double> throttled;             // in which a control group's quota held threads back
  std::optional<double> pressure;              // in which any task of the system waited for a processor
  std::optional<std::uint64_t> interruptions;  // involuntary context switches of all threads
  std::optional<std::uint64_t> thermal_throttles;
  std::uint64_t disturbed_attempts = 0;   // that were given up for another one
  std::vector<std::string> remarks = {};  // what a reader of the figure should know, a clause each
  friend bool operator==(const Circumstances&, const Circumstances&) = default;
};

struct Record {
  Case identity;
  std::string adapter;      // "opencl"
  std::string device_name;  // as the driver reports it
  std::string driver;
  std::string operator_name;
  Types types;
  Work work;
  Status status = Status::error;
  std::string reason;  // empty if and only if status is ok
  std::string log;     // build log, or the worker's last output if it died
  Provenance provenance = Provenance::measured;
  std::optional<Measurement>
      measurement;  // also for `untrusted`, `disturbed` and `wrong`, but then in no aggregate
  std::optional<Circumstances> circumstances;
  std::optional<Verdict> verdict;  // from after timing, or from before if timing was not reached
  std::optional<Effort> effort;
  Parameters parameters;              // of a portable implementation
  std::string parameters_source;      // "default for cpu", later "tuned for …"
  std::vector<std::string> features;  // device features that the kernels use and not every device has
  std::string library_version;
  // Only for published figures; empty if the case was measured.
  std::vector<std::string> unstated;  // conditions that the source does not state: "data", "cache", …
  std::optional<Interval> stated_interval_seconds;  // of the single sample, if the source gives one
  std::string note;                                 // what the source says about this figure
  std::string suite;
  std::string workload;     // where the problem comes from, according to the suite
  std::string started_utc;  // ISO 8601, seconds
  std::string command;      // reproduces this case
  friend bool operator==(const Record&, const Record&) = default;
};

}  // namespace moat
