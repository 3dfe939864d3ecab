// Pairs the records of two subjects problem by problem and forms the factors.
#include "reports/gap/gap.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "kernels/operator.h"
#include "reports/gap/comparable.h"
#include "reports/gap/gap_parts.h"
#include "results/rate.h"

namespace moat {
namespace {

template <class Value>
bool contains(const std::vector<Value>& values, const Value& value) {
  return std::ranges::find(values, value) != values.end();
}

/// Whether the record's rate may speak in this gap.
bool may_speak(const Record& record, const GapOptions& options) {
  const Conditions& conditions = record.identity.conditions;
  return record.status == Status::ok && !is_roof_operator(record.operator_name) &&
         record.work.operations > 0 && (conditions.data == options.data || !is_stated(record, "data")) &&
         (conditions.cache == options.cache || !is_stated(record, "cache")) &&
         (!lower_precision(record) || contains(options.despite, Condition::accumulation));
}

/// With fewer samples than an interval needs, all of them give the ends.
std::optional<Factor> rate_of(const Record& record) {
  const std::optional<Rate> rate = rate_of(record.work.operations, figures(record));
  if (!rate) return std::nullopt;
  if (rate->ends) return rate->factor();
  const auto [least, most] = std::ranges::minmax(record.measurement->samples_seconds);
  return Factor{rate->value, record.work.operations / most, record.work.operations / least};
}

void take_if_better(std::optional<BestRate>& best, const Record& record) {
  const std::optional<Factor> rate = rate_of(record);
  if (rate && (!best || rate->value > best->rate.value)) best = BestRate{*rate, &record};
}

/// The problems in the order of the reference's records, then of the target's, with the best rates of both.
std::vector<ProblemGap> pair_up(const Subject& reference, const Subject& target, const GapOptions& options) {
  std::vector<ProblemGap> problems;
  std::map<std::string_view, std::size_t> places;
  const auto problem_of = [&](const Record& record) -> ProblemGap& {
    const auto [place, is_new] = places.try_emplace(record.identity.problem, problems.size());
    if (is_new) problems.emplace_back().any = &record;
    return problems[place->second];
  };
  for (const Record& record : reference.records) {
    if (!may_speak(record, options) || !is_library(record.identity.implementation)) continue;
    if (!options.baseline.empty() && record.identity.implementation != options.baseline) continue;
    take_if_better(problem_of(record).reference_library, record);
  }
  for (const Record& record : target.records) {
    if (!may_speak(record, options)) continue;
    if (is_library(record.identity.implementation)) take_if_better(problem_of(record).target_library, record);
    if (is_portable(record.identity.implementation)) {
      take_if_better(problem_of(record).target_portable, record);
    }
  }
  return problems;
}

/// A ratio, and what it was in each round.
struct PairedFactor {
  Factor factor;
  std::vector<double> rounds;
};

/// The ratio in each round, where both were measured in the same number of several rounds.
std::vector<double> ratios_of_rounds(const Record& above, const Record& below) {
  if (!above.measurement || !below.measurement) return {};
  const std::vector<double> divisors = round_medians(*above.measurement);
  std::vector<double> ratios = round_medians(*below.measurement);
  if (ratios.size() != divisors.size() || ratios.size() < 2) return {};
  const double work = above.work.operations / below.work.operations;
  for (std::size_t i = 0; i < ratios.size(); ++i) ratios[i] *= work / divisors[i];
  return ratios;
}

/// The ratio of two rates, or nothing and the reasons among the problem's refusals.
std::optional<PairedFactor> ratio(const std::optional<BestRate>& above, const std::optional<BestRate>& below,
                                  const GapOptions& options, ProblemGap& problem) {
  if (!above || !below) return std::nullopt;
  bool refused = false;
  for (const Difference& found : differences(*below->record, *above->record)) {
    const bool marked = found.is_unstated() || contains(options.despite, found.condition);
    std::vector<Difference>& list = marked ? problem.marks : problem.refusals;
    if (!contains(list, found)) list.push_back(found);
    refused = refused || !marked;
  }
  if (refused) return std::nullopt;
  PairedFactor result{above->rate / below->rate, ratios_of_rounds(*above->record, *below->record)};
  result.factor = narrowed(result.factor, result.rounds);
  return result;
}

void form_factors(ProblemGap& problem, const GapOptions& options, bool same_hardware) {
  if (same_hardware) {
    problem.hardware = exactly(1);
  } else if (problem.reference_roof && problem.target_roof) {
    problem.hardware = problem.target_roof->rate / problem.reference_roof->rate;
  }
  const auto take = [](std::optional<PairedFactor> from, std::optional<Factor>& factor,
                       std::vector<double>& rounds) {
    if (!from) return;
    factor = from->factor;
    rounds = std::move(from->rounds);
  };
  take(ratio(problem.target_library, problem.reference_library, options, problem), problem.library_total,
       problem.library_rounds);
  take(ratio(problem.target_portable, problem.reference_library, options, problem), problem.portable_total,
       problem.portable_rounds);
  take(ratio(problem.target_portable, problem.target_library, options, problem), problem.portability,
       problem.portability_rounds);
  if (problem.library_total && problem.hardware) problem.stack = *problem.library_total / *problem.hardware;
}

/// Roofs on one basis.
struct BothRoofs {
  Roofs reference, target;
};

/// Decides which roofs hardware is taken from.
std::optional<BothRoofs> choose_roofs(Gap& gap, const KnownRoofs& reference, const KnownRoofs& target,
                                      const GapOptions& options) {
  std::optional<BothRoofs> chosen;
  for (const RoofBasis basis : {RoofBasis::datasheet, RoofBasis::measured}) {
    if (options.basis && *options.basis != basis) continue;
    std::optional<Roofs> of_reference = roofs_with_launch(reference, basis);
    std::optional<Roofs> of_target = roofs_with_launch(target, basis);
    if (!of_reference || !of_target) continue;
    chosen = BothRoofs{std::move(*of_reference), std::move(*of_target)};
    gap.basis = basis;
    break;
  }
  if (!chosen) return chosen;
  const Roof* of_reference = chosen->reference.launch();
  const Roof* of_target = chosen->target.launch();
  if (of_reference != nullptr && of_target != nullptr) {
    gap.launches = {exactly(1) / of_reference->rate, exactly(1) / of_target->rate};
  } else {
    drop_launch(chosen->reference);
    drop_launch(chosen->target);
  }
  return chosen;
}

}  // namespace

std::vector<std::string> libraries_of(const Subject& subject) {
  std::set<std::string> names;
  for (const Record& record : subject.records) {
    if (record.status == Status::ok && is_library(record.identity.implementation) &&
        !is_roof_operator(record.operator_name)) {
      names.insert(record.identity.implementation);
    }
  }
  return {names.begin(), names.end()};
}

void require_baseline(const Subject& reference, const GapOptions& options) {
  if (options.baseline.empty()) return;
  const std::vector<std::string> libraries = libraries_of(reference);
  if (contains(libraries, options.baseline)) return;
  throw UsageError(fmt::format("the reference {} has no results of {}; it has: {}", reference.label,
                               options.baseline, libraries.empty() ? "no library" : join(libraries, ", ")));
}

Gap form_gap(const Subject& reference, const Subject& target, const KnownRoofs& reference_roofs,
             const KnownRoofs& target_roofs, const GapOptions& options) {
  Gap gap;
  gap.reference = reference.label;
  gap.target = target.label;
  gap.reference_provenance = reference.provenance;
  gap.target_provenance = target.provenance;
  gap.same_hardware = same_hardware(reference, target);
  gap.requested_basis = options.basis;
  const std::optional<BothRoofs> roofs = choose_roofs(gap, reference_roofs, target_roofs, options);
  gap.problems = pair_up(reference, target, options);
  for (ProblemGap& problem : gap.problems) {
    if (roofs) {
      problem.reference_roof = bound_of(roofs->reference, problem.any->work, problem.any->types);
      problem.target_roof = bound_of(roofs->target, problem.any->work, problem.any->types);
    }
    form_factors(problem, options, gap.same_hardware);
  }
  gap.summaries = summarise(gap.problems);
  return gap;
}

Gap attribute(const Subject& reference, const Subject& target, const GapOptions& options) {
  return attribute(reference, target, roofs_of(reference), roofs_of(target), options);
}

Gap attribute(const Subject& reference, const Subject& target, const KnownRoofs& reference_roofs,
              const KnownRoofs& target_roofs, const GapOptions& options) {
  const bool mixed =
      (reference.provenance == Provenance::emulated) != (target.provenance == Provenance::emulated);
  if (mixed) {
    throw UsageError(
        fmt::format("{} is {} and {} is {}: emulated figures are compared with emulated ones only",
                    reference.label, name(reference.provenance), target.label, name(target.provenance)));
  }
  require_baseline(reference, options);
  Gap gap = form_gap(reference, target, reference_roofs, target_roofs, options);
  gap.remarks = remarks_on(gap, reference, target, reference_roofs, target_roofs, options);
  return gap;
}

}  // namespace moat
