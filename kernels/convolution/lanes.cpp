// An implicit product by work-items that exchange registers: shaders on CPUs.
#include "kernels/product/lanes.h"

#include "kernels/convolution/methods.h"
#include "kernels/convolution/planning.h"
#include "kernels/product/parts.h"

namespace moat {
namespace {

bool suits(const ConvolutionProblem&, const Traits& traits) {
  return prefers_lanes(traits);
}

Values defaults(const ConvolutionProblem& problem, const Traits& traits) {
  const Plane plane = plane_of(problem.shape(), problem.shape().group_k());
  return lanes_defaults(plane.rows, plane.columns, traits);
}

OrUnsupported<Plan> plan(const ConvolutionProblem& problem, const Traits& traits, const Values& values) {
  if (auto reason = check_lanes(values, traits)) return *reason;
  const ConvolutionShape& shape = problem.shape();
  OrUnsupported<Plan> made =
      plan_blocks(problem, "lanes", values, plane_of(shape, shape.group_k()), shape.n * shape.groups,
                  values.at("GROUP_Y") * values.at("TILE_M"), values.at("GROUP_X") * values.at("TILE_N"));
  return with_feature(in_parts_of_depth(problem, std::move(made), lanes_rounds(values), traits),
                      subgroup_broadcast);
}

std::vector<CandidateValues> candidates(const ConvolutionProblem& problem, const Traits& traits) {
  const Plane plane = plane_of(problem.shape(), problem.shape().group_k());
  return lanes_candidates(plane.rows, plane.columns, defaults(problem, traits));
}

}  // namespace

constinit const Method<ConvolutionProblem> convolution_lanes{.name = "lanes",
                                                             .suits = suits,
                                                             .ranges = lanes_ranges,
                                                             .defaults = defaults,
                                                             .plan = plan,
                                                             .candidates = candidates};

}  // namespace moat
