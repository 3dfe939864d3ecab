// The requirements notice what is wrong: each is held against a device that breaks it, and known failures are
// neither silent nor stale.
#include <algorithm>
#include <string>

#include "adapters/registry.h"
#include "base/error.h"
#include "tests/catch.h"
#include "tests/conformance/defects.h"
#include "tests/conformance/known_failures.h"
#include "tests/unit/adapters/environment.h"

using namespace moat;
using namespace moat::conformance;

namespace {

// The first device that satisfies `wanted`, with a defect.
struct Patient {
  template <class Wanted>
  Patient(Defect defect, Wanted wanted) {
    for (auto& candidate : make_adapters()) {
      const Discovery found = candidate->discover();
      for (std::size_t i = 0; i < found.devices.size(); ++i) {
        if (!wanted(found.devices[i])) continue;
        adapter = std::move(candidate);
        auto device = std::make_unique<DefectiveDevice>(adapter->open(i), adapter->open(i), defect);
        subject.emplace(Subject{*adapter, i, found.devices[i], std::move(device)});
        return;
      }
    }
  }
  std::unique_ptr<Adapter> adapter;
  std::optional<Subject> subject;
};

bool is_null(const DeviceInfo& info) {
  return info.platform == "null";
}
bool has_compiler(const DeviceInfo& info) {
  return info.traits.language == Language::opencl_c;
}

const Requirement& find_requirement(std::string_view name) {
  static const std::vector<Requirement> all = requirements();
  const auto found = std::ranges::find_if(all, [&](const Requirement& r) { return r.name == name; });
  REQUIRE(found != all.end());
  return *found;
}

struct Pair {
  Defect defect;
  std::string_view requirement;
};

}  // namespace

TEST_CASE("a healthy device breaks no requirement", "[conformance]") {
  const EnvironmentVariable config("MOAT_NULL_CONFIG", "devices=1");
  for (const Requirement& requirement : requirements()) {
    Patient patient(Defect::none, is_null);
    REQUIRE(patient.subject);
    const Outcome outcome = judge(requirement, *patient.subject, {});
    INFO(requirement.name << ": " << outcome.report);
    CHECK(outcome.is_fine);
  }
}

TEST_CASE("requirements notice devices that break them", "[conformance]") {
  const EnvironmentVariable config("MOAT_NULL_CONFIG", "devices=1");
  for (const auto& [defect, name] : {
           Pair{Defect::blank_name, "a device describes itself"},
           Pair{Defect::blank_name, "opening gives the device that was discovered"},
           Pair{Defect::own_identity, "what names the physical device is spelt as everywhere"},
           Pair{Defect::clock_without_resolution, "a clock has a name and a resolution"},
           Pair{Defect::ceiling_without_source, "a ceiling is positive and says where it comes from"},
           Pair{Defect::library_absent_without_reason,
                "libraries have names and versions, absent ones reasons"},
           Pair{Defect::short_write, "what is written is read back at any offset"},
           Pair{Defect::long_buffer, "what is written is read back at any offset"},
           Pair{Defect::long_buffer, "copies past the end are out of range and change nothing"},
           Pair{Defect::shared_buffers, "buffers do not touch each other"},
           Pair{Defect::shifted_view, "a view is a part of its parent"},
           Pair{Defect::shifted_view, "a view of a view is a part of both"},
           Pair{Defect::long_view, "a view ends where it says"},
           Pair{Defect::endless_memory, "impossible allocations are OutOfMemory"},
           Pair{Defect::foreign_objects, "buffers of other devices are refused"},
           Pair{Defect::foreign_objects, "one byte can be allocated"},
           Pair{Defect::reversed_rotation, "a library's executables rotate on their own buffers"},
       }) {
    Patient patient(defect, is_null);
    REQUIRE(patient.subject);
    INFO(name);
    CHECK_FALSE(judge(find_requirement(name), *patient.subject, {}).is_fine);
  }
}

TEST_CASE("requirements notice devices that launch kernels wrongly", "[conformance]") {
  for (const auto& [defect, name] : {
           Pair{Defect::silent_compiler, "what does not compile is a CompileError with the log"},
           Pair{Defect::no_kernel, "what does not compile is a CompileError with the log"},
           Pair{Defect::no_kernel, "time runs exactly as many executions as it is asked for"},
           Pair{Defect::extra_execution, "time runs exactly as many executions as it is asked for"},
           Pair{Defect::missing_execution, "time runs exactly as many executions as it is asked for"},
           Pair{Defect::reversed_rotation, "a rotation runs cyclically and in order"},
           Pair{Defect::extra_execution, "a rotation shares any number of executions"},
           Pair{Defect::missing_execution, "a rotation shares any number of executions"},
           Pair{Defect::reversed_rotation, "a rotation shares any number of executions"},
           Pair{Defect::same_time, "more executions take longer, by both clocks"},
           Pair{Defect::silent_refusals, "a launch that fits neither its kernel nor the device is refused"},
           Pair{Defect::reversed_launches, "launches see the writes of those before them"},
           Pair{Defect::lost_groups, "every work-item of every group runs once"},
           Pair{Defect::lost_sign, "arguments arrive in order and with their signs"},
           Pair{Defect::first_constants, "constants belong to one compilation"},
           Pair{Defect::shifted_view, "kernels take views for buffers"},
           Pair{Defect::shifted_view, "kernels take views of views for buffers"},
           Pair{Defect::time_for_nothing, "an executable without launches takes no device time"},
       }) {
    Patient patient(defect, has_compiler);
    if (!patient.subject) {
      WARN("not exercised: no device here compiles kernels");
      return;
    }
    INFO(name);
    CHECK_FALSE(judge(find_requirement(name), *patient.subject, {}).is_fine);
  }
}

TEST_CASE("requirements notice libraries that compute wrongly", "[conformance]") {
  constexpr std::string_view computes = "what a library supports it computes, whatever was there before";
  for (const auto& [fault, name] : std::initializer_list<std::pair<std::string, std::string_view>>{
           {"lie", computes},
           {"nan", computes},
           {"unwritten", computes},
           {"overrun", computes},
           {"underrun", computes},
           {"error", "a library's executable outlives its problem"},
           {"oom", "preparing writes no output"},
           {"unwritten", "a library reads its inputs when it runs"}}) {
    const EnvironmentVariable config("MOAT_NULL_CONFIG", fault + "@*");
    Patient patient(Defect::none, is_null);
    REQUIRE(patient.subject);
    INFO(fault << " against: " << name);
    CHECK_FALSE(judge(find_requirement(name), *patient.subject, {}).is_fine);
  }
}

TEST_CASE("a known failure is fine while it happens and stale when it does not", "[conformance]") {
  const EnvironmentVariable config("MOAT_NULL_CONFIG", "devices=1");
  const Requirement& requirement = find_requirement("a view is a part of its parent");
  const std::vector<KnownFailure> known = parse_known_failures(
      "# none\n\na view is a part of its parent | Null* | the vendor knows\n", requirements());
  REQUIRE(known.size() == 1);

  Patient broken(Defect::shifted_view, is_null);
  const Outcome excused = judge(requirement, *broken.subject, known);
  CHECK(excused.is_fine);
  CHECK_THAT(excused.report, Catch::Matchers::ContainsSubstring("the vendor knows"));

  Patient healthy(Defect::none, is_null);
  const Outcome stale = judge(requirement, *healthy.subject, known);
  CHECK_FALSE(stale.is_fine);
  CHECK_THAT(stale.report, Catch::Matchers::ContainsSubstring("stale"));

  const std::vector<KnownFailure> elsewhere =
      parse_known_failures("a view is a part of its parent | Other* | reason", requirements());
  CHECK_FALSE(judge(requirement, *broken.subject, elsewhere).is_fine);
}

TEST_CASE("a known failure of a requirement that does not apply is stale", "[conformance]") {
  const EnvironmentVariable config("MOAT_NULL_CONFIG", "devices=1");
  const auto known = parse_known_failures("kernels take views for buffers | * | reason", requirements());
  Patient patient(Defect::none, is_null);
  CHECK_FALSE(judge(find_requirement("kernels take views for buffers"), *patient.subject, known).is_fine);
}

TEST_CASE("known failures without a reason or of no requirement are errors", "[conformance]") {
  const auto parse = [](std::string_view text) { return parse_known_failures(text, requirements()); };
  CHECK_THROWS_AS(parse("a view is a part of its parent | *"), UsageError);
  CHECK_THROWS_AS(parse("a view is a part of its parent | * | "), UsageError);
  CHECK_THROWS_WITH(parse("\na view is part of its parent | * | reason"),
                    Catch::Matchers::ContainsSubstring("known_failures:2") &&
                        Catch::Matchers::ContainsSubstring("Did you mean a view is a part of its parent"));
}
