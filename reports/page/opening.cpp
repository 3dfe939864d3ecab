// Figures and heat table. What a colour says stands beside it in digits, what is doubtful in words.
#include "reports/page/opening.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/text.h"
#include "base/units.h"
#include "reports/findings/overview_words.h"
#include "reports/format/escape.h"

namespace moat {
namespace {

using With = conclusion::Reached::With;

constexpr std::size_t most_targets = 6;

/// For an address's fragment: every byte but letters and digits as %XX.
std::string percent_encoded(std::string_view text) {
  std::string made;
  for (const char c : text) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    made += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return made;
}

std::string_view with_words(With with) {
  return with == With::library ? "its own library" : "the portable kernels";
}

std::string chip_with_id(const OverviewDevice& device) {
  return fmt::format("{} <small>{}</small>", html_text(device.chip), html_text(device.label));
}

std::string doubts_text(const OverviewRatio& ratio) {
  std::vector<std::string> parts;
  for (const Doubt doubt : ratio.doubts)
    parts.push_back(
        fmt::format("<span title=\"{}\">{}</span>", html_text(std::string(text(doubt))), short_text(doubt)));
  return join(parts, ", ");
}

std::string figure_part(const OverviewDevice& device, const OverviewDevice& reference,
                        const OverviewRatio& ratio, With with, std::size_t of) {
  std::string made = fmt::format("<p class=\"big\">{}</p>\n<p class=\"ends\">{}</p>\n",
                                 factor_text(ratio.value.value), ends_text(ratio.value));
  made += fmt::format("<p>of the rate of {}’s library, with {}, over {} of {} problem{}{}</p>\n",
                      html_text(reference.name), with_words(with), ratio.problems, of, of == 1 ? "" : "s",
                      device.same_hardware ? ", on the same hardware" : "");
  std::string trust =
      device.provenance == Provenance::measured ? "" : fmt::format("{} figures", name(device.provenance));
  if (!ratio.doubts.empty()) trust += (trust.empty() ? "" : ", ") + doubts_text(ratio);
  if (!trust.empty()) made += fmt::format("<p class=\"doubt\">{}</p>\n", trust);
  return made;
}

/// The large figure, and below all others where there is none.
double figure_of(const OverviewDevice& device) {
  const std::optional<OverviewRatio>& ratio = device.portable ? device.portable : device.library;
  return ratio ? ratio->value.value : -1;
}

std::string card(const Overview& overview, const OverviewDevice& device, const OverviewDevice& reference) {
  std::string made = fmt::format("<li><h3>{}</h3>\n", chip_with_id(device));
  if (!device.portable && !device.library) {
    made += "<p class=\"big none\">–</p>\n<p>is not compared";
    if (device.refused > 0) made += fmt::format(": the conditions of {} results differ", device.refused);
    return made + "</p></li>\n";
  }
  const bool has_portable = device.portable.has_value();
  const OverviewRatio& ratio = has_portable ? *device.portable : *device.library;
  made += figure_part(device, reference, ratio, has_portable ? With::portable : With::library,
                      overview.reference_problems);
  if (has_portable && device.library) {
    made += fmt::format("<p class=\"second\">With its own library: <strong>{}</strong> ({}), over {}</p>\n",
                        factor_text(device.library->value.value), ends_text(device.library->value),
                        device.library->problems);
  }
  return made + "</li>\n";
}

/// A column of the heat table.
struct Column {
  std::size_t device = 0;
  With with = With::library;
};

std::vector<Column> columns_of(const Overview& overview, const std::vector<std::size_t>& targets) {
  std::vector<std::size_t> devices = targets;
  for (std::size_t i = 0; i < overview.devices.size(); ++i) {
    if (overview.devices[i].is_reference) devices.insert(devices.begin(), i);
  }
  std::vector<Column> columns;
  for (const std::size_t device : devices) {
    for (const With with : {With::library, With::portable}) {
      if (overview.devices[device].is_reference && with == With::library) continue;  // 1, everywhere
      const bool occurs = std::ranges::any_of(overview.parts, [&](const OverviewPart& part) {
        return std::ranges::any_of(part.rows, [&](const OverviewRow& row) {
          return row.device == device && row.with == with && row.verified > 0;
        });
      });
      if (occurs) columns.push_back({device, with});
    }
  }
  return columns;
}

std::string heat_cell(const Overview& overview, const OverviewPart& part, const Column& column) {
  const auto row = std::ranges::find_if(part.rows, [&](const OverviewRow& one) {
    return one.device == column.device && one.with == column.with;
  });
  if (row == part.rows.end()) return "<td class=\"none\">not run";
  const OverviewDevice& device = overview.devices[column.device];
  const bool is_published = device.provenance == Provenance::published;
  const std::string coverage = is_published ? fmt::format("{} published", row->verified)
                                            : fmt::format("{} of {} verified", row->verified, row->planned);
  const std::string link =
      fmt::format("#t-cases&amp;op={}&amp;type={}&amp;device={}", percent_encoded(part.operator_name),
                  percent_encoded(name(part.type)), percent_encoded(device.label));
  if (!row->ratio)
    return fmt::format("<td class=\"none\"><a class=\"faint\" href=\"{}\">{}</a> <span>{}</span>", link,
                       row->verified > 0 ? "not compared" : "no result", coverage);
  const OverviewRatio& ratio = *row->ratio;
  std::string made =
      fmt::format("<td class=\"{}\" title=\"{}, over {} of {}\"><a href=\"{}\">{}</a> <span>{}",
                  heat_class(ratio.value.value), ends_text(ratio.value), ratio.problems,
                  part.reference_problems, link, factor_text(ratio.value.value), coverage);
  if (!ratio.doubts.empty()) made += "; " + doubts_text(ratio);
  return made + "</span>";
}

std::string reference_cell(const OverviewPart& part) {
  if (!part.reference_rate) return "<td class=\"none\">no result";
  return fmt::format("<td title=\"{}\">{} <span>the largest of {}</span>",
                     html_text(part.shown == nullptr ? "" : part.shown->identity.problem),
                     quantity_text(part.reference_rate->value, is_floating(part.type) ? "FLOP/s" : "OP/s"),
                     part.reference_problems);
}

std::string heat_table(const Overview& overview, const OverviewDevice& reference,
                       const std::vector<std::size_t>& targets) {
  const std::vector<Column> columns = columns_of(overview, targets);
  if (columns.empty() || overview.parts.empty()) return "";
  std::string made = fmt::format(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Ratios by operator and type\">"
      "<table class=\"heat\"><caption>Ratio to the library of {}, by operator and type</caption>\n<thead><tr>"
      "<th scope=\"col\">Operator and type<th scope=\"col\">{}<br><small>library</small>",
      html_text(reference.name), html_text(reference.chip));
  for (const Column& column : columns) {
    const OverviewDevice& device = overview.devices[column.device];
    made += fmt::format("<th scope=\"col\">{}<br><small>{}, {}</small>", html_text(device.chip),
                        html_text(device.label), name(column.with));
  }
  made += "<tbody>\n";
  for (const OverviewPart& part : overview.parts) {
    made += fmt::format("<tr><th scope=\"row\">{} {}", html_text(part.operator_name), name(part.type)) +
            reference_cell(part);
    for (const Column& column : columns) made += heat_cell(overview, part, column);
    made += '\n';
  }
  return made + "</table></div>\n";
}

}  // namespace

std::string heat_class(double ratio) {
  constexpr double darkest = 4;
  const double step = darkest + std::floor(std::log2(ratio));
  return fmt::format("h{:.0f}", std::clamp(step, 0.0, darkest));
}

std::string opening_part(const Overview& overview) {
  const OverviewDevice* reference = overview.reference();
  if (reference == nullptr || overview.devices.size() < 2) return "";
  std::vector<std::size_t> targets = best_and_worst(overview, most_targets);
  std::ranges::stable_sort(targets, std::ranges::greater{},
                           [&](std::size_t target) { return figure_of(overview.devices[target]); });
  std::string made = "<ul class=\"cards\">\n";
  for (const std::size_t target : targets) made += card(overview, overview.devices[target], *reference);
  made += "</ul>\n";
  if (targets.size() + 1 < overview.devices.size()) {
    made += fmt::format(
        "<p class=\"note\">The best and the worst of {} targets; the <a href=\"#t-factors\">table of "
        "factors</a> has all.</p>\n",
        overview.devices.size() - 1);
  }
  made += heat_table(overview, *reference, targets);
  for (const std::string& sentence : left_out_texts(overview))
    made += fmt::format("<p>{}</p>\n", html_text(sentence));
  made +=
      "<p class=\"note\">A ratio is the geometric mean over the problems that both sides computed under "
      "equal conditions. "
      "The stronger the colour, the faster; it changes at 1/8, 1/4, 1/2 and 1. A number leads to its "
      "cases.</p>\n";
  return made;
}

}  // namespace moat
