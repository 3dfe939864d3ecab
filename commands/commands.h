// The sub-commands of `moat`, one function each: adds itself to the command line and, if chosen, runs and
// leaves its exit code. What the words mean is in each --help.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

namespace moat {

/// Stable: scripts and CI rely on them.
enum ExitCode : int {
  exit_fine = 0,
  exit_regression = 1,
  exit_usage = 2,
  exit_incomparable = 3,
  exit_inconclusive = 4,
  exit_cases_failed = 5,
};

void add_devices_command(CLI::App& app, int& exit_code);
void add_list_command(CLI::App& app, int& exit_code);
void add_run_command(CLI::App& app, int& exit_code);
void add_verify_command(CLI::App& app, int& exit_code);
void add_tune_command(CLI::App& app, int& exit_code);
void add_show_command(CLI::App& app, int& exit_code);
void add_report_command(CLI::App& app, int& exit_code);
void add_runs_command(CLI::App& app, int& exit_code);
void add_metrics_command(CLI::App& app, int& exit_code);
void add_rebuild_command(CLI::App& app, int& exit_code);
void add_gap_command(CLI::App& app, int& exit_code);
void add_breakeven_command(CLI::App& app, int& exit_code);
void add_chips_command(CLI::App& app, int& exit_code);
void add_import_command(CLI::App& app, int& exit_code);

/// From now on an interrupt ends the process at once and says "moat: interrupted; <note>".
void arm_interruption(const std::string& note);

/// The running program's own path, for starting workers.
[[nodiscard]] std::string this_executable();
/// $MOAT_STORE or "moat-store".
[[nodiscard]] std::string default_store();
/// A word so that a shell would read it back.
[[nodiscard]] std::string shell_quoted(std::string_view word);
/// What was typed, quoted so.
[[nodiscard]] std::string this_command_line();

}  // namespace moat
