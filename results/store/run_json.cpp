// run.json's lists of fields. What earlier versions had not is absent where there is none of it.
#include "results/store/run_json.h"

#include <cmath>

#include "base/json.h"
#include "results/record_fields.h"

namespace moat {

template <>
inline constexpr auto parse_word<RoofKind> = &parse_roof_kind;

template <class Visit, MaybeConst<StatedRoof> T>
void visit_fields(const Visit& visit, T& roof) {
  auto& [kind, type, accumulate, low, high, source, verified] = roof;
  visit("kind", kind);
  visit("type", type);
  visit("accumulate", accumulate);
  visit("low", low);
  visit("high", high);
  visit("source", source);
  visit("verified", verified);
}

template <class Visit, MaybeConst<StatedEfficiency> T>
void visit_fields(const Visit& visit, T& share) {
  auto& [operator_name, implementation, type, accumulate, bound, low, high, peak, source, note, verified] =
      share;
  visit("operator", operator_name);
  visit("implementation", implementation);
  visit("type", type);
  visit("accumulate", accumulate);
  visit("bound", bound);
  visit("low", low);
  visit("high", high);
  visit.zero_as_null("peak", peak);
  visit("source", source);
  visit("note", note);
  visit("verified", verified);
}

template <class Visit, MaybeConst<RunDevice> T>
void visit_fields(const Visit& visit, T& device) {
  auto& [id, name, vendor, driver, platform, architecture, emulated, identities, details, chip, roofs,
         efficiencies] = device;
  visit("id", id);
  visit("name", name);
  visit("vendor", vendor);
  visit("driver", driver);
  visit("platform", platform);
  visit("architecture", architecture);
  visit("emulated", emulated);
  visit("identities", identities);
  visit.facts("details", details);
  visit.unless_empty("chip", chip);
  visit.unless_empty("roofs", roofs);
  visit.unless_empty("efficiencies", efficiencies);
}

template <class Visit, MaybeConst<Citation> T>
void visit_fields(const Visit& visit, T& citation) {
  auto& [title, authors, year, reference, confidence] = citation;
  visit("title", title);
  visit("authors", authors);
  visit("year", year);
  visit("reference", reference);
  visit("confidence", confidence);
}

template <class Visit, MaybeConst<RunInfo> T>
void visit_fields(const Visit& visit, T& info) {
  auto& [id, suite, command, host, system_id, started_utc, ended_utc, resumed_utc, devices, citation,
         environment] = info;
  visit("id", id);
  visit("suite", suite);
  visit("command", command);
  visit("host", host);
  visit("system_id", system_id);
  visit("started_utc", started_utc);
  visit("ended_utc", ended_utc);
  visit("resumed_utc", resumed_utc);
  visit.added("devices", devices);
  visit.unless_empty("citation", citation);
  visit("environment", environment);
}

namespace {

bool is_positive(double value) {
  return std::isfinite(value) && value > 0;
}

/// What is common to roofs and shares of them.
template <class Figure>
std::optional<FieldFault> fault_of_ends(const Figure& figure) {
  if (!is_positive(figure.low)) return FieldFault{"low", "is not a number above 0"};
  if (!is_positive(figure.high)) return FieldFault{"high", "is not a number above 0"};
  if (figure.low > figure.high) return FieldFault{"low", "is above 'high'"};
  return std::nullopt;
}

}  // namespace

static std::optional<FieldFault> field_fault(const StatedRoof& roof) {
  return fault_of_ends(roof);
}

static std::optional<FieldFault> field_fault(const StatedEfficiency& share) {
  if (share.bound == RoofKind::launch) return FieldFault{"bound", "is launch"};
  if (share.peak != 0 && !is_positive(share.peak)) return FieldFault{"peak", "is not a number above 0"};
  if (share.high > 1) return FieldFault{"high", "is above 1"};
  return fault_of_ends(share);
}

Json device_json(const RunDevice& device) {
  Json object;
  encode(JsonSink(object), device);
  return object;
}

Json info_json(const RunInfo& info) {
  Json object;
  const JsonSink sink(object);
  sink.put_object();
  sink.field("schema").put(std::int64_t{run_schema});
  visit_fields(FieldWriter(sink), info);
  return object;
}

RunInfo parse_info(std::string_view text, std::string_view where) {
  const Json tree = parse_json(text, where);  // in the file's order: so are a device's details
  const JsonSource object(tree, where, "the run");
  read_schema(object, run_schema, "a run");
  RunInfo info;
  decode(object, info);
  return info;
}

}  // namespace moat
