// moat: the command line.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "bench/environment/build_info.h"
#include "bench/worker/worker.h"
#include "commands/commands.h"

namespace {

constexpr const char* about =
    "Moat measures the \"CUDA moat\": it runs the same work on every accelerator it can reach, through the\n"
    "vendor's library and through one portable kernel, and verifies every result against a reference.";

constexpr const char* main_footer =
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
    "MOAT_STORE names the store if --store is not given. MOAT_LIBRARY_PATH lists folders (separated by "
    "colons) in\n"
    "which vendors' libraries are looked for before the system's. NO_COLOR is respected.";

std::string help_of(const moat::CommandLine& line, const std::string& topic) {
  const std::vector<std::string> known = line.subcommands();
  if (std::ranges::find(known, topic) == known.end())
    throw moat::UsageError(fmt::format("'{}' is not a command.{} moat help lists the commands.", topic,
                                       moat::did_you_mean(topic, known)));
  return line.help_of(topic);
}

int run(int argc, char** argv) {
  const moat::CommandLine line(about, "moat");
  const moat::Command app = line.command();
  app.footer(main_footer);
  line.version(fmt::format("moat {} ({})", moat::build_info().version, moat::build_info().commit));
  line.choose_subcommand();
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
  const moat::Command help = app.add_subcommand("help", "Explain moat or one of its commands");
  help.add_option("command", topic, "The command to explain");
  if (const auto stop = line.parse(argc, argv)) return stop->is_error ? moat::exit_usage : moat::exit_fine;
  if (help.parsed() && !topic.empty()) {
    fmt::print("{}", help_of(line, topic));
  } else if (help.parsed() || !line.chosen()) {
    fmt::print("{}", line.help());
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
