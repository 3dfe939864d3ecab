// moat list: suites, or the cases a run would measure with their expected work.
#include <fmt/format.h>

#include "base/json.h"
#include "base/output.h"
#include "commands/campaign.h"
#include "commands/commands.h"
#include "commands/plan_table.h"
#include "commands/selection_options.h"
#include "commands/terminal.h"
#include "reports/format/grid_json.h"

namespace moat {
namespace {

constexpr const char* list_footer =
    R"(Lists what `moat run` with the same options would measure, without running anything. Operations and bytes
are those of the problem by the conventions in docs/method.md.

Examples:
  moat list --suites
  moat list --suite standard --device 'opencl:*' --type f32
  moat list --suite deepbench-train --json)";

Grid suites_table() {
  Grid grid{.id = "suites",
            .caption = "Suites that come with moat",
            .columns = {{.key = "name", .title = "suite", .importance = 100},
                        {.key = "problems", .title = "problems", .kind = GridKind::count, .importance = 50},
                        {.key = "description", .title = "description", .importance = 10, .shortens = true}}};
  for (const std::string& suite_name : suite_names()) {
    const Suite suite = load_suite(suite_name);
    grid.rows.push_back({cell(suite.name), count_cell(suite.problems.size()), cell(suite.description)});
  }
  return grid;
}

}  // namespace

void add_list_command(const Command& app, int& exit_code) {
  struct Options {
    Selection selection;
    bool suites = false;
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  const Command command = app.add_subcommand("list", "List the cases a run would measure, or the suites");
  command.footer(list_footer);
  command.add_flag("--suites", options->suites, "List the built-in suites instead");
  command.add_flag("--json", options->json, "Print an array");
  add_selection_options(command, options->selection, false);
  command.callback([options, &exit_code] {
    if (options->suites) {
      const Grid suites = suites_table();
      print("{}", options->json ? strict_json(json_rows(suites), 2) + "\n"
                                : terminal_table(suites, table_options()));
    } else {
      const Campaign campaign = plan_campaign(options->selection);
      print_notices(campaign.notices);
      print("{}\n", options->json ? strict_json(plan_json(campaign.cases), 2)
                                  : terminal_table(plan_table(campaign.cases), table_options()));
    }
    exit_code = exit_fine;
  });
}

}  // namespace moat
