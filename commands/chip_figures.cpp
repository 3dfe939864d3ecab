// Lists of figures, ratios of intervals, and their JSON.
#include "commands/chip_figures.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/units.h"
#include "reports/format/factor_json.h"

namespace moat {
namespace {

constexpr double tera = 1e12;
constexpr double giga = 1e9;

std::string rate_unit(Type type) {
  return is_floating(type) ? "TFLOP/s" : "TOP/s";
}

Json text_or_null(std::string_view text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json figure_json(const Figure& figure) {
  return {{"low", figure.low},           {"high", figure.high},       {"confidence", name(figure.confidence)},
          {"verified", figure.verified}, {"sources", figure.sources}, {"note", text_or_null(figure.note)}};
}

Json figure_json(const std::optional<Figure>& figure) {
  return figure ? figure_json(*figure) : Json(nullptr);
}

Json peak_json(const Peak& peak) {
  Json json{{"type", name(peak.type)},
            {"accumulate", name(peak.accumulate)},
            {"engine", text_or_null(name(peak.engine))},
            {"clock_hertz", peak.clock_hertz ? Json(*peak.clock_hertz) : Json(nullptr)},
            {"exception", text_or_null(peak.exception)}};
  json.update(figure_json(peak));
  return json;
}

}  // namespace

std::vector<ChipQuantity> chip_quantities(const Chip& chip) {
  std::vector<ChipQuantity> quantities;
  for (const Peak& peak : chip.peaks) {
    quantities.push_back({fmt::format("{}, sums in {}", name(peak.type), name(peak.accumulate)), &peak, &peak,
                          tera, rate_unit(peak.type)});
  }
  const auto add = [&](const char* what, const std::optional<Figure>& figure, double factor,
                       const char* unit) {
    if (figure) quantities.push_back({what, &*figure, nullptr, factor, unit});
  };
  add("memory", chip.memory.bytes, giga, "GB");
  add("memory bandwidth", chip.memory.bandwidth, giga, "GB/s");
  add("link, both directions", chip.link, giga, "GB/s");
  add("external I/O", chip.external_io, giga, "GB/s");
  add("power", chip.power, 1, "W");
  return quantities;
}

Comparison compare(const Chips& chips) {
  Comparison comparison;
  const auto add = [&](const std::string& what, double factor, const std::string& unit,
                       const auto& figure_of) {
    ComparedQuantity row{what, factor, unit, {}, {}};
    for (const Chip* chip : chips) {
      const Figure* figure = figure_of(*chip);
      row.figures.push_back(figure);
      const Figure* first = row.figures.front();
      const bool both = first != nullptr && figure != nullptr && row.figures.size() > 1;
      row.ratios.push_back(
          both ? std::optional(between({figure->low, figure->high}) / between({first->low, first->high}))
               : std::nullopt);
    }
    const bool known =
        std::any_of(row.figures.begin(), row.figures.end(), [](const Figure* f) { return f != nullptr; });
    if (known) comparison.push_back(std::move(row));
  };
  const auto optional_figure = [](std::optional<Figure> Chip::*member) {
    return [member](const Chip& chip) -> const Figure* { return chip.*member ? &*(chip.*member) : nullptr; };
  };
  for (const std::string& text : type_names()) {
    const Type type = parse_type(text).value();
    add(text, tera, rate_unit(type),
        [type](const Chip& chip) -> const Figure* { return chip.best_peak(type); });
  }
  add("memory", giga, "GB",
      [](const Chip& chip) -> const Figure* { return chip.memory.bytes ? &*chip.memory.bytes : nullptr; });
  add("memory bandwidth", giga, "GB/s", [](const Chip& chip) -> const Figure* {
    return chip.memory.bandwidth ? &*chip.memory.bandwidth : nullptr;
  });
  add("link", giga, "GB/s", optional_figure(&Chip::link));
  add("power", 1, "W", optional_figure(&Chip::power));
  return comparison;
}

std::string interval_text(const Figure& figure, double factor) {
  // As many digits as its source gives.
  const double low = figure.low / factor;
  return figure.is_exact() ? fmt::format("{:.6g}", low)
                           : fmt::format("{:.6g}–{:.6g}", low, figure.high / factor);
}

Json chip_json(const Chip& chip) {
  Json peaks = Json::array();
  for (const Peak& peak : chip.peaks) peaks.push_back(peak_json(peak));
  return {{"id", chip.id},
          {"name", chip.name},
          {"vendor", chip.vendor},
          {"scope", name(chip.scope)},
          {"process", text_or_null(chip.process)},
          {"matches", chip.matches},
          {"parts", chip.parts ? Json{{"id", chip.parts->id}, {"count", chip.parts->count}} : Json(nullptr)},
          {"note", text_or_null(chip.note)},
          {"peaks", std::move(peaks)},
          {"memory",
           {{"kind", text_or_null(chip.memory.kind)},
            {"bus_bits", chip.memory.bus_bits ? Json(*chip.memory.bus_bits) : Json(nullptr)},
            {"bytes", figure_json(chip.memory.bytes)},
            {"bytes_per_second", figure_json(chip.memory.bandwidth)}}},
          {"link_bytes_per_second", figure_json(chip.link)},
          {"external_io_bytes_per_second", figure_json(chip.external_io)},
          {"power_watts", figure_json(chip.power)}};
}

Json comparison_json(const Chips& chips) {
  Json figures = Json::array();
  for (const ComparedQuantity& row : compare(chips)) {
    Json of = Json::array();
    for (std::size_t i = 0; i < chips.size(); ++i) {
      of.push_back({{"chip", chips[i]->id},
                    {"figure", row.figures[i] == nullptr ? Json(nullptr) : figure_json(*row.figures[i])},
                    {"ratio", factor_json(row.ratios[i])}});
    }
    figures.push_back({{"figure", row.name}, {"chips", std::move(of)}});
  }
  return {{"reference", chips.front()->id}, {"figures", std::move(figures)}};
}

Json finding_json(const Finding& finding) {
  return {{"rule", finding.rule},
          {"file", finding.origin},
          {"line", finding.line},
          {"chip", finding.chip},
          {"sentence", finding.sentence}};
}

}  // namespace moat
