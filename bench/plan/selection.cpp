// A selection's fields, and the conditions it spans.
#include "bench/plan/selection.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"

namespace moat {

// Its filters stand among its own fields.
template <class Visit, MaybeConst<Selection> T>
void visit_fields(const Visit& visit, T& selection) {
  auto& [suite, problems, filters, data, cache, seed, case_seconds, device_seconds, first_use_seconds, rounds,
         budget_seconds, timeout_seconds, kernel_dir, tuning] = selection;
  auto& [devices, implementations, operators, matches, types] = filters;
  visit("suite", suite);
  visit("problems", problems);
  visit("devices", devices);
  visit("implementations", implementations);
  visit("operators", operators);
  visit("matches", matches);
  visit("types", types);
  visit("data", data);
  visit("cache", cache);
  visit("seed", seed);
  visit("case_seconds", case_seconds);
  visit("device_seconds", device_seconds);
  visit.added("first_use_seconds", first_use_seconds);
  visit.added("rounds", rounds);
  visit.added("budget_seconds", budget_seconds);
  visit("timeout_seconds", timeout_seconds);
  visit("kernel_dir", kernel_dir);
  visit.added("tuning", tuning);
}

Json selection_json(const Selection& selection) {
  Json made;
  encode(JsonSink(made), selection);
  return made;
}

Selection parse_selection(const Json& json, std::string_view where) {
  Selection selection;
  decode(JsonSource(json, where, "the selection of cases"), selection);
  return selection;
}

std::vector<Conditions> conditions_of(const Selection& selection) {
  std::vector<Conditions> conditions;
  for (const std::string& data : selection.data) {
    for (const std::string& cache : selection.cache) {
      const auto known_data = parse_data(data);
      const auto known_cache = parse_cache(cache);
      if (!known_data || !known_cache)
        throw UsageError(fmt::format("unknown conditions: --data {} --cache {}", data, cache));
      conditions.push_back({*known_data, *known_cache, selection.seed});
    }
  }
  return conditions;
}

}  // namespace moat
