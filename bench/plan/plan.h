// Which cases a run consists of: suite × devices × implementations × conditions, filtered, in order. A pure
// function of data; must not open a device.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "adapters/adapter.h"
#include "bench/plan/suite.h"
#include "results/filter.h"
#include "results/record.h"

namespace moat {

/// A device as planning sees it.
struct PlanDevice {
  struct Library {
    std::string implementation;  // "library/onednn"
    /// Library::supports, where it can be asked now; otherwise the case finds out when it runs.
    std::function<std::optional<Unsupported>(const Problem&)> supports;
  };
  std::string id;  // "opencl:0": the adapter's name and an index
  DeviceInfo info;
  std::vector<Library> libraries;
  std::vector<std::pair<std::string, std::string>> absent_libraries;  // implementation, why
};

struct PlannedCase {
  Case identity;
  std::shared_ptr<const Problem> problem;
  std::string workload;
  std::size_t device = 0;                  // index into the devices that were planned for
  std::optional<Unsupported> unsupported;  // known already: becomes a record without opening the device
  std::string left_out;                    // why a budget does not hold it (subset.h); empty if it does
};

/// Names of what a device can run for `operator_name`: its libraries, then the project's own kernels in its
/// language.
[[nodiscard]] std::vector<std::string> implementation_names(const PlanDevice& device,
                                                            const Operator& of_operator);

/// Every selected (problem, device, implementation, conditions) exactly once, ordered by device, then problem
/// (both as given), then conditions, then implementation: what follows each other shares inputs and
/// reference. Throws UsageError naming the pattern that matches nothing with the nearest names.
[[nodiscard]] std::vector<PlannedCase> plan_cases(const Suite& suite, std::span<const PlanDevice> devices,
                                                  std::span<const Conditions> conditions,
                                                  const Filters& filters);

/// The dry run for a person: one line a case with its expected work. Intensity is operations per compulsory
/// byte.
[[nodiscard]] std::string plan_table(std::span<const PlannedCase> cases);
/// The dry run for a script: an array; fields are named as in records, `status` is "planned" or
/// "unsupported", or "left out" of a budget.
[[nodiscard]] nlohmann::ordered_json plan_json(std::span<const PlannedCase> cases);

}  // namespace moat
