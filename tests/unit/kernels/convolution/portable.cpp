// The plans of the project's own convolution kernels, with no device:
// coverage, scratch, and the reasons why not.
#include <algorithm>
#include <set>

#include "kernels/convolution/convolution.h"
#include "tests/catch.h"
#include "tests/unit/kernels/plan.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("shipped convolution defaults make a plan on every kind of device, for every type and layout") {
  const std::string type = GENERATE("f32", "f16", "bf16", "i8");
  const std::string layout = GENERATE("nchw", "nhwc");
  const std::string shape =
      GENERATE("c=64,h=56,w=56,k=64,r=3,s=3,pad=1", "c=3,h=224,w=224,k=64,r=7,s=7,stride=2,pad=3",
               "c=32,h=7,w=7,k=32,r=3,s=3,groups=32", "c=2048,h=7,w=7,k=512,r=1,s=1",
               "c=1,h=1,w=100000,k=8,r=1,s=400,stride=1x160");
  const Traits traits = GENERATE(cpu(1), cpu(4), cpu(8), cpu(16), gpu());
  const std::string key = "convolution:n=2," + shape + ",layout=" + layout + ",type=" + type;
  for (const Implementation& candidate : convolution_implementations()) {
    CAPTURE(key, candidate.name);
    const OrUnsupported<Plan> outcome = plan(candidate.name, key, traits);
    CHECK(reason(outcome).empty());
    for (const std::size_t bytes : std::get<Plan>(outcome).scratch_bytes)
      CHECK(bytes < (std::size_t{1} << 28));
  }
}

TEST_CASE("every output channel and pixel of a convolution lies in exactly one rectangle") {
  const std::string shape =
      GENERATE("n=1,c=64,h=56,w=56,k=64,r=3,s=3,pad=1", "n=8,c=64,h=7,w=7,k=130,r=1,s=1",
               "n=3,c=64,h=14,w=15,k=96,r=3,s=3,groups=4", "n=8,c=8,h=56,w=56,k=8,r=1,s=1,stride=2");
  const std::uint32_t units = GENERATE(1U, 2U, 7U);
  const auto problem = parse_problem("convolution:" + shape);
  const ConvolutionShape& s = dynamic_cast<const ConvolutionProblem&>(*problem).shape();
  const Step step = std::get<Plan>(plan("portable", problem->key(), cpu(16, units))).steps.at(0);
  const std::vector<std::int64_t> values = integers(step);
  // The kernel's last integers: merged, rows, columns, column groups, scratch.
  const std::size_t own = values.size() - 5;
  const std::int64_t pixels = s.p() * s.q() * (values.at(own) == 1 ? s.n : 1);
  const std::int64_t rows = values.at(own + 1);
  const std::int64_t columns = values.at(own + 2);
  const std::int64_t column_groups = values.at(own + 3);
  CAPTURE(problem->key(), rows, columns, column_groups);
  std::vector<int> times(static_cast<std::size_t>(s.group_k() * pixels));
  for (std::int64_t group = 0; group < static_cast<std::int64_t>(step.groups[0]); ++group) {
    for (std::int64_t k = group / column_groups * rows;
         k < std::min(s.group_k(), (group / column_groups + 1) * rows); ++k) {
      const std::int64_t first = group % column_groups * columns;
      for (std::int64_t pixel = first; pixel < std::min(pixels, first + columns); ++pixel) {
        ++times.at(static_cast<std::size_t>(k * pixels + pixel));
      }
    }
  }
  CHECK(std::set<int>(times.begin(), times.end()) == std::set<int>{1});
  CHECK(static_cast<std::int64_t>(step.groups[1]) <= (values.at(own) == 1 ? 1 : s.n) * s.groups);
}

TEST_CASE("convolution's arguments come in the kernels' order: tensors, scratch, the shape") {
  const std::string key =
      "convolution:n=2,c=6,h=17,w=19,k=9,r=3,s=2,stride=2x1,pad=1x0,dilation=1x3,groups=3";
  const std::vector<std::int64_t> shape{2, 6, 17, 19, 9, 3, 2, 2, 1, 1, 0, 1, 3, 3, 9, 16};
  for (const std::string_view name : {"naive", "portable"}) {
    for (const Traits& traits : {cpu(), gpu()}) {
      const Step step = std::get<Plan>(plan(name, key, traits)).steps.at(0);
      std::vector<std::int64_t> values = integers(step);
      values.resize(shape.size());
      CHECK(values == shape);
      for (std::int64_t tensor = 0; tensor < 3; ++tensor) {
        CHECK(step.arguments.at(static_cast<std::size_t>(tensor)) ==
              Argument{Argument::Kind::tensor, tensor});
      }
    }
  }
}

TEST_CASE("a large batch of images is walked through by few groups") {
  const Plan outcome =
      std::get<Plan>(plan("portable", "convolution:n=100000,c=4,h=30,w=30,k=4,r=3,s=3", cpu()));
  CHECK(outcome.scratch_bytes.at(0) < (1 << 26));
  CHECK(std::get<Plan>(plan("naive", "convolution:n=100000,c=4,h=30,w=30,k=4,r=3,s=3", gpu()))
            .steps.at(0)
            .groups[1] <= 65535);
}

TEST_CASE("a broken rule of convolution is a reason that names the parameter") {
  const std::string key = "convolution:n=1,c=64,h=56,w=56,k=64,r=3,s=3";
  CHECK_THAT(reason(plan("portable", key, cpu(), {{"VECTOR_WIDTH", 3}})),
             ContainsSubstring("VECTOR_WIDTH=3"));
  CHECK_THAT(reason(plan("portable", key, cpu(), {{"TILE_N", 40}})), ContainsSubstring("TILE_N=40"));
  CHECK_THAT(reason(plan("portable", key, cpu(), {{"BLOCK_N", 40}})), ContainsSubstring("BLOCK_N=40"));
  CHECK_THAT(reason(plan("portable", key, cpu(), {{"TILES", 2}})), ContainsSubstring("TILES"));
  CHECK_THAT(reason(plan("portable", key + ",type=i8", cpu(), {{"BLOCK_K", 2048}})),
             ContainsSubstring("at most 1024 for i8"));
  CHECK_THAT(reason(plan("portable", key, gpu(), {{"GROUP_Y", 32}})),
             ContainsSubstring("16 x 32 work-items"));
  CHECK_THAT(reason(plan("portable", key, gpu(), {{"BLOCK_K", 256}})), ContainsSubstring("local memory"));
  CHECK_THAT(reason(plan("naive", key, gpu(), {{"GROUP_X", 512}})), ContainsSubstring("512 x 16 work-items"));
  const auto problem = parse_problem(key);
  CHECK_THAT(reason(own_implementation("convolution", "portable").plan(*problem, cpu(), {})),
             ContainsSubstring("METHOD"));
}

TEST_CASE("a kernel's text holds what it includes, once and in place") {
  const std::string source = kernel_source("convolution/packed.cl", Language::opencl_c);
  const auto count = [&](std::string_view text) {
    std::size_t times = 0;
    for (std::size_t at = source.find(text); at != std::string::npos; at = source.find(text, at + 1)) ++times;
    return times;
  };
  CHECK(count("#include \"") == 0);
  CHECK(count("#define MULTIPLY(NAME") == 1);
  CHECK(count("void multiply_block(") == 1);
  CHECK(source.find("#define MULTIPLY(NAME") < source.find("KERNEL GROUP_SHAPE(1, 1, 1) void packed("));
}

TEST_CASE("depthwise layers are direct where there is enough to do, and exact") {
  const auto method = [](const std::string& key, const Traits& traits) {
    return own_implementation("convolution", "portable").defaults(*parse_problem(key), traits).method;
  };
  const std::string depthwise = "convolution:n=1,c=64,h=28,w=28,k=64,r=3,s=3,pad=1,groups=64";
  CHECK(method(depthwise, cpu()) == "direct");
  CHECK(method(depthwise + ",layout=nhwc", cpu()) == "direct");
  CHECK(method(depthwise, cpu(16, 128)) == "packed");  // 64 planes for 128 compute units
  CHECK(method("convolution:n=1,c=16,h=64,w=64,k=2,r=3,s=3,pad=1", cpu()) == "packed");  // one group
  CHECK(method("convolution:n=8,c=16,h=32,w=32,k=2,r=9,s=9,pad=4,type=i8", cpu()) ==
        "packed");  // 1296 products
  CHECK(method("convolution:n=8,c=16,h=32,w=32,k=2,r=9,s=9,pad=4", cpu()) == "direct");
  CHECK(method("convolution:n=1,c=32,h=64,w=64,k=32,r=33,s=33,pad=16,groups=32,layout=nhwc,type=i8", cpu()) ==
        "packed");
}

TEST_CASE("a direct plan's scratch holds offsets, the stage, and a vector to read past it") {
  // 9 offsets; 30 x 30 padded pixels; 16 floats. Two units: 16 groups.
  const auto outcome = plan("portable", "convolution:n=1,c=64,h=28,w=28,k=64,r=3,s=3,pad=1,groups=64", cpu());
  const auto& direct = std::get<Plan>(outcome);
  CHECK(direct.steps.front().entry == "direct");
  CHECK(direct.steps.front().groups[0] == 16);
  CHECK(direct.scratch_bytes == std::vector<std::size_t>{std::size_t{16} * 1024 * 4});
  // 9 offsets; 28 x 36 padded pixels: only the vector past them goes beyond 1024.
  const auto edge = plan("portable", "convolution:n=1,c=64,h=26,w=34,k=64,r=3,s=3,pad=1,groups=64", cpu());
  CHECK(std::get<Plan>(edge).scratch_bytes == std::vector<std::size_t>{std::size_t{16} * 2048 * 4});
  // 25 offsets; four phases of 65 x 65 pixels for 5 x 5 filters and stride 2;
  // 16 floats: 16941, in 1024s 17408.
  const auto strided =
      plan("portable", "convolution:n=1,c=64,h=126,w=126,k=64,r=5,s=5,stride=2,pad=2,groups=64", cpu());
  CHECK(std::get<Plan>(strided).scratch_bytes == std::vector<std::size_t>{std::size_t{16} * 17408 * 4});
}

TEST_CASE("scratch beyond what 32 bits count is refused, not wrapped around") {
  const std::string key =
      "convolution:n=1,c=2,h=1,w=1,k=1,r=2,s=2,stride=1000000000,pad=1000000000,dilation=1000000000";
  CHECK_THAT(reason(plan("portable", key, cpu())), ContainsSubstring("more scratch"));
  CHECK_THAT(reason(plan("portable", key, cpu(16, 1))), ContainsSubstring("more scratch"));
}

TEST_CASE("tiled defaults shrink to small groups and little local memory") {
  const std::string key = "convolution:n=8,c=64,h=56,w=56,k=128,r=3,s=3,pad=1";
  for (const std::size_t group : {1, 16, 64, 128, 256}) {
    for (const std::size_t local : {2 << 10, 8 << 10, 16 << 10}) {
      Traits traits = gpu();
      traits.max_group_size = group;
      traits.max_group_shape = {group, group, group};
      traits.local_memory_bytes = local;
      CAPTURE(group, local);
      CHECK(std::holds_alternative<Plan>(plan("portable", key, traits)));
    }
  }
}

TEST_CASE("a direct plan in NHWC is refused where a group has several channels or filters") {
  const Implementation& portable = own_implementation("convolution", "portable");
  const Parameters direct{"direct", {{"TILE_M", 1}, {"VECTOR_WIDTH", 16}}};
  const auto outcome = [&](const std::string& sizes) {
    return portable.plan(*parse_problem("convolution:n=1,h=8,w=8,r=3,s=3,pad=1,layout=nhwc," + sizes), cpu(),
                         direct);
  };
  CHECK(reason(outcome("c=32,k=32,groups=32")).empty());
  for (const std::string sizes : {"c=32,k=32", "c=64,k=32,groups=32", "c=32,k=64,groups=32"}) {
    CHECK_THAT(reason(outcome(sizes)), ContainsSubstring("groups of one channel and one filter"));
  }
  CHECK_THAT(reason(outcome("c=8,k=8,groups=8")), ContainsSubstring("at least 16 channels"));
}
