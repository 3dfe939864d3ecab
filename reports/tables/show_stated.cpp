// What others state, as text: the citation, the devices' roofs and shares of them.
#include <fmt/format.h>

#include "base/text.h"
#include "base/units.h"
#include "reports/tables/show.h"

namespace moat {
namespace {

std::string ends_text(double low, double high, std::string_view base) {
  if (low == high) return quantity_text(low, base);
  const Unit unit = decimal_unit(high, base);
  return fmt::format("{} to {} {}", number_text(low / unit.factor), number_text(high / unit.factor),
                     unit.name);
}

std::string_view rate_unit(RoofKind kind, Type type) {
  if (kind == RoofKind::memory) return "B/s";
  return is_floating(type) ? "FLOP/s" : "OP/s";
}

std::string share_text(const StatedEfficiency& share) {
  std::string made = fmt::format("{:.1f}", share.low * 100);
  if (share.high != share.low) made += fmt::format(" to {:.1f}", share.high * 100);
  made += " %";
  if (share.peak > 0) made += " of " + quantity_text(share.peak, rate_unit(share.bound, share.type));
  return made;
}

std::string roof_text(const Roof& roof) {
  if (roof.kind != RoofKind::launch)
    return ends_text(roof.rate.low, roof.rate.high, rate_unit(roof.kind, roof.type));
  const std::string least = seconds_text(1 / roof.rate.high);
  return roof.rate.low == roof.rate.high ? least
                                         : fmt::format("{} to {}", least, seconds_text(1 / roof.rate.low));
}

GridCell doubt(bool verified) {
  return verified ? cell("read") : cell("unverified", Tone::bad);
}

Grid stated_roofs(const RunInfo& info) {
  Grid grid{.id = "stated_roofs",
            .caption = "stated roofs",
            .columns = {{.key = "device", .title = "device", .importance = 100, .shortens = true},
                        {.key = "name", .title = "name", .importance = 40, .shortens = true},
                        {.key = "chip", .title = "chip", .importance = 50, .shortens = true},
                        {.key = "roof", .title = "roof", .importance = 90},
                        {.key = "rate", .title = "at best", .kind = GridKind::rate, .importance = 95},
                        {.key = "verified", .title = "verified", .importance = 80},
                        {.key = "source", .title = "source", .importance = 30, .shortens = true}}};
  for (const RunDevice& device : info.devices) {
    const auto add = [&](std::string_view what, GridCell rate, GridCell verified, const std::string& source) {
      grid.rows.push_back({cell(device.id), cell(printable_name(device.name)), cell(device.chip), cell(what),
                           std::move(rate), std::move(verified), cell(source)});
    };
    if (device.roofs.empty()) add("none stated", {}, {}, "");
    for (const Roof& roof : device.roofs) {
      const std::string kind =
          roof.kind == RoofKind::arithmetic
              ? fmt::format("{} accumulated in {}", name(roof.type), name(roof.accumulate))
              : std::string(name(roof.kind));
      GridCell rate = cell(roof.rate);
      rate.text = roof_text(roof);
      add(kind, std::move(rate), doubt(roof.verified), roof.source);
    }
  }
  return grid;
}

Grid stated_shares(const RunInfo& info) {
  Grid grid{
      .id = "stated_shares",
      .caption = "stated shares of roofs, whose problems are not known",
      .columns = {{.key = "device", .title = "device", .importance = 100, .shortens = true},
                  {.key = "operator", .title = "operator", .importance = 90},
                  {.key = "implementation", .title = "implementation", .importance = 85, .shortens = true},
                  {.key = "type", .title = "type", .importance = 80},
                  {.key = "bound", .title = "bound by", .importance = 75},
                  {.key = "share", .title = "share", .kind = GridKind::percent, .importance = 95},
                  {.key = "verified", .title = "verified", .importance = 70},
                  {.key = "source", .title = "source", .importance = 30, .shortens = true},
                  {.key = "note", .title = "note", .importance = 20, .shortens = true}}};
  for (const RunDevice& device : info.devices) {
    for (const StatedEfficiency& share : device.efficiencies) {
      GridCell value = cell(between({share.low, share.high}));
      value.text = share_text(share);
      grid.rows.push_back({cell(device.id), cell(share.operator_name), cell(share.implementation),
                           cell(name(share.type)), cell(name(share.bound)), value, doubt(share.verified),
                           cell(share.source), cell(share.note)});
    }
  }
  return grid;
}

std::string with_caption(const Grid& grid, const TableOptions& options) {
  return grid.rows.empty() ? "" : grid.caption + "\n" + terminal_table(grid, options) + "\n";
}

}  // namespace

std::string citation_text(const Citation& citation) {
  return printable(
      fmt::format("{} ({}): {}. {}", citation.authors, citation.year, citation.title, citation.reference));
}

std::string stated_text(const RunInfo& info, const TableOptions& options) {
  if (!info.citation) return "";
  std::string made = coloured("Published figures, measured by others", Tone::strong, options.colour) + "\n";
  made += citation_text(*info.citation) + "\n";
  made += printable("Confidence: " + info.citation->confidence) + "\n\n";
  return made + with_caption(stated_roofs(info), options) + with_caption(stated_shares(info), options);
}

}  // namespace moat
