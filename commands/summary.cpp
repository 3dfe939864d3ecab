// Chooses what the first screen is about and which commands it names.
#include "commands/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "commands/commands.h"
#include "reports/tables/overview.h"
#include "results/store/index.h"
#include "results/store/store.h"

namespace moat {
namespace {

std::string heading_of(const Findings& findings, const std::string& run) {
  if (findings.runs.empty()) return "Summary of run " + run;
  const RunInfo& info = findings.runs.front();
  if (info.citation) return fmt::format("Summary of figures published in: {}", info.citation->title);
  return fmt::format("Summary of run {}{}", run, info.suite.empty() ? "" : ", suite " + info.suite);
}

/// The commands, aligned. The folder is named where it is not the usual one, the run where it is not the
/// latest.
std::vector<std::string> commands_for(const Findings& findings, const std::string& store,
                                      const std::string& run) {
  const std::string where = store == default_store() ? "" : store_option(store);
  const bool is_latest = Store(store).find_run("latest") == run;
  const std::string which = is_latest ? "" : " " + run;
  std::vector<std::string> commands;
  if (findings.overview.devices.size() > 1)
    commands.push_back(fmt::format("Why:         moat gap{}{}", is_latest ? "" : " --run " + run, where));
  commands.push_back(fmt::format("A page:      moat report{}{}", which, where));
  commands.push_back(fmt::format("Every case:  moat show{}{}", which, where));
  return commands;
}

}  // namespace

Findings find_run(const std::string& store, const std::string& run, const Filters& filters) {
  SubjectOptions options;
  options.store = store;
  options.run = run;
  options.filters = filters;
  options.is_silent = true;
  Index index{Store(store)};
  const std::vector<Record> records = index.records(run);
  options.emulated = !records.empty() && std::ranges::all_of(records, [](const Record& record) {
    return record.provenance == Provenance::emulated;
  });
  return find_chosen(options);
}

std::string summary_text(const Findings& findings, const std::string& store, const std::string& run,
                         const TableOptions& table) {
  OverviewTextOptions options;
  options.heading = heading_of(findings, run);
  options.commands = commands_for(findings, store, run);
  return overview_text(findings.overview, options, table);
}

}  // namespace moat
