// Plans by which a GPU's subgroups multiply small matrices at once: where they are chosen, what they are
// told, what they refuse.
#include "kernels/gemm/matrices.h"

#include <set>

#include "kernels/candidates.h"
#include "kernels/planning.h"
#include "tests/catch.h"
#include "tests/unit/kernels/plan.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// An extension that this build has shaders for; every glslc since 2019 knows one.
MatrixExtension built() {
  REQUIRE((is_built(MatrixExtension::khr) || is_built(MatrixExtension::nv)));
  return is_built(MatrixExtension::khr) ? MatrixExtension::khr : MatrixExtension::nv;
}

MatrixShape shape(Type input, Type accumulate, std::uint32_t m, std::uint32_t n, std::uint32_t k) {
  return {input, accumulate, m, n, k, built()};
}

Traits matrix_gpu() {
  Traits traits = gpu();
  traits.language = Language::glsl;
  traits.has_f16 = traits.has_16_bit_storage = traits.has_8_bit_storage = true;
  traits.subgroup_size = 32;
  traits.max_groups = {65535, 65535, 65535};
  traits.matrix_shapes = {shape(Type::f16, Type::f16, 16, 16, 16), shape(Type::f16, Type::f32, 16, 8, 8),
                          shape(Type::f16, Type::f32, 16, 16, 16), shape(Type::i8, Type::i32, 16, 16, 32)};
  return traits;
}

Step step_of(const OrUnsupported<Plan>& outcome) {
  INFO(reason(outcome));
  REQUIRE(std::holds_alternative<Plan>(outcome));
  REQUIRE(std::get<Plan>(outcome).steps.size() == 1);
  return std::get<Plan>(outcome).steps[0];
}

std::string source_of(const std::string& key, const Traits& traits, const Values& changes = {}) {
  return step_of(plan("portable", key, traits, changes)).source;
}

const std::string f16 = "gemm:m=512,n=512,k=512,type=f16";

}  // namespace

TEST_CASE("a GPU that multiplies matrices of a problem's types is given the shader that does") {
  const std::string suffix = built() == MatrixExtension::khr ? ".khr.spv" : ".nv.spv";
  CHECK(source_of(f16, matrix_gpu()) == "gemm/matrices.matrices.f16.f32.f16" + suffix);
  CHECK(source_of(f16 + ",output=f32", matrix_gpu()) == "gemm/matrices.matrices.f16.f32.f32" + suffix);
  CHECK(source_of("gemm:m=512,n=512,k=512,type=i8", matrix_gpu()) ==
        "gemm/matrices.matrices.i8.i32.i32" + suffix);
  const auto outcome = plan("portable", f16, matrix_gpu());
  CHECK(std::get<Plan>(outcome).features == std::vector<std::string>{"cooperative matrix"});
  CHECK(kernel_source(step_of(outcome).source, Language::glsl).substr(0, 4) ==
        std::string_view("\x03\x02\x23\x07", 4));
}

TEST_CASE("other types, devices and sizes below one matrix stay with their methods") {
  const auto is_tiled = [](const std::string& source) { return source.find("gemm/tiled.") == 0; };
  CHECK(is_tiled(source_of("gemm:m=512,n=512,k=512,type=f32", matrix_gpu())));
  CHECK(is_tiled(source_of("gemm:m=512,n=512,k=512,type=bf16", matrix_gpu())));
  CHECK(is_tiled(source_of("gemm:m=8,n=512,k=512,type=f16", matrix_gpu())));
  Traits traits = matrix_gpu();
  traits.matrix_shapes = {shape(Type::f16, Type::f16, 16, 16, 16)};  // sums of another type
  CHECK(is_tiled(source_of(f16, traits)));
  traits = matrix_gpu();
  traits.subgroup_size = 0;  // which subgroups cannot be relied on
  CHECK(is_tiled(source_of(f16, traits)));
  traits = matrix_gpu();
  traits.has_16_bit_storage = false;
  CHECK(is_tiled(source_of(f16, traits)));
  traits = matrix_gpu();
  traits.kind = DeviceKind::cpu;
  CHECK(source_of(f16, traits).find("gemm/lanes.") == 0);
  traits = matrix_gpu();
  traits.language = Language::opencl_c;
  CHECK(source_of(f16, traits) == "gemm/tiled.cl");
}

TEST_CASE("shapes that no aligned load could serve are not believed") {
  Traits traits = matrix_gpu();
  traits.matrix_shapes = {shape(Type::f16, Type::f32, 0, 16, 16), shape(Type::f16, Type::f32, 16, 24, 16),
                          shape(Type::f16, Type::f32, 16, 16, 4096)};
  CHECK(usable_shapes(default_types(Type::f16), traits).empty());
}

TEST_CASE("a shape counts once, the largest first, and not for an extension without shaders") {
  Traits traits = matrix_gpu();
  traits.matrix_shapes.push_back(shape(Type::f16, Type::f32, 16, 16, 16));
  for (const MatrixExtension extension : {MatrixExtension::khr, MatrixExtension::nv}) {
    if (!is_built(extension)) {
      traits.matrix_shapes.push_back({Type::f16, Type::f32, 32, 32, 32, extension});
    }
  }
  const auto shapes = usable_shapes(default_types(Type::f16), traits);
  REQUIRE(shapes.size() == 2);
  CHECK(shapes[0].n == 16);
  CHECK(shapes[1].n == 8);
}

TEST_CASE("the shader is told sizes, shape and tile, and nothing that it does not know") {
  const Step step =
      step_of(plan("portable", "gemm:m=300,n=200,k=70,batch=3,transpose=nt,type=f16", matrix_gpu()));
  std::set<std::string> names;
  for (const auto& [name, value] : step.constants) names.insert(name);
  CHECK(names == std::set<std::string>{"ACROSS", "BLOCK_K", "GROUP_X", "GROUP_Y", "SHAPE_K", "SHAPE_M",
                                       "SHAPE_N", "TILE_M", "TILE_N", "TRANSPOSE_A", "TRANSPOSE_B"});
  CHECK(constant(step, "TRANSPOSE_B") == 1);
  CHECK(step.group_shape == std::array<std::size_t, 3>{32, 4, 1});
  CHECK(integers(step) ==
        std::vector<std::int64_t>{300, 200, 70, 3, 4, 0, 70});  // groups of 64 x 64; all of K
  CHECK(step.groups == std::array<std::size_t, 3>{20, 3, 1});
}

TEST_CASE("every output belongs to one matrix of one subgroup of one group") {
  for (const Values& changes : {Values{}, Values{{"GROUP_Y", 2}, {"ACROSS", 1}, {"TILE_M", 1}},
                                Values{{"GROUP_Y", 4}, {"ACROSS", 4}, {"TILE_N", 4}}}) {
    constexpr std::int64_t m = 131;
    constexpr std::int64_t n = 257;
    const Step step = step_of(plan("portable", "gemm:m=131,n=257,k=16,type=f16", matrix_gpu(), changes));
    const std::int64_t across = constant(step, "ACROSS");
    const std::int64_t own_rows = constant(step, "TILE_M") * constant(step, "SHAPE_M");
    const std::int64_t own_columns = constant(step, "TILE_N") * constant(step, "SHAPE_N");
    const std::int64_t column_groups = integers(step)[4];
    std::vector<int> owners(m * n);
    for (std::int64_t group = 0; group < static_cast<std::int64_t>(step.groups[0]); ++group) {
      for (std::int64_t subgroup = 0; subgroup < constant(step, "GROUP_Y"); ++subgroup) {
        // As matrices.comp and matrices.glsl count.
        const std::int64_t row = group / column_groups * (constant(step, "GROUP_Y") / across * own_rows) +
                                 subgroup / across * own_rows;
        const std::int64_t column =
            group % column_groups * (across * own_columns) + subgroup % across * own_columns;
        for (std::int64_t i = row; i < std::min(m, row + own_rows); ++i) {
          for (std::int64_t j = column; j < std::min(n, column + own_columns); ++j) ++owners[i * n + j];
        }
      }
    }
    CHECK(std::count(owners.begin(), owners.end(), 1) == m * n);
  }
}

TEST_CASE("parameters of matrices that break a rule are refused with it") {
  const auto words = [](const Values& changes) {
    return reason(plan("portable", f16, matrix_gpu(), changes));
  };
  CHECK_THAT(words({{"SHAPE_K", 32}}), ContainsSubstring("none of the device's: 16x16x16, 16x8x8"));
  CHECK_THAT(words({{"GROUP_X", 64}}), ContainsSubstring("not the device's subgroup, 32"));
  CHECK_THAT(words({{"ACROSS", 3}}), ContainsSubstring("GROUP_Y=4 is no multiple of ACROSS=3"));
  CHECK_THAT(words({{"BLOCK_K", 40}}), ContainsSubstring("no multiple of SHAPE_K=16"));
  CHECK_THAT(words({{"TILE_M", 8}, {"TILE_N", 4}}), ContainsSubstring("sums in a work-item"));
  CHECK_THAT(words({{"GROUP_Y", 32}}), ContainsSubstring("beyond the device's 256"));
  CHECK_THAT(words({{"BLOCK_K", 256}}), ContainsSubstring("bytes of local memory"));
  Traits none = matrix_gpu();
  none.matrix_shapes.clear();
  const auto problem = parse_problem(f16);
  const Implementation& own = own_implementation("gemm", "portable");
  CHECK_THAT(reason(own.plan(*problem, none, own.defaults(*problem, matrix_gpu()))),
             ContainsSubstring("METHOD=matrices is for shaders on devices that multiply matrices of f16"));
}

TEST_CASE("defaults fit devices with little local memory, small groups and wide subgroups") {
  for (const std::size_t local : {8 << 10, 16 << 10, 64 << 10}) {
    for (const std::uint32_t lanes : {8U, 16U, 32U, 64U}) {
      Traits traits = matrix_gpu();
      traits.local_memory_bytes = local;
      traits.subgroup_size = lanes;
      INFO(local << " bytes, " << lanes << " lanes");
      CHECK(source_of(f16, traits).find("gemm/matrices.") == 0);
    }
  }
}

TEST_CASE("a search tries matrices beside the usual method, whichever is the default") {
  const auto problem = parse_problem(f16);
  const Implementation& own = own_implementation("gemm", "portable");
  Traits cpu_traits = matrix_gpu();
  cpu_traits.kind = DeviceKind::cpu;
  for (const Traits& traits : {matrix_gpu(), cpu_traits}) {
    std::set<std::string> methods;
    for (const Parameters& parameters : parameters_to_try(own, *problem, traits)) {
      methods.insert(parameters.method);
    }
    CHECK(methods.size() == 2);
    CHECK(methods.contains("matrices"));
  }
}
