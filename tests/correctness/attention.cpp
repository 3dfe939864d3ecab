// Attention as the project computes it itself: every implementation and shipped parameter set on every real
// device that compiles kernels, for every type, with and without a mask, at sizes that tiles do not divide.
#include <array>
#include <limits>
#include <span>

#include "kernels/attention/attention.h"
#include "tests/catch.h"
#include "tests/correctness/harness.h"

using namespace moat;

namespace {

void check_shapes(std::span<const AttentionShape> shapes) {
  std::size_t turn = 0;
  for (const Type type : {Type::f32, Type::f16, Type::bf16}) {
    for (const bool causal : {false, true}) {
      for (AttentionShape shape : shapes) {
        shape.causal = causal && shape.queries <= shape.keys;
        CHECK(check_everywhere(AttentionProblem(shape, type), turn++) > 0);
      }
    }
  }
}

}  // namespace

TEST_CASE("attention is right at the smallest sizes and leaves its surroundings alone", "[smallest]") {
  static constexpr std::array<AttentionShape, 4> shapes{
      {{.queries = 1, .keys = 1, .key_dim = 1, .value_dim = 1},
       {.batch = 2,
        .query_heads = 2,
        .key_value_heads = 1,
        .queries = 3,
        .keys = 5,
        .key_dim = 2,
        .value_dim = 3},
       {.queries = 7, .keys = 2, .key_dim = 5, .value_dim = 17},
       {.query_heads = 3, .key_value_heads = 3, .queries = 1, .keys = 19, .key_dim = 18, .value_dim = 1}}};
  check_shapes(shapes);
}

TEST_CASE("attention is right one off a tile, with shared heads and different dimensions") {
  static constexpr std::array<AttentionShape, 3> shapes{
      {{.query_heads = 4, .key_value_heads = 2, .queries = 33, .keys = 65, .key_dim = 24, .value_dim = 15},
       {.batch = 2,
        .query_heads = 3,
        .key_value_heads = 1,
        .queries = 31,
        .keys = 47,
        .key_dim = 15,
        .value_dim = 33},
       {.query_heads = 2, .key_value_heads = 2, .queries = 65, .keys = 129, .key_dim = 80, .value_dim = 80}}};
  check_shapes(shapes);
}

TEST_CASE("attention is right over several tiles, blocks and splits of the keys", "[large]") {
  static constexpr std::array<AttentionShape, 3> shapes{
      {{.query_heads = 8, .key_value_heads = 2, .queries = 150, .keys = 300, .key_dim = 64, .value_dim = 64},
       {.batch = 2,
        .query_heads = 4,
        .key_value_heads = 1,
        .queries = 1,
        .keys = 1500,
        .key_dim = 192,
        .value_dim = 128},
       {.query_heads = 5, .key_value_heads = 5, .queries = 2, .keys = 2051, .key_dim = 96, .value_dim = 72}}};
  check_shapes(shapes);
}

TEST_CASE("attention is right over more keys than a driver lets a loop run", "[long]") {
  static constexpr std::array<AttentionShape, 1> shapes{
      {{.queries = 2, .keys = 70000, .key_dim = 8, .value_dim = 5}}};
  check_shapes(shapes);
}

TEST_CASE("NaN and infinity reach the queries that see them, and no others", "[special]") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  struct Plant {
    std::size_t input;  // Q, K, V
    double value;
    std::size_t from_end;  // elements: in the last key, which a causal mask hides from all but the last query
  };
  static constexpr std::array<Plant, 5> plants{{{0, std::numeric_limits<double>::quiet_NaN(), 30},
                                                {1, std::numeric_limits<double>::quiet_NaN(), 3},
                                                {1, -infinity, 3},
                                                {2, std::numeric_limits<double>::quiet_NaN(), 3},
                                                {2, infinity, 45}}};
  static constexpr std::array<AttentionShape, 2> shapes{
      {{.query_heads = 2, .queries = 21, .keys = 37, .key_dim = 20, .value_dim = 20, .causal = true},
       {.query_heads = 4, .queries = 2, .keys = 70, .key_dim = 18, .value_dim = 33, .causal = true}}};
  std::size_t turn = 0;
  for (const Type type : {Type::f32, Type::bf16}) {
    for (const AttentionShape& shape : shapes) {
      for (const Plant& plant : plants) {
        const MakeInput planted = [&](const Tensor& tensor, std::size_t input) {
          std::vector<std::byte> data = normal_input(tensor, input);
          if (input == plant.input) store(tensor.type, data, tensor.elements() - plant.from_end, plant.value);
          return data;
        };
        CHECK(check_everywhere(AttentionProblem(shape, type), turn++, planted) > 0);
      }
    }
  }
}

TEST_CASE("rows of a decode tile share keys and values, however many there are", "[smallest][c_like]") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const MakeInput hidden_nan = [&](const Tensor& tensor, std::size_t input) {
    std::vector<std::byte> data = normal_input(tensor, input);
    if (input == 2) store(tensor.type, data, tensor.elements() - 3, nan);
    return data;
  };
  const AttentionProblem problem({.query_heads = 6,
                                  .key_value_heads = 2,
                                  .queries = 2,
                                  .keys = 70,
                                  .key_dim = 18,
                                  .value_dim = 33,
                                  .causal = true},
                                 Type::f32);
  for (const std::int64_t tile : {1, 2, 4}) {
    for (const std::int64_t rows : {4, 8}) {  // the last tile of six rows is partly or wholly empty
      for (const std::int64_t width : {4, 16}) {
        const Parameters parameters{"decode",
                                    {{"VECTOR_WIDTH", width},
                                     {"TILE_ROWS", tile},
                                     {"ROWS", rows},
                                     {"PREFETCH", 1},
                                     {"AHEAD", 64},
                                     {"SPLITS", 2},
                                     {"BLOCK_KEYS", 2 * width}}};
        CHECK(check_parameters(problem, parameters) > 0);
        CHECK(check_parameters(problem, parameters, hidden_nan) > 0);
      }
    }
  }
}
