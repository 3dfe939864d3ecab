// Work-items that exchange registers: shaders on CPUs, where local memory is as far as the tensors are.
#include "kernels/product/lanes.h"

#include "kernels/gemm/methods.h"
#include "kernels/gemm/planning.h"
#include "kernels/product/parts.h"

namespace moat {
namespace {

bool suits(const GemmProblem&, const Traits& traits) {
  return prefers_lanes(traits);
}

Values defaults(const GemmProblem& gemm, const Traits& traits) {
  return lanes_defaults(gemm.shape().m, gemm.shape().n, traits);
}

OrUnsupported<Plan> plan(const GemmProblem& gemm, const Traits& traits, const Values& values) {
  if (auto reason = check_lanes(values, traits)) return *reason;
  OrUnsupported<Plan> made = plan_blocks(gemm, "lanes", values, values.at("GROUP_Y") * values.at("TILE_M"),
                                         values.at("GROUP_X") * values.at("TILE_N"));
  return with_feature(in_parts_of_k(gemm, std::move(made), lanes_rounds(values), traits), subgroup_broadcast);
}

std::vector<CandidateValues> candidates(const GemmProblem& gemm, const Traits& traits) {
  return lanes_candidates(gemm.shape().m, gemm.shape().n, defaults(gemm, traits));
}

}  // namespace

constinit const Method<GemmProblem> gemm_lanes{.name = "lanes",
                                               .suits = suits,
                                               .ranges = lanes_ranges,
                                               .defaults = defaults,
                                               .plan = plan,
                                               .candidates = candidates};

}  // namespace moat
