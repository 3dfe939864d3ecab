// Columns by their names, cells as numbers, and every refusal with its line.
#include "reports/portability/p3.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
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
  void require(std::string_view column) const {
    if (has(column)) return;
    std::vector<std::string> named;
    for (const std::string& name : columns_) named.push_back(shown(name));
    refuse(where_, header_line_,
           fmt::format("there is no column '{}', but {}.{}", column, join(named, ", "),
                       did_you_mean(column, named)));
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

void require_efficiencies(const Sheet& sheet, const PerformanceTable& table) {
  for (const ValueColumn& column : {value_columns[1], value_columns[2]}) {
    if (!has_value(table, column)) continue;
    for (std::size_t i = 0; i < table.entries().size(); ++i) {
      const Performance& entry = table.entries()[i];
      if (entry.fom && !(entry.*column.value)) {
        sheet.fail(sheet.rows()[i],
                   fmt::format("a figure of merit, but no {} as other rows have", column.name));
      }
    }
  }
}

}  // namespace

PerformanceTable parse_p3(std::string_view text, std::string_view where) {
  const Sheet sheet(text, where);
  for (const std::string_view column : {"problem", "platform", "application"}) sheet.require(column);
  if (std::none_of(value_columns.begin(), value_columns.end(),
                   [&](const ValueColumn& column) { return sheet.has(column.name); })) {
    sheet.fail_header("there is no column 'fom', 'app eff' or 'arch eff': nothing to compute from");
  }
  PerformanceTable table;
  for (const CsvRow& row : sheet.rows()) {
    Performance entry{std::string(sheet.text(row, "problem")),
                      std::string(sheet.text(row, "platform")),
                      std::string(sheet.text(row, "application")),
                      {},
                      {},
                      {}};
    for (const ValueColumn& column : value_columns) entry.*column.value = sheet.number(row, column.name);
    if (const auto fault = table.add(std::move(entry))) sheet.fail(row, *fault);
  }
  require_efficiencies(sheet, table);
  return table;
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
