// GEMM as the project computes it itself: every implementation and shipped parameter set on every real device
// that compiles kernels, for every type and transpose, at sizes that tiles do not divide. Under Oclgrind the
// same program proves that no work-item touches what is not its own (.ci/run oclgrind).
#include <array>
#include <span>
#include <vector>

#include "kernels/gemm/gemm.h"
#include "tests/catch.h"
#include "tests/correctness/harness.h"

using namespace moat;

namespace {

std::vector<Types> all_types() {
  std::vector<Types> all;
  for (const Type type : {Type::f64, Type::f32, Type::f16, Type::bf16, Type::i8}) {
    all.push_back(default_types(type));
  }
  all.push_back({Type::f16, Type::f32, Type::f32});
  all.push_back({Type::bf16, Type::f32, Type::f32});
  return all;
}

void check_sizes(std::span<const GemmShape> shapes) {
  const std::vector<Types> types = all_types();
  for (std::size_t i = 0; i < types.size(); ++i) {
    for (const std::size_t transpose : {0U, 1U, 2U, 3U}) {
      for (GemmShape shape : shapes) {
        shape.transpose_a = transpose / 2 == 1;
        shape.transpose_b = transpose % 2 == 1;
        const std::size_t ran = check_everywhere(GemmProblem(shape, types[i]), i + transpose);
        // f64 alone may be absent on every device.
        if (types[i].input != Type::f64) CHECK(ran > 0);
      }
    }
  }
}

}  // namespace

TEST_CASE("GEMM is right at the smallest sizes and leaves its surroundings alone", "[smallest]") {
  static constexpr std::array<GemmShape, 5> shapes{{{.m = 1, .n = 1, .k = 1},
                                                    {.m = 5, .n = 7, .k = 0},  // sums of nothing are 0
                                                    {.m = 3, .n = 5, .k = 35},
                                                    {.m = 1, .n = 37, .k = 3},
                                                    {.m = 41, .n = 1, .k = 7, .batch = 2}}};
  check_sizes(shapes);
}

TEST_CASE("GEMM is right one off a tile, in every direction") {
  static constexpr std::array<GemmShape, 3> shapes{
      {{.m = 13, .n = 33, .k = 17}, {.m = 31, .n = 17, .k = 9, .batch = 2}, {.m = 17, .n = 65, .k = 33}}};
  check_sizes(shapes);
}

TEST_CASE("GEMM is right where sums are longer than a driver lets a loop run", "[long]") {
  constexpr GemmShape shape{.m = 2, .n = 3, .k = 70000};
  for (const Type type : {Type::f32, Type::bf16, Type::i8}) {
    CHECK(check_everywhere(GemmProblem(shape, default_types(type)), 0) > 0);
    GemmShape transposed = shape;
    transposed.transpose_a = true;
    CHECK(check_everywhere(GemmProblem(transposed, default_types(type)), 0) > 0);
  }
}

TEST_CASE("GEMM is right over several tiles, panels and groups", "[large]") {
  static constexpr std::array<GemmShape, 2> shapes{
      {{.m = 131, .n = 257, .k = 389}, {.m = 64, .n = 128, .k = 802, .batch = 2}}};
  check_sizes(shapes);
}

TEST_CASE(
    "dot products in blocks of K add up, and what waits of one entry of a batch is not taken for the next",
    "[smallest][c_like]") {
  for (const Type type : {Type::f32, Type::f16, Type::i8}) {
    for (const std::int64_t block :
         {16, 32, 100}) {  // several blocks with a rest, and one not of whole vectors
      for (const std::int64_t width : {4, 16}) {
        const GemmProblem problem({.m = 5, .n = 23, .k = 131, .batch = 3, .transpose_b = true},
                                  default_types(type));
        const Parameters parameters{"dots",
                                    {{"VECTOR_WIDTH", width},
                                     {"ROWS", 3},
                                     {"COLUMNS", 4},
                                     {"PREFETCH", 1},
                                     {"AHEAD", 64},
                                     {"BLOCK_K", block},
                                     {"GROUPS_PER_UNIT", 2}}};
        CHECK(check_parameters(problem, parameters) > 0);
      }
    }
  }
}
