// The plans of the project's own GEMM kernels, with no device: coverage, scratch, and the reasons why not.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "kernels/gemm/gemm.h"
#include "tests/catch.h"
#include "tests/unit/kernels/plan.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// How often each output of one batch entry is computed if group (i, j) of the grid owns `rows` x `columns`.
std::set<int> times_computed(const GemmShape& shape, std::int64_t groups, std::int64_t column_groups,
                             std::int64_t rows, std::int64_t columns) {
  std::vector<int> times(static_cast<std::size_t>(shape.m * shape.n));
  for (std::int64_t group = 0; group < groups; ++group) {
    const std::int64_t row = group / column_groups * rows;
    const std::int64_t column = group % column_groups * columns;
    for (std::int64_t i = row; i < std::min(row + rows, shape.m); ++i) {
      for (std::int64_t j = column; j < std::min(column + columns, shape.n); ++j) {
        ++times.at(static_cast<std::size_t>(i * shape.n + j));
      }
    }
  }
  return {times.begin(), times.end()};
}

const std::set<int> once{1};

}  // namespace

TEST_CASE("shipped defaults make a plan on every kind of device, for every type") {
  const std::string type = GENERATE("f64", "f32", "f16", "bf16", "i8");
  const std::string transpose = GENERATE("nn", "nt", "tn", "tt");
  const Traits traits = GENERATE(cpu(1), cpu(4), cpu(8), cpu(16), gpu());
  const std::string key = "gemm:m=300,n=200,k=100,transpose=" + transpose + ",type=" + type;
  for (const Implementation& candidate : gemm_implementations()) {
    CHECK(reason(plan(candidate.name, key, traits)).empty());
  }
}

TEST_CASE("shipped defaults shrink with the device's groups and local memory") {
  Traits small = gpu();
  for (const std::size_t group : {1U, 64U, 256U}) {
    for (const std::size_t local : {2048U, 8192U, 32768U}) {
      small.max_group_size = group;
      small.max_group_shape = {group, group, 1};
      small.local_memory_bytes = local;
      for (const char* type : {"f32", "f64", "i8"}) {
        INFO(group << " work-items, " << local << " bytes, " << type);
        const auto problem = parse_problem(std::string("gemm:m=512,n=512,k=64,type=") + type);
        const Implementation& portable = gemm_implementations()[1];
        const auto plan = portable.plan(*problem, small, portable.defaults(*problem, small));
        CHECK(std::holds_alternative<Plan>(plan));
      }
    }
  }
}

TEST_CASE("naive and tiled groups compute every output once") {
  const GemmShape shape{.m = GENERATE(1, 64, 65, 300), .n = GENERATE(1, 63, 257)};
  const std::string key = "gemm:m=" + std::to_string(shape.m) + ",n=" + std::to_string(shape.n) + ",k=5";
  const Plan naive = std::get<Plan>(plan("naive", key, gpu()));
  const Step& block = naive.steps.at(0);
  CHECK(times_computed(shape, static_cast<std::int64_t>(block.groups[0]), integers(block).at(4),
                       constant(block, "GROUP_Y"), constant(block, "GROUP_X")) == once);
  const Plan tiled = std::get<Plan>(plan("portable", key, gpu(), {{"TILE_M", 3}}));
  const Step& step = tiled.steps.at(0);
  CHECK(step.source == "gemm/tiled.cl");
  CHECK(times_computed(shape, static_cast<std::int64_t>(step.groups[0]), integers(step).at(4),
                       constant(step, "GROUP_Y") * 3,
                       constant(step, "GROUP_X") * constant(step, "TILE_N")) == once);
}

TEST_CASE("packed groups compute every output once, each in scratch of its own") {
  const GemmShape shape{.m = GENERATE(1, 12, 100, 777), .n = GENERATE(1, 33, 600)};
  const std::string type = GENERATE("f64", "f32", "f16", "i8");
  const Traits traits = cpu(GENERATE(4, 16), GENERATE(1, 2, 24));
  const std::string key =
      "gemm:m=" + std::to_string(shape.m) + ",n=" + std::to_string(shape.n) + ",k=1000,batch=3,type=" + type;
  const Plan outcome = std::get<Plan>(plan("portable", key, traits));
  const Step& step = outcome.steps.at(0);
  const std::int64_t rows = integers(step).at(4);
  const std::int64_t columns = integers(step).at(5);
  CHECK(times_computed(shape, static_cast<std::int64_t>(step.groups[0]), integers(step).at(6), rows,
                       columns) == once);
  CHECK(step.groups[1] <= 3);
  // Panels of B and of A; sums that C's type would round.
  const std::int64_t width = constant(step, "VECTOR_WIDTH");
  const std::int64_t tile_m = constant(step, "TILE_M");
  const std::int64_t a_step =
      constant(step, "TRANSPOSE_A") == 1 ? (tile_m + width - 1) / width * width : tile_m;
  const std::int64_t needed = constant(step, "BLOCK_K") * (columns + constant(step, "A_PANELS") * a_step) +
                              (type == "f16" ? rows * columns : 0);
  const std::int64_t group_scratch = integers(step).at(7);
  CHECK(needed <= group_scratch);
  CHECK(outcome.scratch_bytes.at(0) ==
        step.groups[0] * step.groups[1] * static_cast<std::size_t>(group_scratch) * (type == "f64" ? 8 : 4));
}

TEST_CASE("few rows against a transposed B become dot products, each column in one group") {
  for (const int m : {1, 3, 7, 8, 16}) {
    for (const int n : {1, 5, 16, 257, 4096}) {
      const std::string key = fmt::format("gemm:m={},n={},k=100,batch=3,transpose=nt,type=f32", m, n);
      INFO(key);
      const Plan made = std::get<Plan>(plan("portable", key, cpu()));
      const Step& step = made.steps.at(0);
      CHECK(step.entry == "dots");
      const std::int64_t group_columns = step.arguments.back().value;
      const auto groups = static_cast<std::int64_t>(step.groups[0]);
      CHECK(groups * group_columns >= n);
      CHECK((groups - 1) * group_columns < n);
      CHECK(step.groups[1] <= 3);
    }
  }
  for (const char* key :
       {"gemm:m=17,n=64,k=64,transpose=nt,type=f32", "gemm:m=4,n=64,k=64,transpose=tt,type=f32"}) {
    CHECK(std::get<Plan>(plan("portable", key, cpu())).steps.at(0).entry == "packed");
  }
}

TEST_CASE("arguments come in the kernel's order: tensors, scratch, sizes") {
  const Plan outcome = std::get<Plan>(plan("portable", "gemm:m=70,n=80,k=90,batch=2", cpu()));
  const auto& arguments = outcome.steps.at(0).arguments;
  CHECK(arguments.at(2) == Argument{Argument::Kind::tensor, 2});
  CHECK(arguments.at(3) == Argument{Argument::Kind::scratch, 0});
  CHECK(arguments.at(4) == Argument{Argument::Kind::integer, 70});
  CHECK(arguments.at(5) == Argument{Argument::Kind::integer, 80});
  CHECK(arguments.at(6) == Argument{Argument::Kind::integer, 90});
  CHECK(arguments.at(7) == Argument{Argument::Kind::integer, 2});
}

TEST_CASE("a large batch is walked through by few groups") {
  const Plan outcome = std::get<Plan>(plan("portable", "gemm:m=8,n=8,k=8,batch=1000000", cpu()));
  CHECK(outcome.scratch_bytes.at(0) < (1 << 24));
  CHECK(std::get<Plan>(plan("naive", "gemm:m=8,n=8,k=8,batch=1000000", gpu())).steps.at(0).groups[1] <=
        65535);
}

TEST_CASE("a broken rule is a reason that names the parameter") {
  const std::string key = "gemm:m=64,n=64,k=64";
  CHECK_THAT(reason(plan("portable", key, cpu(), {{"VECTOR_WIDTH", 3}})),
             ContainsSubstring("VECTOR_WIDTH=3"));
  CHECK_THAT(reason(plan("portable", key, cpu(), {{"TILE_N", 40}})), ContainsSubstring("TILE_N=40"));
  CHECK_THAT(reason(plan("portable", key, cpu(), {{"BLOCK_N", 40}})), ContainsSubstring("BLOCK_N=40"));
  CHECK_THAT(reason(plan("portable", key, cpu(), {{"TILE_M", 0}})), ContainsSubstring("TILE_M=0"));
  CHECK_THAT(reason(plan("portable", key, cpu(), {{"TILES", 2}})), ContainsSubstring("TILES"));
  CHECK_THAT(reason(plan("portable", key, cpu(), {{"A_PANELS", 2}})), ContainsSubstring("A_PANELS=2"));
  CHECK_THAT(reason(plan("portable", key + ",transpose=nt", cpu(), {{"DIRECT_B", 1}})),
             ContainsSubstring("DIRECT_B=1"));
  CHECK_THAT(reason(plan("portable", key + ",type=i8", cpu(), {{"BLOCK_K", 2048}})),
             ContainsSubstring("at most 1024 for i8"));
  CHECK_THAT(reason(plan("portable", key, gpu(), {{"GROUP_Y", 32}})),
             ContainsSubstring("16 x 32 work-items"));
  CHECK_THAT(reason(plan("portable", key, gpu(), {{"BLOCK_K", 256}})), ContainsSubstring("local memory"));
  CHECK_THAT(reason(plan("naive", key, gpu(), {{"GROUP_X", 512}})), ContainsSubstring("512 x 16 work-items"));
  const auto problem = parse_problem(key);
  CHECK_THAT(reason(own_implementation("gemm", "portable").plan(*problem, cpu(), {})),
             ContainsSubstring("METHOD"));
}

TEST_CASE("what the device lacks is a reason") {
  Traits traits = cpu();
  traits.has_f64 = false;
  CHECK_THAT(reason(plan("portable", "gemm:m=4,n=4,k=4,type=f64", traits)), ContainsSubstring("f64"));
  CHECK_THAT(reason(plan("naive", "gemm:m=4,n=4,k=4,type=f64", traits)), ContainsSubstring("f64"));
  traits.language = Language::none;
  CHECK_THAT(reason(plan("portable", "gemm:m=4,n=4,k=4", traits)), ContainsSubstring("compiles no kernels"));
}

TEST_CASE("the dialect knows the types by the numbers that plans give") {
  const std::string source = kernel_source("gemm/naive.cl", Language::opencl_c);
  for (const Type type : {Type::f64, Type::f32, Type::f16, Type::bf16, Type::i8, Type::i32}) {
    CHECK_THAT(source, ContainsSubstring("#define TYPE_" + std::to_string(static_cast<int>(type)) + " " +
                                         std::string(name(type)) + "\n"));
  }
}

TEST_CASE("sums of few rows wait in scratch only where K comes in blocks") {
  // Eight rows of 1024 floats are 32 KiB. 1366 tiles of three columns, in 8 groups of 171.
  const auto blocks = plan("portable", "gemm:m=8,n=4096,k=4096,transpose=nt", cpu());
  CHECK(constant(std::get<Plan>(blocks).steps.front(), "BLOCK_K") == 1024);
  CHECK(std::get<Plan>(blocks).scratch_bytes == std::vector<std::size_t>{std::size_t{8} * 171 * 3 * 8 * 4});
  const auto whole = plan("portable", "gemm:m=8,n=4096,k=2048,transpose=nt", cpu());
  CHECK(constant(std::get<Plan>(whole).steps.front(), "BLOCK_K") >= 2048);
  CHECK(std::get<Plan>(whole).scratch_bytes == std::vector<std::size_t>{64});
  // Groups of each product of a batch have scratch of their own.
  const auto batch = plan("portable", "gemm:m=8,n=4096,k=4096,batch=3,transpose=nt", cpu());
  const Step& step = std::get<Plan>(batch).steps.front();
  CHECK(step.groups[1] == 3);
  const auto columns = static_cast<std::size_t>(std::get<Plan>(batch).steps.front().arguments.back().value);
  CHECK(std::get<Plan>(batch).scratch_bytes ==
        std::vector<std::size_t>{step.groups[0] * 3 * columns * 8 * 4});
}

TEST_CASE("dot products look ahead where the device has vectors at all") {
  for (const auto& [width, ahead] : {std::pair{1U, 0}, std::pair{2U, 1}, std::pair{8U, 1}}) {
    const auto outcome = plan("portable", "gemm:m=8,n=4096,k=4096,transpose=nt", cpu(width));
    CHECK(constant(std::get<Plan>(outcome).steps.front(), "PREFETCH") == ahead);
  }
}
