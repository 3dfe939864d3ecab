// The sub-commands of `moat`. Each function adds its sub-command to the command line; if the user chose it,
// the sub-command runs and sets the exit code. --help documents the options.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "commands/options.h"

namespace moat {

/// Stable, because scripts and CI rely on them. 1 and 4 are not used.
enum ExitCode : int {
  exit_fine = 0,
  exit_usage = 2,
  exit_incomparable = 3,
  exit_cases_failed = 5,
};

void add_devices_command(const Command& app, int& exit_code);
void add_list_command(const Command& app, int& exit_code);
void add_run_command(const Command& app, int& exit_code);
void add_verify_command(const Command& app, int& exit_code);
void add_tune_command(const Command& app, int& exit_code);
void add_show_command(const Command& app, int& exit_code);
void add_report_command(const Command& app, int& exit_code);
void add_runs_command(const Command& app, int& exit_code);
void add_metrics_command(const Command& app, int& exit_code);
void add_rebuild_command(const Command& app, int& exit_code);
void add_gap_command(const Command& app, int& exit_code);
void add_breakeven_command(const Command& app, int& exit_code);
void add_chips_command(const Command& app, int& exit_code);
void add_import_command(const Command& app, int& exit_code);

/// What a main returns: `run`'s exit code, or exit_usage after saying what ended it, as "<program>:
/// <message>".
[[nodiscard]] int guarded_main(std::string_view program, const std::function<int()>& run);

/// From now on, an interrupt prints "moat: interrupted; <note>" and ends the process immediately.
void arm_interruption(const std::string& note);

/// A path by which a child of this process executes the program that runs, for starting workers.
[[nodiscard]] std::string this_executable();
/// $MOAT_STORE or "moat-store".
[[nodiscard]] std::string default_store();
/// " --store FOLDER" for a command that is printed to be copied: absolute and quoted.
[[nodiscard]] std::string store_option(const std::string& store);
/// The command line of this process, as it can be pasted into a shell in any folder: quoted, and with the
/// paths of options absolute.
[[nodiscard]] std::string this_command_line();

}  // namespace moat
