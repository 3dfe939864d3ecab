// moat report: what runs say, as one file for a person or a program.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "base/error.h"
#include "base/files.h"
#include "base/output.h"
#include "base/text.h"
#include "base/units.h"
#include "commands/commands.h"
#include "commands/subjects.h"
#include "reports/format/grid_csv.h"
#include "reports/page/findings_json.h"
#include "reports/page/markdown.h"
#include "reports/page/page.h"
#include "reports/svg/charts.h"
#include "reports/tables/sections.h"

namespace moat {
namespace {

constexpr const char* report_footer =
    R"(Writes a report about the given runs (default: the latest). html is a single file that needs no network, with
charts, every table, filters, and the command that measures each row again. csv writes one table (--table) and
svg one chart (--chart).

Examples:
  moat report                                    moat-report-<run>.html of the latest run
  moat report --reference host:0 --output cpu.html --title 'One CPU, three ways'
  moat report 20261121 20261122 --reference 20261121/cuda:0
  moat report --format csv --table gaps --output - | column -s, -t
  moat report --format svg --chart waterfall --output waterfall.svg)";

struct ReportOptions {
  SubjectOptions subjects;
  std::vector<std::string> runs;
  std::string output;
  std::string format = "html";
  std::string title;
  std::string chart = "waterfall";
  std::string table = "cases";
  bool force = false;
};

/// Runs given as words: one is where devices are looked for, all devices of several are targets.
void take_runs(ReportOptions& options) {
  if (options.runs.empty()) return;
  options.subjects.run = options.runs.front();
  if (options.runs.size() == 1) return;
  for (const std::string& run : options.runs) options.subjects.targets.push_back(run + "/*");
}

std::string csv_of(const Findings& findings, const std::string& table) {
  std::vector<std::string> known;
  for (const Section& section : sections(findings)) {
    for (const Grid& grid : section.grids) {
      if (grid.id == table) return csv_table(grid);
      known.push_back(grid.id);
    }
  }
  throw UsageError(fmt::format("--table {}: no such table; there are {}.{}", table, join(known, ", "),
                               did_you_mean(table, known)));
}

std::string render(const Findings& findings, const ReportOptions& options) {
  if (options.format == "html") return html_page(findings);
  if (options.format == "md") return markdown_report(findings);
  if (options.format == "json") return strict_json(findings_json(findings), 1) + "\n";
  if (options.format == "svg") return svg_chart(findings, options.chart);
  return csv_of(findings, options.table);
}

/// The first two lines: by what every format of ours is known.
std::string_view beginning(std::string_view text) {
  const std::size_t first = text.find('\n');
  const std::size_t second = first == std::string_view::npos ? first : text.find('\n', first + 1);
  return text.substr(0, second == std::string_view::npos ? first : second);
}

/// Whether `path` holds a report of this format: its beginning is that of `text`.
/// CSV has no mark but the table's header.
bool is_report(const std::filesystem::path& path, const std::string& text, const std::string& format) {
  const std::string_view mark =
      format == "csv" ? std::string_view(text).substr(0, text.find('\n')) : beginning(text);
  const std::string_view known = format == "md" ? mark.substr(0, mark.find('\n')) : mark;
  std::string found(known.size(), '\0');
  std::ifstream stream(path, std::ios::binary);
  stream.read(found.data(), static_cast<std::streamsize>(found.size()));
  return stream.gcount() == static_cast<std::streamsize>(found.size()) && found == known;
}

/// Returns the path it wrote.
std::filesystem::path write(const ReportOptions& options, const std::string& text) {
  std::filesystem::path path = absolute_path(options.output);
  if (std::filesystem::exists(path)) {
    if (!std::filesystem::is_regular_file(path))
      throw UsageError(fmt::format("{} is not a file: give another --output", path.string()));
    if (!options.force && !is_report(path, text, options.format)) {
      throw UsageError(
          fmt::format("{} is not a {} report of moat: give another --output, or --force to replace it",
                      path.string(), options.format));
    }
  }
  replace_file(path, text, "--output");
  return path;
}

std::string usual_output(const Findings& findings, const ReportOptions& options) {
  const std::string& asked = options.subjects.run;
  const std::string run = !findings.runs.empty() ? findings.runs.front().id
                          : asked == "latest"    ? "empty"
                                                 : asked;
  const std::string part = options.format == "svg"   ? "-" + options.chart
                           : options.format == "csv" ? "-" + options.table
                                                     : "";
  return fmt::format("moat-report-{}{}.{}", run, part, options.format);
}

}  // namespace

void add_report_command(const Command& app, int& exit_code) {
  const auto options = std::make_shared<ReportOptions>();
  const Command command = app.add_subcommand("report", "Write a report: HTML, Markdown, CSV, JSON or SVG");
  command.footer(report_footer);
  command.add_option("runs", options->runs, "Ids, the beginnings of ids, or latest (default: latest)");
  add_subject_options(command, options->subjects);
  command.add_option("--output,-o", options->output,
                     "File, or - for standard output (default: moat-report-<run>.<format> here)");
  command.add_option("--format", options->format, "Format of the report")
      .one_of({"html", "md", "csv", "json", "svg"})
      .capture_default_str();
  command.add_option("--title", options->title, "Heading of the report");
  command.add_option("--chart", options->chart, "Chart to write with --format svg")
      .one_of(std::vector<std::string>(chart_names().begin(), chart_names().end()))
      .capture_default_str();
  command.add_option("--table", options->table, "Table to write with --format csv").capture_default_str();
  command.add_flag("--force", options->force, "Replace a file that is not a report of moat");
  command.callback([options, &exit_code] {
    take_runs(*options);
    const Findings findings = find_chosen(options->subjects, options->title);
    const std::string text = render(findings, *options);
    exit_code = exit_fine;
    if (options->output == "-") {
      write_output(text);
      return;
    }
    if (options->output.empty()) options->output = usual_output(findings, *options);
    const std::filesystem::path path = write(*options, text);
    print("{}  {}\n", path.string(), quantity_text(static_cast<double>(text.size()), "B"));
  });
}

}  // namespace moat
