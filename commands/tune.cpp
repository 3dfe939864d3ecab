// moat tune: searches faster parameters for the project's own kernels and keeps them for later runs.
#include <fmt/format.h>

#include <chrono>

#include "base/files.h"
#include "base/json.h"
#include "base/output.h"
#include "base/text.h"
#include "base/units.h"
#include "bench/tune/tuner.h"
#include "commands/campaign.h"
#include "commands/commands.h"
#include "commands/selection_options.h"
#include "commands/terminal.h"
#include "results/parameters.h"
#include "results/store/store.h"

namespace moat {
namespace {

constexpr const char* tune_footer =
    R"(The candidates of each problem are measured in rounds; each is verified before its time counts. A round keeps
the faster half, which the next round measures for twice as long. The winner is measured against the default in
alternation and replaces it only if it is faster by more than noise. moat run then uses the result, and its
records say so. A problem that is already tuned for this device, driver and kernel is skipped, so that the same
command continues an interrupted search.

Examples:
  moat tune --device opencl:0 --suite quick
  moat tune --problem gemm:m=1024,n=1024,k=1024,type=f32 --seconds 300
  moat tune --op gemm --type f32 --dry-run             which parameters would be tried
  moat tune --again --tuning ./my-tuning               repeat the search and store the result elsewhere
  moat run --suite quick --tuning ./my-tuning          use it; with --tuning none, the shipped defaults)";

struct TuneOptions {
  Selection selection;
  std::string store = default_store();
  double seconds = 60;
  bool again = false;
  bool dry_run = false;
  bool json = false;
  bool quiet = false;
};

/// "TILE_M 12→14": only what differs.
std::string difference_text(const Parameters& from, const Parameters& to) {
  std::vector<std::string> parts;
  if (from.method != to.method) parts.push_back(fmt::format("{} {}→{}", method_name, from.method, to.method));
  for (const auto& [name, value] : to.values) {
    const auto before = from.values.find(name);
    if (before == from.values.end()) {
      parts.push_back(fmt::format("{} {}", name, value));
    } else if (before->second != value) {
      parts.push_back(fmt::format("{} {}→{}", name, before->second, value));
    }
  }
  return join(parts, ", ");
}

std::string rate_text(const TuningTask& task, double seconds) {
  if (!(seconds > 0)) return "–";
  const Problem& problem = *task.planned.problem;
  const std::string_view unit = is_floating(problem.types().input) ? "FLOP/s" : "OP/s";
  return quantity_text(problem.work().operations / seconds, unit);
}

std::string gain_text(const TunedProblem& tuned) {
  if (tuned.keeps_default) return "1";
  return tuned.default_seconds > 0 ? fmt::format("{:.2f}", tuned.default_seconds / tuned.seconds) : "–";
}

std::string summary(const TuningTask& task, const TuningReport& report) {
  std::string text(name(report.outcome));
  if (!report.reason.empty()) text += ": " + report.reason;
  const SearchOutcome& search = report.search;
  if (report.outcome == TuningReport::Outcome::tuned) {
    text += fmt::format(" {}, {} of the default [{:.2f}, {:.2f}]: {}", rate_text(task, search.seconds),
                        gain_text(*report.tuned), search.ratio.low, search.ratio.high,
                        difference_text(task.candidates.front(), search.parameters));
  } else if (report.outcome == TuningReport::Outcome::kept) {
    text += fmt::format(" {}", rate_text(task, search.seconds));
  }
  if (search.tried > 0) text += fmt::format("; {} candidates", search.tried);
  if (search.left_out > 0) text += fmt::format(", {} more not reached in time", search.left_out);
  if (!search.faults.empty()) text += fmt::format(", {} excluded", search.faults.size());
  return text;
}

Json report_json(const TuningTask& task, const TuningReport& report) {
  const Case& identity = task.planned.identity;
  Json json{{"device", identity.device},
            {"implementation", identity.implementation},
            {"problem", identity.problem},
            {"outcome", name(report.outcome)},
            {"reason", report.reason},
            {"operations", task.planned.problem->work().operations},
            {"seconds", nullptr},
            {"default_seconds", nullptr},
            {"ratio_interval", nullptr},
            {"parameters", nullptr},
            {"default_parameters", nullptr},
            {"candidates", report.search.tried},
            {"left_out", report.search.left_out},
            {"faults", Json::array()}};
  if (!task.candidates.empty()) json["default_parameters"] = parameters_json(task.candidates.front());
  if (report.tuned) {
    json["seconds"] = report.tuned->seconds;
    if (report.tuned->default_seconds > 0) json["default_seconds"] = report.tuned->default_seconds;
    json["parameters"] = parameters_json(report.tuned->parameters);
    json["candidates"] = report.tuned->candidates;
  }
  if (report.search.ratio.high > 0)
    json["ratio_interval"] = Json::array({report.search.ratio.low, report.search.ratio.high});
  for (const auto& [parameters, fault] : report.search.faults)
    json["faults"].push_back({{"parameters", parameters_json(parameters)}, {"fault", fault}});
  return json;
}

void print_candidates(const std::vector<TuningTask>& tasks, bool as_json) {
  Json array = Json::array();
  for (const TuningTask& task : tasks) {
    const Case& identity = task.planned.identity;
    if (as_json) {
      Json candidates = Json::array();
      for (const Parameters& parameters : task.candidates) candidates.push_back(parameters_json(parameters));
      array.push_back({{"device", identity.device},
                       {"implementation", identity.implementation},
                       {"problem", identity.problem},
                       {"reason", task.obstacle},
                       {"candidates", std::move(candidates)}});
      continue;
    }
    print("{} {} {}{}\n", identity.device, identity.implementation, identity.problem,
          task.obstacle.empty() ? "" : ": " + task.obstacle);
    for (const Parameters& parameters : task.candidates) print("  {}\n", parameters_text(parameters));
  }
  if (as_json) print("{}\n", strict_json(array, 2));
}

Grid outcome_table() {
  return {.id = "tuning",
          .caption = "What was tuned",
          .columns = {{.key = "device", .title = "device", .importance = 50, .shortens = true},
                      {.key = "problem", .title = "problem", .importance = 100, .shortens = true},
                      {.key = "outcome", .title = "outcome", .importance = 80},
                      {.key = "default", .title = "default", .kind = GridKind::rate, .importance = 70},
                      {.key = "tuned", .title = "tuned", .kind = GridKind::rate, .importance = 90},
                      {.key = "gain", .title = "gain", .kind = GridKind::number, .importance = 95},
                      {.key = "parameters", .title = "parameters", .importance = 60, .shortens = true}}};
}

GridRow outcome_row(const TuningTask& task, const TuningReport& report) {
  const Case& identity = task.planned.identity;
  GridRow row{cell(identity.device), cell(identity.problem), cell(name(report.outcome))};
  if (!report.tuned) {
    row.insert(row.end(), {{}, {}, {}, cell(report.reason, Tone::faint)});
    return row;
  }
  row.push_back(cell(rate_text(task, report.tuned->default_seconds)));
  row.push_back(cell(rate_text(task, report.tuned->seconds), Tone::strong));
  row.push_back(cell(gain_text(*report.tuned)));
  row.push_back(cell(difference_text(task.candidates.front(), report.tuned->parameters)));
  return row;
}

class Tuning {
 public:
  explicit Tuning(TuneOptions options) : options_(std::move(options)) {}

  int go() {
    Selection& selection = options_.selection;
    if (selection.filters.implementations.empty()) selection.filters.implementations = {"portable"};
    Campaign campaign = plan_campaign(selection);
    print_notices(campaign.notices);
    const std::vector<TuningTask> tasks = tuning_tasks(std::move(campaign.cases), campaign.devices);
    if (options_.dry_run) {
      print_candidates(tasks, options_.json);
      return exit_fine;
    }
    const std::string folder = selection.tuning.value_or(default_tuning_folder(options_.store));
    if (!selection.tuning) Store(options_.store).check_writable();  // a store that did not exist is one now
    Tuner tuner(folder, worker_settings(selection, campaign.suite), {.seconds = options_.seconds});
    arm_interruption(fmt::format("finished problems are stored in {}; the same command continues", folder));
    const bool any_failed = tune(tuner, tasks);
    if (!options_.quiet)
      say("stored in {}; moat run uses it with --tuning {}", folder,
          shell_quoted(absolute_path(folder).string()));
    return any_failed ? exit_cases_failed : exit_fine;
  }

 private:
  /// Whether a problem failed, or a candidate gave a wrong result or crashed.
  bool tune(Tuner& tuner, const std::vector<TuningTask>& tasks) const {
    Progress progress(tasks.size(), options_.quiet);
    Grid table = outcome_table();
    Json array = Json::array();
    bool any_failed = false;
    for (const TuningTask& task : tasks) {
      progress.begin(task.planned.identity);
      const auto begin = std::chrono::steady_clock::now();
      const TuningReport report = tuner.tune(task, options_.again, [&](const SearchStep& step) {
        std::string text = fmt::format("{} {}/{}", step.stage, step.done, step.of);
        if (step.best_seconds > 0) text += fmt::format(", best {}", rate_text(task, step.best_seconds));
        progress.phase(text);
      });
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
      const bool failed = report.outcome == TuningReport::Outcome::failed || !report.search.faults.empty();
      any_failed = any_failed || failed;
      progress.end(summary(task, report), failed, report.search.tried > 0, seconds);
      for (const auto& [parameters, fault] : report.search.faults)
        say("  {}: {}", parameters_text(parameters), printable(fault));
      array.push_back(report_json(task, report));
      table.rows.push_back(outcome_row(task, report));
    }
    if (options_.json) {
      print("{}\n", strict_json(array, 2));
    } else {
      print("{}", terminal_table(table, table_options()));
    }
    return any_failed;
  }

  TuneOptions options_;
};

}  // namespace

void add_tune_command(const Command& app, int& exit_code) {
  const auto options = std::make_shared<TuneOptions>();
  const Command command =
      app.add_subcommand("tune", "Search for faster parameters of the portable kernels and store them");
  command.footer(tune_footer);
  add_case_options(command.add_option_group("Which problems"), options->selection);
  const Command effort = command.add_option_group("How long");
  effort.add_option("--seconds", options->seconds, "Search time per problem, without the final comparison")
      .seconds(0.1, 86400.0)
      .capture_default_str();
  add_worker_options(effort, options->selection);
  command.add_option("--tuning", options->selection.tuning,
                     "Folder of tuning files (default: tuning in the store)");
  command.add_option("--store", options->store, "Folder of all runs").capture_default_str();
  command.add_flag("--again", options->again, "Repeat the search for problems that are tuned already");
  command.add_flag("--dry-run", options->dry_run, "Only list the candidates");
  command.add_flag("--json", options->json, "Print the outcomes as a JSON array");
  command.add_flag("-q,--quiet", options->quiet, "No progress");
  command.callback([options, &exit_code] { exit_code = Tuning(*options).go(); });
}

}  // namespace moat
