// Planning: every selected case once, in a fixed order, and what is impossible named beforehand.
#include "bench/plan/plan.h"

#include <algorithm>
#include <random>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "tests/catch.h"

using namespace moat;

namespace {

constexpr std::size_t gib = std::size_t{1} << 30U;
const std::vector<Conditions> hot{Conditions{}};

ListedDevice host() {
  ListedDevice device;
  device.id = "host:0";
  device.info.traits.global_memory_bytes = 64 * gib;
  device.libraries = {{"library/onednn", "3"}, {"naive", "1"}};
  device.absent_libraries = {{"library/openblas", "libopenblas.so.0: not found"}};
  return device;
}

ListedDevice opencl(int index) {
  ListedDevice device;
  device.id = "opencl:" + std::to_string(index);
  device.info.traits.language = Language::opencl_c;
  device.info.traits.global_memory_bytes = 4 * gib;
  device.info.traits.max_allocation_bytes = 2 * gib;
  device.info.traits.max_group_size = 256;
  device.info.traits.max_group_shape = {256, 256, 256};
  device.info.traits.local_memory_bytes = 32768;
  device.libraries = {{"library/clblast", "1.5"}};
  return device;
}

const std::vector<ListedDevice>& devices() {
  static const std::vector<ListedDevice> all{host(), opencl(0), opencl(1)};
  return all;
}

Suite suite_of(const std::vector<std::string>& keys) {
  return suite_of_keys(keys);
}

std::vector<PlannedCase> plan(const Suite& suite, const Filters& filters = {}) {
  return plan_cases(suite, devices(), hot, filters);
}

std::vector<std::string> ids(const std::vector<PlannedCase>& cases) {
  std::vector<std::string> all;
  for (const PlannedCase& planned : cases) all.push_back(planned.identity.id());
  return all;
}

std::string error_of(const Suite& suite, const Filters& filters) {
  try {
    static_cast<void>(plan(suite, filters));
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

const Suite& two() {
  static const Suite suite = suite_of({"gemm:m=8,n=8,k=8", "gemm:m=9,n=9,k=9,type=i8"});
  return suite;
}

}  // namespace

TEST_CASE("every problem, device, implementation and condition meet exactly once") {
  std::mt19937 random(7);  // NOLINT: the same suites every time
  for (int round = 0; round < 20; ++round) {
    std::vector<std::string> keys;
    for (int i = 0; i < 10; ++i) {
      keys.push_back("gemm:m=" + std::to_string(i + 1) + ",n=" + std::to_string(1 + random() % 50) +
                     ",k=3,type=" + (random() % 2 == 0 ? "f32" : "f16"));
    }
    const Suite suite = suite_of(keys);
    Conditions other;
    other.seed = 2;
    const std::vector<Conditions> conditions{Conditions{}, other};
    const std::vector<PlannedCase> cases = plan_cases(suite, devices(), conditions, {});

    std::set<std::string> expected;
    for (const ListedDevice& device : devices()) {
      for (const std::string& implementation : implementation_names(device, find_operator("gemm"))) {
        for (const std::string& key : keys) {
          for (const Conditions& condition : conditions) {
            expected.insert(Case{device.id, implementation, key, condition}.id());
          }
        }
      }
    }
    const std::vector<std::string> planned = ids(cases);
    CHECK(std::set<std::string>(planned.begin(), planned.end()) == expected);
    CHECK(planned.size() == expected.size());
    CHECK(ids(plan_cases(suite, devices(), conditions, {})) == planned);
    for (const PlannedCase& one : cases) {
      CHECK(one.problem->key() == one.identity.problem);
      CHECK(devices()[one.device].id == one.identity.device);
    }
  }
}

TEST_CASE("cases go by device, then by problem in the suite's order") {
  std::vector<std::pair<std::string, std::string>> groups;
  for (const PlannedCase& planned : plan(two())) {
    const std::pair<std::string, std::string> group{planned.identity.device, planned.identity.problem};
    if (groups.empty() || groups.back() != group) groups.push_back(group);
  }
  const std::string first = "gemm:m=8,n=8,k=8,type=f32";
  const std::string second = "gemm:m=9,n=9,k=9,type=i8";
  CHECK(groups == std::vector<std::pair<std::string, std::string>>{{"host:0", first},
                                                                   {"host:0", second},
                                                                   {"opencl:0", first},
                                                                   {"opencl:0", second},
                                                                   {"opencl:1", first},
                                                                   {"opencl:1", second}});
}

TEST_CASE("a device without a language runs its libraries only; absent libraries are no cases") {
  CHECK(implementation_names(host(), find_operator("gemm")) ==
        std::vector<std::string>{"library/onednn", "naive"});
}

TEST_CASE("the project's kernels are named after the device's language") {
  const std::vector<std::string> names = implementation_names(opencl(0), find_operator("gemm"));
  CHECK(names.front() == "library/clblast");
  CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
  for (const Implementation& own : find_operator("gemm").implementations()) {
    const std::string expected = own.name == "naive" ? "naive" : std::string(own.name) + "/opencl";
    CHECK(std::count(names.begin(), names.end(), expected) == 1);
  }
}

TEST_CASE("what is known to be impossible says why before anything runs") {
  SECTION("more memory than the device has") {
    // A, B, C of 1.5 GiB each and guards.
    const Suite suite = suite_of({"gemm:m=20066,n=20066,k=20066"});
    for (const PlannedCase& planned : plan(suite)) {
      if (planned.identity.device == "host:0") {
        CHECK_FALSE(planned.unsupported);
      } else {
        REQUIRE(planned.unsupported);
        if (planned.identity.implementation == "library/clblast") {
          CHECK(planned.unsupported->reason == "needs 4.5 GiB, device has 4 GiB");
        }
      }
    }
  }
  SECTION("a larger allocation than the device allows") {
    const Suite suite = suite_of({"gemm:m=30000,n=1,k=30000"});
    Filters filters;
    filters.implementations = {"clblast"};
    const std::vector<PlannedCase> cases = plan(suite, filters);
    REQUIRE(cases[0].unsupported);
    CHECK(cases[0].unsupported->reason == "needs an allocation of 3.353 GiB, device allows 2 GiB");
  }
  SECTION("a cold cache of unknown size") {
    Conditions cold;
    cold.cache = Cache::cold;
    const std::vector<Conditions> conditions{cold};
    const std::vector<PlannedCase> cases = plan_cases(two(), devices(), conditions, {});
    REQUIRE(cases[0].unsupported);
    CHECK(cases[0].unsupported->reason == "cold cache: the device does not report the size of its cache");
  }
}

TEST_CASE("filters are globs; several of a kind mean any of them, kinds narrow each other") {
  Filters filters;
  SECTION("devices by id or by adapter") {
    filters.devices = {"opencl"};
    for (const PlannedCase& planned : plan(two(), filters)) CHECK(planned.identity.device != "host:0");
    filters.devices = {"host:0", "*:1"};
    std::set<std::string> seen;
    for (const PlannedCase& planned : plan(two(), filters)) seen.insert(planned.identity.device);
    CHECK(seen == std::set<std::string>{"host:0", "opencl:1"});
  }
  SECTION("implementations by name or by either part") {
    for (const char* pattern : {"library/onednn", "onednn", "library/one*"}) {
      filters.implementations = {pattern};
      const std::vector<PlannedCase> cases = plan(two(), filters);
      CHECK(cases.size() == 2);
      CHECK(cases[0].identity.implementation == "library/onednn");
    }
  }
  SECTION("problems by key in any spelling, types and operators") {
    filters.implementations = {"onednn"};
    filters.problems = {"gemm:k=8,m=8,n=8"};
    CHECK(plan(two(), filters).size() == 1);
    filters.problems = {"*m=?,*"};
    CHECK(plan(two(), filters).size() == 2);
    filters.types = {"i8"};
    filters.operators = {"gemm"};
    CHECK(plan(two(), filters).size() == 1);
  }
}

TEST_CASE("a filtered plan is the whole plan without what was filtered out") {
  Filters filters;
  filters.devices = {"opencl:1", "host"};
  filters.types = {"f32"};
  std::vector<std::string> expected;
  for (const PlannedCase& planned : plan(two())) {
    if (planned.identity.device != "opencl:0" && planned.problem->types().input == Type::f32) {
      expected.push_back(planned.identity.id());
    }
  }
  CHECK(ids(plan(two(), filters)) == expected);
}

TEST_CASE("a filter that matches nothing is an error with the nearest names") {
  Filters filters;
  SECTION("device") {
    filters.devices = {"opencl:0", "opencl:2"};
    CHECK(error_of(two(), filters) ==
          "no device matches 'opencl:2'. Did you mean opencl:0 or opencl:1? "
          "Choose from: host:0, opencl:0, opencl:1.");
  }
  SECTION("implementation") {
    filters.devices = {"host"};
    filters.implementations = {"library/onednm"};
    CHECK(error_of(two(), filters) ==
          "no implementation matches 'library/onednm'. Did you mean library/onednn? "
          "Choose from: library/onednn, naive.");
  }
  SECTION("a library that is absent, with the reason") {
    filters.devices = {"host"};
    filters.implementations = {"openblas"};
    CHECK(error_of(two(), filters) ==
          "no implementation matches 'openblas'. "
          "library/openblas is absent on host:0: libopenblas.so.0: not found. "
          "Choose from: library/onednn, naive.");
  }
  SECTION("operator") {
    filters.operators = {"gem"};
    CHECK(error_of(two(), filters) ==
          "no operator of suite command-line matches 'gem'. Did you mean gemm? Choose from: gemm.");
  }
  SECTION("type") {
    filters.types = {"i*", "bf16"};
    CHECK(error_of(two(), filters).find("no type of suite command-line matches 'bf16'.") == 0);
  }
  SECTION("problem") {
    filters.problems = {"gemm:m=8,n=8,k=9"};
    CHECK(error_of(two(), filters)
              .find("no problem of suite command-line matches 'gemm:m=8,n=8,k=9,type=f32'. Did you "
                    "mean gemm:m=8,n=8,k=8,type=f32") == 0);
  }
  SECTION("a malformed key") {
    filters.problems = {"gemm:m=x"};
    CHECK(error_of(two(), filters).find("gemm: m=x will not do") == 0);
  }
  SECTION("filters that exclude each other") {
    const Suite suite = suite_of({"gemm:m=8,n=8,k=8", "gemm:m=9,n=9,k=9,type=i8"});
    filters.problems = {"*m=8*"};
    filters.types = {"i8"};
    CHECK(error_of(suite, filters) ==
          "suite command-line has no case with problem *m=8* and type i8: each matches "
          "something, but no case matches all; omit one");
  }
}

TEST_CASE("a run without any implementation is an error, not an empty success") {
  ListedDevice bare;
  bare.id = "null:0";
  const std::vector<ListedDevice> only{bare};
  CHECK_THROWS_WITH(plan_cases(two(), only, hot, {}),
                    Catch::Matchers::ContainsSubstring("has no case on null:0: there is no implementation"));
}

TEST_CASE("the dry run tells each case with its expected work") {
  Filters filters;
  filters.devices = {"opencl:0"};
  filters.implementations = {"clblast"};
  const Suite suite = suite_of({"gemm:m=512,n=512,k=512", "gemm:m=9,n=9,k=9,type=i8"});
  std::vector<PlannedCase> cases = plan(suite, filters);
  cases.at(1).unsupported = Unsupported{"clblast: no i8"};
  const Json json = plan_json(cases);
  REQUIRE(json.size() == 2);
  CHECK(json[0].at("case") == "opencl:0/library/clblast/gemm:m=512,n=512,k=512,type=f32/normal/hot");
  CHECK(json[0].at("adapter") == "opencl");
  CHECK(json[0].at("types").at("accumulate") == "f32");
  CHECK(json[0].at("conditions").at("seed") == 1);
  CHECK(json[0].at("operations") == 2.0 * 512 * 512 * 512);
  CHECK(json[0].at("bytes") == 3.0 * 512 * 512 * 4);
  CHECK(json[0].at("status") == "planned");
  CHECK(json[1].at("status") == "unsupported");
  CHECK(json[1].at("reason") == "clblast: no i8");
}
