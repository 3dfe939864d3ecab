// Errors of subjects against their bounds and against the reference's errors on the same inputs.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "reports/findings/beside.h"
#include "reports/gap/comparable.h"
#include "reports/gap/gap_parts.h"

namespace moat {
namespace {

/// Same problem on the same bits.
using Inputs = std::tuple<std::string, Data, std::uint64_t>;

Inputs inputs_of(const Record& record) {
  const Conditions& conditions = record.identity.conditions;
  return {record.identity.problem, conditions.data, conditions.seed};
}

bool has_error(const Record& record) {
  return record.status == Status::ok && record.verdict && std::isfinite(record.verdict->max_error);
}

/// Of the reference's libraries: the smallest error on each set of inputs.
std::map<Inputs, double> reference_errors(const Subject* reference) {
  std::map<Inputs, double> errors;
  if (reference == nullptr) return errors;
  for (const Record& record : reference->records) {
    if (!has_error(record) || !is_library(record.identity.implementation)) continue;
    const auto [place, is_new] = errors.try_emplace(inputs_of(record), record.verdict->max_error);
    if (!is_new) place->second = std::min(place->second, record.verdict->max_error);
  }
  return errors;
}

struct Tally {
  NumericsRow row;
  double log_ratios = 0;
  std::size_t ratios = 0;
  std::set<std::string> accumulations;

  void add(const Record& record, const std::map<Inputs, double>& errors) {
    const Verdict& verdict = *record.verdict;
    ++row.cases;
    const double share = verdict.tolerance > 0 ? verdict.max_error / verdict.tolerance : 0;
    if (row.cases == 1 || share > row.worst) {
      row.worst = share;
      row.worst_problem = record.identity.problem;
    }
    if (std::abs(verdict.bias) > std::abs(row.bias)) row.bias = verdict.bias;
    accumulations.insert(verdict.accumulation);
    row.lower_precision = row.lower_precision || lower_precision(record).has_value();
    const auto known = errors.find(inputs_of(record));
    if (known == errors.end() || !(known->second > 0) || !(verdict.max_error > 0)) return;
    log_ratios += std::log(verdict.max_error / known->second);
    ++ratios;
  }

  [[nodiscard]] NumericsRow finish() && {
    row.accumulations.assign(accumulations.begin(), accumulations.end());
    if (ratios > 0) row.ratio_to_reference = std::exp(log_ratios / static_cast<double>(ratios));
    return std::move(row);
  }
};

}  // namespace

std::vector<NumericsRow> numerics_rows(std::span<const Subject> subjects, const Subject* reference) {
  const std::map<Inputs, double> errors = reference_errors(reference);
  std::vector<NumericsRow> rows;
  for (const Subject& subject : subjects) {
    std::map<std::tuple<std::string, Type, Type, Type, std::string>, Tally> tallies;
    for (const Record& record : subject.records) {
      if (!has_error(record)) continue;
      Tally& tally = tallies[{record.operator_name, record.types.input, record.types.accumulate,
                              record.types.output, record.identity.implementation}];
      tally.row.subject = subject.label;
      tally.row.operator_name = record.operator_name;
      tally.row.types = record.types;
      tally.row.implementation = record.identity.implementation;
      tally.add(record, errors);
    }
    for (auto& [key, tally] : tallies) rows.push_back(std::move(tally).finish());
  }
  return rows;
}

}  // namespace moat
