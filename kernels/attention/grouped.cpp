// Tiles of queries and keys in local memory, for devices with many work-items.
#include <algorithm>
#include <array>

#include "kernels/attention/methods.h"
#include "kernels/attention/planning.h"

namespace moat {
namespace {

constexpr std::array ranges{Range{"GROUP_X", 1, 1024}, Range{"GROUP_Y", 1, 1024},
                            Range{"TILE_M", 1, 16},    Range{"TILE_N", 1, 16},
                            Range{"BLOCK_D", 1, 256},  Range{"SPLITS", 1, most_splits}};

bool suits(const AttentionProblem&, const Traits& traits) {
  return is_simt(traits);
}

std::int64_t local_bytes(const AttentionShape& s, const Values& values) {
  const std::int64_t x = values.at("GROUP_X");
  const std::int64_t rows = values.at("GROUP_Y") * values.at("TILE_M");
  const std::int64_t keys = x * values.at("TILE_N");
  const std::int64_t columns = divide_up(s.value_dim, x) * x;
  return 4 * (values.at("BLOCK_D") * (rows + 1 + keys + 1 + columns) + rows * (keys + 1) + 3 * rows);
}

/// Rounds of all loops of grouped.comp in a block of keys.
double rounds_per_block(const AttentionShape& s, const Values& values) {
  const std::int64_t x = values.at("GROUP_X");
  const std::int64_t items = x * values.at("GROUP_Y");
  const std::int64_t rows = values.at("GROUP_Y") * values.at("TILE_M");
  const std::int64_t keys = x * values.at("TILE_N");
  const std::int64_t block_d = values.at("BLOCK_D");
  const std::int64_t columns = divide_up(s.value_dim, x) * x;
  const std::int64_t scores =
      divide_up(s.key_dim, block_d) *
      (1 + block_d + divide_up(rows * block_d, items) + divide_up(keys * block_d, items));
  const std::int64_t softmax = 2 * divide_up(rows, items) * (1 + keys);
  const std::int64_t sums = divide_up(keys, block_d) * (1 + block_d + divide_up(block_d * columns, items));
  return real(1 + scores + softmax + sums);
}

/// Groups of 256 work-items for 64 rows and 32 keys, or for few rows and 64 keys;
/// smaller where the device asks for it.
Values defaults(const AttentionProblem& attention, const Traits& traits) {
  const AttentionShape& s = attention.shape();
  const bool few = s.rows() <= 4;
  Values values{{"GROUP_X", few ? 64 : 16},
                {"GROUP_Y", few ? 4 : 16},
                {"TILE_M", few ? 1 : 4},
                {"TILE_N", few ? 1 : 2},
                {"BLOCK_D", 16}};
  constexpr std::array sides{"GROUP_X", "GROUP_Y"};
  shrink_to_group(values, sides, traits);
  constexpr std::array names{Least{"BLOCK_D", 4}, Least{"TILE_M", 1}, Least{"GROUP_Y", 1}, Least{"TILE_N", 1},
                             Least{"GROUP_X", 1}};
  const auto bytes = [&](const Values& tried) { return local_bytes(s, tried); };
  shrink_to_local_memory(values, names, bytes, traits);
  const std::int64_t tiles = divide_up(s.rows(), values["GROUP_Y"] * values["TILE_M"]);
  values["SPLITS"] = usual_splits(s, s.batch * s.key_value_heads * tiles, traits, 256);
  return values;
}

OrUnsupported<Plan> plan(const AttentionProblem& attention, const Traits& traits, const Values& values) {
  const std::int64_t x = values.at("GROUP_X");
  const std::int64_t y = values.at("GROUP_Y");
  if (auto reason = check_group(x, y, traits)) return *reason;
  const AttentionShape& s = attention.shape();
  if (auto reason = check_local_memory(local_bytes(s, values), traits)) return *reason;
  if (auto reason = check_outputs(s, values)) return *reason;
  Step step = step_of(attention, "grouped", values);
  step.group_shape = {static_cast<std::size_t>(x), static_cast<std::size_t>(y), 1};
  const std::int64_t block = x * values.at("TILE_N");
  const std::int64_t parts =
      parts_within_rounds(s, values.at("SPLITS"), block, rounds_per_block(s, values), traits);
  return plan_tiles(attention, std::move(step), divide_up(s.rows(), y * values.at("TILE_M")),
                    split_of(s, parts, block), x, traits);
}

/// Per row and key: 1 + 2·(1/TILE_M + 1/TILE_N) for arithmetic and reading local memory + 8·(1/rows + 1/keys)
/// for filling it + 16 / BLOCK_D for barriers, times the padding of rows and the imbalance.
std::vector<CandidateValues> candidates(const AttentionProblem& attention, const Traits& traits) {
  const AttentionShape& s = attention.shape();
  const Values usual = defaults(attention, traits);
  const std::array choices{Choice{"GROUP_X", {8, 16, 32, 64}}, Choice{"GROUP_Y", {4, 8, 16}},
                           Choice{"TILE_M", {1, 2, 4, 8}},     Choice{"TILE_N", {1, 2, 4}},
                           Choice{"BLOCK_D", {8, 16, 32}},     Choice{"SPLITS", split_values(usual)}};
  std::vector<CandidateValues> made;
  for (Values& values : combinations(usual, choices)) {
    const std::int64_t work_items = values.at("GROUP_X") * values.at("GROUP_Y");
    if (work_items < 64 || work_items > 512) continue;
    const std::int64_t rows = values.at("GROUP_Y") * values.at("TILE_M");
    const std::int64_t keys = values.at("GROUP_X") * values.at("TILE_N");
    const std::int64_t tiles = divide_up(s.rows(), rows);
    const double per_pair = 1 + 2 * (1 / real(values.at("TILE_M")) + 1 / real(values.at("TILE_N"))) +
                            8 * (1 / real(rows) + 1 / real(keys)) + 16 / real(values.at("BLOCK_D"));
    const double cost =
        per_pair * real(tiles * rows) / real(s.rows()) * imbalance(s, traits, tiles, values.at("SPLITS"));
    made.push_back({std::move(values), cost});
  }
  return made;
}

}  // namespace

constinit const Method<AttentionProblem> attention_grouped{.name = "grouped",
                                                           .suits = suits,
                                                           .ranges = ranges,
                                                           .defaults = defaults,
                                                           .plan = plan,
                                                           .candidates = candidates};

}  // namespace moat
