// moat show, runs, rebuild: what the store holds.
#include <fmt/format.h>

#include <memory>

#include "base/error.h"
#include "base/json.h"
#include "base/output.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/selection_options.h"
#include "commands/summary.h"
#include "commands/terminal.h"
#include "reports/page/findings_json.h"
#include "reports/tables/show.h"
#include "results/filter.h"
#include "results/json.h"
#include "results/store/index.h"
#include "results/store/store.h"

namespace moat {
namespace {

constexpr const char* show_footer =
    R"(Within a problem, the best implementation comes first, and those of one physical device are listed together,
whatever adapter offers it. Only cases with the status ok have a rate; for all others the reason is shown.
--json prints the documented records (docs/records.md), including the samples. --summary prints one screen
instead of every case, as moat run does when it ends.

Examples:
  moat show                                  the latest run
  moat show --summary                        the same on one screen
  moat show 20261121 --op gemm --device opencl
  moat show --status wrong --status crashed --json
  moat show --json | jq -r '.[] | [.case, .operations_per_second] | @tsv')";

constexpr const char* rebuild_footer =
    R"(The index only contains what is in the run folders, so this command is always safe. It is rarely needed,
because a damaged index is detected and repaired automatically.

Example:
  moat rebuild --store results)";

void print_notices(const Index& index) {
  for (const std::string& notice : index.notices()) say("moat: {}", notice);
}

void add_store_option(const Command& command, std::string& store) {
  command.add_option("--store", store, "Folder of all runs").capture_default_str();
}

Json summary_json(const RunSummary& run) {
  Json cases = Json::object();
  for (const auto& [status, count] : run.cases) cases[std::string(name(status))] = count;
  return {{"run", run.id},
          {"started_utc", run.started_utc},
          {"ended_utc", run.ended_utc.empty() ? Json(nullptr) : Json(run.ended_utc)},
          {"state", name(run.state)},
          {"suite", run.suite},
          {"host", run.host},
          {"system_id", run.system_id},
          {"command", run.command},
          {"cases", cases},
          {"fault", run.fault.empty() ? Json(nullptr) : Json(run.fault)}};
}

}  // namespace

void add_show_command(const Command& app, int& exit_code) {
  struct Options {
    std::string run = "latest";
    std::string store = default_store();
    Filters filters;
    std::vector<std::string> statuses;
    bool summary = false;
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  const Command command = app.add_subcommand("show", "Show a run's results");
  command.footer(show_footer);
  command.add_option("run", options->run, "An id, the beginning of one, or latest").capture_default_str();
  add_store_option(command, options->store);
  add_filter_options(command, options->filters);
  const std::span<const std::string_view> statuses = status_names();
  command.add_option("--status", options->statuses, "Only these statuses (repeatable)")
      .one_of(std::vector<std::string>(statuses.begin(), statuses.end()));
  command.add_flag("--summary", options->summary, "Print one screen: devices, roofs, operators, the verdict");
  command.add_flag("--json", options->json, "Print an array of records; of a summary, one object");
  command.callback([options, &exit_code] {
    const Store store(options->store);
    Index index(store);
    const std::string run = store.find_run(options->run);
    if (options->summary) {
      if (!options->statuses.empty())
        throw UsageError("--summary counts the cases of every status; leave --status out");
      const Findings findings = find_run(options->store, run, options->filters);
      print("{}", options->json ? strict_json(overview_json(findings.overview), 2) + "\n"
                                : summary_text(findings, options->store, run, table_options()));
      exit_code = exit_fine;
      return;
    }
    std::vector<Record> records = select(index.records(run), options->filters);
    std::erase_if(records, [&](const Record& record) {
      return !any_match(options->statuses, name(record.status), glob_match);
    });
    const RunInfo info = store.run_folder(run).read_info();
    const PhysicalDevices physical(info.devices);
    print_notices(index);
    if (options->json) {
      Json array = Json::array();
      for (const Record& record : records) array.push_back(show_json(record, run, physical));
      print("{}\n", strict_json(array, 2));
    } else {
      print("{}{}", stated_text(info, table_options()), show_text(records, table_options(), physical));
    }
    exit_code = exit_fine;
  });
}

void add_runs_command(const Command& app, int& exit_code) {
  struct Options {
    std::string store = default_store();
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  const Command command = app.add_subcommand("runs", "List the store's runs");
  command.footer("Examples:\n  moat runs\n  moat runs --store results --json | jq -r '.[-1].run'");
  add_store_option(command, options->store);
  command.add_flag("--json", options->json, "Print an array");
  command.callback([options, &exit_code] {
    Index index{Store(options->store)};
    const std::vector<RunSummary> runs = index.runs();
    print_notices(index);
    if (options->json) {
      Json array = Json::array();
      for (const RunSummary& run : runs) array.push_back(summary_json(run));
      print("{}\n", strict_json(array, 2));
    } else {
      print("{}", terminal_table(run_list(runs), table_options()));
    }
    exit_code = exit_fine;
  });
}

void add_rebuild_command(const Command& app, int& exit_code) {
  const auto store_path = std::make_shared<std::string>(default_store());
  const Command command = app.add_subcommand("rebuild", "Rebuild the store's index from its run folders");
  command.footer(rebuild_footer);
  add_store_option(command, *store_path);
  command.callback([store_path, &exit_code] {
    Index index{Store(*store_path)};
    if (index.is_on_disk()) index.rebuild();
    if (!index.is_on_disk()) {
      throw UsageError(fmt::format("the index of {} cannot be written, so it was not rebuilt: {}",
                                   *store_path, index.notices().empty() ? "" : index.notices().back()));
    }
    print_notices(index);
    print("indexed {} runs of {}\n", index.runs().size(), *store_path);
    exit_code = exit_fine;
  });
}

}  // namespace moat
