// Puts findings together as JSON.
#include "reports/page/findings_json.h"

#include "reports/findings/statement_json.h"
#include "reports/findings/words.h"
#include "reports/format/factor_json.h"
#include "reports/format/grid_json.h"
#include "reports/tables/tables.h"
#include "results/json.h"
#include "results/store/run_json.h"

namespace moat {
namespace {

Json launches_json(const std::optional<LaunchTimes>& launches) {
  if (!launches) return nullptr;
  return {{"reference", factor_json(launches->reference)}, {"target", factor_json(launches->target)}};
}

/// Rows of the table of problems, with the values of what its remarks say.
Json problems_json(const Gap& gap) {
  Json rows = json_rows(gaps_table(std::span(&gap, 1)));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i]["refusals"] = statements_json(gap.problems.at(i).refusals);
    rows[i]["marks"] = statements_json(gap.problems.at(i).marks);
  }
  return rows;
}

Json gap_json(const Gap& gap) {
  return {{"reference", gap.reference},
          {"target", gap.target},
          {"reference_provenance", name(gap.reference_provenance)},
          {"target_provenance", name(gap.target_provenance)},
          {"same_hardware", gap.same_hardware},
          {"roofs", gap.basis ? Json(name(*gap.basis)) : Json(nullptr)},
          {"roofs_reason", hardware_text(gap)},
          {"roofs_requested", gap.requested_basis ? Json(name(*gap.requested_basis)) : Json(nullptr)},
          {"launch_seconds", launches_json(gap.launches)},
          {"factors", json_rows(factors_table(std::span(&gap, 1)))},
          {"problems", problems_json(gap)},
          {"remarks", statements_json(gap.remarks)}};
}

/// As run.json has it.
Json run_json(const RunInfo& run) {
  Json made = {{"run", run.id}};
  made.update(info_json(run));
  for (const char* field : {"schema", "id"}) made.erase(field);
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

/// Tables whose rows stand elsewhere: with their gap, or as records.
bool is_told_elsewhere(MakeTable* table) {
  return table == static_cast<MakeTable*>(factors_table) || table == static_cast<MakeTable*>(gaps_table) ||
         table == summary_table || table == cases_table || table == samples_table;
}

/// Verdict and gaps, the beginning of both objects.
Json statements_part(const Findings& findings) {
  Json gaps = Json::array();
  for (const Gap& gap : findings.gaps) gaps.push_back(gap_json(gap));
  return {{"schema", findings_schema},
          {"reference", findings.reference ? Json(*findings.reference) : Json(nullptr)},
          {"verdict", statements_json(findings.verdict)},
          {"gaps", std::move(gaps)}};
}

void add_table(Json& tables, const Grid& grid) {
  tables[grid.id] = json_rows(grid);
}

}  // namespace

Json gap_json(const Findings& findings) {
  Json made = statements_part(findings);
  Json& tables = made["tables"] = Json::object();
  add_table(tables, devices_table(findings));
  add_table(tables, shares_table(findings));
  add_table(tables, numerics_table(findings));
  add_table(tables, first_use_table(findings));
  return made;
}

Json findings_json(const Findings& findings) {
  Json made = {{"kind", "moat findings"},
               {"title", findings.title},
               {"generated_utc", findings.generated_utc},
               {"version", findings.version},
               {"command", findings.command}};
  made.update(statements_part(findings));
  made["summary"] = overview_json(findings.overview);
  Json tables = Json::object();
  for (const ListedTable& table : listed_tables) {
    if (!is_told_elsewhere(table.make)) add_table(tables, table.make(findings));
  }
  made["tables"] = std::move(tables);
  Json runs = Json::array();
  for (const RunInfo& run : findings.runs) runs.push_back(run_json(run));
  made["runs"] = std::move(runs);
  made["records"] = records_json(findings.subjects);
  return made;
}

}  // namespace moat
