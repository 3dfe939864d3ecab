// Few queries: keys and values are read once for several rows.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kernels/attention/methods.h"
#include "kernels/attention/planning.h"

namespace moat {
namespace {

constexpr std::array ranges{Range{"VECTOR_WIDTH", 2, 16},   Range{"ROWS", 1, 64},
                            Range{"TILE_ROWS", 1, 4},       Range{"PREFETCH", 0, 1},
                            Range{"AHEAD", 0, 16384},       Range{"BLOCK_KEYS", 2, 4096},
                            Range{"SPLITS", 1, most_splits}};

bool suits(const AttentionProblem& attention, const Traits& traits) {
  const AttentionShape& s = attention.shape();
  return !is_simt(traits) && s.rows() <= 16 && s.keys >= usual_width(traits);
}

std::int64_t local_bytes(const AttentionProblem& attention, const Values& values) {
  const AttentionShape& s = attention.shape();
  const std::int64_t width = values.at("VECTOR_WIDTH");
  return 4 * (values.at("ROWS") * (s.key_dim + s.value_dim + 2 * width) +
              values.at("TILE_ROWS") * (values.at("BLOCK_KEYS") + 2 * width));
}

Values defaults(const AttentionProblem& attention, const Traits& traits) {
  const AttentionShape& s = attention.shape();
  const std::int64_t width = usual_width(traits);
  const std::int64_t groups = s.batch * s.key_value_heads;
  Values values{{"VECTOR_WIDTH", width},
                {"ROWS", s.rows()},
                {"TILE_ROWS", 4},
                {"PREFETCH", traits.native_vector_f32 > 1 ? 1 : 0},
                {"AHEAD", 1024},
                {"BLOCK_KEYS", 8 * width},
                {"SPLITS", usual_splits(s, groups, traits, 256)}};
  constexpr std::array names{Least{"ROWS", 1}};
  const auto bytes = [&](const Values& tried) { return local_bytes(attention, tried); };
  shrink_to_local_memory(values, names, bytes, traits);
  const std::int64_t rows = values.at("ROWS");
  values["TILE_ROWS"] = rows % 4 == 0 ? 4 : rows % 2 == 0 ? 2 : 1;
  return values;
}

OrUnsupported<Plan> plan(const AttentionProblem& attention, const Traits& traits, const Values& values) {
  const std::int64_t width = values.at("VECTOR_WIDTH");
  if (auto reason = check_power_of_two(values, "VECTOR_WIDTH")) return *reason;
  const AttentionShape& s = attention.shape();
  const std::int64_t block = values.at("BLOCK_KEYS");
  const std::int64_t rows = values.at("ROWS");
  if (block % width != 0) return Unsupported{fmt::format("BLOCK_KEYS={} is no multiple of {}", block, width)};
  const std::int64_t tile = values.at("TILE_ROWS");
  if (tile > width) return Unsupported{fmt::format("TILE_ROWS={} is more than VECTOR_WIDTH={}", tile, width)};
  if (tile == 3 || rows % tile != 0) {
    return Unsupported{
        fmt::format("ROWS={} is no multiple of TILE_ROWS={}, or that is none of 1, 2, 4", rows, tile)};
  }
  if (s.keys < width)
    return Unsupported{fmt::format("METHOD=decode needs at least VECTOR_WIDTH={} keys", width)};
  if (auto reason = check_local_memory(local_bytes(attention, values), traits)) return *reason;
  return plan_tiles(attention, step_of(attention, "decode", values), divide_up(s.rows(), rows),
                    split_of(s, values.at("SPLITS"), block), 1, traits);
}

/// Keys and values are read from memory once for each ROWS rows, and from a cache, at 0.3 of that, once for
/// each TILE_ROWS: rows / ROWS + 0.3·rows / TILE_ROWS, each rounded up, times 1 + 8 / BLOCK_KEYS for
/// beginning a block, times the imbalance. How far to look ahead is not modelled.
std::vector<CandidateValues> candidates(const AttentionProblem& attention, const Traits& traits) {
  const AttentionShape& s = attention.shape();
  const Values usual = defaults(attention, traits);
  std::vector<std::int64_t> rows{usual.at("ROWS")};
  for (const std::int64_t each : {1, 2, 4, 8, 16}) {
    if (each < s.rows()) rows.push_back(each);
  }
  const std::int64_t width = usual.at("VECTOR_WIDTH");
  const std::array choices{
      Choice{"ROWS", rows}, Choice{"TILE_ROWS", {1, 2, 4}}, Choice{"AHEAD", {256, 512, 1024, 2048, 4096}},
      Choice{"BLOCK_KEYS", {width, 2 * width, 4 * width, 8 * width, 16 * width, 32 * width}},
      Choice{"SPLITS", split_values(usual)}};
  std::vector<CandidateValues> made;
  for (Values& values : combinations(usual, choices)) {
    const std::int64_t tiles = divide_up(s.rows(), values.at("ROWS"));
    const double loads = real(tiles) + 0.3 * real(divide_up(s.rows(), values.at("TILE_ROWS")));
    const double cost =
        loads * (1 + 8 / real(values.at("BLOCK_KEYS"))) * imbalance(s, traits, tiles, values.at("SPLITS"));
    made.push_back({std::move(values), cost});
  }
  return made;
}

}  // namespace

constinit const Method<AttentionProblem> attention_decode{.name = "decode",
                                                          .suits = suits,
                                                          .ranges = ranges,
                                                          .defaults = defaults,
                                                          .plan = plan,
                                                          .candidates = candidates};

}  // namespace moat
