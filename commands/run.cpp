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
  info.environment->update(beginning_json(selection, campaign.here()));
  return info;
}

/// Cases that are not recorded, that were disturbed, or that were ok in fewer rounds than are asked for.
std::vector<PlannedCase> missing(std::vector<PlannedCase> cases, std::span<const Record> recorded,
                                 std::uint64_t rounds) {
  std::set<std::string> finished;
  for (const Record& record : recorded) {
    if (is_finished(record, rounds)) finished.insert(record.identity.id());
  }
  std::erase_if(cases, [&](const PlannedCase& planned) { return finished.contains(planned.identity.id()); });
  return cases;
}

std::string resumption_text(std::size_t recorded, std::size_t left) {
  if (left > 0) return fmt::format("{} cases are recorded, {} remain or have rounds left", recorded, left);
  return fmt::format("{} cases are recorded; nothing is left to measure here", recorded);
}

/// What the cases ran with that a reader of their rates should know, a line each with how many cases.
std::vector<std::string> remarks_on(std::span<const Record> records) {
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const Record& record : records) {
    if (!record.circumstances) continue;
    for (const std::string& remark : record.circumstances->remarks) {
      const auto known = std::ranges::find(counts, remark, &std::pair<std::string, std::size_t>::first);
      if (known == counts.end()) {
        counts.emplace_back(remark, 1);
      } else {
        ++known->second;
      }
    }
  }
  std::vector<std::string> lines;
  lines.reserve(counts.size());
  for (const auto& [remark, count] : counts)
    lines.push_back(fmt::format("note: {} ({} {})", remark, count, count == 1 ? "case" : "cases"));
  return lines;
}

/// How many cases were left with fewer rounds than were asked for; empty if none.
std::string short_rounds(std::span<const Record> records, std::uint64_t rounds) {
  std::size_t count = 0;
  for (const Record& record : records) {
    const CaseProgress progress = progress_of(record);
    if (progress.is_ok && progress.rounds < rounds) ++count;
  }
  if (count == 0) return "";
  return fmt::format(
      "{} cases have fewer than {} rounds, because the budget of their device was used up or a round "
      "was disturbed",
      count, rounds);
}

/// Whether the device, its driver or a library failed. That a case has no result because it cannot be had
/// there, because of a budget or of what else the machine did, is no failure of theirs.
bool failed(Status status) {
  switch (status) {
    case Status::ok:
    case Status::unsupported:
    case Status::skipped:
    case Status::unverified:
    case Status::disturbed:
      return false;
    default:
      return true;
  }
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
    Campaign campaign = plan_campaign(options_.selection,
                                      writer ? chosen_problems(writer->info()) : std::vector<std::string>{});
    print_notices(campaign.notices);
    const std::uint64_t rounds = rounds_of(options_.selection, campaign.suite);
    std::vector<std::string> gone;
    if (writer) {
      require_same(writer->info(), campaign.here(), recorded);
      campaign.cases = missing(std::move(campaign.cases), recorded, rounds);
      gone = gone_devices(writer->info(), campaign.here(), recorded, rounds);
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
      note(resumption_text(recorded.size(), campaign.cases.size()));
      if (const std::string changes = changed_settings(writer->info()); !changes.empty()) note(changes);
      print_notices(gone);
      if (campaign.cases.empty() && (!gone.empty() || writer->info().ended_utc)) {
        const std::string id = writer->info().id;
        writer.reset();
        const int code = conclude(store, id, rounds);
        return gone.empty() ? code : exit_usage;
      }
      writer->mark_resumed();
      writer->add_devices(campaign.run_devices());
    } else {
      store.check_writable();
      writer.emplace(store.start_run(new_run(options_.selection, campaign, command_)));
    }
    writer->add_facts({{"tuning", parameters.source.folder}});
    note_shared(campaign, PhysicalDevices(writer->info().devices));
    note_settings();
    arm_interruption(fmt::format("finished cases are stored. Continue with: moat run --resume {}{}",
                                 writer->info().id, store_option(options_.store)));
    if (!campaign.cases.empty())
      measure(std::move(campaign), recorded, std::move(parameters.source), *writer);
    writer->add_facts({{"after", observe_state(EnvironmentSources::of_this_process())}});
    if (gone.empty()) writer->finish();
    const std::string id = writer->info().id;
    writer.reset();  // the lock is free before the index looks
    Index index(store);
    const int code = conclude(store, id, rounds);
    if (gone.empty()) return code;
    print_notices(gone);
    note(fmt::format(
        "the run stays interrupted; it goes on when the device is back with: moat run --resume {}{}", id,
        store_option(options_.store)));
    return exit_usage;
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

  /// Which variables are set that drivers and libraries obey; where they are installed decides no number.
  void note_settings() const {
    std::string text;
    for (const auto& [name, value] : telling_settings(EnvironmentSources::of_this_process())) {
      if (name != "MOAT_STORE" && !name.ends_with("_HOME"))
        text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, value);
    }
    if (!text.empty()) note(printable("set in the environment: " + text));
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
    for (const std::string& line : remarks_on(records)) note(printable(line));
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
