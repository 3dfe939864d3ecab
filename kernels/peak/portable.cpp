// The project's own chains of multiply-adds as plans: one chain per work-item (naive), or as many as its
// registers hold. Pure functions of problem, traits and parameters; must not know adapters.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "kernels/candidates.h"
#include "kernels/peak/peak.h"
#include "kernels/planning.h"

namespace moat {
namespace {

const PeakProblem& as_peak(const Problem& problem) {
  const auto* peak = dynamic_cast<const PeakProblem*>(&problem);
  if (peak == nullptr) throw UsageError("not a peak problem: " + problem.key());
  return *peak;
}

Parameters naive_defaults(const Problem&, const Traits& traits) {
  return {{"GROUP_X", traits.max_group_size >= 64 && traits.max_group_shape[0] >= 64 ? 64 : 1}};
}

/// CPUs: whole registers, as many pairs as leave room for e (12 of 32 registers' worth with AVX-512, 8 of 16
/// with AVX, 6 where a product needs a register of its own); 8 cover four cycles of latency on two pipes.
/// GPUs: 8 chains per work-item, f16 in pairs, which many compute on at once.
Parameters portable_defaults(const Problem& problem, const Traits& traits) {
  if (is_simt(traits)) {
    return {{"GROUP_X", std::min<std::int64_t>(256, static_cast<std::int64_t>(traits.max_group_size))},
            {"VECTOR_WIDTH", problem.types().input == Type::f16 ? 2 : 1},
            {"CHAINS", problem.types().input == Type::f16 ? 4 : 8}};
  }
  const std::int64_t floats = std::clamp<std::int64_t>(traits.native_vector_f32, 4, 16);
  const bool is_double = problem.types().input == Type::f64;
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
OrUnsupported<Plan> plan_chains(const PeakProblem& peak, const Traits& traits, const Parameters& constants,
                                std::int64_t per_item) {
  const std::int64_t group = constants.at("GROUP_X");
  if (auto reason = group_excess(group, 1, traits)) return *reason;
  Step step;
  step.source = "peak/chains.cl";
  step.entry = "chains";
  step.constants = type_constants(peak.types());
  step.constants.insert(step.constants.end(), constants.begin(), constants.end());
  step.groups = {static_cast<std::size_t>(divide_up(peak.chains(), group * per_item)), 1, 1};
  step.group_shape = {static_cast<std::size_t>(group), 1, 1};
  step.arguments = {tensor_argument(0), tensor_argument(1), integer_argument(peak.chains()),
                    integer_argument(peak.pairs())};
  return Plan{{}, {std::move(step)}};
}

OrUnsupported<Plan> plan_naive(const Problem& problem, const Traits& traits, const Parameters& parameters) {
  const PeakProblem& peak = as_peak(problem);
  if (auto reason = lack_of(peak, traits)) return *reason;
  if (auto reason = break_of(naive_ranges, parameters)) return *reason;
  Parameters constants = parameters;
  constants["CHAINS"] = 1;
  return plan_chains(peak, traits, constants, 1);
}

OrUnsupported<Plan> plan_portable(const Problem& problem, const Traits& traits,
                                  const Parameters& parameters) {
  const PeakProblem& peak = as_peak(problem);
  if (auto reason = lack_of(peak, traits)) return *reason;
  if (auto reason = break_of(portable_ranges, parameters)) return *reason;
  const std::int64_t width = parameters.at("VECTOR_WIDTH");
  if (auto reason = power_break(parameters, "VECTOR_WIDTH")) return *reason;
  if (traits.language == Language::glsl && width > (peak.types().input == Type::f16 ? 2 : 1)) {
    return Unsupported{fmt::format("VECTOR_WIDTH={} is for C-like languages; GLSL pairs f16 alone", width)};
  }
  Parameters constants = parameters;
  if (width == 1) constants.erase("VECTOR_WIDTH");
  return plan_chains(peak, traits, constants, width * parameters.at("CHAINS"));
}

std::vector<Candidate> portable_candidates(const Problem& problem, const Traits& traits) {
  const std::array choices{
      Choice{"CHAINS", {4, 6, 8, 10, 12, 14, 16, 24}},
      Choice{"GROUP_X", is_simt(traits) ? std::vector<std::int64_t>{64, 128, 256, 512, 1024}
                                        : std::vector<std::int64_t>{1}}};
  return candidates_by_distance(portable_defaults(problem, traits), choices);
}

}  // namespace

std::span<const Implementation> peak_implementations() {
  static const std::array implementations{
      Implementation{"naive", naive_defaults, in_device_language(plan_naive)},
      Implementation{"portable",
                     portable_defaults,
                     in_device_language(plan_portable),
                     portable_candidates,
                     {"chains", "steps"}}};
  return implementations;
}

}  // namespace moat
