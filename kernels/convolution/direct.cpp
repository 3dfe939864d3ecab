// Direct convolution: sums straight from the image or its stage, where groups are too small for a product.
// NCHW: direct.cl; NHWC: depthwise.cl.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kernels/convolution/methods.h"
#include "kernels/convolution/planning.h"

namespace moat {
namespace {

constexpr std::array ranges{Range{"VECTOR_WIDTH", 2, 16}, Range{"TILE_M", 1, 16}};

bool sums_exactly(const ConvolutionProblem& problem) {
  const ConvolutionShape& s = problem.shape();
  return problem.types().input != Type::i8 || s.group_c() * s.r * s.s <= exact_products;
}

std::optional<Unsupported> check(const ConvolutionProblem& problem, const Values& values) {
  if (auto reason = check_power_of_two(values, "VECTOR_WIDTH")) return reason;
  const ConvolutionShape& s = problem.shape();
  if (s.layout == Layout::nhwc) {
    if (s.group_c() != 1 || s.group_k() != 1) {
      return Unsupported{"METHOD=direct in NHWC is for groups of one channel and one filter"};
    }
    const std::int64_t channels = values.at("TILE_M") * values.at("VECTOR_WIDTH");
    if (channels > s.c) return Unsupported{fmt::format("METHOD=direct needs at least {} channels", channels)};
  }
  if (!sums_exactly(problem)) {
    return Unsupported{fmt::format(
        "METHOD=direct sums at most {} products of i8, whose sums must be exact in f32", exact_products)};
  }
  return std::nullopt;
}

/// Where a product has too few rows to pay for gathering its patches: few channels in a group in NCHW, if
/// there are groups for every compute unit; one, with one filter, in NHWC, if the channels fill a vector.
bool suits(const ConvolutionProblem& problem, const Traits& traits) {
  const ConvolutionShape& s = problem.shape();
  if (is_simt(traits) || !sums_exactly(problem)) return false;
  if (s.layout == Layout::nhwc) return s.group_c() == 1 && s.group_k() == 1 && s.c >= usual_width(traits);
  return s.group_k() <= 2 && s.group_c() <= 16 &&
         s.n * s.groups >= static_cast<std::int64_t>(traits.compute_units);
}

/// Sums in registers beside a vector of weights:
/// up to 8 rows in equal tiles (NCHW), or 4 vectors of channels.
Values defaults(const ConvolutionProblem& problem, const Traits& traits) {
  const ConvolutionShape& s = problem.shape();
  const std::int64_t width = usual_width(traits);
  const std::int64_t vectors = s.layout == Layout::nhwc ? std::min<std::int64_t>(4, s.c / width)
                                                        : divide_up(s.p(), divide_up(s.p(), 8));
  return {{"VECTOR_WIDTH", width}, {"TILE_M", vectors}};
}

/// Up to eight groups per compute unit, since each stages (NCHW) or transposes (NHWC) for itself.
OrUnsupported<Plan> plan(const ConvolutionProblem& problem, const Traits& traits, const Values& values) {
  if (auto reason = check(problem, values)) return *reason;
  const ConvolutionShape& s = problem.shape();
  const bool nhwc = s.layout == Layout::nhwc;
  const std::int64_t width = values.at("VECTOR_WIDTH");
  const OrUnsupported<std::int64_t> elements =
      whole_pages(nhwc ? static_cast<double>(s.r * s.s) * static_cast<double>(s.c)
                       : static_cast<double>(s.r * s.s + width) +
                             stage_elements(s, 1, s.p() * s.q(), s.group_c() * s.r * s.s));
  if (const auto* reason = std::get_if<Unsupported>(&elements)) return *reason;
  const auto group_scratch = std::get<std::int64_t>(elements);
  const std::int64_t units = std::max<std::int64_t>(1, traits.compute_units);
  const std::int64_t groups = std::min(8 * units, s.n * (nhwc ? s.p() : s.groups));
  Step step;
  step.entry = nhwc ? "depthwise" : "direct";
  step.source = fmt::format("convolution/{}.cl", step.entry);
  step.constants = common_constants(problem);
  for (const char* name : {"VECTOR_WIDTH", "TILE_M"}) step.constants.emplace_back(name, values.at(name));
  step.groups = {static_cast<std::size_t>(groups), 1, 1};
  const std::array scratch{scratch_argument(0)};
  step.arguments = shape_arguments(s, scratch);
  step.arguments.push_back(integer_argument(group_scratch));
  return Plan{{static_cast<std::size_t>(groups * group_scratch * 4)}, {std::move(step)}};
}

std::vector<CandidateValues> candidates(const ConvolutionProblem& problem, const Traits& traits) {
  const std::array choices{Choice{"TILE_M", {1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16}}};
  return candidates_by_distance(defaults(problem, traits), choices);
}

}  // namespace

constinit const Method<ConvolutionProblem> convolution_direct{.name = "direct",
                                                              .suits = suits,
                                                              .ranges = ranges,
                                                              .defaults = defaults,
                                                              .plan = plan,
                                                              .candidates = candidates};

}  // namespace moat
