// Which lines of the kernels a platform needs: as counted, as planned, and over every problem of the suites.
#include "reports/portability/kernel_lines.h"

#include <algorithm>

#include "bench/plan/suite.h"
#include "kernels/operator.h"
#include "kernels/planning.h"
#include "tests/catch.h"
#include "tests/unit/kernels/plan.h"

using namespace moat;

namespace {

const std::vector<KernelLines>& all() {
  static const std::vector<KernelLines> lines = kernel_lines();
  return lines;
}

const SourceLines& lines_of(std::string_view operator_name, std::string_view implementation) {
  const auto found = std::find_if(all().begin(), all().end(), [&](const KernelLines& part) {
    return part.operator_name == operator_name && part.implementation == implementation;
  });
  REQUIRE(found != all().end());
  return found->lines;
}

/// All platforms that need some line of `file`.
std::set<std::string> users_of(const SourceLines& lines, const std::string& file) {
  std::set<std::string> users;
  for (const auto& [line, platforms] : lines) {
    if (line.first == file) users.insert(platforms.begin(), platforms.end());
  }
  return users;
}

std::size_t line_with(const std::string& file, const std::string& text) {
  const std::string_view content = embedded_kernel_text(file).value();
  return static_cast<std::size_t>(
      std::count(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(content.find(text)), '\n') +
      1);
}

}  // namespace

TEST_CASE("lines of code are those that hold more than blanks and comments") {
  CHECK(code_lines("a\n\n  // b\n  c  // d\n/* e\n f */ g\n/* h */\n\t\r\ni") ==
        std::vector<std::size_t>{1, 4, 6, 9});
  CHECK(code_lines("s = \"//\"\n\"/*\";\nx") == std::vector<std::size_t>{1, 2, 3});
  CHECK(code_lines("\"a\\\"/*\"\nb\n") == std::vector<std::size_t>{1, 2});
  CHECK(code_lines("").empty());
  CHECK(code_lines("// only").empty());
}

TEST_CASE("a C-like kernel serves OpenCL and CUDA, a shader Vulkan, and a dialect its language") {
  const SourceLines& naive = lines_of("gemm", "naive");
  CHECK(users_of(naive, "gemm/naive.cl") == std::set<std::string>{"cuda", "opencl"});
  CHECK(users_of(naive, "gemm/naive.comp") == std::set<std::string>{"vulkan"});
  CHECK(users_of(naive, "dialect/opencl.h") == std::set<std::string>{"opencl"});
  CHECK(users_of(naive, "dialect/cuda.h") == std::set<std::string>{"cuda"});
  CHECK(users_of(naive, "dialect/vulkan.glsl") == std::set<std::string>{"vulkan"});
  CHECK(users_of(naive, "dialect/types.h") == std::set<std::string>{"cuda", "opencl", "vulkan"});
  CHECK(users_of(naive, "gemm/tiled.cl").empty());
}

TEST_CASE("includes are followed, and what only processors compile is not CUDA's") {
  const SourceLines& portable = lines_of("gemm", "portable");
  CHECK(users_of(portable, "product/slab.cl") == std::set<std::string>{"cuda", "opencl"});  // of tiled.cl
  CHECK(users_of(portable, "product/tile.cl") == std::set<std::string>{"opencl"});          // of packed.cl
  CHECK(users_of(portable, "product/lanes.glsl") == std::set<std::string>{"vulkan"});
  CHECK(users_of(lines_of("convolution", "portable"), "product/slab.glsl") ==
        std::set<std::string>{"vulkan"});
}

TEST_CASE("matrices that a subgroup multiplies are Vulkan's, where this build has their shaders") {
  const SourceLines& portable = lines_of("gemm", "portable");
  std::set<std::string> users;
  if (is_built(MatrixExtension::khr) || is_built(MatrixExtension::nv)) users.insert("vulkan");
  for (const std::string file : {"gemm/matrices.comp", "gemm/matrices.glsl", "dialect/matrix.glsl"}) {
    INFO(file);
    CHECK(users_of(portable, file) == users);
  }
}

TEST_CASE("branches that no plan's constants choose are left out") {
  // Vectors are for processors: CUDA's plans give no VECTOR_WIDTH, OpenCL's give it on some devices.
  const std::string file = "stream/portable.cl";
  const SourceLines& lines = lines_of("stream", "portable");
  const std::size_t vectors = line_with(file, "#define LANES VECTOR_WIDTH");
  const std::size_t scalars = line_with(file, "#define LANES 1");
  CHECK(lines.at({file, vectors}) == std::set<std::string>{"opencl"});
  CHECK(lines.at({file, scalars}) == std::set<std::string>{"cuda", "opencl"});
  // What #if selects by a value counts whatever the value.
  CHECK(lines.at({file, line_with(file, "#define SCALAR 0.4f")}) == std::set<std::string>{"cuda", "opencl"});
}

TEST_CASE("every operator has lines for every platform, naive and portable") {
  CHECK(all().size() == 2 * operators().size());
  for (const KernelLines& part : all()) {
    INFO(part.operator_name + " " + part.implementation);
    const LineSets sets = line_sets(part.lines);
    CHECK(platforms_of(sets) == std::set<std::string>{"cuda", "opencl", "vulkan"});
    CHECK(*code_divergence(sets) > 0);
    CHECK(*code_divergence(sets) < 1);
  }
}

TEST_CASE("lines of several operators are merged, each once") {
  const SourceLines together = merged(all());
  std::size_t sum = 0;
  for (const KernelLines& part : all()) sum += part.lines.size();
  CHECK(together.size() < sum);
  CHECK(together.at({"dialect/opencl.h", line_with("dialect/opencl.h", "#define KERNEL")}) ==
        std::set<std::string>{"opencl"});
  std::uint64_t counted = 0;
  for (const auto& [platforms, count] : line_sets(together)) counted += count;
  CHECK(counted == together.size());
}

TEST_CASE("no problem of the shipped suites compiles a file that was not counted") {
  std::vector<Traits> devices{test::cpu(), test::gpu(), test::gpu(), test::gpu()};
  devices[2].subgroup_size = devices[3].subgroup_size = 32;
  devices[3].has_16_bit_storage = true;
  devices[3].matrix_shapes = {{Type::f16, Type::f32, 16, 16, 16, MatrixExtension::khr},
                              {Type::f16, Type::f32, 16, 16, 16, MatrixExtension::nv}};
  std::set<std::string> checked;
  const auto check_plan = [&](const Problem& problem, const Implementation& implementation,
                              const Traits& traits) {
    const auto outcome = implementation.plan(problem, traits, implementation.defaults(problem, traits));
    const auto* plan = std::get_if<Plan>(&outcome);
    if (plan == nullptr) return;
    const SourceLines& lines = lines_of(problem.operator_name(), implementation.name);
    const std::string platform(name(traits.language));
    for (const Step& step : plan->steps) {
      if (!checked.insert(platform + step.source + std::string(implementation.name)).second) continue;
      INFO(problem.key() + " " + step.source);
      CHECK(users_of(lines, source_file(step)).contains(platform));
    }
  };
  for (const std::string& suite : suite_names()) {
    for (const SuiteProblem& entry : load_suite(suite).problems) {
      if (is_empty(*entry.problem)) continue;  // never planned
      for (const Implementation& implementation :
           find_operator(entry.problem->operator_name()).implementations()) {
        for (const Language language : {Language::opencl_c, Language::cuda, Language::glsl}) {
          for (Traits traits : devices) {
            traits.language = language;
            if (language == Language::cuda && traits.kind == DeviceKind::cpu) continue;
            check_plan(*entry.problem, implementation, traits);
          }
        }
      }
    }
  }
  CHECK(checked.size() > 30);
}
