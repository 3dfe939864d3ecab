// The project's own stream kernels as plans.
// Pure functions of problem, traits and parameters; must not know adapters.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kernels/method.h"
#include "kernels/stream/stream.h"

namespace moat {
namespace {

constexpr std::int64_t naive_run = 1024;  // products that one work-item of the naive dot product adds up

// -- Defaults

Values naive_defaults(const StreamProblem&, const Traits& traits) {
  return {{"GROUP_X", traits.max_group_size >= 256 && traits.max_group_shape[0] >= 256 ? 256 : 1}};
}

/// CPUs: whole registers, one work-item per group, a few groups per core so that one that was interrupted
/// does not hold up the rest; past the caches once the arrays are larger than all of them. GPUs: neighbouring
/// elements by neighbouring work-items, 32 bytes of each array under way in each, a group for every block;
/// for the dot product as many groups as the device holds at once, since each leaves a part to be added up.
Values portable_defaults(const StreamProblem& stream, const Traits& traits) {
  const auto element_bytes = static_cast<std::int64_t>(size_bytes(stream.types().input));
  if (!is_simt(traits)) {
    const std::int64_t register_bytes = 4 * std::clamp<std::int64_t>(traits.native_vector_f32, 4, 16);
    const bool beyond_caches = traits.last_level_cache_bytes != 0 &&
                               stream.work().bytes() > static_cast<double>(traits.last_level_cache_bytes);
    return {{"GROUP_X", 1},
            {"VECTOR_WIDTH", register_bytes / element_bytes},
            {"VECTORS", 4},
            {"GROUPS_PER_UNIT", 4},
            {"STREAMING", beyond_caches && stream.op() != StreamOp::dot ? 1 : 0}};
  }
  // Two f32 are one access of a shader that has 64-bit integers (kernels/shaders.cpp). A CPU that runs
  // shaders takes long to begin a group.
  const bool pairs = traits.has_i64 && element_bytes == 4;
  const std::int64_t enlarged = traits.kind == DeviceKind::cpu ? 2 : 1;
  return {
      {"GROUP_X", std::min<std::int64_t>(enlarged * 256, static_cast<std::int64_t>(traits.max_group_size))},
      {"VECTOR_WIDTH", pairs ? 2 : 1},
      {"VECTORS", enlarged * 32 / element_bytes / (pairs ? 2 : 1)},
      {"GROUPS_PER_UNIT", stream.op() == StreamOp::dot ? enlarged * 16 : 0},
      {"STREAMING", 0}};
}

// -- Rules

constexpr std::array naive_ranges{Range{"GROUP_X", 1, 1024}};
constexpr std::array portable_ranges{Range{"GROUP_X", 1, 1024}, Range{"VECTOR_WIDTH", 1, 16},
                                     Range{"VECTORS", 1, 16}, Range{"GROUPS_PER_UNIT", 0, 1024},
                                     Range{"STREAMING", 0, 1}};

std::optional<Unsupported> check_portable(const Values& values, const Traits& traits) {
  for (const char* name : {"GROUP_X", "VECTOR_WIDTH"}) {
    if (auto reason = check_power_of_two(values, name)) return reason;
  }
  return check_group(values.at("GROUP_X"), 1, traits);
}

// -- Plans

Step new_step(const StreamProblem& stream, std::string_view source, std::string_view entry,
              const Values& values, std::int64_t groups) {
  Step step;
  step.source = source;
  step.entry = entry;
  step.constants = type_constants(stream.types());
  step.constants.insert(step.constants.end(), values.begin(), values.end());
  step.groups = {static_cast<std::size_t>(groups), 1, 1};
  step.group_shape = {static_cast<std::size_t>(values.at("GROUP_X")), 1, 1};
  return step;
}

/// Both steps of a dot product, or the one of any other op. `first` has everything but arguments.
Plan plan_steps(const StreamProblem& stream, Step first, std::span<const std::int64_t> sizes, Step total,
                std::int64_t parts) {
  const bool is_dot = stream.op() == StreamOp::dot;
  first.arguments.push_back(tensor_argument(0));
  if (stream.has_b()) first.arguments.push_back(tensor_argument(1));
  first.arguments.push_back(is_dot ? scratch_argument(0) : tensor_argument(stream.has_b() ? 2 : 1));
  for (const std::int64_t size : sizes) first.arguments.push_back(integer_argument(size));
  if (!is_dot) return {{}, {std::move(first)}};
  total.arguments = {scratch_argument(0), tensor_argument(2), integer_argument(parts)};
  const std::size_t part_bytes = size_bytes(stream.types().accumulate);
  return {{static_cast<std::size_t>(parts) * part_bytes}, {std::move(first), std::move(total)}};
}

std::string_view entry_of(const StreamProblem& stream) {
  return stream.op() == StreamOp::dot ? "dot_parts" : name(stream.op());
}

OrUnsupported<Plan> plan_naive(const StreamProblem& stream, const Traits& traits, const Values& values) {
  const std::int64_t group = values.at("GROUP_X");
  if (auto reason = check_group(group, 1, traits)) return *reason;
  const std::int64_t items = stream.op() == StreamOp::dot ? divide_up(stream.n(), naive_run) : stream.n();
  Values constants = values;
  constants["RUN"] = naive_run;
  Step first = new_step(stream, "stream/naive.cl", entry_of(stream), constants, divide_up(items, group));
  Step total = new_step(stream, "stream/naive.cl", "dot_total", constants, 1);
  total.group_shape = {1, 1, 1};
  const std::array sizes{stream.n()};
  return plan_steps(stream, std::move(first), sizes, std::move(total), items);
}

OrUnsupported<Plan> plan_portable(const StreamProblem& stream, const Traits& traits, const Values& values) {
  if (auto reason = check_portable(values, traits)) return *reason;
  const std::int64_t width = values.at("VECTOR_WIDTH");
  const bool has_vectors = traits.language == Language::opencl_c || traits.language == Language::glsl;
  if (width > 1 && !has_vectors)
    return Unsupported{fmt::format("VECTOR_WIDTH={} has no word in {}", width, name(traits.language))};
  const std::int64_t group = values.at("GROUP_X");
  if (auto reason =
          check_local_memory(stream.op() == StreamOp::dot && group > 1
                                 ? group * static_cast<std::int64_t>(size_bytes(stream.types().accumulate))
                                 : 0,
                             traits)) {
    return *reason;
  }
  const std::int64_t block = group * width * values.at("VECTORS");
  const std::int64_t blocks = divide_up(stream.n(), block);
  const std::int64_t per_unit = values.at("GROUPS_PER_UNIT");
  const std::int64_t most_groups =
      per_unit == 0 ? blocks : per_unit * std::max<std::int64_t>(1, traits.compute_units);
  // A chunk has to fit into the kernel's 32 bits, too.
  const std::int64_t chunk_blocks = std::min(divide_up(blocks, most_groups), most_in_first / block);
  const std::int64_t groups = divide_up(blocks, chunk_blocks);
  Values constants = values;
  constants.erase("GROUPS_PER_UNIT");
  if (width == 1) constants.erase("VECTOR_WIDTH");
  if (traits.language == Language::glsl) {
    if (values.at("STREAMING") == 1) return Unsupported{"STREAMING=1 has no word in GLSL"};
    constants.erase("STREAMING");
  }
  Step first = new_step(stream, "stream/portable.cl", entry_of(stream), constants, groups);
  const std::array sizes{stream.n(), chunk_blocks * block};
  return plan_steps(stream, std::move(first), sizes,
                    new_step(stream, "stream/portable.cl", "dot_total", constants, 1), groups);
}

std::vector<CandidateValues> portable_candidates(const StreamProblem& stream, const Traits& traits) {
  const Values defaults = portable_defaults(stream, traits);
  if (!is_simt(traits)) {
    const std::array choices{Choice{"VECTORS", {1, 2, 4, 8}}, Choice{"GROUPS_PER_UNIT", {1, 2, 4, 8, 16}},
                             Choice{"STREAMING", {0, 1}}};
    return candidates_by_distance(defaults, choices);
  }
  const std::array choices{Choice{"GROUP_X", {8, 16, 32, 64, 128, 256, 512, 1024}},
                           Choice{"VECTOR_WIDTH", {1, 2, 4}}, Choice{"VECTORS", {1, 2, 4, 8}},
                           Choice{"GROUPS_PER_UNIT", {0, 4, 16, 32}}};
  return candidates_by_distance(defaults, choices);
}

constexpr Method<StreamProblem> naive{.name = "",
                                      .suits = always_suits,
                                      .ranges = naive_ranges,
                                      .defaults = naive_defaults,
                                      .plan = plan_naive};
constexpr Method<StreamProblem> portable{.name = "",
                                         .suits = always_suits,
                                         .ranges = portable_ranges,
                                         .defaults = portable_defaults,
                                         .plan = plan_portable,
                                         .candidates = portable_candidates};

}  // namespace

std::span<const Implementation> stream_implementations() {
  static const std::array implementations{implementation_of("naive", std::array{&naive}),
                                          implementation_of("portable", std::array{&portable}, {"n"})};
  return implementations;
}

}  // namespace moat
