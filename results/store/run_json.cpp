// run.json's fields, written and read. What earlier versions had not is absent where there is none of it.
#include "results/store/run_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace moat {
namespace {

std::string text_field(const Json& object, const char* field, std::string_view where) {
  const auto found = object.find(field);
  if (found == object.end() || !found->is_string()) {
    throw UsageError(fmt::format("{}: '{}' is missing or not text", where, field));
  }
  return found->get<std::string>();
}

std::vector<std::string> texts_field(const Json& object, const char* field, std::string_view where) {
  const auto found = object.find(field);
  const auto is_text = [](const Json& item) { return item.is_string(); };
  if (found == object.end() || !found->is_array() || !std::all_of(found->begin(), found->end(), is_text)) {
    throw UsageError(fmt::format("{}: '{}' is missing or not an array of text", where, field));
  }
  return found->get<std::vector<std::string>>();
}

/// In (0, infinity).
double positive_field(const Json& object, const char* field, std::string_view where) {
  const auto found = object.find(field);
  const double value = found != object.end() && found->is_number() ? found->get<double>() : -1;
  if (!std::isfinite(value) || value <= 0)
    throw UsageError(fmt::format("{}: '{}' is missing or not a number above 0", where, field));
  return value;
}

bool truth_field(const Json& object, const char* field, std::string_view where) {
  const auto found = object.find(field);
  if (found == object.end() || !found->is_boolean())
    throw UsageError(fmt::format("{}: '{}' is missing or neither true nor false", where, field));
  return found->get<bool>();
}

/// A word of those that `parse` knows.
template <class Parse>
auto name_field(const Json& object, const char* field, std::string_view where, const Parse& parse) {
  const std::string text = text_field(object, field, where);
  const auto known = parse(text);
  if (!known)
    throw UsageError(fmt::format("{}: '{}' has the unknown value '{}'", where, field, text.substr(0, 40)));
  return *known;
}

/// What is common to roofs and shares of them.
template <class Figure>
void parse_ends(const Json& object, std::string_view where, Figure& figure) {
  figure.type = name_field(object, "type", where, parse_type);
  figure.accumulate = name_field(object, "accumulate", where, parse_type);
  figure.low = positive_field(object, "low", where);
  figure.high = positive_field(object, "high", where);
  if (figure.low > figure.high) throw UsageError(fmt::format("{}: 'low' is above 'high'", where));
  figure.source = text_field(object, "source", where);
  figure.verified = truth_field(object, "verified", where);
}

Json figure_json(const StatedRoof& roof) {
  return {{"kind", name(roof.kind)},  {"type", name(roof.type)}, {"accumulate", name(roof.accumulate)},
          {"low", roof.low},          {"high", roof.high},       {"source", roof.source},
          {"verified", roof.verified}};
}

void parse_figure(const Json& object, std::string_view where, StatedRoof& roof) {
  roof.kind = name_field(object, "kind", where, parse_roof_kind);
  parse_ends(object, where, roof);
}

Json figure_json(const StatedEfficiency& share) {
  return {{"operator", share.operator_name},
          {"implementation", share.implementation},
          {"type", name(share.type)},
          {"accumulate", name(share.accumulate)},
          {"bound", name(share.bound)},
          {"low", share.low},
          {"high", share.high},
          {"peak", share.peak > 0 ? Json(share.peak) : Json(nullptr)},
          {"source", share.source},
          {"note", share.note},
          {"verified", share.verified}};
}

void parse_figure(const Json& object, std::string_view where, StatedEfficiency& share) {
  share.operator_name = text_field(object, "operator", where);
  share.implementation = text_field(object, "implementation", where);
  share.bound = name_field(object, "bound", where, parse_roof_kind);
  if (share.bound == RoofKind::launch) throw UsageError(fmt::format("{}: 'bound' is launch", where));
  parse_ends(object, where, share);
  if (share.high > 1) throw UsageError(fmt::format("{}: 'high' is above 1", where));
  if (const auto peak = object.find("peak"); peak != object.end() && !peak->is_null())
    share.peak = positive_field(object, "peak", where);
  share.note = text_field(object, "note", where);
}

/// A field that is absent where there is none, as in runs of earlier versions.
template <class Figure>
void add_figures(Json& object, const char* field, const std::vector<Figure>& figures) {
  for (const Figure& figure : figures) object[field].push_back(figure_json(figure));
}

template <class Figure>
void parse_figures(const Json& object, const char* field, std::string_view where,
                   std::vector<Figure>& figures) {
  const auto found = object.find(field);
  if (found == object.end()) return;
  if (!found->is_array()) throw UsageError(fmt::format("{}: '{}' is not an array", where, field));
  for (const Json& entry : *found) {
    const std::string place = fmt::format("{}: {}[{}]", where, field, figures.size());
    if (!entry.is_object()) throw UsageError(fmt::format("{} is not an object", place));
    parse_figure(entry, place, figures.emplace_back());
  }
}

RunDevice parse_device(const Json& object, std::string_view where) {
  if (!object.is_object()) throw UsageError(fmt::format("{} is not an object", where));
  RunDevice device;
  device.id = text_field(object, "id", where);
  device.name = text_field(object, "name", where);
  device.vendor = text_field(object, "vendor", where);
  device.driver = text_field(object, "driver", where);
  device.platform = text_field(object, "platform", where);
  device.architecture = text_field(object, "architecture", where);
  device.emulated = truth_field(object, "emulated", where);
  device.identities = texts_field(object, "identities", where);
  const auto details = object.find("details");
  if (details == object.end() || !details->is_object())
    throw UsageError(fmt::format("{}: 'details' is missing or not an object", where));
  for (const auto& [fact, value] : details->items()) {
    if (!value.is_string()) throw UsageError(fmt::format("{}: a value of 'details' is not text", where));
    device.details.emplace_back(fact, value.get<std::string>());
  }
  if (object.contains("chip")) device.chip = text_field(object, "chip", where);
  parse_figures(object, "roofs", where, device.roofs);
  parse_figures(object, "efficiencies", where, device.efficiencies);
  return device;
}

std::vector<RunDevice> parse_devices(const Json& object, std::string_view where) {
  std::vector<RunDevice> devices;
  const auto found = object.find("devices");
  if (found == object.end()) return devices;
  if (!found->is_array()) throw UsageError(fmt::format("{}: 'devices' is not an array", where));
  for (const Json& device : *found)
    devices.push_back(parse_device(device, fmt::format("{}: devices[{}]", where, devices.size())));
  return devices;
}

Json citation_json(const Citation& citation) {
  return {{"title", citation.title},
          {"authors", citation.authors},
          {"year", citation.year},
          {"reference", citation.reference},
          {"confidence", citation.confidence}};
}

Citation parse_citation(const Json& object, std::string_view where) {
  if (!object.is_object()) throw UsageError(fmt::format("{}: 'citation' is not an object", where));
  const std::string place = fmt::format("{}: citation", where);
  Citation citation;
  citation.title = text_field(object, "title", place);
  citation.authors = text_field(object, "authors", place);
  const auto year = object.find("year");
  if (year == object.end() || !year->is_number_integer())
    throw UsageError(fmt::format("{}: 'year' is missing or no whole number", place));
  citation.year = year->get<std::int64_t>();
  citation.reference = text_field(object, "reference", place);
  citation.confidence = text_field(object, "confidence", place);
  return citation;
}

}  // namespace

Json device_json(const RunDevice& device) {
  Json details = Json::object();
  for (const auto& [fact, value] : device.details) details[fact] = value;
  Json object = {{"id", device.id},
                 {"name", device.name},
                 {"vendor", device.vendor},
                 {"driver", device.driver},
                 {"platform", device.platform},
                 {"architecture", device.architecture},
                 {"emulated", device.emulated},
                 {"identities", device.identities},
                 {"details", details}};
  if (!device.chip.empty()) object["chip"] = device.chip;
  add_figures(object, "roofs", device.roofs);
  add_figures(object, "efficiencies", device.efficiencies);
  return object;
}

Json info_json(const RunInfo& info) {
  Json devices = Json::array();
  for (const RunDevice& device : info.devices) devices.push_back(device_json(device));
  Json object = {{"schema", run_schema},
                 {"id", info.id},
                 {"suite", info.suite},
                 {"command", info.command},
                 {"host", info.host},
                 {"system_id", info.system_id},
                 {"started_utc", info.started_utc},
                 {"ended_utc", info.ended_utc ? Json(*info.ended_utc) : Json(nullptr)},
                 {"resumed_utc", info.resumed_utc},
                 {"devices", devices}};
  if (info.citation) object["citation"] = citation_json(*info.citation);
  object["environment"] = info.environment;
  return object;
}

RunInfo parse_info(std::string_view text, std::string_view where) {
  const Json object = parse_json(text, where);
  const auto schema = object.find("schema");
  if (!object.is_object() || schema == object.end() || !schema->is_number_integer()) {
    throw UsageError(fmt::format("{}: not a run: 'schema' is missing", where));
  }
  check_schema(schema->get<std::int64_t>(), run_schema, "a run", where);
  RunInfo info;
  info.id = text_field(object, "id", where);
  info.suite = text_field(object, "suite", where);
  info.command = text_field(object, "command", where);
  info.host = text_field(object, "host", where);
  info.system_id = text_field(object, "system_id", where);
  info.started_utc = text_field(object, "started_utc", where);
  if (!object.contains("ended_utc") || !object["ended_utc"].is_null()) {
    info.ended_utc = text_field(object, "ended_utc", where);
  }
  info.resumed_utc = texts_field(object, "resumed_utc", where);
  info.devices = parse_devices(object, where);
  if (const auto citation = object.find("citation"); citation != object.end())
    info.citation = parse_citation(*citation, where);
  if (!object.contains("environment")) throw UsageError(fmt::format("{}: 'environment' is missing", where));
  info.environment = object["environment"];
  return info;
}

}  // namespace moat
