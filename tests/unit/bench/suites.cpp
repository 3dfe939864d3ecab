// The built-in suites: they parse, hold what docs/suites.md says, and what the project promises of them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "bench/suite.h"
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

}  // namespace

TEST_CASE("every built-in suite parses, is named like its file and says what its problems are for") {
  CHECK(suite_names().size() >= 6);
  for (const std::string& name : suite_names()) {
    CAPTURE(name);
    const Suite suite = load_suite(name);
    CHECK(suite.name == name);
    CHECK(suite.problems.size() >= 10);
    CHECK(suite.case_seconds <= 2);
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

TEST_CASE("DeepBench's column-major tuples are listed as the same memory read row-major") {
  const auto has = [](const std::string& suite, const std::string& key) {
    const std::vector<SuiteProblem> problems = load_suite(suite).problems;
    return std::any_of(problems.begin(), problems.end(),
                       [&](const SuiteProblem& entry) { return entry.problem->key() == key; });
  };
  // (m, n, k, a_t, b_t) as the source has them.
  CHECK(has("deepbench-train", "gemm:m=7000,n=1760,k=1760,type=f32"));               // 1760 7000 1760 n n
  CHECK(has("deepbench-train", "gemm:m=7133,n=1760,k=1760,transpose=tn,type=f32"));  // 1760 7133 1760 n t
  CHECK(has("deepbench-train", "gemm:m=16,n=512,k=500000,transpose=nt,type=f32"));   // 512 16 500000 t n
  CHECK(has("deepbench-server", "gemm:m=1500,n=8448,k=2816,type=i8"));               // 8448 1500 2816 n n
  CHECK(has("deepbench-device", "gemm:m=1,n=4224,k=128,type=f32"));                  // 4224 1 128 n n
}
