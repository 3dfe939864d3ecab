// moat breakeven: which efficiency a chip's software must reach to match another chip.
#include <fmt/format.h>

#include <memory>

#include "base/error.h"
#include "base/output.h"
#include "base/text.h"
#include "bench/plan/suite.h"
#include "commands/commands.h"
#include "commands/selection_options.h"
#include "commands/terminal.h"
#include "reports/tables/breakeven.h"
#include "results/filter.h"
#include "results/published/published.h"

namespace moat {
namespace {

constexpr const char* breakeven_footer =
    R"(For each operator and type of the suite, this command computes the share of its roof that the target must
reach to match the rate of the reference at its published efficiency. If no efficiency is published, it
assumes that the reference reaches its roof, which is the most that can be required. The ends of an
interval come from the intervals of the peaks and from the range of published figures.

Examples:
  moat breakeven --reference h100-sxm --target ascend-910b2 --suite standard
  moat breakeven --reference a100-40-sxm --target ascend-910c --target mtt-s5000 --suite llm-decode
  moat breakeven --reference h100-sxm --target mi300x --reference-efficiency 0.75 --op gemm --type f16

moat chips lists the chips, moat import --list the publications.)";

std::vector<BreakevenProblem> problems_of(const Suite& suite, const Filters& filters) {
  std::vector<BreakevenProblem> chosen;
  for (const SuiteProblem& entry : suite.problems) {
    const Problem& problem = *entry.problem;
    if (is_roof_operator(problem.operator_name())) continue;
    if (!any_match(filters.operators, problem.operator_name(), glob_match)) continue;
    if (!any_match(filters.types, name(problem.types().input), glob_match)) continue;
    chosen.push_back({problem.key(), std::string(problem.operator_name()), problem.types(), problem.work()});
  }
  if (chosen.empty()) throw UsageError("--op and --type exclude every problem of the suite");
  return chosen;
}

std::vector<Subject> published_subjects() {
  std::vector<Subject> subjects;
  for (const std::string& name : published_names()) {
    const Published published = load_published(name);
    for (Subject& subject : subjects_of(published.info, published.records))
      subjects.push_back(std::move(subject));
    for (const RunDevice& device : published.info.devices) {
      if (std::ranges::any_of(subjects, [&](const Subject& known) { return known.device == device; }))
        continue;
      subjects.push_back(
          {device.id, device, published.info, Provenance::published, {}});  // shares without rows
    }
  }
  return subjects;
}

}  // namespace

void add_breakeven_command(const Command& app, int& exit_code) {
  struct Options {
    std::string reference;
    std::vector<std::string> targets;
    std::string suite = "standard";
    Filters filters;
    std::optional<double> reference_efficiency;
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  const Command command = app.add_subcommand(
      "breakeven", "Compute the efficiency that a chip's software must reach to match another chip");
  command.footer(breakeven_footer);
  command.add_option("--reference", options->reference, "Chip to match (moat chips)").required();
  command.add_option("--target", options->targets, "Chip whose efficiency is computed (repeatable)")
      .required();
  command.add_option("--suite", options->suite, "Suite or TOML file with the problems to consider")
      .capture_default_str();
  command.add_option("--op", options->filters.operators, "Only these operators (globs; repeatable)");
  command.add_option("--type", options->filters.types, "Only these input types (globs; repeatable)");
  command
      .add_option("--reference-efficiency", options->reference_efficiency,
                  "Efficiency of the reference as a share of its roof, instead of published figures")
      .in_range(0.001, 1.0);
  command.add_flag("--json", options->json, "Print an array, one entry for each target");
  command.callback([options, &exit_code] {
    const Catalogue& catalogue = built_in_catalogue();
    const Chip& reference = catalogue.find(options->reference);
    const std::vector<BreakevenProblem> problems = problems_of(load_suite(options->suite), options->filters);
    const std::vector<Subject> published = published_subjects();
    BreakevenOptions how;
    if (options->reference_efficiency) how.reference_efficiency = exactly(*options->reference_efficiency);
    Json array = Json::array();
    std::string text;
    for (const std::string& target : options->targets) {
      const Breakeven found = break_even(reference, catalogue.find(target), problems, published, how);
      array.push_back(breakeven_json(found));
      text += (text.empty() ? "" : "\n") + breakeven_text(found, table_options());
    }
    print("{}", options->json ? strict_json(array, 2) + "\n" : text);
    exit_code = exit_fine;
  });
}

}  // namespace moat
