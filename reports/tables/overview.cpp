// The tables of the first screen.
#include "reports/tables/overview.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

#include "base/terminal.h"
#include "base/text.h"
#include "base/units.h"
#include "reports/findings/overview_words.h"
#include "reports/tables/tables.h"

namespace moat {
namespace {

using With = conclusion::Reached::With;

/// "454", "4.00": rounded first, so that 0.9999 reads as 1.00.
std::string three_digits(double value) {
  return factor_text(std::strtod(fmt::format("{:.2e}", value).c_str(), nullptr));
}

/// "454 G": with the prefix of the unit, which a note or a title names.
std::string prefixed_text(double value, double like) {
  const Unit unit = decimal_unit(like, "");
  return fmt::format("{} {}", three_digits(value / unit.factor), unit.name);
}

GridCell prefixed_cell(const Roof* roof) {
  if (roof == nullptr) return {};
  return cell(roof->rate.value, prefixed_text(roof->rate.value, roof->rate.value));
}

/// Input types that any of the devices has an arithmetic roof of, in the enumeration's order.
std::set<Type> roof_types(const Overview& overview, std::span<const std::size_t> devices) {
  std::set<Type> types;
  for (const std::size_t place : devices) {
    const std::optional<Roofs>& roofs = overview.devices[place].roofs;
    if (!roofs) continue;
    for (const Roof& roof : roofs->all) {
      if (roof.kind == RoofKind::arithmetic) types.insert(roof.type);
    }
  }
  return types;
}

std::string device_text(const OverviewDevice& device) {
  return fmt::format("{} ({})", device.chip, device.label);
}

/// "13.5 of 452 G": a device's rate and the reference's in one unit, of the larger.
GridCell rates_cell(const OverviewPart& part, const OverviewRow& row, bool is_own_library) {
  if (!row.rate) return {};
  const double rate = row.rate->value;
  if (is_own_library || !part.reference_rate) return cell(rate, prefixed_text(rate, rate));
  const double reference = part.reference_rate->value;
  const Unit unit = decimal_unit(std::max(rate, reference), "");
  return cell(rate, fmt::format("{} of {} {}", three_digits(rate / unit.factor),
                                three_digits(reference / unit.factor), unit.name));
}

bool is_own_library(const Overview& overview, const OverviewRow& row) {
  return overview.devices[row.device].is_reference && row.with == With::library;
}

/// With a verified result. The rate of the reference's library stands in the rows of the others, if there are
/// any.
std::vector<const OverviewRow*> shown_rows(const Overview& overview, const OverviewPart& part,
                                           std::span<const std::size_t> devices) {
  std::vector<const OverviewRow*> rows;
  const OverviewRow* own_library = nullptr;
  for (const OverviewRow& row : part.rows) {
    if (row.verified == 0 || std::ranges::find(devices, row.device) == devices.end()) continue;
    if (is_own_library(overview, row)) {
      own_library = &row;
    } else {
      rows.push_back(&row);
    }
  }
  if (own_library != nullptr && (rows.empty() || devices.size() == 1)) rows.insert(rows.begin(), own_library);
  return rows;
}

/// "5/6"; of published figures, which nobody here verified, how many there are. A star: the ratio is over
/// fewer.
GridCell verified_cell(const OverviewDevice& device, const OverviewRow& row) {
  std::string text = device.provenance == Provenance::published
                         ? fmt::format("{}", row.verified)
                         : fmt::format("{}/{}", row.verified, row.planned);
  if (row.ratio && row.ratio->problems < row.verified) text += "*";
  return cell(static_cast<double>(row.verified), std::move(text));
}

/// "0.78", "0.025", "12".
std::string two_digits(double value) {
  if (!(value >= 0.001)) return fmt::format("{:.1e}", value);
  const int digits = 1 - static_cast<int>(std::floor(std::log10(value)));
  return fmt::format("{:.{}f}", value, std::max(0, digits));
}

/// "0.74–0.79"; nothing where there is none.
GridCell interval_cell(const Factor& value) {
  if (value.low == value.high) return {};
  if (!std::isfinite(value.high)) return cell(value.value, fmt::format("from {}", two_digits(value.low)));
  return cell(value.value, fmt::format("{}–{}", two_digits(value.low), two_digits(value.high)));
}

}  // namespace

Grid overview_devices_table(const Overview& overview, std::span<const std::size_t> devices) {
  Grid grid{.id = "overview_devices",
            .caption = "Devices and their roofs",
            .columns = {{.key = "device", .title = "device", .importance = 100, .shortens = true},
                        {.key = "role", .title = "role", .importance = 40}}};
  const std::set<Type> types = roof_types(overview, devices);
  for (const Type type : types) {
    grid.columns.push_back({.key = std::string(name(type)),
                            .title = std::string(name(type)),
                            .kind = GridKind::rate,
                            .base = is_floating(type) ? "FLOP/s" : "OP/s",
                            .importance = type == Type::f32 ? 90 : 80});
  }
  const auto any_has = [&](RoofKind kind) {
    return std::ranges::any_of(devices, [&](std::size_t place) {
      const std::optional<Roofs>& roofs = overview.devices[place].roofs;
      return roofs && find_roof(roofs->all, kind) != nullptr;
    });
  };
  const bool has_memory = any_has(RoofKind::memory), has_launch = any_has(RoofKind::launch);
  if (has_memory)
    grid.columns.push_back(
        {.key = "bandwidth", .title = "bandwidth", .kind = GridKind::rate, .base = "B/s", .importance = 70});
  if (has_launch)
    grid.columns.push_back(
        {.key = "launch", .title = "a launch", .kind = GridKind::seconds, .importance = 60});
  grid.columns.push_back({.key = "roofs", .title = "roofs", .importance = 50});
  for (const std::size_t place : devices) {
    const OverviewDevice& device = overview.devices[place];
    const std::optional<Roofs>& roofs = device.roofs;
    GridRow row{cell(device_text(device), device.is_reference ? Tone::strong : Tone::plain),
                cell(device.is_reference && overview.devices.size() > 1 ? "reference" : "")};
    for (const Type type : types) row.push_back(prefixed_cell(roofs ? roofs->arithmetic(type) : nullptr));
    GridCell bandwidth, launch;
    if (const Roof* roof = roofs ? roofs->memory() : nullptr) bandwidth = cell(roof->rate.value);
    if (const Roof* roof = roofs ? roofs->launch() : nullptr) launch = cell(1 / roof->rate.value);
    if (has_memory) row.push_back(bandwidth);
    if (has_launch) row.push_back(launch);
    row.push_back(cell(!roofs ? "none" : roofs->basis == RoofBasis::measured ? "" : "as published"));
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

Grid overview_table(const Overview& overview, std::span<const std::size_t> devices, bool type_first) {
  Grid grid{.id = "overview",
            .caption = "What each device reaches of the reference's library, by operator and type",
            .columns = {{.key = "part",
                         .title = "operator",
                         .importance = type_first ? 80 : 100,
                         .shortens = type_first,
                         .groups = true},
                        {.key = "device", .title = "device", .importance = 95, .shortens = true},
                        {.key = "with", .title = "with", .importance = 90},
                        {.key = "rate",
                         .title = "largest problem",
                         .kind = GridKind::rate,
                         .base = "FLOP/s",
                         .importance = 60},
                        {.key = "ratio", .title = "ratio", .kind = GridKind::factor, .importance = 99},
                        {.key = "interval", .title = "interval", .kind = GridKind::number, .importance = 50},
                        {.key = "verified", .title = "ok", .kind = GridKind::count, .importance = 70}},
            .empty = "No operator has a verified result."};
  for (const OverviewPart& part : overview.parts) {
    const std::string part_name = type_first ? fmt::format("{} {}", name(part.type), part.operator_name)
                                             : fmt::format("{} {}", part.operator_name, name(part.type));
    for (const OverviewRow* row : shown_rows(overview, part, devices)) {
      const OverviewDevice& device = overview.devices[row->device];
      GridCell ratio, interval;
      if (row->ratio) {
        const Factor& value = row->ratio->value;
        ratio = cell(value.value, two_digits(value.value),
                     row->ratio->doubts.empty() ? Tone::strong : Tone::plain);
        interval = interval_cell(value);
      }
      grid.rows.push_back({cell(part_name),
                           cell(!type_first && device.chip == device.name ? device.chip : device.label),
                           cell(name(row->with)), rates_cell(part, *row, is_own_library(overview, *row)),
                           ratio, interval, verified_cell(device, *row)});
    }
  }
  return grid;
}

Grid summary_table(const Findings& findings) {
  const auto factor = [](std::string key, std::string title, std::string note) {
    return GridColumn{.key = std::move(key),
                      .title = std::move(title),
                      .kind = GridKind::factor,
                      .interval = true,
                      .note = std::move(note)};
  };
  const auto rate = [](std::string key, std::string title) {
    return GridColumn{.key = std::move(key),
                      .title = std::move(title),
                      .kind = GridKind::rate,
                      .base = "FLOP/s",
                      .interval = true};
  };
  Grid grid{
      .id = "summary",
      .caption = "What each device reaches of the reference's library",
      .columns =
          {{.key = "operator", .title = "operator"},
           {.key = "type", .title = "type"},
           {.key = "name", .title = "chip"},
           {.key = "device", .title = "device"},
           {.key = "with", .title = "with"},
           factor("ratio", "ratio",
                  "Geometric mean over the problems that both sides computed under equal conditions"),
           {.key = "problems", .title = "over", .kind = GridKind::count, .note = "Problems of the ratio"},
           {.key = "verified", .title = "verified", .kind = GridKind::count},
           {.key = "planned", .title = "of problems", .kind = GridKind::count},
           rate("rate", "rate"),
           rate("reference_rate", "the reference's library"),
           {.key = "problem", .title = "rates of", .note = "The largest problem that most devices computed"},
           {.key = "doubts", .title = "doubts"}},
      .empty = "No operator that does work."};
  const Overview& overview = findings.overview;
  for (const OverviewPart& part : overview.parts) {
    const std::string base = is_floating(part.type) ? "FLOP/s" : "OP/s";
    const auto rate_of_part = [&](const std::optional<Factor>& value) {
      GridCell made = cell(value);
      made.base = base;
      return made;
    };
    for (const OverviewRow& row : part.rows) {
      std::vector<std::string> doubts;
      GridCell ratio, problems;
      if (row.ratio) {
        ratio = cell(row.ratio->value);
        problems = count_cell(row.ratio->problems);
        for (const Doubt doubt : row.ratio->doubts) doubts.emplace_back(short_text(doubt));
      }
      const OverviewDevice& device = overview.devices[row.device];
      grid.rows.push_back(
          {cell(part.operator_name), cell(name(part.type)), cell(device.chip), cell(device.label),
           cell(name(row.with)), ratio, problems, count_cell(row.verified), count_cell(row.planned),
           rate_of_part(row.rate), rate_of_part(part.reference_rate),
           cell(part.shown == nullptr ? "" : part.shown->identity.problem), cell(join(doubts, ", "))});
    }
  }
  return grid;
}

}  // namespace moat
