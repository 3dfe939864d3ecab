// The dry run: planned cases as JSON.
#include "base/json.h"
#include "bench/plan/plan.h"

namespace moat {
namespace {

std::string_view status_of(const PlannedCase& planned) {
  if (planned.unsupported) return "unsupported";
  return planned.left_out.empty() ? "planned" : "left out";
}

}  // namespace

Json plan_json(std::span<const PlannedCase> cases) {
  Json array = Json::array();
  for (const PlannedCase& planned : cases) {
    const Work work = planned.problem->work();
    const Types types = planned.problem->types();
    const Case& id = planned.identity;
    array.push_back({{"case", id.id()},
                     {"device", id.device},
                     {"adapter", id.device.substr(0, id.device.find(':'))},
                     {"implementation", id.implementation},
                     {"operator", planned.problem->operator_name()},
                     {"problem", id.problem},
                     {"types",
                      {{"input", name(types.input)},
                       {"accumulate", name(types.accumulate)},
                       {"output", name(types.output)}}},
                     {"conditions",
                      {{"data", name(id.conditions.data)},
                       {"cache", name(id.conditions.cache)},
                       {"seed", id.conditions.seed}}},
                     {"workload", planned.workload},
                     {"status", status_of(planned)},
                     {"reason", planned.unsupported ? planned.unsupported->reason : planned.left_out},
                     {"operations", work.operations},
                     {"bytes", work.bytes()},
                     {"operations_per_byte", work.operations / work.bytes()}});
  }
  return array;
}

}  // namespace moat
