// moat: the command line.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/output.h"
#include "base/text.h"
#include "bench/environment/build_info.h"
#include "bench/worker/worker.h"
#include "commands/commands.h"
#include "kernels/grammar.h"

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
    "  moat help gemm                            how a key of gemm is written; moat help keys: of all "
    "operators\n"
    "\n"
    "Exit codes:\n"
    "  0  success\n"
    "  2  wrong usage or configuration, or a file that cannot be read or written\n"
    "  3  nothing to compare: there are no results that the comparison could use\n"
    "  5  some cases failed: wrong, untrusted, crashed, timed-out, out-of-memory or error\n"
    "  128 + N  interrupted by signal N\n"
    "\n"
    "MOAT_STORE names the store if --store is not given. MOAT_LIBRARY_PATH lists folders (separated by "
    "colons) in\n"
    "which vendors' libraries are looked for before the system's. NO_COLOR is respected.";

/// Of a command, an operator ("gemm"), or "keys": all operators.
std::string help_of(const moat::CommandLine& line, const std::string& topic) {
  const std::vector<std::string> commands = line.subcommands();
  if (std::ranges::find(commands, topic) != commands.end()) return line.help_of(topic);
  if (topic == "keys") return moat::keys_text();
  std::vector<std::string> known = commands;
  known.emplace_back("keys");
  for (const moat::Operator* op : moat::operators()) {
    if (op->name() == topic) return moat::grammar_text(*op);
    known.emplace_back(op->name());
  }
  throw moat::UsageError(
      fmt::format("'{}' is no topic.{} moat help lists the commands, moat help keys the "
                  "operators.",
                  topic, moat::did_you_mean(topic, known)));
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
  const moat::Command help = app.add_subcommand("help", "Explain moat, a command, or the keys of problems");
  help.add_option("topic", topic, "A command, an operator (gemm), or keys: how problems are written");
  if (const auto stop = line.parse(argc, argv)) return stop->is_error ? moat::exit_usage : moat::exit_fine;
  if (help.parsed() && !topic.empty()) {
    moat::write_output(help_of(line, topic));
  } else if (help.parsed() || !line.chosen()) {
    moat::write_output(line.help());
  }
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  moat::prepare_standard_streams();
  if (argc == 2 && std::string_view(argv[1]) == "worker") return moat::worker_main();
  return moat::guarded_main("moat", [&] { return run(argc, argv); });
}
