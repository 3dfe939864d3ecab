// moat run: measures a suite's cases on this machine's devices and keeps their records.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>

#include "base/error.h"
#include "base/json.h"
#include "base/output.h"
#include "base/terminal.h"
#include "base/text.h"
#include "bench/coordinator.h"
#include "bench/environment/environment.h"
#include "bench/measure/google.h"
#include "commands/campaign.h"
#include "commands/commands.h"
#include "commands/plan_table.h"
#include "commands/selection_options.h"
#include "commands/summary.h"
#include "commands/terminal.h"
#include "results/filter.h"
#include "results/json.h"
#include "results/store/index.h"
#include "results/store/store.h"

namespace moat {
namespace {

constexpr const char* run_footer =
    R"(Each case is prepared, verified against a reference, sampled until the 95 % confidence interval of its median
is within ±0.5 % or its time cap is reached, and verified again. With several rounds (--rounds; 3 in suites quick
and standard), all of this is repeated in another order. Records are stored as soon as a case ends, and
--resume continues an interrupted run. The cases of a device run in a worker process, so that a crash or a hang
costs only one case. A summary on one screen ends the run; moat show --summary prints it again.

Examples:
  moat run --suite quick
  moat run --suite standard --op gemm --type f32 --store results
  moat run --problem gemm:m=1024,n=1024,k=1024,type=f32 --device opencl:0 --implementation portable
  moat run --suite quick --data normal --data zeros   how much faster devices are on constant data
  moat run --suite llm-decode --rounds 5     every case five times, spread over the run
  moat run --suite llm-decode --budget 5m    the most informative problems that fit into five minutes
  moat run --resume latest                   continue the last run of the store
  moat run --suite quick --json | jq -r '.[] | select(.status=="ok") | [.case, .median_seconds] | @tsv')";

struct RunOptions {
  Selection selection;
  std::string store = default_store();
  std::optional<std::string> resume;
  bool dry_run = false;
  bool json = false;
  bool quiet = false;
};

std::string host_name() {
  std::array<char, 256> text{};
  return gethostname(text.data(), text.size() - 1) == 0 ? text.data() : "unavailable: gethostname failed";
}

RunInfo new_run(const Selection& selection, const Campaign& campaign, const std::string& command) {
  RunInfo info;
  info.suite = campaign.suite.name;
  info.devices = campaign.run_devices();
  info.command = command;
  info.environment = describe_environment(EnvironmentSources::of_this_process());
  info.system_id = info.environment->value("system_id", "");
  info.host = host_name();
  (*info.environment)["selection"] = selection_json(selection);
  (*info.environment)["suite_digest"] = campaign.suite.digest();
  return info;
}

// The selection that an interrupted run began with.
Selection selection_of(const RunInfo& info) {
  const std::string where = "run.json of run " + info.id + ": selection";
  if (!info.environment->contains("selection"))
    throw UsageError("run.json of run " + info.id +
                     " does not say which cases were selected; the run cannot be resumed");
  return parse_selection(info.environment->at("selection"), where);
}

void check_same_suite(const RunInfo& info, const Suite& suite) {
  if (info.environment->value("suite_digest", "") == suite.digest()) return;
  throw UsageError(
      fmt::format("suite '{}' has changed since run {} began; start a new run instead", suite.name, info.id));
}

void check_same_system(const RunInfo& info) {
  const std::string here = system_id(describe_system(EnvironmentSources::of_this_process()));
  if (info.system_id == here) return;
  throw UsageError(fmt::format("run {} began on another system ({}, this is {}); start a new run instead",
                               info.id, info.system_id, here));
}

/// Cases that are not recorded, or that were ok in fewer rounds than are asked for.
std::vector<PlannedCase> missing(std::vector<PlannedCase> cases, std::span<const Record> recorded,
                                 std::uint64_t rounds) {
  std::set<std::string> finished;
  for (const Record& record : recorded) {
    const CaseProgress progress = progress_of(record);
    if (!progress.is_ok || progress.rounds >= rounds) finished.insert(record.identity.id());
  }
  std::erase_if(cases, [&](const PlannedCase& planned) { return finished.contains(planned.identity.id()); });
  return cases;
}

/// How many cases were left with fewer rounds than were asked for; empty if none.
std::string short_rounds(std::span<const Record> records, std::uint64_t rounds) {
  std::size_t count = 0;
  for (const Record& record : records) {
    const CaseProgress progress = progress_of(record);
    if (progress.is_ok && progress.rounds < rounds) ++count;
  }
  if (count == 0) return "";
  return fmt::format("{} cases have fewer than {} rounds, because the budget of their device was used up",
                     count, rounds);
}

bool failed(Status status) {
  return status != Status::ok && status != Status::skipped && status != Status::unsupported;
}

std::string count_by_status(const std::map<Status, std::size_t>& counts) {
  std::string text;
  for (const auto& [status, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name(status));
  return text;
}

class Run {
 public:
  Run(RunOptions options, std::string command) : options_(std::move(options)), command_(std::move(command)) {}

  int go() {
    const Store store(options_.store);
    std::optional<RunWriter> writer;
    std::vector<Record> recorded;
    if (options_.resume) {
      store.check_readable();
      writer.emplace(store.resume_run(store.find_run(*options_.resume)));
      options_.selection = selection_of(writer->info());
      recorded = store.run_folder(writer->info().id).read_records().records;
    }
    Campaign campaign = plan_campaign(options_.selection);
    print_notices(campaign.notices);
    if (writer) {
      check_same_suite(writer->info(), campaign.suite);
      check_same_system(writer->info());
      campaign.cases =
          missing(std::move(campaign.cases), recorded, rounds_of(options_.selection, campaign.suite));
    }
    if (options_.dry_run) {
      print_plan(std::move(campaign));
      return exit_fine;
    }
    if (!campaign.budget_text.empty()) note(campaign.budget_text);
    ChosenParameters parameters = tuned_parameters(options_.selection, options_.store, campaign.devices);
    print_notices(parameters.notices);
    if (writer) {
      if (!writer->repair().empty()) note(writer->repair());
      note(fmt::format("{} cases are recorded, {} remain or have rounds left", recorded.size(),
                       campaign.cases.size()));
      writer->mark_resumed();
      writer->add_devices(campaign.run_devices());
    } else {
      store.check_writable();
      writer.emplace(store.start_run(new_run(options_.selection, campaign, command_)));
    }
    writer->add_facts({{"tuning", parameters.source.folder}});
    note_shared(campaign, PhysicalDevices(writer->info().devices));
    arm_interruption(fmt::format("finished cases are stored. Continue with: moat run --resume {}{}",
                                 writer->info().id, store_option(options_.store)));
    const std::uint64_t rounds = rounds_of(options_.selection, campaign.suite);
    measure(std::move(campaign), recorded, std::move(parameters.source), *writer);
    writer->add_facts({{"after", observe_state(EnvironmentSources::of_this_process())}});
    writer->finish();
    const std::string id = writer->info().id;
    writer.reset();  // the lock is free before the index looks
    Index index(store);
    return conclude(store, id, rounds);
  }

 private:
  void note(const std::string& text) const {
    if (!options_.quiet) say("{}", text);
  }

  /// Which of the cases' devices are one.
  void note_shared(const Campaign& campaign, const PhysicalDevices& physical) const {
    std::vector<std::string> devices;
    for (const PlannedCase& planned : campaign.cases) add_once(devices, planned.identity.device);
    for (const std::string& line : physical.shared(devices)) note(printable(line));
  }

  void print_plan(Campaign campaign) const {
    if (!options_.json) {
      print("{}\n{}", terminal_table(plan_table(campaign.cases), table_options()), campaign.budget_text);
      return;
    }
    std::vector<PlannedCase>& all = campaign.cases;
    all.insert(all.end(), campaign.left_out.begin(), campaign.left_out.end());
    print("{}\n", strict_json(plan_json(all), 2));
  }

  void measure(Campaign campaign, std::span<const Record> recorded, ParameterSource parameters,
               RunWriter& writer) const {
    const std::uint64_t rounds = rounds_of(options_.selection, campaign.suite);
    std::vector<Turn> turns = measuring_order(campaign.cases, rounds);
    Progress progress(turns.size(), options_.quiet, rounds);
    std::uint64_t round = 1;
    const Listeners listeners{
        [&](const Case& identity) { progress.begin(identity, round); },
        [&](std::string_view phase) { progress.phase(phase); },
        [&](const Record& record, double seconds) {
          writer.append(record);
          progress.end(record, seconds);
        },
        [&](const std::string& device, const Json& process) {
          writer.add_facts({{"workers", {{device, process}}}});
        },
    };
    BudgetLimits limits = budget_limits(options_.selection, campaign.suite);
    limits.rounds = rounds;
    Coordinator coordinator(std::move(campaign.cases), std::move(turns), campaign.devices,
                            campaign.suite.name, worker_settings(options_.selection, campaign.suite), limits,
                            listeners, std::move(parameters));
    for (const Record& record : recorded) coordinator.remember(record);
    // Google Benchmark's own flags can come from the environment (BENCHMARK_REPETITIONS, …): a turn is
    // taken once whatever they say, and a run that left cases out is no complete one.
    std::vector<bool> visited(coordinator.turns().size());
    const auto once = guarded([&](std::size_t index) {
      if (visited.at(index)) return Record{};
      visited.at(index) = true;
      const Turn& turn = coordinator.turns()[index];
      round = turn.round;
      const std::optional<Record> record = coordinator.measure(turn);
      if (!record) progress.pass();
      return record.value_or(Record{});
    });
    register_cases(coordinator.turn_names(), once.measure);
    run_registered_cases();
    once.rethrow();
    if (std::find(visited.begin(), visited.end(), false) != visited.end()) {
      throw UsageError(
          "Google Benchmark left cases out; unset its variables in the environment (BENCHMARK_…)");
    }
    coordinator.finish();
  }

  [[nodiscard]] int conclude(const Store& store, const std::string& id, std::uint64_t rounds) const {
    const RunFolder folder = store.run_folder(id);
    const std::vector<Record> records = folder.read_records().records;
    std::map<Status, std::size_t> counts;
    bool any_failed = false;
    for (const Record& record : records) {
      ++counts[record.status];
      any_failed = any_failed || failed(record.status);
    }
    if (options_.json) {
      const PhysicalDevices physical(folder.read_info().devices);
      Json array = Json::array();
      for (const Record& record : records) array.push_back(show_json(record, id, physical));
      print("{}\n", strict_json(array, 2));
    }
    note(fmt::format("{} cases: {}", records.size(), count_by_status(counts)));
    if (const std::string text = short_rounds(records, rounds); !text.empty()) note(text);
    note(fmt::format("run {} is stored in {}; show it with: moat show {}{}", id, folder.path().string(), id,
                     store_option(options_.store)));
    if (!options_.json && !options_.quiet) {
      write_output("\n" + summary_text(find_run(options_.store, id), options_.store, id, table_options()));
    }
    return any_failed ? exit_cases_failed : exit_fine;
  }

  RunOptions options_;
  std::string command_;
};

}  // namespace

void add_run_command(const Command& app, int& exit_code) {
  const auto options = std::make_shared<RunOptions>();
  const Command command = app.add_subcommand("run", "Measure a suite's cases and store their records");
  command.footer(run_footer);
  add_selection_options(command, options->selection, true);
  add_rounds_option(command, options->selection);
  command.add_option("--store", options->store, "Folder of all runs").capture_default_str();
  command.add_option("--resume", options->resume,
                     "Continue this run (an id, the beginning of one, or latest)");
  command.add_flag("--dry-run", options->dry_run, "Only list the cases with their expected work");
  command.add_flag("--json", options->json, "Print the run's records as a JSON array (docs/records.md)");
  command.add_flag("-q,--quiet", options->quiet, "No progress and no summary");
  command.callback([options, &exit_code] {
    const Selection usual;
    if (options->resume && options->selection != usual) {
      throw UsageError(
          "--resume goes on with the cases the run began with; "
          "leave the options that select or limit cases out");
    }
    exit_code = Run(*options, this_command_line()).go();
  });
}

}  // namespace moat
