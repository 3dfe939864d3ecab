// Records and runs as tables.
#include "reports/tables/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "base/units.h"
#include "reports/tables/tables.h"
#include "results/figures.h"
#include "results/filter.h"
#include "results/sensitivity.h"

namespace moat {
namespace {

constexpr std::string_view host_slope = "host slope";  // Measurement::clock where the device's is not trusted

struct Row {
  const Record* record = nullptr;
  Figures figures;
  /// Executions per second, where there is a rate:
  /// of one problem, they stand as its rates do, and copies have them, too.
  [[nodiscard]] double speed() const { return figures.bytes_per_second ? 1 / *figures.median_seconds : 0; }
};

/// What one column of rates may be compared over: one problem under one set of conditions. What was published
/// stands apart from what was measured, and from what was published of other conditions.
struct Block {
  const Record* first = nullptr;
  std::vector<Row> rows;
};

/// Best first; what runs on one physical device stands together, where its best does. That is how the ways to
/// a device are compared.
void arrange(std::vector<Row>& rows, const PhysicalDevices& physical) {
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.speed() > b.speed(); });
  std::map<std::string, std::size_t> places;  // of a physical device's best row
  for (std::size_t i = 0; i < rows.size(); ++i)
    places.try_emplace(physical.first(rows[i].record->identity.device), i);
  const auto place = [&](const Row& row) { return places.at(physical.first(row.record->identity.device)); };
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return place(a) < place(b); });
}

std::vector<Block> blocks_of(std::span<const Record> records, const PhysicalDevices& physical) {
  std::vector<Block> blocks;
  std::map<std::string, std::size_t> known;
  for (const Record& record : records) {
    std::string key = Case{"", "", record.identity.problem, record.identity.conditions}.id();
    key += record.provenance == Provenance::published ? "\npublished " + join(record.unstated, ",") : "";
    const auto [place, is_new] = known.try_emplace(key, blocks.size());
    if (is_new) blocks.push_back({&record, {}});
    blocks[place->second].rows.push_back({&record, figures(record)});
  }
  for (Block& block : blocks) arrange(block.rows, physical);
  return blocks;
}

std::string_view operations_name(const Record& record) {
  return is_floating(record.types.input) ? "FLOP" : "OP";
}

bool is_unstated(const Record& record, std::string_view condition) {
  return std::find(record.unstated.begin(), record.unstated.end(), condition) != record.unstated.end();
}

std::string heading(const Record& record) {
  const Conditions& conditions = record.identity.conditions;
  std::string made =
      fmt::format("inputs {}, accumulated in {}, output {}; {} data, {} cache; {}, {}",
                  name(record.types.input), name(record.types.accumulate), name(record.types.output),
                  is_unstated(record, "data") ? "unstated" : name(conditions.data),
                  is_unstated(record, "cache") ? "unstated" : name(conditions.cache),
                  quantity_text(record.work.operations, operations_name(record)),
                  quantity_text(record.work.bytes(), "B"));
  if (conditions.seed != 1) made += fmt::format("; seed {}", conditions.seed);
  if (!record.unstated.empty()) made += printable("; not stated: " + join(record.unstated, ", "));
  return made;
}

Tone tone_of(Status status) {
  switch (status) {
    case Status::ok:
      return Tone::good;
    case Status::unsupported:
    case Status::skipped:
      return Tone::faint;
    default:
      return Tone::bad;
  }
}

std::string status_text(const Record& record) {
  std::string made(name(record.status));
  if (record.provenance != Provenance::measured) made += fmt::format(", {}", name(record.provenance));
  return made;
}

/// The worst error in units of its bound.
GridCell error_cell(const Record& record) {
  if (!record.verdict) return {};
  const Verdict& verdict = *record.verdict;
  if (verdict.tolerance > 0) {
    const double share = verdict.max_error / verdict.tolerance;
    return cell(share, number_text(share));
  }
  return verdict.max_error == 0 ? cell(0, "0") : GridCell{};
}

/// A parameters_source without the problem where they were tuned, "; at gemm:…".
std::string before_problem(const std::string& source) {
  const std::size_t begin = source.find("; at ");
  if (begin == std::string::npos) return source;
  const std::size_t end = source.find("; ", begin + 2);
  return source.substr(0, begin) + (end == std::string::npos ? "" : source.substr(end));
}

/// What a reader has to know beside the numbers; empty if nothing.
std::string note(const Record& record) {
  if (record.status != Status::ok) return record.reason;
  std::string made = record.note;
  if (record.provenance == Provenance::published) return made;
  if (record.verdict && record.verdict->accumulation.ends_with("-like")) {
    made += fmt::format("{}errors are {}, not {}", made.empty() ? "" : "; ", record.verdict->accumulation,
                        name(record.types.accumulate));
  }
  if (record.measurement && record.measurement->stop_reason != "interval") {
    made += fmt::format("{}{} samples, stopped by the {}", made.empty() ? "" : "; ",
                        record.measurement->samples_seconds.size(), record.measurement->stop_reason);
  }
  return made;
}

/// Highest speed that was measured here; rates of another provenance are not compared with it.
double best_speed(const Block& block) {
  double best = 0;
  for (const Row& row : block.rows) {
    if (row.record->provenance != Provenance::measured) continue;
    best = std::max(best, row.speed());
  }
  return best;
}

std::vector<GridColumn> block_columns(const Unit& rate, const Unit& bandwidth) {
  return {{.key = "device", .title = "device", .importance = 90, .shortens = true},
          {.key = "implementation", .title = "implementation", .importance = 100, .shortens = true},
          {.key = "status", .title = "status", .kind = GridKind::status, .importance = 95},
          {.key = "operations_per_second", .title = rate.name, .kind = GridKind::rate, .importance = 99},
          {.key = "relative_half_width", .title = "±", .kind = GridKind::percent, .importance = 80},
          {.key = "bytes_per_second", .title = bandwidth.name, .kind = GridKind::rate, .importance = 40},
          {.key = "median_seconds", .title = "median", .kind = GridKind::seconds, .importance = 70},
          {.key = "error_of_bound", .title = "error/tol", .kind = GridKind::number, .importance = 30},
          {.key = "of_best", .title = "of best", .kind = GridKind::number, .importance = 60},
          {.key = "clock", .title = "clock", .importance = 10, .shortens = true}};
}

/// In the unit that stands in the column's title.
GridCell scaled_cell(const std::optional<double>& value, const Unit& unit) {
  return value ? cell(*value, number_text(*value / unit.factor)) : GridCell{};
}

GridRow block_row(const Row& row, const Unit& rate, const Unit& bandwidth, double best) {
  const Record& record = *row.record;
  const Figures& derived = row.figures;
  const bool has_rate = row.speed() > 0;
  const bool by_slope = record.measurement && record.measurement->clock == host_slope;
  const bool is_comparable = record.provenance == Provenance::measured && has_rate && best > 0;
  GridCell operations;
  if (has_rate && record.work.operations > 0) operations = scaled_cell(derived.operations_per_second, rate);
  if (by_slope && operations.value) operations.text += "*";
  if (is_comparable && row.speed() == best) operations.tone = Tone::strong;
  GridCell of_best;
  if (is_comparable) of_best = cell(row.speed() / best, fmt::format("{:.2f}", row.speed() / best));
  return {cell(record.identity.device),
          cell(record.identity.implementation),
          cell(status_text(record), tone_of(record.status)),
          operations,
          has_rate ? cell(derived.relative_half_width) : GridCell{},
          scaled_cell(derived.bytes_per_second, bandwidth),
          cell(derived.median_seconds),
          error_cell(record),
          of_best,
          cell(record.measurement ? record.measurement->clock : "")};
}

Grid block_table(const Block& block) {
  double rate_most = 0;
  double bandwidth_most = 0;
  for (const Row& row : block.rows) {
    rate_most = std::max(rate_most, row.figures.operations_per_second.value_or(0));
    bandwidth_most = std::max(bandwidth_most, row.figures.bytes_per_second.value_or(0));
  }
  const Unit rate = decimal_unit(rate_most, fmt::format("{}/s", operations_name(*block.first)));
  const Unit bandwidth = decimal_unit(bandwidth_most, "B/s");
  Grid grid{
      .id = "block", .caption = block.first->identity.problem, .columns = block_columns(rate, bandwidth)};
  for (const Row& row : block.rows) {
    const Record& record = *row.record;
    grid.rows.push_back(block_row(row, rate, bandwidth, best_speed(block)));
    const std::string text = note(record);
    if (text.empty()) continue;
    grid.notes.push_back(
        fmt::format("{} {}: {}", record.identity.device, record.identity.implementation, text));
  }
  return grid;
}

std::string block_text(const Block& block, const TableOptions& options) {
  const Grid grid = block_table(block);
  return coloured(printable(grid.caption), Tone::strong, options.colour) + "\n" + heading(*block.first) +
         "\n" + terminal_table(grid, options);
}

/// "Parameters of the project's kernels: default for cpu (3 cases); tuned on this device (14)." Which problem
/// they were tuned at is in the records.
std::string parameter_sources(std::span<const Record> records) {
  std::map<std::string, std::size_t> counts;
  for (const Record& record : records) {
    if (!record.parameters_source.empty()) ++counts[before_problem(record.parameters_source)];
  }
  if (counts.empty()) return "";
  std::vector<std::string> parts;
  parts.reserve(counts.size());
  for (const auto& [source, count] : counts)
    parts.push_back(fmt::format("{} ({})", printable(source), count));
  return fmt::format("Parameters of the project's kernels, by cases: {}.\n", join(parts, "; "));
}

/// "Device features that the kernels use, by cases: subgroup broadcast (12)."
std::string used_features(std::span<const Record> records) {
  std::map<std::string, std::size_t> counts;
  for (const Record& record : records) {
    for (const std::string& feature : record.features) ++counts[feature];
  }
  if (counts.empty()) return "";
  std::vector<std::string> parts;
  parts.reserve(counts.size());
  for (const auto& [feature, count] : counts)
    parts.push_back(fmt::format("{} ({})", printable(feature), count));
  return fmt::format("Device features that the kernels use, by cases: {}.\n", join(parts, "; "));
}

/// "Note: library/openblas: OpenBLAS … uses its Prescott kernels although AVX-512 is there; … (3 cases)."
std::string circumstances_text(std::span<const Record> records) {
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const Record& record : records) {
    if (!record.circumstances) continue;
    for (const std::string& remark : record.circumstances->remarks) {
      const std::string text = fmt::format("{}: {}", record.identity.implementation, remark);
      const auto known = std::ranges::find(counts, text, &std::pair<std::string, std::size_t>::first);
      if (known == counts.end()) {
        counts.emplace_back(text, 1);
      } else {
        ++known->second;
      }
    }
  }
  std::string made;
  for (const auto& [text, count] : counts)
    made += fmt::format("Note: {} ({} {}).\n", printable(text), count, count == 1 ? "case" : "cases");
  return made;
}

std::string convention_of(const std::string& operator_name) {
  try {
    return fmt::format("  {:12} {}\n", operator_name, find_operator(operator_name).convention());
  } catch (const UsageError&) {  // an operator this version does not know
    return fmt::format("  {:12} operations as recorded\n", printable(operator_name));
  }
}

std::string conventions(std::span<const Record> records) {
  std::set<std::string> counted;
  bool has_slope = false;
  bool has_published = false;
  for (const Record& record : records) {
    has_published = has_published || record.provenance == Provenance::published;
    counted.insert(convention_of(record.operator_name));
    has_slope = has_slope || (record.measurement && record.measurement->clock == host_slope);
  }
  std::string made = fmt::format(
      "Rates, at the median, count compulsory bytes (each input read once, each output written once) and\n"
      "{}"
      "1 TFLOP/s = 1e12/s, 1 GB/s = 1e9 bytes/s. ±: half the 95 % confidence interval of the median.\n"
      "error/tol: the worst error against its bound. of best: rate against the best measured one above.\n",
      join(std::vector<std::string>(counted.begin(), counted.end()), ""));
  if (has_slope)
    made += "*: timed by the slope of the host's clock, since the device's own is not trusted.\n";
  if (has_published) {
    made +=
        "published: as others state it, measured and verified by nobody here; "
        "rates by the conventions above.\n";
  }
  return made;
}

/// "host:0, opencl:0 are one device: AMD EPYC", a line for each such device of the records.
std::string physical_text(std::span<const Record> records, const PhysicalDevices& physical) {
  std::vector<std::string> devices;
  for (const Record& record : records) add_once(devices, record.identity.device);
  std::string made;
  for (const std::string& line : physical.shared(devices)) made += printable(line) + "\n";
  return made;
}

std::string sensitivity_text(std::span<const Record> records, const TableOptions& options) {
  const SubjectSensitivity whole{"", zeros_to_normal(records)};
  if (whole.cases.empty()) return "";
  return "rate on zeros divided by rate on normal data, for compute-bound cases\n" +
         terminal_table(sensitivity_table(std::span(&whole, 1)), options);
}

std::string status_counts(const std::map<Status, std::uint64_t>& counts) {
  std::vector<std::string> parts;
  parts.reserve(counts.size());
  for (const auto& [status, count] : counts) parts.push_back(fmt::format("{} {}", count, name(status)));
  return join(parts, ", ");
}

}  // namespace

std::string show_text(std::span<const Record> records, const TableOptions& options,
                      const PhysicalDevices& physical) {
  if (records.empty()) return "No records.\n";
  std::string made;
  for (const Block& block : blocks_of(records, physical)) made += block_text(block, options) + "\n";
  for (const std::string& part :
       {physical_text(records, physical), terminal_table(measured_roofs_table(records, physical), options),
        sensitivity_text(records, options)}) {
    if (!part.empty()) made += part + "\n";
  }
  made += coloured(circumstances_text(records) + conventions(records) + parameter_sources(records) +
                       used_features(records),
                   Tone::faint, options.colour);
  std::map<Status, std::uint64_t> counts;
  for (const Record& record : records) ++counts[record.status];
  return made + fmt::format("{} case{}: {}\n", records.size(), records.size() == 1 ? "" : "s",
                            status_counts(counts));
}

Grid run_list(std::span<const RunSummary> runs) {
  Grid grid{.id = "runs",
            .caption = "Runs of the store",
            .columns = {{.key = "run", .title = "run", .importance = 100},
                        {.key = "started_utc", .title = "started", .importance = 50},
                        {.key = "state", .title = "state", .importance = 90},
                        {.key = "suite", .title = "suite", .importance = 80, .shortens = true},
                        {.key = "host", .title = "host", .importance = 60, .shortens = true},
                        {.key = "system_id", .title = "system", .importance = 40, .shortens = true},
                        {.key = "cases", .title = "cases", .importance = 70, .shortens = true}},
            .empty = "No runs."};
  for (const RunSummary& run : runs) {
    const bool readable = run.fault.empty();
    const Tone tone = readable ? run.state == RunState::complete ? Tone::plain : Tone::strong : Tone::bad;
    grid.rows.push_back({cell(run.id), cell(run.started_utc),
                         cell(readable ? name(run.state) : "unreadable", tone), cell(run.suite),
                         cell(run.host), cell(run.system_id), cell(status_counts(run.cases))});
    if (!readable) grid.notes.push_back(run.fault);
  }
  return grid;
}

}  // namespace moat
