// Beside the factors: coverage, numerics, sensitivity to data, the cost of first use.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "reports/findings/roof_words.h"
#include "reports/tables/tables.h"

namespace moat {
namespace {

std::size_t total_of(const CoverageCell& cell) {
  std::size_t total = 0;
  for (const auto& [status, count] : cell.cases) total += count;
  return total;
}

std::size_t ok_of(const CoverageCell& cell) {
  const auto found = cell.cases.find(Status::ok);
  return found == cell.cases.end() ? 0 : found->second;
}

/// "✓ 7", "◐ 5/7, 2 unsupported", "✗ 3 wrong", "– 2 unsupported": a mark that needs no colour, then words.
GridCell coverage_cell(const CoverageCell& covered) {
  const std::size_t ok = ok_of(covered);
  const std::size_t total = total_of(covered);
  bool broken = false;
  std::vector<std::string> rest;
  for (const auto& [status, count] : covered.cases) {
    if (status == Status::ok || count == 0) continue;
    broken = broken || (status != Status::unsupported && status != Status::skipped);
    rest.push_back(fmt::format("{} {}", count, name(status)));
  }
  GridCell made;
  if (rest.empty()) {
    made.text = fmt::format("✓ {}", ok);
  } else {
    const std::string_view mark = broken ? "✗" : ok > 0 ? "◐" : "–";
    made.text = ok > 0 ? fmt::format("{} {}/{}, {}", mark, ok, total, join(rest, ", "))
                       : fmt::format("{} {}", mark, join(rest, ", "));
  }
  made.value = total > 0 ? static_cast<double>(ok) / static_cast<double>(total) : 0;
  std::vector<std::string> reasons;
  for (const auto& [reason, count] : covered.holes) {
    if (reasons.size() == 4) {
      reasons.push_back(fmt::format("and {} more reasons below", covered.holes.size() - 4));
      break;
    }
    reasons.push_back(fmt::format("{} × {}", count, reason));
  }
  made.note = join(reasons, "; ");
  return made;
}

}  // namespace

Grid coverage_table(const Findings& findings) {
  Grid grid{"coverage",
            "Coverage: cases with a verified result, by device, implementation, operator and type",
            {{"device", "Device"}, {"implementation", "Implementation"}, {"operator", "Operator"}},
            {},
            "No cases."};
  std::set<Type> types;
  for (const CoverageCell& covered : findings.coverage) types.insert(covered.type);
  std::map<Type, std::size_t> columns;
  for (const Type type : types) {
    columns[type] = grid.columns.size();
    GridColumn column{std::string(name(type)), std::string(name(type)), GridKind::status};
    grid.columns.push_back(std::move(column));
  }
  using Row = std::tuple<std::string, std::string, std::string>;
  std::map<Row, std::size_t> known;
  for (const CoverageCell& covered : findings.coverage) {
    const Row key{covered.subject, covered.implementation, covered.operator_name};
    const auto [found, is_new] = known.try_emplace(key, grid.rows.size());
    if (is_new) {
      std::vector<GridCell> row(grid.columns.size());
      row[0] = cell(covered.subject);
      row[1] = cell(covered.implementation);
      row[2] = cell(covered.operator_name);
      grid.rows.push_back(std::move(row));
    }
    grid.rows[found->second][columns.at(covered.type)] = coverage_cell(covered);
  }
  return grid;
}

Grid holes_table(const Findings& findings) {
  Grid grid{"holes",
            "Why cases have no verified result",
            {{"device", "Device"},
             {"implementation", "Implementation"},
             {"operator", "Operator"},
             {"type", "Type"},
             {"cases", "Cases", GridKind::count},
             {"reason", "Reason", GridKind::prose}},
            {},
            "Every case has a verified result."};
  for (const CoverageCell& covered : findings.coverage) {
    for (const auto& [reason, count] : covered.holes) {
      grid.rows.push_back({cell(covered.subject), cell(covered.implementation), cell(covered.operator_name),
                           cell(std::string(name(covered.type))), count_cell(count), cell(reason)});
    }
  }
  return grid;
}

Grid shares_table(const Findings& findings) {
  Grid grid{"shares",
            "Share of the cases with a verified result; naive kernels, which nobody would use, not counted",
            {{"device", "Device"},
             {"part", "Part"},
             {"ok", "Verified", GridKind::count},
             {"cases", "Cases", GridKind::count},
             {"share", "Share", GridKind::percent}},
            {},
            "No cases."};
  for (const CoverageShare& share : findings.shares) {
    GridCell ratio;
    if (share.cases > 0) ratio = cell(static_cast<double>(share.ok) / static_cast<double>(share.cases));
    grid.rows.push_back(
        {cell(share.subject), cell(share.name), count_cell(share.ok), count_cell(share.cases), ratio});
  }
  return grid;
}

Grid numerics_table(const Findings& findings) {
  Grid grid{"numerics",
            "Errors of the verified results against their bounds",
            {{"device", "Device"},
             {"operator", "Operator"},
             {"type", "Type", GridKind::text, "", false, true},
             {"types", "Types"},
             {"implementation", "Implementation"},
             {"cases", "Cases", GridKind::count},
             {"worst", "Worst error / bound", GridKind::number},
             {"ratio_to_reference", "Errors against the reference", GridKind::number, "", false, false,
              "Geometric mean of the ratio of errors on problems that the reference computed, too"},
             {"bias", "Bias", GridKind::number, "", false, false,
              "Mean sign of the errors; near 1 or -1 means truncation"},
             {"accumulation", "Errors look like"},
             {"remark", "Remark"},
             {"worst_problem", "At"}},
            {},
            "No verified result."};
  for (const NumericsRow& row : findings.numerics) {
    grid.rows.push_back(
        {cell(row.subject), cell(row.operator_name), cell(std::string(name(row.types.input))),
         cell(types_text(row.types)), cell(row.implementation), count_cell(row.cases), cell(row.worst),
         cell(row.ratio_to_reference), cell(row.bias), cell(join(row.accumulations, ", ")),
         cell(row.lower_precision ? fmt::format("accumulates below {}", name(row.types.accumulate)) : ""),
         cell(row.worst_problem)});
  }
  return grid;
}

Grid sensitivity_table(const Findings& findings) {
  Grid grid{"sensitivity",
            "Rate on zeros relative to rate on normal data, of cases bound by arithmetic",
            {{"device", "Device"},
             {"implementation", "Implementation"},
             {"operator", "Operator", GridKind::text, "", false, true},
             {"type", "Type", GridKind::text, "", false, true},
             {"problem", "Problem"},
             {"ratio", "Zeros to normal", GridKind::factor, "", true},
             {"bound", "Bound by arithmetic", GridKind::prose}},
            {},
            "Not measured: it needs cases with both data, moat run --data normal --data zeros."};
  for (const SubjectSensitivity& subject : findings.sensitivity) {
    for (const Sensitivity& sensitive : subject.cases) {
      if (sensitive.normal == nullptr) continue;
      const Record& record = *sensitive.normal;
      GridCell ratio = cell(sensitive.ratio);
      ratio.ends = sensitive.interval;
      grid.rows.push_back({cell(subject.subject), cell(record.identity.implementation),
                           cell(record.operator_name), cell(std::string(name(record.types.input))),
                           cell(record.identity.problem), ratio, cell(ridge_text(sensitive.measured_ridge))});
    }
  }
  return grid;
}

Grid first_use_table(const Findings& findings) {
  Grid grid{"first_use",
            "Seconds until the first result",
            {{"device", "Device"},
             {"implementation", "Implementation"},
             {"cases", "Cases", GridKind::count},
             {"median_compile_seconds", "Compile and prepare, median", GridKind::seconds},
             {"worst_compile_seconds", "worst", GridKind::seconds},
             {"median_first_call_seconds", "First call, median", GridKind::seconds},
             {"worst_first_call_seconds", "worst", GridKind::seconds},
             {"worst_problem", "Worst at"}},
            {},
            "Not recorded."};
  for (const FirstUseRow& row : findings.first_use) {
    grid.rows.push_back({cell(row.subject), cell(row.implementation), count_cell(row.cases),
                         cell(row.median_compile_seconds), cell(row.worst_compile_seconds),
                         cell(row.median_first_call_seconds), cell(row.worst_first_call_seconds),
                         cell(row.worst_problem)});
  }
  return grid;
}

}  // namespace moat
