// run.json's lists of fields. What earlier versions had not is absent where there is none of it.
#include "results/store/run_json.h"

#include <cmath>

#include "base/json.h"
#include "results/record_fields.h"

namespace moat {

template <>
inline constexpr auto parse_word<RoofKind> = &parse_roof_kind;

template <class Visit, MaybeConst<Roof> T>
void visit_fields(const Visit& visit, T& roof) {
  auto& [kind, type, accumulate, rate, source, verified, record] = roof;
  static_cast<void>(record);  // a stated roof has none
  visit("kind", kind);
  visit("type", type);
  visit("accumulate", accumulate);
  visit("low", rate.low);
  visit("high", rate.high);
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
std::optional<FieldFault> fault_of_ends(double low, double high) {
  if (!is_positive(low)) return FieldFault{"low", "is not a number above 0"};
  if (!is_positive(high)) return FieldFault{"high", "is not a number above 0"};
  if (low > high) return FieldFault{"low", "is above 'high'"};
  return std::nullopt;
}

}  // namespace

/// The file has the ends; what is between them follows.
static void decode(const JsonSource& from, Roof& roof) {
  from.require_object();
  visit_fields(FieldReader(from), roof);
  if (const auto found = fault_of_ends(roof.rate.low, roof.rate.high))
    from.fail_at(found->field, found->fault);
  roof.rate = between({roof.rate.low, roof.rate.high});
}

static std::optional<FieldFault> field_fault(const StatedEfficiency& share) {
  if (share.bound == RoofKind::launch) return FieldFault{"bound", "is launch"};
  if (share.peak != 0 && !is_positive(share.peak)) return FieldFault{"peak", "is not a number above 0"};
  if (share.high > 1) return FieldFault{"high", "is above 1"};
  return fault_of_ends(share.low, share.high);
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
