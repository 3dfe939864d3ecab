// Which devices of which runs a finding compares, as typed on the command line. Shared by gap and report.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "reports/findings/findings.h"
#include "results/filter.h"

namespace moat {

struct SubjectOptions {
  std::string store;
  std::string run = "latest";            // of devices that name none
  std::optional<std::string> reference;  // "[RUN/]DEVICE"; a run or a built-in publication
  std::vector<std::string> targets;      // the same, or patterns; none: every other device of the runs named
  Filters filters;
  bool emulated = false;  // accept emulated records, marked
  std::string roofs = "auto";
  std::string baseline;
  std::string data = "normal";
  std::string cache = "hot";
  std::vector<std::string> despite;
};

/// Adds --reference, --target and what else SubjectOptions holds.
void add_subject_options(CLI::App& command, SubjectOptions& options);

/// Reads the runs, chooses, and finds. Without a reference: a CUDA device that ran a library, else the first
/// device that ran one, and a notice on standard error says which. Throws UsageError for names that match
/// nothing.
[[nodiscard]] Findings find_chosen(const SubjectOptions& options, std::string title = "");

}  // namespace moat
