// The built-in suites: they parse, hold what docs/suites.md says, and what the project promises of them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "bench/plan/suite.h"
#include "kernels/gemm/gemm.h"
#include "tests/catch.h"

using namespace moat;

namespace {

constexpr std::array columns{Type::f64, Type::f32, Type::f16, Type::bf16, Type::i8};

std::string documentation() {
  std::ifstream stream(MOAT_SOURCE_DIR "/docs/suites.md");
  REQUIRE(stream);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

const GemmProblem& gemm(const SuiteProblem& entry) {
  return dynamic_cast<const GemmProblem&>(*entry.problem);
}

bool has(const std::string& suite, const std::string& key) {
  const std::vector<SuiteProblem> problems = load_suite(suite).problems;
  return std::any_of(problems.begin(), problems.end(),
                     [&](const SuiteProblem& entry) { return entry.problem->key() == key; });
}

}  // namespace

TEST_CASE("every built-in suite parses, is named like its file and says what its problems are for") {
  CHECK(suite_names().size() >= 6);
  for (const std::string& name : suite_names()) {
    CAPTURE(name);
    const Suite suite = load_suite(name);
    CHECK(suite.name == name);
    CHECK(suite.problems.size() >= 10);
    CHECK(suite.case_seconds <= 2);
    for (const SuiteProblem& entry : suite.problems) {
      CAPTURE(entry.problem->key());
      CHECK_FALSE(entry.workload.empty());
    }
  }
}

TEST_CASE("docs/suites.md has the number of problems per suite, operator and type") {
  const std::string page = documentation();
  for (const std::string& name : suite_names()) {
    std::map<std::string, std::map<Type, int>> counts;
    for (const SuiteProblem& entry : load_suite(name).problems) {
      const Type type = entry.problem->types().input;
      REQUIRE(std::find(columns.begin(), columns.end(), type) != columns.end());
      ++counts[std::string(entry.problem->operator_name())][type];
    }
    for (const auto& [operator_name, by_type] : counts) {
      std::string row = fmt::format("| {} | {} |", name, operator_name);
      int sum = 0;
      for (const Type type : columns) {
        const auto found = by_type.find(type);
        const int count = found == by_type.end() ? 0 : found->second;
        row += fmt::format(" {} |", count);
        sum += count;
      }
      row += fmt::format(" {} |\n", sum);
      CAPTURE(row);
      CHECK(page.find(row) != std::string::npos);
    }
  }
}

TEST_CASE("quick reaches from launch-bound to compute-bound in every type") {
  std::map<Type, double> largest_by_type;
  double smallest = 1e300;
  for (const SuiteProblem& entry : load_suite("quick").problems) {
    const double operations = entry.problem->work().operations;
    double& largest = largest_by_type[entry.problem->types().input];
    largest = std::max(largest, operations);
    smallest = std::min(smallest, operations);
  }
  CHECK(smallest < 1e6);
  CHECK(largest_by_type.size() == columns.size());
  for (const Type type : columns) CHECK(largest_by_type[type] >= 2e8);
}

TEST_CASE("standard has f32 problems enough for a headline, in all layouts") {
  int f32 = 0;
  int large = 0;
  std::set<std::pair<bool, bool>> layouts;
  bool batched = false;
  bool odd = false;
  for (const SuiteProblem& entry : load_suite("standard").problems) {
    if (entry.problem->types().input != Type::f32 || entry.problem->operator_name() != "gemm") continue;
    const GemmShape& shape = gemm(entry).shape();
    ++f32;
    if (std::min({shape.m, shape.n, shape.k}) >= 256) ++large;
    layouts.emplace(shape.transpose_a, shape.transpose_b);
    batched = batched || shape.batch > 1;
    odd = odd || (shape.m % 2 == 1 && shape.n % 2 == 1 && shape.k % 2 == 1 && shape.m > 1);
  }
  CHECK(f32 >= 25);
  CHECK(f32 <= 36);
  CHECK(large >= 12);
  CHECK(layouts.size() == 4);
  CHECK(batched);
  CHECK(odd);
}

TEST_CASE("roofs has every stream op and every peak type, from inside the caches to beyond them") {
  std::set<std::string> ops;
  std::set<Type> types;
  double shortest = 1e300;
  double longest = 0;
  for (const SuiteProblem& entry : load_suite("roofs").problems) {
    const std::string key = entry.problem->key();
    if (entry.problem->operator_name() == "peak") types.insert(entry.problem->types().input);
    if (entry.problem->operator_name() != "stream") continue;
    ops.insert(key.substr(0, key.find(',')));
    shortest = std::min(shortest, entry.problem->work().bytes());
    longest = std::max(longest, entry.problem->work().bytes());
  }
  CHECK(ops.size() == 5);
  CHECK(types == std::set<Type>{Type::f64, Type::f32, Type::f16, Type::i8});
  CHECK(shortest < 256e3);
  CHECK(longest > 2e9);
}

TEST_CASE("the models' projections have the published sizes") {
  // Llama-3-8B: hidden 4096, 32 query and 8 key-value heads of 128, feed-forward 14336.
  CHECK(has("llm-prefill", "gemm:m=2048,n=6144,k=4096,transpose=nt,type=bf16"));
  CHECK(has("llm-prefill", "gemm:m=2048,n=28672,k=4096,transpose=nt,type=f16"));
  CHECK(has("llm-decode", "gemm:m=1,n=4096,k=14336,transpose=nt,type=i8"));
  // DeepSeek-V3: (k, n) = (512, 32768) with m 64, 128, 4096.
  for (const std::string m : {"64", "128"}) {
    CHECK(has("llm-decode", "gemm:m=" + m + ",n=32768,k=512,transpose=nt,type=bf16"));
  }
  CHECK(has("llm-prefill", "gemm:m=4096,n=32768,k=512,transpose=nt,type=f16"));
  // MAE: 64 images of 50 tokens through ViT-B, of 197 through the decoder. CLIP: 16 images of 577.
  CHECK(has("ssl", "gemm:m=3200,n=3072,k=768,transpose=nt,type=f32"));
  CHECK(has("ssl", "gemm:m=12608,n=2048,k=512,transpose=nt,type=f16"));
  CHECK(has("ssl", "gemm:m=9232,n=4096,k=1024,transpose=nt,type=f16"));
}

TEST_CASE("DeepBench's column-major tuples are listed as the same memory read row-major") {
  // (m, n, k, a_t, b_t) as the source has them.
  CHECK(has("deepbench-train", "gemm:m=7000,n=1760,k=1760,type=f32"));               // 1760 7000 1760 n n
  CHECK(has("deepbench-train", "gemm:m=7133,n=1760,k=1760,transpose=tn,type=f32"));  // 1760 7133 1760 n t
  CHECK(has("deepbench-train", "gemm:m=16,n=512,k=500000,transpose=nt,type=f32"));   // 512 16 500000 t n
  CHECK(has("deepbench-server", "gemm:m=1500,n=8448,k=2816,type=i8"));               // 8448 1500 2816 n n
  CHECK(has("deepbench-device", "gemm:m=1,n=4224,k=128,type=f32"));                  // 4224 1 128 n n
}

TEST_CASE("DeepBench's convolutions and the networks' have the published sizes") {
  // w 700, h 161, c 1, n 4, k 32, filter 20 x 5 (width x height), stride 2.
  CHECK(has("deepbench-train", "convolution:n=4,c=1,h=161,w=700,k=32,r=5,s=20,stride=2,type=f32"));
  CHECK(has("deepbench-server", "convolution:n=1,c=64,h=6,w=60,k=128,r=3,s=3,pad=1,type=i8"));
  // ResNet-50 v1.5: the stride lies in the 3x3.
  CHECK(has("vision", "convolution:n=1,c=3,h=224,w=224,k=64,r=7,s=7,stride=2,pad=3,type=f32"));
  CHECK(has("vision", "convolution:n=32,c=128,h=56,w=56,k=128,r=3,s=3,stride=2,pad=1,type=f16"));
  CHECK(has("vision", "convolution:n=1,c=1024,h=14,w=14,k=2048,r=1,s=1,stride=2,type=i8"));
  CHECK(has("vision", "convolution:n=8,c=128,h=56,w=56,k=128,r=3,s=3,pad=1,groups=32,type=f32"));
  // wav2vec 2.0: ten seconds at 16 kHz, then (160000 - 10) / 5 + 1.
  CHECK(has("ssl", "convolution:n=8,c=1,h=1,w=160000,k=512,r=1,s=10,stride=1x5,type=f32"));
  CHECK(has("ssl", "convolution:n=8,c=512,h=1,w=31999,k=512,r=1,s=3,stride=1x2,type=f16"));
}
