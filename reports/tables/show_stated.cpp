// What others state, as text: the citation, the devices' roofs and shares of them.
#include <fmt/format.h>

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

Cell doubt(bool verified) {
  return verified ? Cell{"read"} : Cell{"unverified", Tone::bad};
}

std::string roofs_table(const RunInfo& info, const TableOptions& options) {
  Table table({{"device", Align::left, 100, true},
               {"name", Align::left, 40, true},
               {"chip", Align::left, 50, true},
               {"roof", Align::left, 90, false},
               {"at best", Align::right, 95, false},
               {"", Align::left, 80, false},
               {"source", Align::left, 30, true}});
  for (const RunDevice& device : info.devices) {
    if (device.roofs.empty())
      table.add_row({{device.id}, {device.name}, {device.chip}, {"none stated"}, {}, {}, {}});
    for (const Roof& roof : device.roofs) {
      const std::string kind =
          roof.kind == RoofKind::arithmetic
              ? fmt::format("{} accumulated in {}", name(roof.type), name(roof.accumulate))
              : std::string(name(roof.kind));
      table.add_row({{device.id},
                     {device.name},
                     {device.chip},
                     {kind},
                     {roof_text(roof)},
                     doubt(roof.verified),
                     {roof.source}});
    }
  }
  return "stated roofs\n" + table.text(options);
}

std::string shares_table(const RunInfo& info, const TableOptions& options) {
  Table table({{"device", Align::left, 100, true},
               {"operator", Align::left, 90, false},
               {"implementation", Align::left, 85, true},
               {"type", Align::left, 80, false},
               {"bound by", Align::left, 75, false},
               {"share", Align::right, 95, false},
               {"", Align::left, 70, false},
               {"source", Align::left, 30, true},
               {"note", Align::left, 20, true}});
  bool any = false;
  for (const RunDevice& device : info.devices) {
    for (const StatedEfficiency& share : device.efficiencies) {
      any = true;
      table.add_row({{device.id},
                     {share.operator_name},
                     {share.implementation},
                     {std::string(name(share.type))},
                     {std::string(name(share.bound))},
                     {share_text(share)},
                     doubt(share.verified),
                     {share.source},
                     {share.note}});
    }
  }
  return any ? "\nstated shares of roofs, whose problems are not known\n" + table.text(options) : "";
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
  return made + roofs_table(info, options) + shares_table(info, options) + "\n";
}

}  // namespace moat
