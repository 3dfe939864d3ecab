// moat: the command line.
#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string_view>
#include <system_error>

#include "base/error.h"
#include "bench/environment/build_info.h"
#include "bench/worker/worker.h"
#include "commands/commands.h"

namespace {

constexpr const char* about =
    "Moat measures the \"CUDA moat\": it runs the same work on every accelerator it can reach, through the\n"
    "vendor's library and through one portable kernel, and verifies every result against a reference.";

constexpr const char* footer =
    "Examples:\n"
    "  moat devices                              what this machine offers, and why the rest is absent\n"
    "  moat list --suite quick                   the cases a run would measure, with their work\n"
    "  moat run --suite quick                    measure them, store the records in ./moat-store\n"
    "  moat show                                 the latest run as a table\n"
    "  moat gap --reference host:0               how far the other devices are from it, and why\n"
    "  moat metrics                              performance portability and code divergence of that run\n"
    "  moat verify                               check that every implementation computes correct results\n"
    "  moat tune --suite quick                   search for faster parameters of the portable kernels\n"
    "  moat chips --compare a100-40-sxm mi300x   published figures of two chips, with sources\n"
    "  moat import --list                        published figures that come with moat\n"
    "  moat run --problem gemm:m=512,n=512,k=512,type=f32 --device opencl\n"
    "\n"
    "Exit codes:\n"
    "  0  success\n"
    "  2  wrong usage or configuration, or a file that cannot be read or written\n"
    "  3  nothing to compare: there are no results that the comparison could use\n"
    "  5  some cases failed: their status is neither ok nor skipped nor unsupported\n"
    "  128 + N  interrupted by signal N\n"
    "\n"
    "MOAT_STORE names the store if --store is not given. NO_COLOR is respected.";

int run(int argc, char** argv) {
  CLI::App app{about, "moat"};
  app.footer(footer);
  app.set_version_flag("--version",
                       fmt::format("moat {} ({})", moat::build_info().version, moat::build_info().commit));
  app.require_subcommand(0, 1);
  int exit_code = moat::exit_fine;
  moat::add_devices_command(app, exit_code);
  moat::add_list_command(app, exit_code);
  moat::add_run_command(app, exit_code);
  moat::add_verify_command(app, exit_code);
  moat::add_tune_command(app, exit_code);
  moat::add_show_command(app, exit_code);
  moat::add_report_command(app, exit_code);
  moat::add_runs_command(app, exit_code);
  moat::add_metrics_command(app, exit_code);
  moat::add_rebuild_command(app, exit_code);
  moat::add_gap_command(app, exit_code);
  moat::add_breakeven_command(app, exit_code);
  moat::add_chips_command(app, exit_code);
  moat::add_import_command(app, exit_code);
  std::string topic;
  CLI::App* help = app.add_subcommand("help", "Explain moat or one of its commands");
  help->add_option("command", topic, "The command to explain");
  try {
    app.parse(argc, argv);
    if (help->parsed() && !topic.empty()) {
      fmt::print("{}", app.get_subcommand(topic)->help("moat"));
    } else if (help->parsed() || app.get_subcommands().empty()) {
      // App::help would explain the sub-command that was given, which here is "help" itself.
      fmt::print("{}", app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::Normal));
    }
  } catch (const CLI::ParseError& error) {
    // CLI11 prints help or the message; its own codes are not ours.
    return app.exit(error) == 0 ? moat::exit_fine : moat::exit_usage;
  }
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a dead worker or a closed pager is an error to handle, not a death
  if (argc == 2 && std::string_view(argv[1]) == "worker") return moat::worker_main();
  try {
    const int code = run(argc, argv);
    if (std::fflush(stdout) == 0) return code;
    throw std::system_error(errno, std::generic_category(), "cannot write to standard output");
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::broken_pipe)
      return moat::exit_fine;  // the reader has seen enough: `| head`
    fmt::print(stderr, "moat: {}\n", error.what());
  } catch (const std::exception& error) {
    fmt::print(stderr, "moat: {}\n", error.what());
  }
  return moat::exit_usage;
}
