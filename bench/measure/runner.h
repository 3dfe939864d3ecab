// The only place where operators, devices and implementations meet: one case from name to record. Must not
// know suites, processes or files.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/adapter.h"
#include "bench/environment/interference.h"
#include "bench/measure/sampling.h"
#include "results/record.h"

namespace moat {

struct RunnerSettings {
  SamplingLimits limits;
  std::optional<std::string> kernel_dir;  // searched before the embedded kernel sources
  bool verify_only = false;               // stop before timing: the record has a verdict and no measurement
};

/// Values that replace, for one case, those of its implementation and of the settings.
struct CaseParameters {
  std::optional<Parameters> values;  // none: the implementation's defaults
  std::string source;                // where `values` come from, or a remark on the defaults
};
struct RunRequest {
  CaseParameters parameters = {};
  std::optional<double> cap_seconds = {};  // of sampling; warming up takes at most half of it
  std::uint64_t round = 1;   // which of `rounds` this is; the outputs are verified before timing in the first
  std::uint64_t rounds = 1;  // the cap is for all of them, in equal parts
  double known_seconds = 0;  // of an execution, from earlier rounds; 0 if not known
};

/// What the runner learns of the machine around it. Without `count`, nothing is judged to be disturbed.
struct Surroundings {
  std::function<Counters()> count = {};
  /// What holds for every case of a device that is the processor, a clause each.
  std::vector<std::string> remarks = {};
};

/// Called before each phase: "inputs", "prepare", "first call", "verify", "clock", "sample", "verify again".
using OnPhase = std::function<void(std::string_view phase)>;

class Runner {
 public:
  /// `device` outlives the runner.
  Runner(Device& device, std::string adapter_name, RunnerSettings settings, Surroundings surroundings = {});
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// Does not throw because of a device, kernel or problem: every outcome is a status.
  /// Leaves suite, workload and command empty.
  [[nodiscard]] Record run(const Case& identity, const OnPhase& on_phase, const RunRequest& request = {});

 private:
  struct Inputs;
  class Attempt;

  [[nodiscard]] const Inputs& inputs(const Case& identity, const Problem& problem);
  void make_room(std::size_t bytes);

  Device& device_;
  std::string adapter_name_;
  RunnerSettings settings_;
  Surroundings surroundings_;
  /// The last used at the end. Kept for other implementations of the problem and for its next round.
  std::vector<std::unique_ptr<Inputs>> inputs_;
  std::optional<ClockCheck> clock_check_;
};

}  // namespace moat
