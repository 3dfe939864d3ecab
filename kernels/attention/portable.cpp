// The project's own attention kernels as plans: three plain steps (naive); and portable, by one of four
// methods. Pure functions of problem, traits and parameters; must not know adapters.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "kernels/attention/attention.h"
#include "kernels/attention/candidates.h"
#include "kernels/attention/planning.h"
#include "kernels/planning.h"
#include "kernels/product/lanes.h"

namespace moat {
namespace {

const AttentionProblem& as_attention(const Problem& problem) {
  const auto* attention = dynamic_cast<const AttentionProblem*>(&problem);
  if (attention == nullptr) throw UsageError("not an attention problem: " + problem.key());
  return *attention;
}

// -- Naive
// -----------------------------------------------------------------------------------------------------

constexpr std::array naive_ranges{Range{"GROUP_X", 1, 1024}};

Parameters naive_defaults(const Problem&, const Traits& traits) {
  const bool fits = traits.max_group_size >= 64 && traits.max_group_shape[0] >= 64;
  return {{"GROUP_X", fits ? 64 : 1}};
}

OrUnsupported<Plan> plan_naive(const Problem& problem, const Traits& traits, const Parameters& parameters) {
  const AttentionProblem& attention = as_attention(problem);
  if (auto reason = lack_of(attention, traits)) return *reason;
  if (auto reason = break_of(naive_ranges, parameters)) return *reason;
  const std::int64_t x = parameters.at("GROUP_X");
  if (auto reason = group_excess(x, 1, traits)) return *reason;
  const AttentionShape& s = attention.shape();
  const std::int64_t heads = s.batch * s.key_value_heads;
  const double scratch =
      4.0 * static_cast<double>(heads) * static_cast<double>(s.rows()) * static_cast<double>(s.keys);
  std::size_t limit =
      traits.max_allocation_bytes != 0 ? traits.max_allocation_bytes : traits.global_memory_bytes;
  if (traits.max_argument_bytes != 0) limit = std::min(limit, traits.max_argument_bytes);
  if (limit != 0 && scratch > static_cast<double>(limit)) {
    return Unsupported{fmt::format("all scores need {:.4g} GiB in one piece; the device gives {:.4g} GiB",
                                   scratch / 0x1p30, static_cast<double>(limit) / 0x1p30)};
  }
  if (s.rows() > most_in_first / s.keys * x) return Unsupported{"more groups than the device counts"};

  Plan plan;
  plan.scratch_bytes = {4 * static_cast<std::size_t>(heads) * static_cast<std::size_t>(s.rows()) *
                        static_cast<std::size_t>(s.keys)};
  const auto add = [&](std::string_view entry, std::int64_t results, std::vector<Argument> arguments) {
    Step step;
    step.source = "attention/naive.cl";
    step.entry = entry;
    step.constants = common_constants(attention);
    step.constants.emplace_back("GROUP_X", x);
    step.groups = {static_cast<std::size_t>(divide_up(results, x)),
                   static_cast<std::size_t>(std::min(heads, most_in_grid)), 1};
    step.group_shape = {static_cast<std::size_t>(x), 1, 1};
    step.arguments = std::move(arguments);
    for (const std::int64_t value : {heads, s.rows(), s.queries, s.keys}) {
      step.arguments.push_back(integer_argument(value));
    }
    plan.steps.push_back(std::move(step));
  };
  add("scores", s.rows() * s.keys, {tensor_argument(0), tensor_argument(1), scratch_argument(0)});
  plan.steps.back().arguments.push_back(scale_argument(attention));
  add("softmax", s.rows(), {scratch_argument(0)});
  add("product", s.rows() * s.value_dim, {scratch_argument(0), tensor_argument(2), tensor_argument(3)});
  return plan;
}

// -- Portable
// --------------------------------------------------------------------------------------------------

// Values of parameter METHOD.
constexpr std::int64_t method_grouped = 0;
constexpr std::int64_t method_fused = 1;
constexpr std::int64_t method_decode = 2;
// 3 is method_lanes (kernels/product/lanes.h)

constexpr std::array grouped_ranges{
    Range{"METHOD", 0, 2},  Range{"GROUP_X", 1, 1024}, Range{"GROUP_Y", 1, 1024},      Range{"TILE_M", 1, 16},
    Range{"TILE_N", 1, 16}, Range{"BLOCK_D", 1, 256},  Range{"SPLITS", 1, most_splits}};
constexpr std::array fused_ranges{Range{"METHOD", 0, 2},          Range{"VECTOR_WIDTH", 2, 16},
                                  Range{"QUERY_VECTORS", 1, 8},   Range{"TILE_KEYS", 1, 32},
                                  Range{"TILE_VALUES", 1, 32},    Range{"BLOCK_KEYS", 1, 4096},
                                  Range{"SPLITS", 1, most_splits}};
constexpr std::array decode_ranges{Range{"METHOD", 0, 2},        Range{"VECTOR_WIDTH", 2, 16},
                                   Range{"ROWS", 1, 64},         Range{"TILE_ROWS", 1, 4},
                                   Range{"PREFETCH", 0, 1},      Range{"AHEAD", 0, 16384},
                                   Range{"BLOCK_KEYS", 2, 4096}, Range{"SPLITS", 1, most_splits}};

constexpr std::array lanes_ranges{Range{"METHOD", 3, 3},   Range{"GROUP_X", 1, 128},
                                  Range{"GROUP_Y", 1, 32}, Range{"TILE_M", 1, 32},
                                  Range{"TILE_N", 1, 16},  Range{"SPLITS", 1, most_splits}};

std::int64_t fused_local_bytes(const AttentionProblem& attention, const Parameters& parameters) {
  const AttentionShape& s = attention.shape();
  const std::int64_t tile = parameters.at("VECTOR_WIDTH") * parameters.at("QUERY_VECTORS");
  const std::int64_t tile_keys = parameters.at("TILE_KEYS");
  const std::int64_t panel = std::max(parameters.at("BLOCK_KEYS"), tile_keys);
  const bool converts = attention.types().input != Type::f32;
  return 4 * (tile * (s.key_dim + tile_keys + panel + s.value_dim + 4) +
              (converts ? panel * std::max(s.key_dim, s.value_dim) : 1));
}

std::int64_t decode_local_bytes(const AttentionProblem& attention, const Parameters& parameters) {
  const AttentionShape& s = attention.shape();
  const std::int64_t width = parameters.at("VECTOR_WIDTH");
  return 4 * (parameters.at("ROWS") * (s.key_dim + s.value_dim + 2 * width) +
              parameters.at("TILE_ROWS") * (parameters.at("BLOCK_KEYS") + 2 * width));
}

/// As many queries as there are, up to a tile of 4 vectors (2 where there are only 16 registers): each key
/// and value that is loaded then serves as many multiply-adds.
Parameters fused_defaults(const AttentionProblem& attention, const Traits& traits) {
  const AttentionShape& s = attention.shape();
  const std::int64_t width = usual_width(traits);
  const std::int64_t most = std::clamp<std::int64_t>(divide_up(s.rows(), width), 1, width == 16 ? 4 : 2);
  Parameters parameters{{"METHOD", method_fused},
                        {"VECTOR_WIDTH", width},
                        {"QUERY_VECTORS", most},
                        {"TILE_KEYS", 1},
                        {"BLOCK_KEYS", 64}};
  constexpr std::array names{Least{"BLOCK_KEYS", 32}, Least{"QUERY_VECTORS", 1}, Least{"BLOCK_KEYS", 1}};
  const auto bytes = [&](const Parameters& tried) { return fused_local_bytes(attention, tried); };
  parameters["TILE_KEYS"] = std::min<std::int64_t>(width == 16 ? 24 : 12, s.keys);  // the most it can become
  shrink_to_local_memory(parameters, names, bytes, traits);
  const std::int64_t vectors = parameters.at("QUERY_VECTORS");
  const std::int64_t tile = (width == 16 ? 24 : 12) / vectors;
  parameters["TILE_KEYS"] = std::min(tile, s.keys);
  parameters["TILE_VALUES"] = tile;
  const std::int64_t groups = s.batch * s.key_value_heads * divide_up(s.rows(), vectors * width);
  parameters["SPLITS"] = usual_splits(s, groups, traits, 256);
  return parameters;
}

Parameters decode_defaults(const AttentionProblem& attention, const Traits& traits) {
  const AttentionShape& s = attention.shape();
  const std::int64_t width = usual_width(traits);
  const std::int64_t groups = s.batch * s.key_value_heads;
  Parameters parameters{{"METHOD", method_decode},
                        {"VECTOR_WIDTH", width},
                        {"ROWS", s.rows()},
                        {"TILE_ROWS", 4},
                        {"PREFETCH", traits.native_vector_f32 > 1 ? 1 : 0},
                        {"AHEAD", 1024},
                        {"BLOCK_KEYS", 8 * width},
                        {"SPLITS", usual_splits(s, groups, traits, 256)}};
  constexpr std::array names{Least{"ROWS", 1}};
  const auto bytes = [&](const Parameters& tried) { return decode_local_bytes(attention, tried); };
  shrink_to_local_memory(parameters, names, bytes, traits);
  const std::int64_t rows = parameters.at("ROWS");
  parameters["TILE_ROWS"] = rows % 4 == 0 ? 4 : rows % 2 == 0 ? 2 : 1;
  return parameters;
}

std::int64_t grouped_local_bytes(const AttentionShape& s, const Parameters& parameters) {
  const std::int64_t x = parameters.at("GROUP_X");
  const std::int64_t rows = parameters.at("GROUP_Y") * parameters.at("TILE_M");
  const std::int64_t keys = x * parameters.at("TILE_N");
  const std::int64_t columns = divide_up(s.value_dim, x) * x;
  return 4 * (parameters.at("BLOCK_D") * (rows + 1 + keys + 1 + columns) + rows * (keys + 1) + 3 * rows);
}

/// Groups of 256 work-items for 64 rows and 32 keys, or for few rows and 64 keys; smaller where the device
/// asks for it.
Parameters grouped_defaults(const AttentionProblem& attention, const Traits& traits) {
  const AttentionShape& s = attention.shape();
  const bool few = s.rows() <= 4;
  Parameters parameters{{"METHOD", method_grouped}, {"GROUP_X", few ? 64 : 16}, {"GROUP_Y", few ? 4 : 16},
                        {"TILE_M", few ? 1 : 4},    {"TILE_N", few ? 1 : 2},    {"BLOCK_D", 16}};
  constexpr std::array sides{"GROUP_X", "GROUP_Y"};
  shrink_to_group(parameters, sides, traits);
  constexpr std::array names{Least{"BLOCK_D", 4}, Least{"TILE_M", 1}, Least{"GROUP_Y", 1}, Least{"TILE_N", 1},
                             Least{"GROUP_X", 1}};
  const auto bytes = [&](const Parameters& tried) { return grouped_local_bytes(s, tried); };
  shrink_to_local_memory(parameters, names, bytes, traits);
  const std::int64_t tiles = divide_up(s.rows(), parameters["GROUP_Y"] * parameters["TILE_M"]);
  parameters["SPLITS"] = usual_splits(s, s.batch * s.key_value_heads * tiles, traits, 256);
  return parameters;
}

/// As many rows as leave up to 128 outputs in a work-item, whose code is unrolled: drivers take long to
/// compile more.
Parameters lanes_defaults(const AttentionProblem& attention, const Traits& traits) {
  const AttentionShape& s = attention.shape();
  const auto lanes = static_cast<std::int64_t>(traits.subgroup_size);
  const std::int64_t columns = divide_up(s.value_dim, lanes);
  const std::int64_t tile_m = std::clamp<std::int64_t>(128 / columns, 1, std::min<std::int64_t>(s.rows(), 8));
  const std::int64_t groups = s.batch * s.key_value_heads * divide_up(s.rows(), tile_m);
  return {{"METHOD", method_lanes},
          {"GROUP_X", lanes},
          {"GROUP_Y", 1},
          {"TILE_M", tile_m},
          {"TILE_N", s.keys > 2 * lanes ? 4 : 1},
          {"SPLITS", usual_splits(s, groups, traits, 256)}};
}

Parameters portable_defaults(const Problem& problem, const Traits& traits) {
  const AttentionProblem& attention = as_attention(problem);
  if (prefers_lanes(traits)) return lanes_defaults(attention, traits);
  if (is_simt(traits)) return grouped_defaults(attention, traits);
  const AttentionShape& s = attention.shape();
  return s.rows() <= 16 && s.keys >= usual_width(traits) ? decode_defaults(attention, traits)
                                                         : fused_defaults(attention, traits);
}

OrUnsupported<Plan> plan_fused(const AttentionProblem& attention, const Traits& traits,
                               const Parameters& parameters) {
  if (auto reason = break_of(fused_ranges, parameters)) return *reason;
  const std::int64_t width = parameters.at("VECTOR_WIDTH");
  if (auto reason = power_break(parameters, "VECTOR_WIDTH")) return *reason;
  const AttentionShape& s = attention.shape();
  const std::int64_t tile = width * parameters.at("QUERY_VECTORS");
  const std::int64_t block = parameters.at("BLOCK_KEYS");
  const std::int64_t tile_keys = parameters.at("TILE_KEYS");
  if (tile_keys > s.keys) return Unsupported{fmt::format("TILE_KEYS={} is more than all keys", tile_keys)};
  if (auto reason = local_memory_excess(fused_local_bytes(attention, parameters), traits)) return *reason;
  return plan_tiles(attention, step_of(attention, "fused", parameters), divide_up(s.rows(), tile),
                    split_of(s, parameters.at("SPLITS"), block), 1);
}

OrUnsupported<Plan> plan_decode(const AttentionProblem& attention, const Traits& traits,
                                const Parameters& parameters) {
  if (auto reason = break_of(decode_ranges, parameters)) return *reason;
  const std::int64_t width = parameters.at("VECTOR_WIDTH");
  if (auto reason = power_break(parameters, "VECTOR_WIDTH")) return *reason;
  const AttentionShape& s = attention.shape();
  const std::int64_t block = parameters.at("BLOCK_KEYS");
  const std::int64_t rows = parameters.at("ROWS");
  if (block % width != 0) return Unsupported{fmt::format("BLOCK_KEYS={} is no multiple of {}", block, width)};
  const std::int64_t tile = parameters.at("TILE_ROWS");
  if (tile > width) return Unsupported{fmt::format("TILE_ROWS={} is more than VECTOR_WIDTH={}", tile, width)};
  if (tile == 3 || rows % tile != 0) {
    return Unsupported{
        fmt::format("ROWS={} is no multiple of TILE_ROWS={}, or that is none of 1, 2, 4", rows, tile)};
  }
  if (s.keys < width) return Unsupported{fmt::format("METHOD=2 needs at least VECTOR_WIDTH={} keys", width)};
  if (auto reason = local_memory_excess(decode_local_bytes(attention, parameters), traits)) return *reason;
  return plan_tiles(attention, step_of(attention, "decode", parameters), divide_up(s.rows(), rows),
                    split_of(s, parameters.at("SPLITS"), block), 1);
}

/// A work-item's outputs are unrolled: more would take a compiler minutes.
std::optional<Unsupported> output_excess(const AttentionShape& s, const Parameters& parameters) {
  constexpr std::int64_t most = 2048;
  const std::int64_t tile = parameters.at("TILE_M");
  const std::int64_t outputs = tile * divide_up(s.value_dim, parameters.at("GROUP_X"));
  if (outputs <= most) return std::nullopt;
  return Unsupported{
      fmt::format("TILE_M={} gives a work-item {} outputs, more than {}", tile, outputs, most)};
}

OrUnsupported<Plan> plan_grouped(const AttentionProblem& attention, const Traits& traits,
                                 const Parameters& parameters) {
  if (auto reason = break_of(grouped_ranges, parameters)) return *reason;
  const std::int64_t x = parameters.at("GROUP_X");
  const std::int64_t y = parameters.at("GROUP_Y");
  if (auto reason = group_excess(x, y, traits)) return *reason;
  const AttentionShape& s = attention.shape();
  if (auto reason = local_memory_excess(grouped_local_bytes(s, parameters), traits)) return *reason;
  if (auto reason = output_excess(s, parameters)) return *reason;
  Step step = step_of(attention, "grouped", parameters);
  step.group_shape = {static_cast<std::size_t>(x), static_cast<std::size_t>(y), 1};
  return plan_tiles(attention, std::move(step), divide_up(s.rows(), y * parameters.at("TILE_M")),
                    split_of(s, parameters.at("SPLITS"), x * parameters.at("TILE_N")), x);
}

OrUnsupported<Plan> plan_lanes(const AttentionProblem& attention, const Traits& traits,
                               const Parameters& parameters) {
  if (auto reason = break_of(lanes_ranges, parameters)) return *reason;
  if (auto reason = subgroup_break(parameters, traits)) return *reason;
  const AttentionShape& s = attention.shape();
  if (auto reason = output_excess(s, parameters)) return *reason;
  const std::int64_t tile = parameters.at("TILE_M");
  const std::int64_t x = parameters.at("GROUP_X");
  const std::int64_t y = parameters.at("GROUP_Y");
  Step step = step_of(attention, "lanes", parameters);
  step.group_shape = {static_cast<std::size_t>(x), static_cast<std::size_t>(y), 1};
  return plan_tiles(attention, std::move(step), divide_up(s.rows(), tile * y),
                    split_of(s, parameters.at("SPLITS"), x * parameters.at("TILE_N")), x);
}

OrUnsupported<Plan> plan_portable(const Problem& problem, const Traits& traits,
                                  const Parameters& parameters) {
  const AttentionProblem& attention = as_attention(problem);
  if (auto reason = lack_of(attention, traits)) return *reason;
  const auto method = parameters.find("METHOD");
  if (method == parameters.end()) {
    return Unsupported{"parameter METHOD is missing: 0 is grouped, 1 is fused, 2 is decode, 3 is lanes"};
  }
  switch (method->second) {
    case method_decode:
      return plan_decode(attention, traits, parameters);
    case method_lanes:
      return plan_lanes(attention, traits, parameters);
    case method_fused:
      return plan_fused(attention, traits, parameters);
    default:
      return plan_grouped(attention, traits, parameters);
  }
}

std::vector<Candidate> portable_candidates(const Problem& problem, const Traits& traits) {
  return attention_candidates(as_attention(problem), traits, portable_defaults(problem, traits));
}

}  // namespace

std::span<const Implementation> attention_implementations() {
  static const std::array implementations{
      Implementation{"naive", naive_defaults, in_device_language(plan_naive)},
      Implementation{"portable",
                     portable_defaults,
                     in_device_language(plan_portable),
                     portable_candidates,
                     {"b", "hq", "hkv", "sq", "skv"}}};
  return implementations;
}

}  // namespace moat
