// moat verify: correctness only, as a table of what works.
#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/output.h"
#include "bench/coordinator.h"
#include "commands/campaign.h"
#include "commands/commands.h"
#include "commands/selection_options.h"
#include "commands/terminal.h"
#include "reports/tables/coverage.h"
#include "results/json.h"

namespace moat {
namespace {

constexpr const char* verify_footer =
    R"(Runs every implementation on every device over small problems with many edge cases (suite verify), compares each
output with a reference in higher precision, and measures no time. A type or problem that an implementation
does not support is unsupported, with its reason. Nothing is stored; --json prints the records.

Examples:
  moat verify
  moat verify --device opencl --op gemm --type f16
  moat verify --problem gemm:m=1000,n=1000,k=1000,type=bf16
  moat verify --json | jq -r '.[] | select(.status=="wrong") | [.case, .reason] | @tsv')";

bool failed(const Record& record) {
  return record.status != Status::ok && record.status != Status::unsupported;
}

std::vector<Record> verified(Campaign campaign, const Selection& selection, bool quiet) {
  WorkerSettings settings = worker_settings(selection, campaign.suite);
  settings.runner.verify_only = true;
  std::vector<Record> records;
  Progress progress(campaign.cases.size(), quiet);
  const Listeners listeners{[&](const Case& identity) { progress.begin(identity); },
                            [&](std::string_view phase) { progress.phase(phase); },
                            [&](const Record& record, double seconds) {
                              records.push_back(record);
                              progress.end(record, seconds);
                            },
                            {}};
  std::vector<Turn> turns = plan_order(campaign.cases);
  Coordinator coordinator(std::move(campaign.cases), std::move(turns), campaign.devices, campaign.suite.name,
                          settings, budget_limits(selection, campaign.suite), listeners);
  for (const Turn& turn : coordinator.turns()) static_cast<void>(coordinator.measure(turn));
  coordinator.finish();
  return records;
}

}  // namespace

void add_verify_command(const Command& app, int& exit_code) {
  struct Options {
    Selection selection;
    bool json = false;
    bool quiet = false;
  };
  const auto options = std::make_shared<Options>();
  options->selection.suite = "verify";
  const Command command =
      app.add_subcommand("verify", "Check that every implementation computes correct results");
  command.footer(verify_footer);
  add_selection_options(command, options->selection, false);
  add_worker_options(command, options->selection);
  command.add_flag("--json", options->json, "Print the records as a JSON array (docs/records.md)");
  command.add_flag("-q,--quiet", options->quiet, "No progress");
  command.callback([options, &exit_code] {
    Campaign campaign = plan_campaign(options->selection);
    print_notices(campaign.notices);
    const PhysicalDevices physical(campaign.run_devices());
    const std::vector<Record> records = verified(std::move(campaign), options->selection, options->quiet);
    if (options->json) {
      Json array = Json::array();
      for (const Record& record : records) array.push_back(show_json(record, "", physical));
      print("{}\n", strict_json(array, 2));
    } else {
      print("{}", coverage_text(records, table_options()));
    }
    exit_code = std::any_of(records.begin(), records.end(), failed) ? exit_cases_failed : exit_fine;
  });
}

}  // namespace moat
