// JSON of findings: what `moat gap --json` prints, and everything else that a report says.
#include "reports/format/findings_json.h"

#include "reports/findings/roof_words.h"
#include "reports/format/factor_json.h"
#include "reports/tables/gap_text.h"
#include "results/json.h"
#include "results/store/run_json.h"

namespace moat {
namespace {

template <class T>
Json list_of(const std::vector<T>& items, Json (*make)(const T&)) {
  Json made = Json::array();
  for (const T& item : items) made.push_back(make(item));
  return made;
}

Json roof_json(const Roof& roof) {
  Json made = factor_json(roof.rate);
  made["source"] = roof.source;
  made["verified"] = roof.verified;
  return made;
}

Json roofs_json(const std::optional<Roofs>& roofs) {
  if (!roofs) return nullptr;
  Json arithmetic = Json::array();
  for (const Roof& roof : roofs->all) {
    if (roof.kind != RoofKind::arithmetic) continue;
    Json made = {{"input", name(roof.type)}, {"accumulate", name(roof.accumulate)}};
    made.update(roof_json(roof));
    arithmetic.push_back(std::move(made));
  }
  const auto one = [](const Roof* roof) { return roof == nullptr ? Json(nullptr) : roof_json(*roof); };
  return {{"chip", roofs->chip},
          {"arithmetic", arithmetic},
          {"memory", one(roofs->memory())},
          {"launch", one(roofs->launch())}};
}

Json subjects_roofs_json(const Findings& findings) {
  Json made = Json::array();
  for (std::size_t i = 0; i < findings.roofs.size(); ++i) {
    made.push_back({{"subject", findings.subjects.at(i).label},
                    {"datasheet", roofs_json(findings.roofs[i].datasheet)},
                    {"measured", roofs_json(findings.roofs[i].measured)}});
  }
  return made;
}

Json subject_device_json(const Subject& subject) {
  Json made = {{"subject", subject.label},
               {"run", subject.run.id},
               {"physical_device", PhysicalDevices(subject.run.devices).first(subject.device.id)}};
  made.update(device_json(subject.device));
  return made;
}

/// As run.json has it, its devices aside, which stand with their subjects.
Json run_json(const RunInfo& run) {
  Json made = {{"run", run.id}};
  made.update(info_json(run));
  for (const char* field : {"schema", "id", "devices"}) made.erase(field);
  return made;
}

Json cell_json(const CoverageCell& cell) {
  Json cases = Json::object();
  for (const auto& [status, count] : cell.cases) cases[std::string(name(status))] = count;
  Json holes = Json::array();
  for (const auto& [reason, count] : cell.holes) holes.push_back({{"reason", reason}, {"cases", count}});
  return {{"subject", cell.subject}, {"operator", cell.operator_name},
          {"type", name(cell.type)}, {"implementation", cell.implementation},
          {"cases", cases},          {"holes", holes}};
}

Json difference_json(const EnvironmentDifference& difference) {
  Json values = Json::array();
  for (const std::optional<std::string>& value : difference.values)
    values.push_back(value.value_or("not recorded"));
  return {{"fact", difference.fact}, {"values", values}};
}

Json sensitivity_json(const std::vector<SubjectSensitivity>& subjects) {
  Json made = Json::array();
  for (const SubjectSensitivity& subject : subjects) {
    for (const Sensitivity& sensitive : subject.cases) {
      made.push_back(
          {{"subject", subject.subject},
           {"case", sensitive.normal->identity.id()},
           {"zeros_to_normal", sensitive.ratio},
           {"low", sensitive.interval ? Json(sensitive.interval->low) : Json(nullptr)},
           {"high", sensitive.interval ? Json(sensitive.interval->high) : Json(nullptr)},
           {"measured_ridge", sensitive.measured_ridge ? Json(*sensitive.measured_ridge) : Json(nullptr)},
           {"bound", ridge_text(sensitive.measured_ridge)}});
    }
  }
  return made;
}

Json records_json(const std::vector<Subject>& subjects) {
  Json made = Json::array();
  for (const Subject& subject : subjects) {
    const PhysicalDevices physical(subject.run.devices);
    for (const Record& record : subject.records) {
      Json shown = {{"subject", subject.label}};
      shown.update(show_json(record, subject.run.id, physical));
      made.push_back(std::move(shown));
    }
  }
  return made;
}

}  // namespace

Json findings_json(const Findings& findings) {
  Json made = {{"kind", "moat findings"},     {"schema", findings_schema},
               {"title", findings.title},     {"generated_utc", findings.generated_utc},
               {"version", findings.version}, {"command", findings.command}};
  const Json gaps = gap_json(findings);
  for (const auto& [field, value] : gaps.items()) {
    if (field != "schema") made[field] = value;
  }
  made["coverage_matrix"] = list_of(findings.coverage, cell_json);
  made["roofs"] = subjects_roofs_json(findings);
  made["sensitivity"] = sensitivity_json(findings.sensitivity);
  made["devices"] = list_of(findings.subjects, subject_device_json);
  made["runs"] = list_of(findings.runs, run_json);
  made["differences"] = list_of(findings.differences, difference_json);
  made["records"] = records_json(findings.subjects);
  return made;
}

}  // namespace moat
