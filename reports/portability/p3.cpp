// Columns by their names, cells as numbers, and every refusal with its line.
#include "reports/portability/p3.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "base/error.h"
#include "base/terminal.h"
#include "base/text.h"
#include "reports/format/csv.h"

namespace moat {
namespace {

/// As messages quote it.
std::string shown(std::string_view text) {
  return printable(shortened(text, 60));
}

[[noreturn]] void refuse(std::string_view where, std::size_t line, std::string_view reason) {
  throw UsageError(fmt::format("{}:{}: {}", where, line, printable(reason)));
}

/// A file's rows, whose cells are found by their columns' names.
class Sheet {
 public:
  Sheet(std::string_view text, std::string_view where)
      : where_(printable(where)), rows_(parse_csv(text, where_)) {
    if (rows_.empty()) refuse(where_, 1, "the file is empty; its first line names the columns");
    std::set<std::string, std::less<>> seen;
    for (const std::string& name : rows_.front().fields) {
      // Tables that were written with an index have a column without a name.
      if (!name.empty() && !seen.insert(name).second) {
        refuse(where_, rows_.front().line, fmt::format("column '{}' appears twice", shown(name)));
      }
    }
    columns_ = std::move(rows_.front().fields);
    header_line_ = rows_.front().line;
    rows_.erase(rows_.begin());
    if (rows_.empty()) refuse(where_, header_line_, "there is no row after the columns' names");
  }

  [[nodiscard]] const std::vector<CsvRow>& rows() const { return rows_; }
  [[nodiscard]] bool has(std::string_view column) const {
    return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
  }
  void require(std::string_view column, std::string_view hint = "") const {
    if (has(column)) return;
    std::vector<std::string> named;
    for (const std::string& name : columns_) named.push_back(shown(name));
    refuse(where_, header_line_,
           fmt::format("there is no column '{}', but {}.{}{}", column, join(named, ", "),
                       did_you_mean(column, named), hint));
  }
  /// Empty where there is no such column.
  [[nodiscard]] std::string_view text(const CsvRow& row, std::string_view column) const {
    const auto at = std::find(columns_.begin(), columns_.end(), column);
    return at == columns_.end() ? std::string_view()
                                : row.fields.at(static_cast<std::size_t>(at - columns_.begin()));
  }
  /// Nothing for an empty cell or where there is no such column.
  [[nodiscard]] std::optional<double> number(const CsvRow& row, std::string_view column) const {
    const std::string_view cell = text(row, column);
    if (cell.empty()) return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error == std::errc::result_out_of_range) {
      fail(row, fmt::format("{} '{}' is beyond what a number of 64 bits holds", column, shown(cell)));
    }
    if (error != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value)) {
      fail(row, fmt::format("{} '{}' is not a number such as 12.5 or 1.25e1; leave it empty if there is none",
                            column, shown(cell)));
    }
    return value;
  }
  [[noreturn]] void fail(const CsvRow& row, std::string_view reason) const {
    refuse(where_, row.line, reason);
  }
  [[noreturn]] void fail_header(std::string_view reason) const { refuse(where_, header_line_, reason); }

 private:
  std::string where_;
  std::vector<CsvRow> rows_;
  std::vector<std::string> columns_;
  std::size_t header_line_ = 1;
};

struct ValueColumn {
  std::string_view name;
  std::optional<double> Performance::*value;
};
constexpr std::array value_columns{ValueColumn{"fom", &Performance::fom},
                                   ValueColumn{"app eff", &Performance::application_efficiency},
                                   ValueColumn{"arch eff", &Performance::architectural_efficiency}};

bool has_value(const PerformanceTable& table, const ValueColumn& column) {
  return std::any_of(table.entries().begin(), table.entries().end(),
                     [&](const Performance& entry) { return (entry.*column.value).has_value(); });
}

/// An entry with the row that it comes from.
struct P3Entry {
  const CsvRow* row = nullptr;
  Performance values;
};

void require_efficiencies(const Sheet& sheet, std::span<const P3Entry> entries) {
  for (const ValueColumn& column : {value_columns[1], value_columns[2]}) {
    const auto has_one = [&](const P3Entry& entry) { return (entry.values.*column.value).has_value(); };
    if (std::ranges::none_of(entries, has_one)) continue;
    for (const P3Entry& entry : entries) {
      if (entry.values.fom && !has_one(entry)) {
        sheet.fail(*entry.row, fmt::format("a figure of merit, but no {} as other rows have", column.name));
      }
    }
  }
}

constexpr std::array<std::string_view, 3> subject_columns{"problem", "platform", "application"};

/// The columns that one of subject_columns is made of.
std::vector<std::string> source_columns(const P3Reading& reading, std::string_view column) {
  const auto found = reading.columns.find(column);
  return found == reading.columns.end() ? std::vector<std::string>{std::string(column)} : found->second;
}

void require_columns(const Sheet& sheet, const P3Reading& reading) {
  for (const std::string_view column : subject_columns) {
    for (const std::string& source : source_columns(reading, column)) {
      sheet.require(source, fmt::format(" --column {}=NAME,NAME says of which columns it is made", column));
    }
  }
  if (std::none_of(value_columns.begin(), value_columns.end(),
                   [&](const ValueColumn& column) { return sheet.has(column.name); })) {
    sheet.fail_header("there is no column 'fom', 'app eff' or 'arch eff': nothing to compute from");
  }
}

P3Entry read_entry(const Sheet& sheet, const CsvRow& row, const P3Reading& reading) {
  const auto joined = [&](std::string_view column) {
    std::vector<std::string> parts;
    for (const std::string& source : source_columns(reading, column))
      parts.emplace_back(sheet.text(row, source));
    return join(parts, "-");
  };
  P3Entry entry{&row, {joined("problem"), joined("platform"), joined("application"), {}, {}, {}}};
  for (const ValueColumn& column : value_columns) entry.values.*column.value = sheet.number(row, column.name);
  const bool has_efficiency = entry.values.application_efficiency.value_or(0) > 0 ||
                              entry.values.architectural_efficiency.value_or(0) > 0;
  if (entry.values.fom == 0.0 && !has_efficiency) entry.values.fom.reset();
  return entry;
}

/// Whether `entry` counts and not `other`, of the same problem, platform and application.
bool is_better(const Sheet& sheet, const P3Entry& entry, const P3Entry& other, std::optional<Better> better) {
  for (const ValueColumn& column : {value_columns[1], value_columns[2]}) {
    const auto& value = entry.values.*column.value;
    const auto& known = other.values.*column.value;
    if (value || known) return value.value_or(0) > known.value_or(0);
  }
  const auto& [fom, known] = std::pair(entry.values.fom, other.values.fom);
  if (!fom || !known || *fom == *known) return fom.has_value() && !known.has_value();
  if (!better) {
    sheet.fail(
        *entry.row,
        fmt::format("a second entry for application {} on platform {} and problem {}; the best counts, so "
                    "say whether figures are rates (--higher-is-better) or times (--lower-is-better)",
                    entry.values.application, entry.values.platform, entry.values.problem));
  }
  return *better == Better::higher ? *fom > *known : *fom < *known;
}

bool did_run(const Performance& entry) {
  return std::ranges::any_of(
      value_columns, [&](const ValueColumn& column) { return (entry.*column.value).value_or(0) > 0; });
}

}  // namespace

PerformanceTable parse_p3(std::string_view text, std::string_view where, const P3Reading& reading) {
  const Sheet sheet(text, where);
  require_columns(sheet, reading);
  std::vector<P3Entry> entries;
  std::map<std::array<std::string, 3>, std::size_t> places;
  for (const CsvRow& row : sheet.rows()) {
    P3Entry entry = read_entry(sheet, row, reading);
    const Performance& values = entry.values;
    const auto [at, is_new] =
        places.try_emplace({values.problem, values.platform, values.application}, entries.size());
    if (is_new) {
      entries.push_back(std::move(entry));
    } else if (is_better(sheet, entry, entries[at->second], reading.better)) {
      entries[at->second] = std::move(entry);
    }
  }
  PerformanceTable table;
  for (const P3Entry& entry : entries) {
    if (const auto fault = table.add(entry.values)) sheet.fail(*entry.row, *fault);
  }
  require_efficiencies(sheet, entries);
  return table;
}

PerformanceTable that_ran(const PerformanceTable& table) {
  PerformanceTable made;
  for (const Performance& entry : table.entries()) {
    if (did_run(entry)) (void)made.add(entry);  // what one table took, another takes
  }
  return made;
}

std::string p3_csv(const PerformanceTable& table) {
  std::vector<ValueColumn> columns;
  for (const ValueColumn& column : value_columns) {
    if (has_value(table, column)) columns.push_back(column);
  }
  if (columns.empty()) columns.push_back(value_columns.front());
  std::string text = "problem,platform,application";
  for (const ValueColumn& column : columns) text += fmt::format(",{}", column.name);
  text += "\r\n";
  for (const Performance& entry : table.entries()) {
    if (!did_run(entry)) continue;
    text += fmt::format("{},{},{}", csv_text(entry.problem), csv_text(entry.platform),
                        csv_text(entry.application));
    for (const ValueColumn& column : columns) {
      const std::optional<double>& value = entry.*column.value;
      text += value ? "," + csv_number(*value) : ",";
    }
    text += "\r\n";
  }
  return text;
}

std::vector<PlatformPeak> parse_peaks(std::string_view text, std::string_view where) {
  const Sheet sheet(text, where);
  for (const std::string_view column : {"platform", "peak"}) sheet.require(column);
  std::vector<PlatformPeak> peaks;
  std::set<std::pair<std::string, std::string>> seen;
  for (const CsvRow& row : sheet.rows()) {
    const std::optional<double> value = sheet.number(row, "peak");
    if (!value || *value <= 0) sheet.fail(row, "the peak is not above 0");
    PlatformPeak peak{std::string(sheet.text(row, "platform")), std::string(sheet.text(row, "problem")),
                      *value};
    if (peak.platform.empty()) sheet.fail(row, "the platform is empty");
    if (!seen.emplace(peak.platform, peak.problem).second) {
      sheet.fail(row, fmt::format("a second peak for platform {}", shown(peak.platform)));
    }
    peaks.push_back(std::move(peak));
  }
  return peaks;
}

std::map<std::string, double> parse_divergences(std::string_view text, std::string_view where) {
  const Sheet sheet(text, where);
  for (const std::string_view column : {"application", "divergence"}) sheet.require(column);
  std::map<std::string, double> divergences;
  for (const CsvRow& row : sheet.rows()) {
    const std::optional<double> value = sheet.number(row, "divergence");
    if (!value || !(*value >= 0 && *value <= 1)) sheet.fail(row, "a divergence is a number from 0 to 1");
    const std::string application(sheet.text(row, "application"));
    if (application.empty()) sheet.fail(row, "the application is empty");
    if (!divergences.emplace(application, *value).second) {
      sheet.fail(row, fmt::format("a second divergence for application {}", shown(application)));
    }
  }
  return divergences;
}

}  // namespace moat
