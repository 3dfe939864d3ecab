// The project's own chains of multiply-adds as plans: one chain per work-item (naive), or as many as its
// registers hold. Pure functions of problem, traits and parameters; must not know adapters.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kernels/method.h"
#include "kernels/peak/peak.h"

namespace moat {
namespace {

Values naive_defaults(const PeakProblem&, const Traits& traits) {
  return {{"GROUP_X", traits.max_group_size >= 64 && traits.max_group_shape[0] >= 64 ? 64 : 1}};
}

/// CPUs: whole registers, as many pairs as leave room for e (12 of 32 registers' worth with AVX-512, 8 of 16
/// with AVX, 6 where a product needs a register of its own); 8 cover four cycles of latency on two pipes.
/// GPUs: 8 chains per work-item, f16 in pairs, which many compute on at once.
Values portable_defaults(const PeakProblem& peak, const Traits& traits) {
  if (is_simt(traits)) {
    return {{"GROUP_X", std::min<std::int64_t>(256, static_cast<std::int64_t>(traits.max_group_size))},
            {"VECTOR_WIDTH", peak.types().input == Type::f16 ? 2 : 1},
            {"CHAINS", peak.types().input == Type::f16 ? 4 : 8}};
  }
  const std::int64_t floats = std::clamp<std::int64_t>(traits.native_vector_f32, 4, 16);
  const bool is_double = peak.types().input == Type::f64;
  return {{"GROUP_X", 1},
          {"VECTOR_WIDTH", is_double ? floats / 2 : floats},
          {"CHAINS", floats >= 16  ? 12
                     : floats >= 8 ? 8
                                   : 6}};
}

constexpr std::array naive_ranges{Range{"GROUP_X", 1, 1024}};
constexpr std::array portable_ranges{Range{"GROUP_X", 1, 1024}, Range{"VECTOR_WIDTH", 1, 16},
                                     Range{"CHAINS", 1, 32}};

/// `per_item` chains in each work-item.
OrUnsupported<Plan> plan_chains(const PeakProblem& peak, const Traits& traits, const Values& constants,
                                std::int64_t per_item) {
  const std::int64_t group = constants.at("GROUP_X");
  if (auto reason = check_group(group, 1, traits)) return *reason;
  Step step;
  step.source = "peak/chains.cl";
  step.entry = "chains";
  step.constants = type_constants(peak.types());
  step.constants.insert(step.constants.end(), constants.begin(), constants.end());
  step.groups = {static_cast<std::size_t>(divide_up(peak.chains(), group * per_item)), 1, 1};
  step.group_shape = {static_cast<std::size_t>(group), 1, 1};
  // Where the driver ends long loops, each launch goes on where the one before it ended.
  const std::int64_t at_once =
      traits.loop_rounds == 0 ? peak.pairs() : static_cast<std::int64_t>(traits.loop_rounds) / 2;
  Plan plan;
  for (std::int64_t first = 0; first < peak.pairs(); first += at_once) {
    step.arguments = {tensor_argument(first == 0 ? 0 : 1), tensor_argument(1),
                      integer_argument(peak.chains()),
                      integer_argument(std::min(at_once, peak.pairs() - first))};
    plan.steps.push_back(step);
  }
  return plan;
}

OrUnsupported<Plan> plan_naive(const PeakProblem& peak, const Traits& traits, const Values& values) {
  Values constants = values;
  constants["CHAINS"] = 1;
  return plan_chains(peak, traits, constants, 1);
}

OrUnsupported<Plan> plan_portable(const PeakProblem& peak, const Traits& traits, const Values& values) {
  const std::int64_t width = values.at("VECTOR_WIDTH");
  if (auto reason = check_power_of_two(values, "VECTOR_WIDTH")) return *reason;
  if (traits.language == Language::glsl && width > (peak.types().input == Type::f16 ? 2 : 1)) {
    return Unsupported{fmt::format("VECTOR_WIDTH={} is for C-like languages; GLSL pairs f16 alone", width)};
  }
  Values constants = values;
  if (width == 1) constants.erase("VECTOR_WIDTH");
  return plan_chains(peak, traits, constants, width * values.at("CHAINS"));
}

std::vector<CandidateValues> portable_candidates(const PeakProblem& peak, const Traits& traits) {
  const std::array choices{
      Choice{"CHAINS", {4, 6, 8, 10, 12, 14, 16, 24}},
      Choice{"GROUP_X", is_simt(traits) ? std::vector<std::int64_t>{64, 128, 256, 512, 1024}
                                        : std::vector<std::int64_t>{1}}};
  return candidates_by_distance(portable_defaults(peak, traits), choices);
}

constexpr Method<PeakProblem> naive{.name = "",
                                    .suits = always_suits,
                                    .ranges = naive_ranges,
                                    .defaults = naive_defaults,
                                    .plan = plan_naive};
constexpr Method<PeakProblem> portable{.name = "",
                                       .suits = always_suits,
                                       .ranges = portable_ranges,
                                       .defaults = portable_defaults,
                                       .plan = plan_portable,
                                       .candidates = portable_candidates};

}  // namespace

std::span<const Implementation> peak_implementations() {
  static const std::array implementations{
      implementation_of("naive", std::array{&naive}),
      implementation_of("portable", std::array{&portable}, {"chains", "steps"})};
  return implementations;
}

}  // namespace moat
