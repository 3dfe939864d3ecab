// moat list: suites, or the cases a run would measure with their expected work.
#include <fmt/format.h>

#include "base/json.h"
#include "commands/campaign.h"
#include "commands/commands.h"
#include "commands/selection_options.h"
#include "commands/terminal.h"

namespace moat {
namespace {

constexpr const char* footer =
    R"(Lists what `moat run` with the same options would measure, without running anything. Operations and bytes
are those of the problem by the conventions in docs/method.md.

Examples:
  moat list --suites
  moat list --suite standard --device 'opencl:*' --type f32
  moat list --suite deepbench-train --json)";

void print_suites(bool json) {
  Json array = Json::array();
  for (const std::string& suite_name : suite_names()) {
    const Suite suite = load_suite(suite_name);
    array.push_back(
        {{"name", suite.name}, {"description", suite.description}, {"problems", suite.problems.size()}});
    if (!json)
      fmt::print("{:<18} {:>5} problems  {}\n", suite.name, suite.problems.size(), suite.description);
  }
  if (json) fmt::print("{}\n", strict_json(array, 2));
}

}  // namespace

void add_list_command(CLI::App& app, int& exit_code) {
  struct Options {
    Selection selection;
    bool suites = false;
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("list", "List the cases a run would measure, or the suites");
  command->footer(footer);
  command->add_flag("--suites", options->suites, "List the built-in suites instead");
  command->add_flag("--json", options->json, "Print an array");
  add_selection_options(*command, options->selection, false);
  command->callback([options, &exit_code] {
    if (options->suites) {
      print_suites(options->json);
    } else {
      const Campaign campaign = plan_campaign(options->selection);
      print_notices(campaign.notices);
      fmt::print("{}\n",
                 options->json ? strict_json(plan_json(campaign.cases), 2) : plan_table(campaign.cases));
    }
    exit_code = exit_fine;
  });
}

}  // namespace moat
