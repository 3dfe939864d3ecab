// Whether this machine is still the one that an interrupted run began on: its devices, libraries, build and
// settings against what run.json says. Must not know how cases are measured or options are spelled.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "bench/plan/plan.h"
#include "bench/plan/selection.h"
#include "bench/plan/suite.h"
#include "results/store/run.h"

namespace moat {

/// What this machine has and what is planned on it.
struct Here {
  const Suite& suite;
  std::span<const ListedDevice> devices;  // those that can be opened
  std::span<const PlannedCase> cases;
  std::map<std::string, std::string> absences;  // why an adapter has no device, or a device cannot be opened
};

/// What run.json keeps beside the environment, for --resume: the selection with paths that hold in any
/// folder, the suite's digest, how many cases each device has, the problems that a budget chose, and the
/// version of each library.
[[nodiscard]] Json beginning_json(const Selection& selection, const Here& here);

/// The selection that a run began with. Throws UsageError if run.json does not say it.
[[nodiscard]] Selection selection_of(const RunInfo& info);
/// The problems that a budget chose when the run began; empty if there was none, or if run.json is of a
/// version that did not keep them.
[[nodiscard]] std::vector<std::string> chosen_problems(const RunInfo& info);

/// Throws UsageError, with the way out, if the rest of the run would not be of the same thing: another suite,
/// system or build, or one of `here`'s devices that the run has measured or still has to measure is
/// another one, by its name, driver or identity, or has another version of a library. Nothing that run.json
/// does not say is compared.
void require_same(const RunInfo& info, const Here& here, std::span<const Record> recorded);

/// A sentence for each device that the run began with, has cases left, and is not here.
[[nodiscard]] std::vector<std::string> gone_devices(const RunInfo& info, const Here& here,
                                                    std::span<const Record> recorded, std::uint64_t rounds);

/// Variables that are set otherwise than when the run began, on one line; empty if none.
[[nodiscard]] std::string changed_settings(const RunInfo& info);

/// Whether nothing of the case remains to be measured.
[[nodiscard]] bool is_finished(const Record& record, std::uint64_t rounds);

}  // namespace moat
