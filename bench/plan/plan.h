// Which cases a run consists of: suite × devices × implementations × conditions, filtered, in order. A pure
// function of data; must not open a device.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json_fields.h"
#include "bench/plan/listed_device.h"
#include "bench/plan/suite.h"
#include "results/filter.h"
#include "results/record.h"

namespace moat {

struct PlannedCase {
  Case identity;
  std::shared_ptr<const Problem> problem;
  std::string workload;
  std::size_t device = 0;                  // index into the devices given to plan_cases
  std::optional<Unsupported> unsupported;  // if known during planning; the device is then not opened
  std::string left_out;                    // why a budget excludes it (subset.h); empty if it does not
};

/// Names of the implementations of `of_operator` on a device: its libraries, then the project's own kernels
/// in the device's language.
[[nodiscard]] std::vector<std::string> implementation_names(const ListedDevice& device,
                                                            const Operator& of_operator);

/// Every selected (problem, device, implementation, conditions) exactly once, ordered by device, then problem
/// (both as given), then conditions, then implementation, so that consecutive cases share inputs and
/// reference. Throws UsageError if a pattern matches nothing, with the nearest names.
[[nodiscard]] std::vector<PlannedCase> plan_cases(const Suite& suite, std::span<const ListedDevice> devices,
                                                  std::span<const Conditions> conditions,
                                                  const Filters& filters);

/// The dry run as a JSON array. Fields are named as in records; `status` is "planned", "unsupported" or, if a
/// budget excludes the case, "left out".
[[nodiscard]] Json plan_json(std::span<const PlannedCase> cases);

}  // namespace moat
