// moat-bench: the same cases as an ordinary Google Benchmark program,
// for the tools of its ecosystem. Keeps nothing.
#include <string_view>

#include "base/output.h"
#include "bench/coordinator.h"
#include "bench/measure/google.h"
#include "bench/worker/worker.h"
#include "commands/campaign.h"
#include "commands/commands.h"
#include "commands/selection_options.h"
#include "commands/terminal.h"

namespace {

constexpr const char* footer =
    R"(All other options are those of Google Benchmark: --benchmark_filter=REGEX, --benchmark_list_tests,
--benchmark_format=json, --benchmark_out=FILE, --benchmark_repetitions=N … (--benchmark_help explains them).
The time of a benchmark is the median of the case's samples; a repetition runs the whole case again. A case that
is not ok is an error with its status. `moat run` stores samples, verification and environment; this program
stores nothing.

Examples:
  moat-bench --suite quick --benchmark_list_tests
  moat-bench --suite quick --device 'opencl:*' --benchmark_out=new.json --benchmark_repetitions=9
  compare.py benchmarks old.json new.json)";

int run(int argc, char** argv) {
  const moat::CommandLine line("Moat's cases as a Google Benchmark program", "moat-bench");
  line.command().footer(footer);
  line.allow_extras();
  moat::Selection selection;
  moat::add_selection_options(line.command(), selection, true);
  if (const auto stop = line.parse(argc, argv)) return stop->is_error ? moat::exit_usage : moat::exit_fine;
  moat::Campaign campaign = moat::plan_campaign(selection);
  moat::print_notices(campaign.notices);
  moat::ChosenParameters parameters =
      moat::tuned_parameters(selection, moat::default_store(), campaign.devices);
  moat::print_notices(parameters.notices);
  std::vector<moat::Turn> turns = moat::measuring_order(campaign.cases, 1);
  moat::Coordinator coordinator(std::move(campaign.cases), std::move(turns), campaign.devices,
                                campaign.suite.name, moat::worker_settings(selection, campaign.suite),
                                moat::budget_limits(selection, campaign.suite), {},
                                std::move(parameters.source));
  const auto guarded = moat::guarded([&](std::size_t index) {
    return coordinator.measure(coordinator.turns().at(index)).value_or(moat::Record{});
  });
  moat::register_cases(coordinator.turn_names(), guarded.measure);

  std::vector<std::string> words = line.remaining();
  for (std::string& word : words) {
    if (word == "--benchmark_help") word = "--help";
  }
  words.insert(words.begin(), "moat-bench");
  std::vector<char*> pointers;
  pointers.reserve(words.size());
  for (std::string& word : words) pointers.push_back(word.data());
  const int code = moat::google_benchmark_main(static_cast<int>(pointers.size()), pointers.data());
  guarded.rethrow();
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  moat::prepare_standard_streams();
  if (argc == 2 && std::string_view(argv[1]) == "worker") return moat::worker_main();
  return moat::guarded_main("moat-bench", [&] { return run(argc, argv); });
}
