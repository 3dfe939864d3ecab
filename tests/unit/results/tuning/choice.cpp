// Which parameters a case gets, level by level, and what it says of those it does not get.
#include "results/tuning/choice.h"

#include <cmath>
#include "kernels/gemm/gemm.h"

#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

const TuningDevice here{"Vendor", "arch 9", "Device 9"};
const TuningDevice sibling{"Vendor", "arch 9", "Device 8"};
const TuningDevice cousin{"Vendor", "arch 1", "Device 1"};
const TuningDevice stranger{"Other", "arch 9", "Device 9"};

Traits processor() {
  Traits traits;
  traits.language = Language::opencl_c;
  traits.max_group_size = 4096;
  traits.max_group_shape = {4096, 4096, 4096};
  traits.native_vector_f32 = 16;
  return traits;
}

const Implementation& portable() {
  return gemm_implementations()[1];
}

/// The defaults with another BLOCK_K, by which tests know them.
TunedProblem tuned(const std::string& key, std::int64_t block_k = 128) {
  TunedProblem made;
  made.implementation = "portable/opencl";
  made.problem = parse_problem(key)->key();
  made.driver = "Driver 1";
  made.kernels = "digest of gemm/packed.cl";
  made.parameters = portable().defaults(*parse_problem(key), processor());
  made.parameters.values["BLOCK_K"] = block_k;
  return made;
}

ParameterChoice choose(const std::vector<TuningFile>& files,
                       const std::string& key = "gemm:m=512,n=512,k=512", TuningDevice device = here) {
  const auto problem = parse_problem(key);
  const Traits traits = processor();
  const TuningQuery query{std::move(device), "Driver 1", portable(), "portable/opencl", *problem, traits};
  return choose_parameters(files, query,
                           [](const Plan& plan) { return "digest of " + plan.steps.at(0).source; });
}

std::int64_t block_k(const ParameterChoice& choice) {
  return choice.parameters ? choice.parameters->values.at("BLOCK_K") : 0;
}

}  // namespace

TEST_CASE("a key is near another if only sizes differ, none by more than a factor of two") {
  const std::vector<std::string_view> sizes{"m", "n", "batch"};
  CHECK(key_distance("op:m=4,type=f32", "op:m=4,type=f32", sizes) == 0.0);
  CHECK(std::fabs(*key_distance("op:m=4,n=3", "op:m=8,n=3", sizes) - 1) < 1e-9);
  CHECK(std::fabs(*key_distance("op:m=4,n=8", "op:m=2,n=4", sizes) - 2) < 1e-9);
  CHECK(std::fabs(*key_distance("op:m=4,batch=2", "op:m=4", sizes) - 1) < 1e-9);
  CHECK_FALSE(key_distance("op:m=4", "op:m=9", sizes));
  CHECK_FALSE(key_distance("op:m=4,batch=3", "op:m=4", sizes));
  CHECK_FALSE(key_distance("op:m=4,type=f32", "op:m=4,type=f16", sizes));
  CHECK_FALSE(key_distance("op:m=4,stride=2", "op:m=4,stride=1", sizes));
  CHECK_FALSE(key_distance("op:m=4,stride=2", "op:m=4", sizes));
  CHECK_FALSE(key_distance("op:m=4", "po:m=4", sizes));
  for (const char* hostile : {"", "op", "op:", "op:m", "op:m=", "op:m=0", "op:m=-4", "op:m=1e9", "op:=4",
                              "op:m=4,m=4", "op:m=99999999999999999999"}) {
    INFO(hostile);
    CHECK_FALSE(key_distance(hostile, "op:m=4", sizes));
  }
}

TEST_CASE("nothing tuned is the default without a word") {
  const ParameterChoice choice = choose({});
  CHECK_FALSE(choice.parameters);
  CHECK(choice.source.empty());
  CHECK(choose({{here, {tuned("gemm:m=64,n=64,k=64")}}}).source.empty());
}

TEST_CASE("the exact problem comes before a near one, and a nearer one before others") {
  const TuningFile file{here,
                        {tuned("gemm:m=1000,n=512,k=512", 64), tuned("gemm:m=512,n=512,k=512", 128),
                         tuned("gemm:m=600,n=512,k=512", 192)}};
  CHECK(block_k(choose({file})) == 128);
  CHECK(choose({file}).source == "tuned on this device");
  CHECK(block_k(choose({file}, "gemm:m=640,n=512,k=512")) == 192);
  CHECK(choose({file}, "gemm:m=640,n=512,k=512").source ==
        "tuned on this device; at gemm:m=600,n=512,k=512,type=f32");
  CHECK_FALSE(choose({file}, "gemm:m=640,n=512,k=512,transpose=nt").parameters);
  CHECK_FALSE(choose({file}, "gemm:m=640,n=512,k=512,type=f64").parameters);
}

TEST_CASE("the device comes before its architecture, that before the vendor, and strangers never") {
  const std::string key = "gemm:m=512,n=512,k=512";
  const TuningFile own{here, {tuned(key, 64)}};
  const TuningFile same_architecture{sibling, {tuned(key, 128)}};
  const TuningFile same_vendor{cousin, {tuned(key, 192)}};
  const TuningFile other{stranger, {tuned(key, 512)}};
  CHECK(block_k(choose({other, same_vendor, same_architecture, own})) == 64);
  const ParameterChoice by_architecture = choose({other, same_vendor, same_architecture});
  CHECK(block_k(by_architecture) == 128);
  CHECK(by_architecture.source == "tuned on Device 8 of the same architecture");
  CHECK(choose({other, same_vendor}).source == "tuned on Device 1 of the same vendor");
  CHECK_FALSE(choose({other}).parameters);
  // Devices that do not tell their architecture share none.
  const TuningDevice silent{"Vendor", "", "Device 7"};
  CHECK(choose({{{"Vendor", "", "Device 6"}, {tuned(key)}}}, key, silent).source ==
        "tuned on Device 6 of the same vendor");
}

TEST_CASE("what another driver or other kernels were tuned for is not used, and it is said") {
  TunedProblem stale = tuned("gemm:m=512,n=512,k=512");
  stale.driver = "Driver 0";
  ParameterChoice choice = choose({{here, {stale}}});
  CHECK_FALSE(choice.parameters);
  CHECK(choice.source == "tuned for driver Driver 0 ignored: this is Driver 1");
  stale = tuned("gemm:m=512,n=512,k=512");
  stale.kernels = "older";
  choice = choose({{here, {stale}}});
  CHECK_FALSE(choice.parameters);
  CHECK_THAT(choice.source, ContainsSubstring("other kernel sources"));
  // Something that holds is used all the same.
  CHECK(block_k(choose({{here, {stale, tuned("gemm:m=600,n=512,k=512", 192)}}})) == 192);
}

TEST_CASE("parameters that break a rule are not used, and the rule is said") {
  TunedProblem hostile = tuned("gemm:m=512,n=512,k=512", std::int64_t{1} << 62);
  ParameterChoice choice = choose({{here, {hostile}}});
  CHECK_FALSE(choice.parameters);
  CHECK_THAT(choice.source, StartsWith("tuned parameters ignored: BLOCK_K=4611686018427387904"));
  hostile.parameters = {"", {{"METHOD", -1}}};
  CHECK_FALSE(choose({{here, {hostile}}}).parameters);
  hostile.parameters = {};
  CHECK_FALSE(choose({{here, {hostile}}}).parameters);
}

TEST_CASE("a default that no candidate beat is the shipped default, while it is the same") {
  const std::string key = "gemm:m=512,n=512,k=512";
  TunedProblem kept = tuned(key);
  kept.keeps_default = true;
  CHECK_THAT(choose({{here, {kept}}}).source, ContainsSubstring("other defaults"));
  kept.parameters = portable().defaults(*parse_problem(key), processor());
  CHECK_FALSE(choose({{here, {kept}}}).parameters);
  CHECK(choose({{here, {kept}}}).source == "kept when tuned on this device");
}
