// Tables as HTML. End tags that HTML lets one leave out are left out: there are very many cells.
#include "reports/page/grid_html.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "base/text.h"
#include "reports/format/escape.h"

namespace moat {
namespace {

/// Rates and seconds read with four digits; other large numbers read whole, and stay whole.
double rounded(GridKind kind, double value) {
  const bool is_scaled = kind == GridKind::rate || kind == GridKind::seconds;
  if (!is_scaled && std::abs(value) >= 1e5) return value;
  return std::strtod(fmt::format("{:.6g}", value).c_str(), nullptr);
}

/// What a page has of a table. Six digits are enough to read and short in JSON; what scripts make of them
/// then reads as what is here.
Grid page_grid(const Grid& exact) {
  Grid grid{.id = exact.id, .caption = exact.caption, .empty = exact.empty, .notes = exact.notes};
  for (const GridColumn& column : exact.columns) {
    if (column.shown != GridShown::on_terminals) grid.columns.push_back(column);
  }
  for (const GridRow& exact_row : exact.rows) {
    GridRow& row = grid.rows.emplace_back();
    for (std::size_t i = 0; i < exact.columns.size(); ++i) {
      if (exact.columns[i].shown == GridShown::on_terminals) continue;
      GridCell& cell = row.emplace_back(exact_row.at(i));
      const GridKind kind = exact.columns[i].kind;
      if (cell.value) cell.value = rounded(kind, *cell.value);
      if (cell.ends) cell.ends = Interval{rounded(kind, cell.ends->low), rounded(kind, cell.ends->high)};
    }
  }
  return grid;
}

/// Classes that align the columns of numbers and let prose break: see page.css.
std::string alignment(const Grid& grid) {
  std::string made;
  std::size_t place = 0;
  for (const GridColumn& column : grid.columns) {
    if (!is_on_pages(column)) continue;
    ++place;
    if (is_numeric(column)) made += fmt::format(" r{}", place);
    if (column.kind == GridKind::prose) made += fmt::format(" w{}", place);
  }
  return made;
}

std::string heading(const GridColumn& column) {
  std::string made = fmt::format("<th scope=\"col\" data-key=\"{}\" data-kind=\"{}\"", html_text(column.key),
                                 name(column.kind));
  if (!column.base.empty()) made += fmt::format(" data-base=\"{}\"", html_text(column.base));
  if (column.interval) made += " data-interval=\"1\"";
  if (!column.note.empty()) made += fmt::format(" title=\"{}\"", html_text(column.note));
  return made + ">" + html_text(page_title(column));
}

/// What a script needs beside the text.
std::string values(const GridCell& cell) {
  if (!cell.value) return "";
  std::string made = fmt::format(" data-v=\"{}\"", *cell.value);
  if (cell.ends) made += fmt::format(" data-ends=\"{} {}\"", cell.ends->low, cell.ends->high);
  return made;
}

/// Hidden columns' texts, for filters: "data-operator".
std::string hidden_values(const Grid& grid, const GridRow& row) {
  std::string made;
  for (std::size_t i = 0; i < grid.columns.size(); ++i) {
    if (grid.columns[i].shown == GridShown::as_data)
      made += fmt::format(" data-{}=\"{}\"", html_text(grid.columns[i].key),
                          html_text(cell_text(grid.columns[i], row.at(i))));
  }
  return made;
}

std::string body_cell(const GridColumn& column, const GridCell& cell, bool with_values) {
  const std::string text = html_text(cell_text(column, cell));
  std::string made = "<td";
  if (column.kind == GridKind::status && !text.empty()) {
    // Coverage marks and statuses: the class colours what the text says.
    const std::size_t blank = text.find(' ');
    const std::string word = text.substr(0, blank);
    const bool is_mark = blank != std::string::npos;
    made += fmt::format(" class=\"{}\"", is_mark                                      ? word == "✓"   ? "full"
                                                                                        : word == "◐" ? "part"
                                                                                        : word == "✗" ? "bad"
                                                                                                      : "none"
                                         : word == "ok"                               ? "full"
                                         : word == "unsupported" || word == "skipped" ? "none"
                                                                                      : "bad");
  }
  if (!cell.note.empty()) made += fmt::format(" title=\"{}\"", html_text(cell.note));
  if (with_values) made += values(cell);
  if (column.kind == GridKind::command && !text.empty()) return made + "><code>" + text + "</code>";
  return made + ">" + text;
}

Json cell_data(const GridColumn& column, const GridCell& cell) {
  if (!cell.value && cell.text.empty() && cell.note.empty()) return nullptr;
  const bool is_bare = cell.text.empty() && cell.note.empty() && !cell.ends && cell.base.empty();
  if (is_bare) return finite_json(*cell.value);
  // Ends that are the value itself: true, and nothing.
  const bool is_exact = cell.ends && cell.value == cell.ends->low && cell.value == cell.ends->high;
  Json made = Json::array({cell.value ? finite_json(*cell.value) : Json(nullptr),
                           is_exact    ? Json(true)
                           : cell.ends ? finite_json(cell.ends->low)
                                       : Json(nullptr),
                           cell.ends && !is_exact ? finite_json(cell.ends->high) : Json(nullptr),
                           cell.base.empty() || cell.base == column.base ? Json(nullptr) : Json(cell.base),
                           cell.text.empty() ? Json(nullptr) : Json(printable(cell.text)),
                           cell.note.empty() ? Json(nullptr) : Json(printable(cell.note))});
  while (made.back().is_null()) made.erase(made.size() - 1);
  return made;
}

bool is_listed(const GridColumn& column, const Grid& grid, std::size_t place) {
  if (is_numeric(column)) return false;
  for (const GridRow& row : grid.rows) {
    if (row.at(place).value || !row.at(place).note.empty()) return false;
  }
  return true;
}

}  // namespace

std::string table_element(const Grid& exact_grid, bool with_values) {
  const Grid grid = page_grid(exact_grid);
  std::string made = fmt::format(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\"><table id=\"t-{1}\" "
      "data-grid=\"{1}\" class=\"grid{2}\"><caption>{0}</caption>\n<thead><tr>",
      html_text(grid.caption), html_text(grid.id), alignment(grid));
  for (const GridColumn& column : grid.columns) {
    if (is_on_pages(column)) made += heading(column);
  }
  made += "<tbody>\n";
  for (const GridRow& row : grid.rows) {
    made += with_values ? "<tr" + hidden_values(grid, row) + ">" : "<tr>";
    bool is_first = true;
    for (std::size_t i = 0; i < grid.columns.size(); ++i) {
      if (!is_on_pages(grid.columns[i])) continue;
      if (is_first) {
        made += "<th scope=\"row\">" + html_text(cell_text(grid.columns[i], row.at(i)));
      } else {
        made += body_cell(grid.columns[i], row.at(i), with_values);
      }
      is_first = false;
    }
    made += '\n';
  }
  made += "</table></div>\n";
  for (const std::string& note : grid.notes) made += fmt::format("<p>{}</p>\n", html_text(note));
  return made;
}

Json grid_data(const Grid& exact_grid) {
  const Grid grid = page_grid(exact_grid);
  Json columns = Json::array();
  std::vector<std::map<std::string, std::size_t>> lists(grid.columns.size());
  std::vector<bool> listed;
  for (std::size_t i = 0; i < grid.columns.size(); ++i) {
    const GridColumn& column = grid.columns[i];
    listed.push_back(is_listed(column, grid, i));
    Json made = {{"key", column.key}, {"title", page_title(column)}, {"kind", name(column.kind)}};
    if (!column.base.empty()) made["base"] = column.base;
    if (column.interval) made["interval"] = true;
    if (column.shown == GridShown::as_data) made["hidden"] = true;
    if (!column.note.empty()) made["note"] = column.note;
    if (!column.pattern.empty()) made["pattern"] = column.pattern;
    if (listed.back()) made["values"] = Json::array();
    columns.push_back(std::move(made));
  }
  Json rows = Json::array();
  for (const GridRow& row : grid.rows) {
    Json made = Json::array();
    for (std::size_t i = 0; i < grid.columns.size(); ++i) {
      if (!listed[i]) {
        made.push_back(cell_data(grid.columns[i], row.at(i)));
        continue;
      }
      if (!grid.columns[i].pattern.empty() && row.at(i).text == pattern_text(grid, grid.columns[i], row)) {
        made.push_back(nullptr);
        continue;
      }
      const std::string text = printable(row.at(i).text);
      const auto [found, is_new] = lists[i].try_emplace(text, lists[i].size());
      if (is_new) columns[i]["values"].push_back(text);
      made.push_back(found->second);
    }
    rows.push_back(std::move(made));
  }
  return {{"caption", printable(grid.caption)}, {"columns", columns}, {"rows", rows}};
}

}  // namespace moat
