// The first screen of a run, as `moat run` ends with it and `moat show --summary` prints it.
#pragma once

#include <string>

#include "commands/subjects.h"
#include "reports/format/grid_terminal.h"

namespace moat {

/// The findings of one run of a store, by its id, with the usual reference. Emulated devices take part only
/// where the run has no others.
[[nodiscard]] Findings find_run(const std::string& store, const std::string& run,
                                const Filters& filters = {});

/// The screen (reports/tables/overview.h) with the commands that show the rest.
[[nodiscard]] std::string summary_text(const Findings& findings, const std::string& store,
                                       const std::string& run, const TableOptions& table);

}  // namespace moat
