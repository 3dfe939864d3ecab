// One list of fields per struct, walked by a writer and a reader. A struct that gains a member does not
// compile here until the member has its line: the structured bindings count them.
#include "results/json.h"

#include <fmt/format.h>

#include <cmath>
#include <concepts>
#include <limits>
#include <type_traits>

#include "base/error.h"
#include "results/figures.h"

namespace moat {
namespace {

template <class T, class Plain>
concept MaybeConst = std::same_as<std::remove_const_t<T>, Plain>;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

template <class Visit, MaybeConst<Types> T>
void visit_fields(const Visit& visit, T& types) {
  auto& [input, accumulate, output] = types;
  visit("input", input);
  visit("accumulate", accumulate);
  visit("output", output);
}

template <class Visit, MaybeConst<Work> T>
void visit_fields(const Visit& visit, T& work) {
  auto& [operations, bytes_read, bytes_written] = work;
  visit("operations", operations);
  visit("bytes_read", bytes_read);
  visit("bytes_written", bytes_written);
}

template <class Visit, MaybeConst<Conditions> T>
void visit_fields(const Visit& visit, T& conditions) {
  auto& [data, cache, seed] = conditions;
  visit("data", data);
  visit("cache", cache);
  visit("seed", seed);
}

template <class Visit, MaybeConst<Measurement> T>
void visit_fields(const Visit& visit, T& measurement) {
  auto& [samples_seconds, batch, clock, clock_resolution_seconds, clock_ratio, stop_reason,
         warm_up_executions, warm_up_seconds] = measurement;
  visit("samples_seconds", samples_seconds);
  visit("batch", batch);
  visit("clock", clock);
  visit("clock_resolution_seconds", clock_resolution_seconds);
  visit("clock_ratio", clock_ratio);
  visit("stop_reason", stop_reason);
  visit("warm_up_executions", warm_up_executions);
  visit("warm_up_seconds", warm_up_seconds);
}

template <class Visit, MaybeConst<Verdict> T>
void visit_fields(const Visit& visit, T& verdict) {
  auto& [correct, max_error, tolerance, bias, accumulation, method, checked, reason] = verdict;
  visit("correct", correct);
  visit("max_error", max_error, infinity);
  visit("tolerance", tolerance);
  visit("bias", bias);
  visit("accumulation", accumulation);
  visit("method", method);
  visit("checked", checked);
  visit("reason", reason);
}

template <class Visit, MaybeConst<Effort> T>
void visit_fields(const Visit& visit, T& effort) {
  auto& [compile_seconds, first_call_seconds, verify_seconds, kernel_seconds, total_seconds] = effort;
  visit("compile_seconds", compile_seconds);
  visit("first_call_seconds", first_call_seconds);
  visit("verify_seconds", verify_seconds);
  visit("kernel_seconds", kernel_seconds);
  visit("total_seconds", total_seconds);
}

template <class Visit, MaybeConst<Record> T>
void visit_fields(const Visit& visit, T& record) {
  auto& [identity, adapter, device_name, driver, operator_name, types, work, status, reason, log, provenance,
         measurement, verdict, effort, parameters, parameters_source, features, library_version, unstated,
         stated_interval_seconds, note, suite, workload, started_utc, command] = record;
  auto& [device, implementation, problem, conditions] = identity;
  visit("device", device);
  visit("adapter", adapter);
  visit("implementation", implementation);
  visit("operator", operator_name);
  visit("problem", problem);
  visit("types", types);
  visit("conditions", conditions);
  visit("status", status);
  visit("reason", reason);
  visit("provenance", provenance);
  visit("measurement", measurement);
  visit("work", work);
  visit("verdict", verdict);
  visit("command", command);
  visit("device_name", device_name);
  visit("driver", driver);
  visit("library_version", library_version);
  visit("parameters", parameters);
  visit("parameters_source", parameters_source);
  visit.added("features", features);
  visit.added("unstated", unstated);
  visit.added("stated_interval_seconds", stated_interval_seconds);
  visit.added("note", note);
  visit("suite", suite);
  visit("workload", workload);
  visit("started_utc", started_utc);
  visit("effort", effort);
  visit("log", log);
}

// Writing
// ------------------------------------------------------------------------------------------------------

Json encode(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}
template <std::integral T>
Json encode(T value) {
  return Json(value);
}
Json encode(const std::string& value) {
  return Json(value);
}
template <class Enum>
requires std::is_enum_v<Enum> Json encode(Enum value) {
  return Json(name(value));
}
Json encode(const Parameters& value) {
  Json object = Json::object();
  for (const auto& [key, number] : value) object[key] = number;
  return object;
}
Json encode(const Interval& value) {
  return Json::array({encode(value.low), encode(value.high)});
}
template <class Struct>
requires(std::is_class_v<Struct>) Json encode(const Struct& value);
template <class T>
Json encode(const std::vector<T>& values) {
  Json array = Json::array();
  for (const T& value : values) array.push_back(encode(value));
  return array;
}
template <class T>
Json encode(const std::optional<T>& value) {
  return value ? encode(*value) : Json(nullptr);
}

struct Writer {
  Json& object;
  template <class T>
  void added(const char* field, const T& value) const {
    object[field] = encode(value);
  }
  template <class T>
  void operator()(const char* field, const T& value, double /*null_reads_as*/ = 0) const {
    object[field] = encode(value);
  }
};

template <class Struct>
requires(std::is_class_v<Struct>) Json encode(const Struct& value) {
  Json object = Json::object();
  visit_fields(Writer{object}, value);
  return object;
}

// Reading
// ------------------------------------------------------------------------------------------------------

// std::map inside: a hostile object with very many fields costs no quadratic time, as it would in
// ordered_json.
using ReadJson = nlohmann::json;

/// A field that is not what it should be; parse_record adds the place.
struct Malformed {
  std::string field;
  std::string fault;
};

template <class Enum>
std::optional<Enum> parse_name(std::string_view text) {
  if constexpr (std::same_as<Enum, Type>) return parse_type(text);
  if constexpr (std::same_as<Enum, Data>) return parse_data(text);
  if constexpr (std::same_as<Enum, Cache>) return parse_cache(text);
  if constexpr (std::same_as<Enum, Status>) return parse_status(text);
  if constexpr (std::same_as<Enum, Provenance>) return parse_provenance(text);
}

/// One value at the path `field`.
struct Source {
  const ReadJson& json;
  std::string field;
  double null_reads_as = not_a_number;
  [[noreturn]] void fail(std::string fault) const { throw Malformed{field, std::move(fault)}; }
};

void decode(const Source& from, double& value) {
  if (from.json.is_null()) {
    value = from.null_reads_as;
  } else if (from.json.is_number()) {
    value = from.json.get<double>();
  } else {
    from.fail("is not a number");
  }
}
void decode(const Source& from, std::uint64_t& value) {
  if (!from.json.is_number_unsigned()) from.fail("is not a whole number from 0 to 2^64-1");
  value = from.json.get<std::uint64_t>();
}
void decode(const Source& from, std::int64_t& value) {
  const bool too_large = from.json.is_number_unsigned() &&
                         from.json.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max();
  if (!from.json.is_number_integer() || too_large) from.fail("is not a whole number of 64 bits");
  value = from.json.get<std::int64_t>();
}
void decode(const Source& from, bool& value) {
  if (!from.json.is_boolean()) from.fail("is neither true nor false");
  value = from.json.get<bool>();
}
void decode(const Source& from, std::string& value) {
  if (!from.json.is_string()) from.fail("is not text");
  value = from.json.get<std::string>();
}
template <class Enum>
requires std::is_enum_v<Enum>
void decode(const Source& from, Enum& value) {
  std::string text;
  decode(from, text);
  const std::optional<Enum> known = parse_name<Enum>(text);
  if (!known) from.fail(fmt::format("has the unknown value '{}'", text.substr(0, 40)));
  value = *known;
}
void decode(const Source& from, Interval& value) {
  if (!from.json.is_array() || from.json.size() != 2) from.fail("is not an array of two numbers");
  decode({from.json[0], from.field + "[0]"}, value.low);
  decode({from.json[1], from.field + "[1]"}, value.high);
}
void decode(const Source& from, Parameters& value) {
  if (!from.json.is_object()) from.fail("is not an object");
  value.clear();
  for (const auto& [key, number] : from.json.items()) decode({number, from.field + "." + key}, value[key]);
}
template <class Struct>
requires(std::is_class_v<Struct>) void decode(const Source& from, Struct& value);
template <class T>
void decode(const Source& from, std::vector<T>& values) {
  if (!from.json.is_array()) from.fail("is not an array");
  values.clear();
  values.reserve(from.json.size());
  for (const ReadJson& item : from.json) {
    const Source element{item, fmt::format("{}[{}]", from.field, values.size())};
    decode(element, values.emplace_back());
  }
}
template <class T>
void decode(const Source& from, std::optional<T>& value) {
  value.reset();
  if (!from.json.is_null()) decode(from, value.emplace());
}

struct Reader {
  const ReadJson& object;
  std::string prefix;  // "" or "types."
  /// A field that records of earlier versions have not.
  template <class T>
  void added(const char* field, T& value) const {
    if (object.contains(field)) (*this)(field, value);
  }
  template <class T>
  void operator()(const char* field, T& value, double null_reads_as = not_a_number) const {
    const auto found = object.find(field);
    if (found == object.end()) throw Malformed{prefix + field, "is missing"};
    decode({*found, prefix + field, null_reads_as}, value);
  }
};

template <class Struct>
requires(std::is_class_v<Struct>) void decode(const Source& from, Struct& value) {
  if (!from.json.is_object()) from.fail("is not an object");
  visit_fields(Reader{from.json, from.field.empty() ? "" : from.field + "."}, value);
}

/// Moves `field` out of `object`; null if `object` is.
Json take(Json& object, const char* field) {
  if (!object.is_object()) return nullptr;
  Json value = std::move(object.at(field));
  object.erase(field);
  return value;
}

}  // namespace

Json record_json(const Record& record) {
  Json object = {{"schema", record_schema}, {"case", record.identity.id()}};
  visit_fields(Writer{object}, record);
  return object;
}

Record parse_record(std::string_view line, std::string_view where) {
  const ReadJson object = parse_sorted_json(line, where);
  try {
    Record record;
    if (!object.is_object()) throw Malformed{"record", "is not an object"};
    const Reader read{object, ""};
    std::int64_t schema = 0;
    read("schema", schema);
    check_schema(schema, record_schema, "a record", where);
    std::string id;
    read("case", id);
    visit_fields(read, record);
    if (id != record.identity.id()) throw Malformed{"case", "contradicts device, implementation and problem"};
    return record;
  } catch (const Malformed& malformed) {
    throw UsageError(fmt::format("{}: '{}' {}", where, malformed.field, malformed.fault));
  }
}

Json show_json(const Record& record, std::string_view run, const PhysicalDevices& physical) {
  const Figures derived = figures(record);
  const Json stored = record_json(record);
  Json shown = Json::object();
  for (const auto& [field, stored_value] : stored.items()) {
    Json value = stored_value;
    if (field == "measurement") {
      shown["median_seconds"] = encode(derived.median_seconds);
      shown["interval_seconds"] = encode(derived.interval_seconds);
      const Json samples = take(value, "samples_seconds");
      shown["samples"] = samples.is_null() ? Json::array() : samples;
    } else if (field == "work") {
      shown["operations"] = take(value, "operations");
      shown["bytes"] = encode(record.work.bytes());
      shown["operations_per_second"] = encode(derived.operations_per_second);
      shown["bytes_per_second"] = encode(derived.bytes_per_second);
    } else if (field == "verdict") {
      shown["max_error"] = take(value, "max_error");
      shown["tolerance"] = take(value, "tolerance");
    }
    shown[field] = std::move(value);
    if (field == "schema") shown["run"] = run;
    if (field == "device") shown["physical_device"] = physical.first(record.identity.device);
  }
  return shown;
}

}  // namespace moat
