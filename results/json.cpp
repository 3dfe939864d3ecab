// Records as lines, and what is shown of them.
#include "results/json.h"

#include "base/json.h"
#include "results/figures.h"
#include "results/record_fields.h"

namespace moat {
namespace {

/// Moves `field` out of `object`; null if `object` is.
Json take(Json& object, const char* field) {
  if (!object.is_object()) return nullptr;
  Json value = std::move(object.at(field));
  object.erase(field);
  return value;
}

template <class T>
Json json_of(const T& value) {
  Json made;
  encode(JsonSink(made), value);
  return made;
}

}  // namespace

Json record_json(const Record& record) {
  Json object;
  const JsonSink sink(object);
  sink.put_object();
  sink.field("schema").put(std::int64_t{record_schema});
  sink.field("case").put(std::string_view(record.identity.id()));
  visit_fields(FieldWriter(sink), record);
  return object;
}

Record parse_record(std::string_view line, std::string_view where) {
  // Sorted: a hostile object with very many fields costs no quadratic time.
  const nlohmann::json tree = parse_sorted_json(line, where);
  const JsonSource object(tree, where, "the record");
  read_schema(object, record_schema, "a record");
  std::string id;
  const FieldReader read(object);
  read("case", id);
  Record record;
  decode(object, record);
  name_method(record.parameters, record.operator_name);
  if (id != record.identity.id()) object.fail_at("case", "contradicts device, implementation and problem");
  return record;
}

Json show_json(const Record& record, std::string_view run, const PhysicalDevices& physical) {
  const Figures derived = figures(record);
  const Json stored = record_json(record);
  Json shown = Json::object();
  for (const auto& [field, stored_value] : stored.items()) {
    Json value = stored_value;
    if (field == "measurement") {
      shown["median_seconds"] = json_of(derived.median_seconds);
      shown["interval_seconds"] = json_of(derived.interval_seconds);
      const Json samples = take(value, "samples_seconds");
      shown["samples"] = samples.is_null() ? Json::array() : samples;
    } else if (field == "work") {
      shown["operations"] = take(value, "operations");
      shown["bytes"] = json_of(record.work.bytes());
      shown["operations_per_second"] = json_of(derived.operations_per_second);
      shown["bytes_per_second"] = json_of(derived.bytes_per_second);
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
