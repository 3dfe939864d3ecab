// Whether this machine is the one that a run began on: what is refused, what is left open.
#include "bench/resume.h"

#include <filesystem>

#include "base/error.h"
#include "base/json.h"
#include "bench/environment/environment.h"
#include "bench/worker/inventory.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

ListedDevice device(const std::string& id, const std::string& name) {
  ListedDevice made;
  made.id = id;
  made.adapter = id.substr(0, id.find(':'));
  made.info.name = name;
  made.info.driver = "driver 1";
  made.info.identities = {"pci:0000:65:00.0"};
  made.libraries = {{.implementation = "library/x", .version = "X 1.0"}};
  return made;
}

PlannedCase planned(const std::string& on, int k) {
  PlannedCase made;
  made.problem = parse_problem("gemm:m=2,n=2,k=" + std::to_string(k) + ",type=f32");
  made.identity = {on, k == 1 ? "naive" : "library/x", made.problem->key(), {}};
  return made;
}

/// What a machine has, owned.
struct Machine {
  Suite suite;
  std::vector<ListedDevice> devices;
  std::vector<PlannedCase> cases;
  std::map<std::string, std::string> absences;
  [[nodiscard]] Here here() const { return {suite, devices, cases, absences}; }
};

/// Two devices with two cases each.
Machine machine_of_two() {
  Machine made;
  made.suite.name = "some";
  made.devices = {device("a:0", "Card A"), device("b:0", "Card B")};
  for (const char* id : {"a:0", "b:0"}) {
    for (const int k : {1, 2}) made.cases.push_back(planned(id, k));
  }
  return made;
}

RunInfo began(const Machine& machine, const Selection& selection = {}) {
  RunInfo info;
  info.id = "20261121T221530Z-3fa1";
  for (const ListedDevice& one : machine.devices) info.devices.push_back(run_device(one));
  info.environment = describe_environment(EnvironmentSources::of_this_process());
  info.system_id = info.environment->value("system_id", "");
  info.environment->update(beginning_json(selection, machine.here()));
  return info;
}

Record recorded(const std::string& on, int k, Status status = Status::ok) {
  Record made = test::good_record(on);
  made.identity = planned(on, k).identity;
  made.status = status;
  return made;
}

std::string refusal(const RunInfo& info, const Machine& machine, const std::vector<Record>& records = {}) {
  return test::failure_of([&] { require_same(info, machine.here(), records); });
}

}  // namespace

TEST_CASE("the same machine goes on") {
  const Machine machine = machine_of_two();
  CHECK(refusal(began(machine), machine).empty());
  CHECK(gone_devices(began(machine), machine.here(), {}, 1).empty());
  CHECK(changed_settings(began(machine)).empty());
}

TEST_CASE("another chip, driver or card under the same id is refused, with both names and the way out") {
  const Machine machine = machine_of_two();
  const RunInfo info = began(machine);
  Machine here = machine_of_two();
  SECTION("another chip") {
    here.devices[1].info.name = "Card C";
    CHECK_THAT(refusal(info, here),
               ContainsSubstring("b:0 is Card C (driver 1) now, and was Card B (driver 1)") &&
                   ContainsSubstring("start a new run"));
  }
  SECTION("another driver") {
    here.devices[1].info.driver = "driver 2";
    CHECK_THAT(refusal(info, here), ContainsSubstring("driver 2"));
  }
  SECTION("another card of the same name") {
    here.devices[1].info.identities = {"pci:0000:66:00.0"};
    CHECK_THAT(refusal(info, here), ContainsSubstring("another device of the same name"));
  }
  SECTION("two that changed places") {
    std::swap(here.devices[0].info, here.devices[1].info);
    CHECK_THAT(refusal(info, here), ContainsSubstring("a:0 is Card B"));
  }
  SECTION("another version of a library") {
    here.devices[0].libraries[0].version = "X 2.0";
    CHECK_THAT(refusal(info, here), ContainsSubstring("library/x of a:0 is X 2.0 now, and was X 1.0"));
  }
  SECTION("a library that has gone") {
    here.devices[0].libraries.clear();
    CHECK_THAT(refusal(info, here), ContainsSubstring("library/x of a:0 is not here"));
  }
}

TEST_CASE("a library without a case may change") {
  Machine machine = machine_of_two();
  std::erase_if(machine.cases,
                [](const PlannedCase& one) { return one.identity.implementation == "library/x"; });
  const RunInfo info = began(machine);
  machine.devices[0].libraries[0].version = "X 2.0";
  CHECK(refusal(info, machine).empty());
}

TEST_CASE("a device that the run has nothing to do with may change") {
  Machine machine = machine_of_two();
  std::erase_if(machine.cases, [](const PlannedCase& one) { return one.identity.device == "b:0"; });
  const RunInfo info = began(machine);
  machine.devices[1].info.name = "Card C";
  CHECK(refusal(info, machine).empty());
}

TEST_CASE("another suite, system or build is refused") {
  const Machine machine = machine_of_two();
  RunInfo info = began(machine);
  SECTION("suite") {
    (*info.environment)["suite_digest"] = "123456789abc";
    CHECK_THAT(refusal(info, machine), ContainsSubstring("suite 'some' has changed"));
  }
  SECTION("system") {
    info.system_id = "123456789abc";
    CHECK_THAT(refusal(info, machine), ContainsSubstring("another system"));
  }
  SECTION("build") {
    (*info.environment)["build"]["build_id"] = "00112233445566778899";
    CHECK_THAT(refusal(info, machine),
               ContainsSubstring("another build of moat") && ContainsSubstring("001122334455"));
  }
  SECTION("a run of a version that kept no build id") {
    (*info.environment)["build"].erase("build_id");
    CHECK(refusal(info, machine).empty());
  }
}

TEST_CASE("a device that has gone leaves its cases open, with the reason") {
  const RunInfo info = began(machine_of_two());
  Machine here = machine_of_two();
  here.devices.pop_back();
  here.absences["b"] = "libb.so: not found";
  CHECK(refusal(info, here).empty());
  CHECK(gone_devices(info, here.here(), std::vector{recorded("b:0", 1)}, 1) ==
        std::vector<std::string>{"1 case of b:0 is left, and the device is not here: libb.so: not found"});
  CHECK(gone_devices(info, here.here(), {}, 1).front().starts_with("2 cases of b:0 are left"));
  SECTION("rounds that are missing are left, too") {
    const std::vector records{recorded("b:0", 1), recorded("b:0", 2)};
    CHECK(gone_devices(info, here.here(), records, 1).empty());
    CHECK(gone_devices(info, here.here(), records, 3).front().starts_with("2 cases"));
  }
  SECTION("a case that failed is not measured again, one that was disturbed is") {
    CHECK(gone_devices(info, here.here(),
                       std::vector{recorded("b:0", 1, Status::wrong), recorded("b:0", 2, Status::disturbed)},
                       1)
              .front()
              .starts_with("1 case"));
  }
  SECTION("fewer devices of an adapter") {
    here.absences.clear();
    CHECK_THAT(gone_devices(info, here.here(), {}, 1).front(),
               ContainsSubstring("b has fewer devices than when"));
  }
  SECTION("a run of a version that did not count its cases") {
    RunInfo old = info;
    old.environment->erase("planned");
    CHECK_THAT(gone_devices(old, here.here(), {}, 1).front(), ContainsSubstring("cases of b:0 are left"));
  }
}

TEST_CASE("paths of the selection hold in any folder, names stay") {
  const Machine machine = machine_of_two();
  Selection selection;
  selection.suite = "./mine.toml";
  selection.kernel_dir = "kernels";
  selection.tuning = "none";
  const Selection kept = selection_of(began(machine, selection));
  CHECK(kept.suite == (std::filesystem::current_path() / "mine.toml").string());
  CHECK(kept.kernel_dir == (std::filesystem::current_path() / "kernels").string());
  CHECK(kept.tuning == "none");
  CHECK(selection_of(began(machine)).suite == "quick");
}

TEST_CASE("what a budget chose is kept, and stands where the devices are fewer") {
  const Machine machine = machine_of_two();
  Selection selection;
  CHECK(chosen_problems(began(machine, selection)).empty());
  selection.budget_seconds = 60;
  CHECK(chosen_problems(began(machine, selection)).size() == 2);
}

TEST_CASE("variables that are set otherwise are named on one line") {
  RunInfo info = began(machine_of_two());
  (*info.environment)["process"]["variables"]["OMP_MOAT_TEST"] = "2";
  CHECK(changed_settings(info) ==
        "the environment differs from that in which the run began: OMP_MOAT_TEST is no longer set");
}
