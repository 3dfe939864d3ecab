// The options that select which devices of which runs are compared. Shared by gap and report.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/options.h"
#include "reports/findings/findings.h"
#include "results/filter.h"

namespace moat {

struct SubjectOptions {
  std::string store;
  std::string run = "latest";            // the run of devices that are given without one
  std::optional<std::string> reference;  // "[RUN/]DEVICE"; a run or a built-in publication
  std::vector<std::string> targets;      // the same, or patterns; if empty, every other device of those runs
  Filters filters;
  bool emulated = false;  // accept emulated records, marked
  std::string roofs = "auto";
  std::string baseline;
  std::string data = "normal";
  std::string cache = "hot";
  std::vector<std::string> despite;
  bool is_silent = false;  // no notices on standard error
};

/// Adds --reference, --target and the other options in SubjectOptions.
void add_subject_options(const Command& command, SubjectOptions& options);

/// Reads the runs, selects, and computes the findings. The default reference is a CUDA device with a library
/// result, else the first device with one; a notice on standard error says which. Throws UsageError for names
/// that match nothing.
[[nodiscard]] Findings find_chosen(const SubjectOptions& options, std::string title = "");

}  // namespace moat
