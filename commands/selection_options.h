// How a selection is typed on the command line: the options shared by the commands that choose cases. Must
// not know this machine.
#pragma once

#include "bench/plan/selection.h"
#include "commands/options.h"

namespace moat {

/// Adds the options that filter cases (shared by all that choose or show some).
void add_filter_options(const Command& command, Filters& filters);
/// Adds the options of the processes in which cases run: --timeout and --kernel-dir.
void add_worker_options(const Command& command, Selection& selection);
/// Adds the options that choose cases (shared by list, run and moat-bench);
/// those that steer measuring only if `measuring`.
void add_selection_options(const Command& command, Selection& selection, bool measuring);

/// Adds --rounds.
void add_rounds_option(const Command& command, Selection& selection);

/// Adds the options that choose problems: a suite or keys, and filters.
void add_case_options(const Command& command, Selection& selection);

}  // namespace moat
