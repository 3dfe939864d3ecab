// Plans for devices that take shaders:
// which module a step becomes, and what is left of its constants and grid.
#include <set>

#include "base/error.h"
#include "kernels/implementation.h"
#include "tests/catch.h"
#include "tests/unit/kernels/plan.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

Traits shader_gpu() {
  Traits traits = gpu();
  traits.language = Language::glsl;
  traits.has_f16 = true;
  traits.has_16_bit_storage = true;
  traits.has_8_bit_storage = true;
  traits.subgroup_size = 32;
  traits.max_groups = {65535, 65535, 65535};
  return traits;
}

Traits shader_cpu() {
  Traits traits = shader_gpu();
  traits.kind = DeviceKind::cpu;
  traits.subgroup_size = 8;
  return traits;
}

const std::vector<std::string> keys{"gemm:m=64,n=64,k=64,type=f64",
                                    "gemm:m=64,n=64,k=64,type=f32",
                                    "gemm:m=64,n=64,k=64,type=f16",
                                    "gemm:m=64,n=64,k=64,type=bf16,output=f32",
                                    "gemm:m=64,n=64,k=64,transpose=tt,type=i8",
                                    "convolution:n=1,c=16,h=9,w=9,k=16,r=3,s=3,type=f32",
                                    "convolution:n=1,c=16,h=9,w=9,k=16,r=3,s=3,layout=nhwc,type=i8",
                                    "attention:hq=4,hkv=2,sq=33,skv=65,d=64,type=f32",
                                    "attention:hq=4,hkv=2,sq=1,skv=4096,d=64,type=bf16",
                                    "stream:op=triad,n=1000,type=f64",
                                    "stream:op=dot,n=100000,type=f32",
                                    "peak:chains=1024,steps=64,type=f64",
                                    "peak:chains=1024,steps=64,type=f32",
                                    "peak:chains=1024,steps=64,type=f16",
                                    "peak:chains=1024,steps=64,type=i8"};

std::vector<std::string> sources(const OrUnsupported<Plan>& outcome) {
  INFO(reason(outcome));
  REQUIRE(std::holds_alternative<Plan>(outcome));
  std::vector<std::string> all;
  for (const Step& step : std::get<Plan>(outcome).steps) all.push_back(step.source);
  return all;
}

}  // namespace

TEST_CASE("every operator and type has shaders, naive and portable, on GPUs and CPUs") {
  constexpr std::string_view magic("\x03\x02\x23\x07", 4);
  for (const std::string& key : keys) {
    for (const Traits& traits : {shader_gpu(), shader_cpu()}) {
      for (const char* name : {"naive", "portable"}) {
        INFO(key << ' ' << name);
        const OrUnsupported<Plan> outcome = plan(name, key, traits);
        for (const std::string& source : sources(outcome)) {
          CHECK(kernel_source(source, Language::glsl).substr(0, 4) == magic);
        }
        for (const Step& step : std::get<Plan>(outcome).steps) {
          CHECK(step.entry == "main");
          for (const auto& [constant, value] : step.constants)
            CHECK_THAT(constant, !ContainsSubstring("_TYPE"));
        }
      }
    }
  }
}

TEST_CASE("a shader does what the C-like kernel of its name does: same arguments, groups and scratch") {
  // A product's shader is also told where sums lie between parts of its depth, and which part it is.
  constexpr std::size_t of_parts = 3;
  for (const std::string& key : keys) {
    INFO(key);
    const auto shaders = plan("portable", key, shader_gpu());
    Traits c_like = shader_gpu();
    c_like.language = Language::opencl_c;
    const auto kernels = plan("portable", key, c_like);
    REQUIRE(std::holds_alternative<Plan>(shaders));
    const Plan& one = std::get<Plan>(shaders);
    const Plan& other = std::get<Plan>(kernels);
    CHECK(one.scratch_bytes == other.scratch_bytes);
    REQUIRE(one.steps.size() == other.steps.size());
    for (std::size_t i = 0; i < one.steps.size(); ++i) {
      std::vector<Argument> arguments = one.steps[i].arguments;
      if (one.steps[i].source.find("tiled") != std::string::npos)
        arguments.resize(arguments.size() - of_parts);
      CHECK(arguments == other.steps[i].arguments);
      CHECK(one.steps[i].groups == other.steps[i].groups);
      CHECK(one.steps[i].group_shape == other.steps[i].group_shape);
    }
  }
}

TEST_CASE("elements are parts of words where the device stores no narrow ones") {
  Traits traits = shader_gpu();
  traits.has_16_bit_storage = false;
  CHECK(sources(plan("naive", "gemm:m=8,n=8,k=8,type=f16", traits)) ==
        std::vector<std::string>{"gemm/naive.naive.f16.f32.f16.words.spv"});
  CHECK(sources(plan("naive", "gemm:m=8,n=8,k=8,type=i8", traits)) ==
        std::vector<std::string>{"gemm/naive.naive.i8.i32.i32.spv"});
  traits.has_8_bit_storage = false;
  CHECK(sources(plan("naive", "gemm:m=8,n=8,k=8,type=i8", traits)) ==
        std::vector<std::string>{"gemm/naive.naive.i8.i32.i32.words.spv"});
  CHECK_THAT(reason(plan("naive", "peak:chains=64,steps=8,type=f16", traits)),
             ContainsSubstring("no 16-bit storage"));
}

TEST_CASE("integer dot products and half arithmetic are used where the device has them") {
  Traits traits = shader_gpu();
  const std::string i8 = "peak:chains=64,steps=8,type=i8";
  CHECK(sources(plan("portable", i8, traits)) ==
        std::vector<std::string>{"peak/chains.chains.i8.i32.i32.spv"});
  traits.has_integer_dot = true;
  CHECK(sources(plan("portable", i8, traits)) ==
        std::vector<std::string>{"peak/chains.chains.i8.i32.i32.dot.spv"});
  traits.has_f16 = false;
  CHECK_THAT(reason(plan("portable", "peak:chains=64,steps=8,type=f16", traits)),
             ContainsSubstring("no f16 arithmetic"));
}

TEST_CASE("subgroups serve where local memory is no nearer than the tensors, and must be the device's") {
  CHECK(sources(plan("portable", "gemm:m=64,n=64,k=64,type=f32", shader_cpu())) ==
        std::vector<std::string>{"gemm/lanes.lanes.f32.f32.f32.spv"});
  CHECK(sources(plan("portable", "gemm:m=64,n=64,k=64,type=f32", shader_gpu())) ==
        std::vector<std::string>{"gemm/tiled.tiled.f32.f32.f32.spv"});
  CHECK_THAT(reason(plan("portable", "gemm:m=64,n=64,k=64,type=f32", shader_cpu(), {{"GROUP_X", 16}})),
             ContainsSubstring("the device's subgroup, 8"));
  Traits none = shader_cpu();
  none.subgroup_size = 0;
  CHECK(sources(plan("portable", "gemm:m=64,n=64,k=64,type=f32", none)) ==
        std::vector<std::string>{"gemm/tiled.tiled.f32.f32.f32.spv"});
}

TEST_CASE("a grid longer than the device counts goes on in the third dimension") {
  Traits traits = shader_gpu();
  traits.max_groups = {100, 100, 100};
  const auto outcome = plan("naive", "gemm:m=512,n=512,k=8,type=f32", traits);
  REQUIRE(std::holds_alternative<Plan>(outcome));
  const Step& step = std::get<Plan>(outcome).steps[0];
  CHECK(step.groups == std::array<std::size_t, 3>{100, 1, 11});  // 1024 groups
  CHECK_THAT(reason(plan("naive", "gemm:m=4096,n=4096,k=8,type=f32", traits)),
             ContainsSubstring("more than the device's 100 x 100 x 100"));
  // What another dimension holds does not matter.
  traits.max_groups = {1100, 100, 100};
  const auto held = plan("naive", "gemm:m=512,n=512,k=8,type=f32", traits);
  CHECK(std::get<Plan>(held).steps[0].groups == std::array<std::size_t, 3>{1024, 1, 1});
}

TEST_CASE("methods made for a CPU's vectors have no shader, and say so") {
  const auto problem = parse_problem("gemm:m=64,n=64,k=64,type=f32");
  const Implementation& own = own_implementation("gemm", "portable");
  const Parameters packed = own.defaults(*problem, cpu());
  CHECK_THAT(reason(own.plan(*problem, shader_cpu(), packed)),
             ContainsSubstring("no shader does what gemm/packed.cl"));
  CHECK_THAT(reason(own.plan(*problem, cpu(), own.defaults(*problem, shader_cpu()))),
             ContainsSubstring("METHOD=lanes is for shaders"));
}
