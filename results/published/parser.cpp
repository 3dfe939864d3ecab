// The head of a published-figures file, its devices and what is said of them.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "results/published/parser.h"

namespace moat {
namespace {

using Names = std::vector<std::string>;

}  // namespace

/// `id` is distinct among all that were asked for.
void PublishedParser::once(const toml::node& at, const std::string& what, const std::string& id) {
  const TomlDocument::Position position = at.source().begin;
  const auto [first, added] = seen_.emplace(id, position);
  if (added) return;
  fail(position, fmt::format("{} appears twice, first at {}:{}; remove one", what, first->second.line,
                             first->second.column));
}

void PublishedParser::count_figure(const toml::node& at) {
  if (++figures_ > PublishedLimits::figures)
    fail(at, fmt::format("a file holds at most {} roofs and efficiencies", PublishedLimits::figures));
}

// The head
// ------------------------------------------------------------------------------------------------------

Citation PublishedParser::read_citation(const toml::node& node) const {
  static const Names known{"title", "authors", "year", "reference", "confidence"};
  const std::string_view place = "[citation]";
  const toml::table& table =
      fields_.document().table_of(node, "citation is a table: write [citation] on a line");
  fields_.document().check_fields(table, place, known);
  Citation citation;
  citation.title = fields_.required_line(table, place, "title");
  citation.authors = fields_.required_line(table, place, "authors");
  citation.reference = fields_.required_line(table, place, "reference");
  citation.confidence = fields_.required_line(table, place, "confidence");
  const toml::node& year = fields_.required(table, place, "year");
  citation.year = year.is_integer() ? year.value<std::int64_t>().value_or(0) : 0;
  if (citation.year < 1950 || citation.year > 2100) fail(year, "year is a whole number, such as 2025");
  return citation;
}

Names PublishedParser::read_unstated(const toml::table& table) const {
  static const Names known{"data", "cache", "clock", "accumulate", "output", "layout", "samples", "versions"};
  Names names;
  const toml::node* node = table.get("unstated");
  if (node == nullptr) return names;
  if (!node->is_array()) fail(*node, "unstated is a list in brackets");
  for (const toml::node& entry : *node->as_array()) {
    std::string name = fields_.one_of(entry, "condition", known);
    if (std::find(names.begin(), names.end(), name) != names.end())
      fail(entry, fmt::format("{} is listed twice; remove one", name));
    if (table.contains(name))
      fail(entry, fmt::format("{} is stated, and listed as unstated; keep one", name));
    names.push_back(std::move(name));
  }
  return names;
}

StatedConditions PublishedParser::read_conditions(const toml::node& node) const {
  static const Names known{"data", "cache", "clock", "unstated"};
  static const Names data{"normal", "uniform", "zeros", "ones", "integers"};
  static const Names caches{"hot", "cold"};
  const toml::table& table =
      fields_.document().table_of(node, "conditions is a table: write [conditions] on a line");
  fields_.document().check_fields(table, "[conditions]", known);
  StatedConditions made;
  made.unstated = read_unstated(table);
  for (const std::string condition : {"data", "cache", "clock"}) {
    const bool open = std::find(made.unstated.begin(), made.unstated.end(), condition) != made.unstated.end();
    if (table.contains(condition) || open) continue;
    fail(table,
         fmt::format("[conditions] does not mention {0}; state it, or list \"{0}\" in unstated", condition));
  }
  if (const toml::node* stated = table.get("data"))
    made.conditions.data = *parse_data(fields_.one_of(*stated, "data", data));
  if (const toml::node* stated = table.get("cache"))
    made.conditions.cache = *parse_cache(fields_.one_of(*stated, "cache", caches));
  made.clock = fields_.line(table, "clock");
  return made;
}

void PublishedParser::read_head() {
  static const Names known{"schema",     "name",   "title", "verified",  "citation",
                           "conditions", "device", "rows",  "efficiency"};
  const toml::table& root = fields_.document().root();
  const std::string_view place = "a published-figures file";
  const toml::node& schema = fields_.required(root, place, "schema");
  const auto version = schema.is_integer() ? schema.value<std::int64_t>().value_or(0) : 0;
  if (version > published_schema)
    fail(schema, fmt::format("schema {} is newer than this moat, which reads {}: update moat", version,
                             published_schema));
  if (version != published_schema) fail(schema, fmt::format("schema is {}", published_schema));
  fields_.document().check_fields(root, place, known);
  made_.name = fields_.slug(fields_.required(root, place, "name"), "name");
  made_.title = fields_.required_line(root, place, "title");
  verified_ = fields_.truth(root, "verified", true);
  made_.info.suite = "published/" + made_.name;
  made_.info.command = command_;
  made_.info.citation = read_citation(fields_.required(root, place, "citation"));
  if (const toml::node* node = root.get("conditions")) conditions_ = read_conditions(*node);
}

// Devices and what is said of them
// ------------------------------------------------------------------------------------------------------

Roof PublishedParser::read_ends(const toml::table& table, std::string_view place, std::string_view field,
                                const Interval& believed, const std::string& hint) const {
  const toml::node& node = fields_.required(table, place, field);
  const Interval ends = fields_.ends(node, field);
  if (ends.low < believed.low || ends.high > believed.high) fail(node, hint);
  Roof roof;
  roof.rate = between(ends);
  roof.source = fields_.required_line(table, place, "source");
  roof.verified = fields_.truth(table, "verified", verified_);
  return roof;
}

Roof PublishedParser::read_arithmetic(const toml::table& table) const {
  static const Names known{"type", "accumulate", "operations_per_second", "source", "verified"};
  const std::string_view place = "an entry of arithmetic";
  fields_.document().check_fields(table, place, known);
  const Types types = fields_.types(table, place);
  Roof roof =
      read_ends(table, place, "operations_per_second", {1e6, 1e20},
                "operations_per_second cannot be right for a chip; its unit is operations per second: "
                "1 TFLOP/s is 1e12, 1 GB/s is 1e9");
  roof.kind = RoofKind::arithmetic;
  roof.type = types.input;
  roof.accumulate = types.accumulate;
  return roof;
}

Roof PublishedParser::read_memory(const toml::table& table) const {
  static const Names known{"bytes_per_second", "source", "verified"};
  fields_.document().check_fields(table, "memory", known);
  Roof roof =
      read_ends(table, "memory", "bytes_per_second", {1e6, 1e16},
                "bytes_per_second cannot be right for a chip; its unit is bytes per second: 1 TFLOP/s is "
                "1e12, 1 GB/s is 1e9");
  roof.kind = RoofKind::memory;
  return roof;
}

Roof PublishedParser::read_launch(const toml::table& table) const {
  static const Names known{"seconds", "source", "verified"};
  fields_.document().check_fields(table, "launch", known);
  Roof roof = read_ends(
      table, "launch", "seconds", {1e-10, 0.1},
      "seconds cannot be right for a launch: 5 µs is 5e-6, and the value must be between 1e-10 and 0.1");
  roof.kind = RoofKind::launch;
  roof.rate = between({1 / roof.rate.high, 1 / roof.rate.low});
  return roof;
}

void PublishedParser::read_device(const toml::table& table) {
  static const Names known{"id", "name", "vendor", "chip", "stack", "arithmetic", "memory", "launch"};
  const std::string_view place = "[[device]]";
  fields_.document().check_fields(table, place, known);
  if (made_.info.devices.size() == PublishedLimits::devices)
    fail(table, fmt::format("a file holds at most {} devices", PublishedLimits::devices));
  RunDevice device;
  const toml::node& id = fields_.required(table, place, "id");
  device.id = fields_.slug(id, "id") + ":published";
  once(id, fmt::format("device {}", moat::quoted_text(device.id)), device.id);
  device.name = fields_.required_line(table, place, "name");
  device.vendor = fields_.required_line(table, place, "vendor");
  if (const toml::node* chip = table.get("chip")) device.chip = fields_.slug(*chip, "chip");
  device.driver = fields_.line(table, "stack");
  fields_.each_table(table, "arithmetic", [&](const toml::table& entry) {
    count_figure(entry);
    const Roof roof = read_arithmetic(entry);
    once(entry, fmt::format("a roof for {} accumulated in {}", name(roof.type), name(roof.accumulate)),
         fmt::format("{} {} {}", device.id, name(roof.type), name(roof.accumulate)));
    device.roofs.push_back(roof);
  });
  if (const toml::node* memory = table.get("memory")) {
    count_figure(*memory);
    device.roofs.push_back(read_memory(fields_.document().table_of(*memory, "memory is a table")));
  }
  if (const toml::node* launch = table.get("launch")) {
    count_figure(*launch);
    device.roofs.push_back(read_launch(fields_.document().table_of(*launch, "launch is a table")));
  }
  made_.info.devices.push_back(std::move(device));
}

RunDevice& PublishedParser::device_of(const toml::table& table, std::string_view place) {
  const toml::node& node = fields_.required(table, place, "device");
  Names known;
  for (const RunDevice& device : made_.info.devices)
    known.push_back(device.id.substr(0, device.id.find(':')));
  const std::string id = fields_.one_of(node, "device", known);
  const auto found = std::find(known.begin(), known.end(), id);
  return made_.info.devices[static_cast<std::size_t>(found - known.begin())];
}

void PublishedParser::read_efficiency(const toml::table& table) {
  static const Names known{"device", "operator", "implementation", "type", "accumulate", "bound",
                           "share",  "peak",     "source",         "note", "verified"};
  static const Names bounds{"arithmetic", "memory"};
  static const Names operator_names = [] {
    Names names;
    for (const Operator* one : operators()) names.emplace_back(one->name());
    return names;
  }();
  const std::string_view place = "[[efficiency]]";
  fields_.document().check_fields(table, place, known);
  count_figure(table);
  RunDevice& device = device_of(table, place);
  StatedEfficiency made;
  made.operator_name = fields_.one_of(fields_.required(table, place, "operator"), "operator", operator_names);
  made.implementation = fields_.implementation(table, place);
  const Types types = fields_.types(table, place);
  made.type = types.input;
  made.accumulate = types.accumulate;
  made.bound = *parse_roof_kind(fields_.one_of(fields_.required(table, place, "bound"), "bound", bounds));
  const toml::node& share = fields_.required(table, place, "share");
  const Interval ends = fields_.ends(share, "share");
  if (ends.high > 1) fail(share, "share is at most 1: 86.8 % is 0.868");
  made.low = ends.low;
  made.high = ends.high;
  if (const toml::node* peak = table.get("peak")) made.peak = fields_.positive(*peak, "peak");
  made.source = fields_.required_line(table, place, "source");
  made.note = fields_.line(table, "note");
  made.verified = fields_.truth(table, "verified", verified_);
  const std::string what = fmt::format("{} in {} by {}, bound by {}", made.operator_name, name(made.type),
                                       made.implementation, name(made.bound));
  once(table, what, fmt::format("{} {} {}", device.id, what, name(made.accumulate)));
  device.efficiencies.push_back(std::move(made));
}

Published PublishedParser::parse() {
  const toml::table& root = fields_.document().root();
  read_head();
  (void)fields_.required(root, "a published-figures file", "device");
  fields_.each_table(root, "device", [&](const toml::table& table) { read_device(table); });
  fields_.each_table(root, "efficiency", [&](const toml::table& table) { read_efficiency(table); });
  fields_.each_table(root, "rows", [&](const toml::table& table) { read_rows(table); });
  return std::move(made_);
}

Published parse_published(std::string_view text, std::string_view origin, const std::string& command) {
  return PublishedParser(text, origin, command).parse();
}

}  // namespace moat
