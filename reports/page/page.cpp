// Puts the page together.
#include "reports/page/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "reports/format/escape.h"
#include "reports/page/assets.h"
#include "reports/page/grid_html.h"
#include "reports/page/opening.h"
#include "reports/svg/charts.h"
#include "reports/tables/sections.h"

namespace moat {
namespace {

/// Long tables come as data.
bool is_data(const Grid& grid) {
  return grid.rows.size() > most_live_rows;
}

/// Tables that most readers pass over.
bool is_folded(const Grid& grid) {
  static constexpr std::array<std::string_view, 7> folded{"summary", "details",     "cases", "samples",
                                                          "roofs",   "environment", "holes"};
  return std::find(folded.begin(), folded.end(), grid.id) != folded.end() &&
         (grid.rows.size() > 8 || grid.id == "summary" || grid.id == "details" || grid.id == "environment");
}

std::string grid_part(const Grid& grid) {
  if (grid.rows.empty()) {
    return fmt::format("<p class=\"empty\" id=\"t-{}\"><strong>{}.</strong> {}</p>\n", html_text(grid.id),
                       html_text(grid.caption), html_text(grid.empty));
  }
  std::string made;
  if (is_data(grid)) {
    made = fmt::format("<div data-big=\"{}\"></div><noscript>{}</noscript>\n", html_text(grid.id),
                       table_element(grid, false));
  } else {
    made = table_element(grid, true);
  }
  if (!is_folded(grid)) return made;
  return fmt::format(
      "<details id=\"d-{}\"><summary>{} <span class=\"count\">({} row{})</span></summary>\n"
      "{}</details>\n",
      html_text(grid.id), html_text(grid.caption), grid.rows.size(), grid.rows.size() == 1 ? "" : "s", made);
}

std::string list(const std::vector<std::string>& items) {
  if (items.empty()) return "";
  std::string made = "<ul>\n";
  for (const std::string& item : items) made += fmt::format("<li>{}\n", html_text(item));
  return made + "</ul>\n";
}

/// `has_lead`: the first paragraph is what the section says.
std::string words_part(const Section& section, bool has_lead) {
  std::string made;
  for (std::size_t i = 0; i < section.words.size(); ++i) {
    made += fmt::format("<p{}>{}</p>\n", has_lead && i == 0 ? " class=\"lead\"" : "",
                        html_text(section.words[i]));
  }
  return made;
}

std::string figure(const Canvas& canvas, const Tags& tags) {
  return fmt::format("<figure class=\"picture\"{}>{}</figure>\n", tag_attributes(tags), canvas.element());
}

/// All parts of a chart; charts.js hides, orders and turns what the attributes name.
std::string chart_part(const Chart& chart, std::string_view words = "") {
  std::string made =
      fmt::format("<div class=\"chart\" data-chart=\"{}\"{}{}>\n", chart.name,
                  chart.page_blocks > 0 ? fmt::format(" data-blocks=\"{}\"", chart.page_blocks) : "",
                  chart.follows_table ? " data-follows=\"cases\"" : "");
  if (chart.legend) made += figure(*chart.legend, {});
  made += fmt::format("<div class=\"parts{}\">\n", chart.columns > 1 ? " beside" : "");
  for (const ChartPart& part : chart.parts) made += figure(part.canvas, part.tags);
  made += "</div>\n";
  for (const std::string& remark : chart.remarks)
    made += fmt::format("<p class=\"note\">{}</p>\n", html_text(remark));
  if (!words.empty()) made += fmt::format("<p class=\"note\">{}</p>\n", words);
  return made + "</div>\n";
}

constexpr std::string_view where_the_points_are =
    "The points' figures are in the <a href=\"#t-cases\">table of all cases</a>.";

bool has_factors(const Findings& findings) {
  return std::any_of(findings.gaps.begin(), findings.gaps.end(), [](const Gap& gap) {
    return std::any_of(gap.summaries.begin(), gap.summaries.end(), [](const GapSummary& summary) {
      return summary.library.total || summary.portable.total;
    });
  });
}

bool has_cases(const Findings& findings) {
  return std::any_of(findings.subjects.begin(), findings.subjects.end(),
                     [](const Subject& subject) { return !subject.records.empty(); });
}

std::string charts_part(const Section& section, const Findings& findings) {
  if (section.id == "factors" && has_factors(findings)) return chart_part(waterfall_chart(findings));
  if (section.id == "roofline" && has_cases(findings))
    return chart_part(roofline_chart(findings), where_the_points_are);
  if (section.id == "rates" && has_cases(findings)) return chart_part(rates_chart(findings));
  if (section.id == "samples" && has_cases(findings)) return chart_part(samples_chart(findings));
  if (section.id != "portability") return "";
  std::string made = "<div class=\"parts beside\">\n";
  if (!findings.portability.cascades.empty()) made += chart_part(cascade_chart(findings));
  if (!findings.portability.navigation.empty()) made += chart_part(navigation_chart(findings));
  return made + "</div>\n";
}

std::string section_part(const Section& section, const Findings& findings) {
  std::string made = fmt::format("<section id=\"{0}\" aria-labelledby=\"h-{0}\"><h2 id=\"h-{0}\">{1}</h2>\n",
                                 section.id, html_text(section.title));
  const std::string opening = section.id == "verdict" ? opening_part(findings.overview) : "";
  const std::string words = words_part(section, section.id == "verdict" && opening.empty());
  if (opening.empty()) {
    made += words + charts_part(section, findings) + list(section.remarks);
  } else {  // says what the words say, but for details
    made += fmt::format(
        "{}<details id=\"d-sentences\"><summary>In sentences, with what failed <span "
        "class=\"count\">({})</span>"
        "</summary>\n{}{}</details>\n",
        opening, section.words.size() + section.remarks.size(), words, list(section.remarks));
  }
  for (const Grid& grid : section.grids) made += grid_part(grid);
  return made + "</section>\n";
}

std::string policy() {
  std::string styles;
  std::string scripts;
  for (const PageAsset& asset : page_assets())
    (asset.name.ends_with(".css") ? styles : scripts) += fmt::format(" 'sha256-{}'", asset.sha256);
  return fmt::format(
      "default-src 'none'; style-src{}; script-src{}; img-src data:; base-uri 'none'; form-action 'none'",
      styles, scripts);
}

std::string head(const Findings& findings) {
  std::string made = fmt::format(
      "<!doctype html>\n"
      "<!-- moat report -->\n"
      "<html lang=\"en\">\n"
      "<head>\n"
      "<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"generator\" content=\"moat {}\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n"
      "<title>{}</title>\n",
      policy(), html_text(findings.version), html_text(title_of(findings)));
  for (const PageAsset& asset : page_assets()) {
    if (asset.name.ends_with(".css")) made += fmt::format("<style>{}</style>\n", asset.text);
  }
  return made + "</head>\n";
}

std::string banner(const Findings& findings, const std::vector<Section>& parts) {
  std::size_t cases = 0;
  for (const Subject& subject : findings.subjects) cases += subject.records.size();
  std::string made = fmt::format(
      "<body>\n"
      "<a class=\"skip\" href=\"#verdict\">Skip to the verdict</a>\n"
      "<header><div><h1>{}</h1>\n"
      "<p class=\"meta\">{} case{} · {} device{} · {} run{}{}{}</p></div>\n"
      "<div class=\"tools\" hidden>"
      "<button type=\"button\" id=\"theme\">Theme: automatic</button> "
      "<button type=\"button\" id=\"download\">All tables as JSON</button></div></header>\n",
      html_text(title_of(findings)), cases, cases == 1 ? "" : "s", findings.subjects.size(),
      findings.subjects.size() == 1 ? "" : "s", findings.runs.size(), findings.runs.size() == 1 ? "" : "s",
      findings.reference ? " · reference " + html_text(*findings.reference) : "",
      findings.generated_utc.empty() ? "" : " · " + html_text(findings.generated_utc));
  made += "<nav aria-label=\"Parts of the report\"><ol>\n";
  for (const Section& part : parts)
    made += fmt::format("<li><a href=\"#{}\">{}</a>\n", part.id, html_text(part.title));
  return made +
         "</ol></nav>\n<form id=\"filters\" aria-label=\"Filter all tables and charts\" hidden></form>\n"
         "<p id=\"said\" role=\"status\" class=\"unseen\"></p>\n<main>\n";
}

std::string scripts(const std::vector<Section>& parts) {
  Json grids = Json::object();
  for (const Section& part : parts) {
    for (const Grid& grid : part.grids) {
      if (is_data(grid)) grids[grid.id] = grid_data(grid);
    }
  }
  std::string made = fmt::format("<script type=\"application/json\" id=\"data\">{}</script>\n",
                                 script_json({{"grids", std::move(grids)}}));
  for (const PageAsset& asset : page_assets()) {
    if (!asset.name.ends_with(".css")) made += fmt::format("<script>{}</script>\n", asset.text);
  }
  return made;
}

}  // namespace

std::string html_page(const Findings& findings) {
  const std::vector<Section> parts = sections(findings);
  std::string made = head(findings) + banner(findings, parts);
  for (const Section& part : parts) made += section_part(part, findings);
  made += fmt::format("</main>\n<footer><p>Written by moat {}.</p></footer>\n", html_text(findings.version));
  return made + scripts(parts) + "</body>\n</html>\n";
}

}  // namespace moat
