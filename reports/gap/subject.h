// What is compared: one device as one source knows it, a run of this project or somebody's published figures.
// Must not know stores or how anything is printed.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "results/record.h"
#include "results/store/run.h"

namespace moat {

struct Subject {
  /// Unique among those that are compared: "opencl:0", or "<run>/opencl:0" where several runs take part.
  std::string label;
  RunDevice device;
  RunInfo run;
  /// Of every record: a subject's figures are never of several kinds.
  Provenance provenance = Provenance::measured;
  std::vector<Record> records;
  /// Others of the same device and provenance, left out by a selection: only its roofs are taken from them.
  std::vector<Record> unselected = {};
};

/// One for each device of the run that has records, in the records' order; labels are the devices' ids. A
/// device that run.json does not list (runs of older versions) is known by its records alone.
[[nodiscard]] std::vector<Subject> subjects_of(const RunInfo& run, std::span<const Record> records);

/// Gives each subject a label of its own: where ids occur twice, the run's id stands before them.
void make_labels_unique(std::span<Subject> subjects);

/// Whether both are the same piece of hardware, whatever shows it:
/// the same device id of one run, or a shared identity (adapters/common/identity.h)
/// on a machine of the same name; of CPUs in two runs, also of the same model.
[[nodiscard]] bool same_hardware(const Subject& left, const Subject& right);

}  // namespace moat
