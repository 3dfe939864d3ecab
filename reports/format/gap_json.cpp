// Gaps as JSON, every figure with its ends.
#include "reports/findings/words.h"
#include "reports/format/factor_json.h"
#include "reports/format/statement_json.h"
#include "reports/tables/gap_text.h"

namespace moat {
namespace {

Json json_of(const std::optional<BestRate>& best) {
  if (!best) return nullptr;
  Json json = factor_json(best->rate);
  json["case"] = best->record->identity.id();
  return json;
}

Json json_of(const std::optional<Bound>& roof) {
  if (!roof) return nullptr;
  Json json = factor_json(roof->rate);
  json["bound"] = name(roof->kind);
  json["verified"] = roof->verified;
  return json;
}

Json json_of(const ProblemGap& problem) {
  return {{"problem", problem.any->identity.problem},
          {"operator", problem.any->operator_name},
          {"type", name(problem.any->types.input)},
          {"workload", problem.any->workload},
          {"reference_library", json_of(problem.reference_library)},
          {"target_library", json_of(problem.target_library)},
          {"target_portable", json_of(problem.target_portable)},
          {"reference_roof", json_of(problem.reference_roof)},
          {"target_roof", json_of(problem.target_roof)},
          {"hardware", factor_json(problem.hardware)},
          {"stack", factor_json(problem.stack)},
          {"portability", factor_json(problem.portability)},
          {"library_total", factor_json(problem.library_total)},
          {"portable_total", factor_json(problem.portable_total)},
          {"refusals", texts(problem.refusals)},
          {"refusals_data", statements_json(problem.refusals)},
          {"marks", texts(problem.marks)},
          {"marks_data", statements_json(problem.marks)}};
}

Json json_of(const std::optional<LaunchTimes>& launches) {
  if (!launches) return nullptr;
  return {{"reference", factor_json(launches->reference)}, {"target", factor_json(launches->target)}};
}

Json json_of(const Gap& gap) {
  Json summaries = Json::array();
  for (const GapSummary& summary : gap.summaries) {
    summaries.push_back({{"scope", name(summary.part.scope)},
                         {"name", part_text(summary)},
                         {"library", means_json(summary.library)},
                         {"portable", means_json(summary.portable)},
                         {"both", means_json(summary.both)}});
  }
  Json problems = Json::array();
  for (const ProblemGap& problem : gap.problems) problems.push_back(json_of(problem));
  return {{"reference", gap.reference},
          {"target", gap.target},
          {"reference_provenance", name(gap.reference_provenance)},
          {"target_provenance", name(gap.target_provenance)},
          {"same_hardware", gap.same_hardware},
          {"roofs", gap.basis ? Json(name(*gap.basis)) : Json(nullptr)},
          {"roofs_reason", hardware_text(gap)},
          {"roofs_requested", gap.requested_basis ? Json(name(*gap.requested_basis)) : Json(nullptr)},
          {"launch_seconds", json_of(gap.launches)},
          {"summaries", summaries},
          {"problems", problems},
          {"remarks", texts(gap.remarks)},
          {"remarks_data", statements_json(gap.remarks)}};
}

Json json_of(const CoverageShare& share) {
  return {{"subject", share.subject},
          {"scope", name(share.scope)},
          {"of", share.name},
          {"ok", share.ok},
          {"cases", share.cases}};
}

Json json_of(const NumericsRow& row) {
  return {{"subject", row.subject},
          {"operator", row.operator_name},
          {"input", name(row.types.input)},
          {"accumulate", name(row.types.accumulate)},
          {"implementation", row.implementation},
          {"cases", row.cases},
          {"worst_share_of_bound", row.worst},
          {"worst_problem", row.worst_problem},
          {"bias", row.bias},
          {"accumulations", row.accumulations},
          {"lower_precision", row.lower_precision},
          {"ratio_to_reference", row.ratio_to_reference ? Json(*row.ratio_to_reference) : Json(nullptr)}};
}

Json json_of(const FirstUseRow& row) {
  return {{"subject", row.subject},
          {"implementation", row.implementation},
          {"cases", row.cases},
          {"median_compile_seconds", row.median_compile_seconds},
          {"worst_compile_seconds", row.worst_compile_seconds},
          {"median_first_call_seconds", row.median_first_call_seconds},
          {"worst_first_call_seconds", row.worst_first_call_seconds},
          {"worst_problem", row.worst_problem}};
}

template <class Row>
Json list_of(const std::vector<Row>& rows) {
  Json list = Json::array();
  for (const Row& row : rows) list.push_back(json_of(row));
  return list;
}

}  // namespace

Json gap_json(const Findings& findings) {
  Json subjects = Json::array();
  for (const Subject& subject : findings.subjects) {
    subjects.push_back({{"label", subject.label},
                        {"device", subject.device.id},
                        {"name", subject.device.name},
                        {"driver", subject.device.driver},
                        {"provenance", name(subject.provenance)},
                        {"run", subject.run.id},
                        {"cases", subject.records.size()}});
  }
  return {{"schema", gap_schema},
          {"reference", findings.reference ? Json(*findings.reference) : Json(nullptr)},
          {"verdict", texts(findings.verdict)},
          {"verdict_data", statements_json(findings.verdict)},
          {"subjects", subjects},
          {"gaps", list_of(findings.gaps)},
          {"coverage", list_of(findings.shares)},
          {"numerics", list_of(findings.numerics)},
          {"first_use", list_of(findings.first_use)}};
}

}  // namespace moat
