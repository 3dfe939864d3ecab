// moat metrics: performance portability of a run, or of anybody's figures.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <span>

#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/output.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/terminal.h"
#include "reports/findings/statement_json.h"
#include "reports/findings/words.h"
#include "reports/format/csv.h"
#include "reports/format/grid_json.h"
#include "reports/portability/metrics_table.h"
#include "reports/portability/p3.h"
#include "reports/tables/metrics.h"
#include "results/filter.h"
#include "results/store/index.h"
#include "results/store/store.h"

namespace moat {
namespace {

constexpr const char* metrics_footer =
    R"(Performance portability (PP) is the harmonic mean of an application's efficiencies over all platforms, and 0 if
it does not run on one of them. The mean over supported platforms and their share are printed beside it
(docs/metrics.md). In runs of moat, the applications are naive, portable and library, and the platforms are
physical devices. --file reads CSV in the format of the P3 Analysis Library, and --export writes it: columns
problem, platform, application and fom, 'app eff' or 'arch eff'.

Examples:
  moat metrics                                   the latest run
  moat metrics 20261121 20261122 --problem 'gemm:*'   the runs of two machines together
  moat metrics --export mine.csv                 the same for p3analysis or a spreadsheet
  moat metrics --file theirs.csv --lower-is-better --platform 'GPU*'
  moat metrics --file theirs.csv --higher-is-better --peaks peaks.csv
  moat metrics --file babelstream/performance.csv --higher-is-better \
    --column problem=name --column application=language --column platform=arch
  moat metrics --code                            code divergence of Moat's own kernels)";

struct MetricsOptions {
  std::vector<std::string> runs{"latest"};
  std::string store = default_store();
  std::string file;
  std::string peaks;
  std::string divergences;
  std::vector<std::string> columns;
  bool higher = false;
  bool lower = false;
  std::vector<std::string> platforms;
  std::vector<std::string> problems;
  std::vector<std::string> applications;
  std::string provenance{name(Provenance::measured)};
  bool each_device = false;
  bool with_roofs = false;
  bool code = false;
  bool json = false;
  std::string export_file;
  bool force = false;
};

/// What there is to compute from.
struct Measured {
  PerformanceTable table;
  std::map<std::string, double> divergences;  // by application
  std::vector<KernelLines> code;              // of the project's own kernels
  std::vector<LeftOut> left_out;
  std::string provenance;  // of a run's figures; empty of a file's
};

std::string read_csv_file(const std::string& path) {
  return read_file(path, CsvLimits::bytes);
}

bool has_fom(const PerformanceTable& table) {
  return std::any_of(table.entries().begin(), table.entries().end(),
                     [](const Performance& entry) { return entry.fom.has_value(); });
}

/// "problem=kernel,size" -> of which columns a problem is made.
P3Reading reading_of(const MetricsOptions& options) {
  const std::vector<std::string> known{"problem", "platform", "application"};
  P3Reading reading;
  if (options.higher || options.lower) reading.better = options.higher ? Better::higher : Better::lower;
  for (const std::string& text : options.columns) {
    const std::size_t equals = text.find('=');
    const std::string column = text.substr(0, equals);
    if (equals == std::string::npos || std::ranges::find(known, column) == known.end()) {
      throw UsageError(
          fmt::format("--column {}: write problem=NAME, platform=NAME,NAME or application=NAME.{}", text,
                      did_you_mean(column, known)));
    }
    for (const std::string_view source : split(std::string_view(text).substr(equals + 1), ','))
      reading.columns[column].emplace_back(source);
  }
  return reading;
}

Measured subject_of_file(const MetricsOptions& options) {
  Measured subject{parse_p3(read_csv_file(options.file), options.file, reading_of(options)), {}, {}, {}, {}};
  if (has_fom(subject.table) && !has_efficiency(subject.table, Efficiency::application)) {
    if (options.higher || options.lower) {
      subject.table =
          with_application_efficiency(subject.table, options.higher ? Better::higher : Better::lower);
    } else if (!has_efficiency(subject.table, Efficiency::architectural)) {
      throw UsageError(options.file +
                       " has figures of merit; "
                       "say whether they are rates (--higher-is-better) or times (--lower-is-better)");
    }
  }
  return subject;
}

/// The code of operators that the table has problems of.
std::vector<KernelLines> code_of(const PerformanceTable& table) {
  std::vector<KernelLines> parts = kernel_lines();
  std::erase_if(parts, [&](const KernelLines& part) {
    return std::none_of(table.problems().begin(), table.problems().end(), [&](const std::string& problem) {
      return split(problem, ':').front() == part.operator_name;
    });
  });
  return parts;
}

Measured subject_of_runs(const MetricsOptions& options) {
  const Store store(options.store);
  Index index(store);
  std::vector<MeasuredRun> runs;
  for (const std::string& text : options.runs) {
    const std::string id = store.find_run(text);
    const RunInfo info = store.run_folder(id).read_info();
    runs.push_back({id, info.host, index.records(id), PhysicalDevices(info.devices)});
  }
  for (const std::string& notice : index.notices()) say("moat: {}", notice);
  MetricsTable made =
      metrics_table(runs, {*parse_provenance(options.provenance), options.each_device, options.with_roofs});
  Measured subject{
      with_application_efficiency(made.table, Better::higher), {}, code_of(made.table), made.left_out, {}};
  subject.divergences = divergences_of(subject.code);
  subject.provenance = options.provenance;
  return subject;
}

PerformanceTable selected(const PerformanceTable& table, const MetricsOptions& options) {
  require_matches("platform", options.platforms, table.platforms(), glob_match);
  require_matches("problem", options.problems, table.problems(), glob_match);
  require_matches("application", options.applications, table.applications(), glob_match);
  PerformanceTable made;
  for (const Performance& entry : table.entries()) {
    if (!any_match(options.platforms, entry.platform, glob_match) ||
        !any_match(options.problems, entry.problem, glob_match) ||
        !any_match(options.applications, entry.application, glob_match)) {
      continue;
    }
    if (const auto fault = made.add(entry)) throw UsageError(*fault);
  }
  if (made.entries().empty()) {
    throw UsageError("no entry matches --platform, --problem and --application together; use fewer of them");
  }
  return made;
}

void print_efficiency(const Measured& subject, Efficiency kind) {
  const PerformanceTable& table = subject.table;
  const TableOptions style = table_options();
  const std::vector<Portability> together = portability(table, kind);
  print("performance portability, {} efficiency; {} {}, {} {}\n", name(kind), table.platforms().size(),
        table.platforms().size() == 1 ? "platform" : "platforms", table.problems().size(),
        table.problems().size() == 1 ? "problem" : "problems together");
  print("{}", terminal_table(portability_table(together), style));
  if (table.problems().size() > 1) {
    print("\nproblem by problem\n{}",
          terminal_table(portability_table(portability_by_problem(table, kind)), style));
  }
  print("\ncascade\n{}\n", terminal_table(cascade_table(cascades(table, kind)), style));
  const std::vector<NavigationPoint> points = navigation_chart(together, subject.divergences);
  if (!points.empty()) print("navigation chart\n{}\n", terminal_table(navigation_table(points), style));
}

std::string code_block(const std::vector<KernelLines>& parts) {
  return "code divergence of Moat's own kernels: lines that each platform needs\n" +
         terminal_table(code_table(parts), table_options());
}

/// Version of `moat metrics --json`; raised when a field changes its meaning, its type or goes away.
constexpr int metrics_schema = 2;

Json subject_json(const Measured& subject) {
  Json efficiencies = Json::array();
  for (const Efficiency kind : {Efficiency::application, Efficiency::architectural}) {
    if (!has_efficiency(subject.table, kind)) continue;
    const std::vector<Portability> together = portability(subject.table, kind);
    efficiencies.push_back(
        {{"efficiency", name(kind)},
         {"portability", json_rows(portability_table(together))},
         {"by_problem", json_rows(portability_table(portability_by_problem(subject.table, kind)))},
         {"cascade", json_rows(cascade_table(cascades(subject.table, kind)))},
         {"navigation", json_rows(navigation_table(navigation_chart(together, subject.divergences)))}});
  }
  return {{"schema", metrics_schema},
          {"provenance", subject.provenance.empty() ? Json(nullptr) : Json(subject.provenance)},
          {"platforms", subject.table.platforms()},
          {"problems", subject.table.problems()},
          {"applications", subject.table.applications()},
          {"efficiencies", std::move(efficiencies)},
          {"code", subject.code.empty() ? Json::array() : json_rows(code_table(subject.code))},
          {"notes", statements_json(subject.left_out)}};
}

void print_subject(const Measured& subject, bool json) {
  if (json) {
    print("{}\n", strict_json(subject_json(subject), 2));
    return;
  }
  if (!subject.provenance.empty() && subject.provenance != name(Provenance::measured))
    print("{} figures, not measured ones\n\n", subject.provenance);
  for (const Efficiency kind : {Efficiency::application, Efficiency::architectural}) {
    if (has_efficiency(subject.table, kind)) print_efficiency(subject, kind);
  }
  if (!subject.code.empty()) print("{}\n", code_block(subject.code));
  for (const std::string& note : texts(subject.left_out)) print("{}\n", printable(note));
}

void print_code(bool json) {
  const std::vector<KernelLines> parts = kernel_lines();
  if (json) {
    print("{}\n", strict_json(Json{{"schema", metrics_schema}, {"code", json_rows(code_table(parts))}}, 2));
  } else {
    print("{}", code_block(parts));
  }
}

/// CSV has no mark of ours: any file may be somebody's work.
void check_export(const MetricsOptions& options) {
  if (options.export_file.empty()) return;
  const std::filesystem::path path = absolute_path(options.export_file);
  if (!std::filesystem::exists(path)) return;
  if (!std::filesystem::is_regular_file(path))
    throw UsageError(fmt::format("{} is not a file: give another --export", path.string()));
  if (!options.force) {
    throw UsageError(
        fmt::format("{} exists already: give another --export, or --force to replace it", path.string()));
  }
}

/// In a P3 CSV an absent row says that nothing ran: what has no row at all is not in the file.
void export_p3(const PerformanceTable& table, const std::string& file) {
  const PerformanceTable written = that_ran(table);
  if (written.entries().empty()) throw UsageError("--export: nothing ran, so there is no row to write");
  replace_file(absolute_path(file), p3_csv(table), "--export");
  const auto say_missing = [&](std::string_view what, std::span<const std::string> all,
                               std::span<const std::string> kept) {
    for (const std::string& name : all) {
      if (std::ranges::find(kept, name) == kept.end())
        say("moat: nothing ran for {} {}, so {} does not name it, and a PP from that file leaves it out",
            what, name, file);
    }
  };
  say_missing("platform", table.platforms(), written.platforms());
  say_missing("problem", table.problems(), written.problems());
  say_missing("application", table.applications(), written.applications());
}

int run_metrics(const MetricsOptions& options) {
  if (options.code) {
    print_code(options.json);
    return exit_fine;
  }
  check_export(options);
  Measured subject = options.file.empty() ? subject_of_runs(options) : subject_of_file(options);
  if (subject.table.entries().empty()) {
    say("moat: no {} case with normal data and a hot cache to compare (moat runs lists the runs)",
        options.provenance);
    for (const std::string& note : texts(subject.left_out)) say("moat: {}", printable(note));
    return exit_incomparable;
  }
  if (!options.divergences.empty()) {
    subject.divergences = parse_divergences(read_csv_file(options.divergences), options.divergences);
  }
  // Before anything is left out, since the best of all applications is what an efficiency is relative to.
  if (!options.peaks.empty()) {
    if (options.lower)
      throw UsageError("--peaks are rates, and --lower-is-better says that figures are times");
    const std::vector<PlatformPeak> peaks = parse_peaks(read_csv_file(options.peaks), options.peaks);
    subject.table = with_architectural_efficiency(subject.table, peaks);
  }
  subject.table = selected(subject.table, options);
  if (options.file.empty()) {
    subject.code = code_of(subject.table);
    if (options.divergences.empty()) subject.divergences = divergences_of(subject.code);
  }
  if (!options.export_file.empty()) export_p3(subject.table, options.export_file);
  print_subject(subject, options.json);
  return exit_fine;
}

void add_choices(const Command& command, MetricsOptions& options) {
  command.add_option("--platform", options.platforms, "Only these platforms (globs, repeatable)")
      .single_values();
  command.add_option("--problem", options.problems, "Only these problems (globs, repeatable)")
      .single_values();
  command.add_option("--application", options.applications, "Only these applications (globs, repeatable)")
      .single_values();
  command.add_option("--provenance", options.provenance, "In runs: only records of this provenance")
      .one_of({"measured", "emulated", "published", "derived"})
      .capture_default_str();
  command.add_flag("--each-device", options.each_device,
                   "In runs: every device is a platform, instead of every physical device");
  command.add_flag("--with-roofs", options.with_roofs, "In runs: include stream and peak problems");
}

}  // namespace

void add_metrics_command(const Command& app, int& exit_code) {
  const auto options = std::make_shared<MetricsOptions>();
  const Command command =
      app.add_subcommand("metrics", "Compute performance portability and code divergence");
  command.footer(metrics_footer);
  const Option runs =
      command.add_option("run", options->runs, "Ids, beginnings of ids, or latest").capture_default_str();
  command.add_option("--store", options->store, "Folder of all runs").capture_default_str();
  const Option file = command.add_option("--file", options->file, "Read a P3 CSV instead of a store");
  const Option higher =
      command.add_flag("--higher-is-better", options->higher, "The file's figures of merit are rates");
  const Option lower =
      command.add_flag("--lower-is-better", options->lower, "The file's figures of merit are times");
  command
      .add_option("--column", options->columns,
                  "In the file: of which columns a problem, platform or application is made, as "
                  "problem=kernel,size (repeatable)")
      .single_values()
      .needs(file);
  file.excludes(runs);
  higher.excludes(lower);
  higher.needs(file);
  lower.needs(file);
  command.add_option("--peaks", options->peaks,
                     "CSV with platform, peak and optionally problem: adds architectural efficiency");
  command.add_option("--divergence", options->divergences,
                     "CSV with application and divergence: adds a navigation chart");
  add_choices(command, *options);
  command.add_flag("--code", options->code, "Only the code divergence of Moat's own kernels; needs no run");
  command.add_option("--export", options->export_file, "Write figures and efficiencies as a P3 CSV");
  command.add_flag("--force", options->force, "Replace the file of --export if it exists");
  command.add_flag("--json", options->json, "Print an object");
  command.callback([options, &exit_code] { exit_code = run_metrics(*options); });
}

}  // namespace moat
