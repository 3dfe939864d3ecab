// A device's worker from both ends: it opens, runs, says what it has loaded, and dies alone.
#include "bench/worker/worker.h"

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>

#include "base/error.h"
#include "base/json.h"
#include "bench/worker/inventory.h"
#include "tests/catch.h"
#include "tests/unit/bench/machine.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

const OnPhase unheard = [](std::string_view) {};

Record blank(const std::string& problem) {
  Record record;
  record.identity = planned_case(problem).identity;
  record.suite = "suite-of-tests";
  record.workload = "a test";
  record.command = "moat run …";
  return record;
}

}  // namespace

TEST_CASE("a worker measures a case under its conditions and leaves the run's words as they were") {
  const NullMachine machine("devices=1");
  DeviceWorker worker(machine.devices[0], brief_worker());
  Record asked = blank("gemm:m=2,n=3,k=4,type=f16");
  asked.identity.conditions = {Data::integers, Cache::cold, 5};
  const Record record = worker.run(asked, unheard);
  INFO(record.reason);
  CHECK(record.status == Status::ok);
  CHECK(record.identity == asked.identity);
  CHECK(record.measurement);
  CHECK(record.suite == asked.suite);
  CHECK(record.workload == asked.workload);
  CHECK(record.command == asked.command);
}

TEST_CASE("the settings reach the runner in the worker's process") {
  const NullMachine machine("devices=1");
  WorkerSettings settings = brief_worker();
  settings.runner.limits.most_samples = 4;
  settings.runner.limits.cap_seconds = 100;
  SECTION("limits of sampling") {
    DeviceWorker worker(machine.devices[0], settings);
    CHECK(worker.run(blank("gemm:m=2,n=3,k=4,type=f32"), unheard).measurement->samples_seconds.size() == 4);
  }
  SECTION("a case's own cap") {
    settings.runner.limits.most_samples = 1000000;
    DeviceWorker worker(machine.devices[0], settings);
    RunRequest request;
    request.cap_seconds = 1e-3;
    const Record record = worker.run(blank("gemm:m=2,n=3,k=4,type=f32"), unheard, request);
    CHECK(record.measurement->samples_seconds.size() < 1000000);
    CHECK(record.measurement->warm_up_seconds < 1e-2);
  }
  SECTION("verification alone") {
    settings.runner.verify_only = true;
    DeviceWorker worker(machine.devices[0], settings);
    const Record record = worker.run(blank("gemm:m=2,n=3,k=4,type=f32"), unheard);
    CHECK(record.status == Status::ok);
    CHECK(record.verdict);
    CHECK_FALSE(record.measurement);
  }
}

TEST_CASE("a worker that dies costs one case, whose record tells the phase; the next gets a new one") {
  const NullMachine machine("devices=1;crash@*k=7,*;abort@*k=8,*");
  DeviceWorker worker(machine.devices[0], brief_worker());
  const Record crashed = worker.run(blank("gemm:m=2,n=3,k=7,type=f32"), unheard);
  CHECK(crashed.status == Status::crashed);
  CHECK_THAT(crashed.reason, ContainsSubstring("SIGSEGV") && ContainsSubstring("in phase 'first call'"));
  const Record aborted = worker.run(blank("gemm:m=2,n=3,k=8,type=f32"), unheard);
  CHECK_THAT(aborted.reason, ContainsSubstring("SIGABRT"));
  CHECK(worker.run(blank("gemm:m=2,n=3,k=9,type=f32"), unheard).status == Status::ok);
}

TEST_CASE("a worker that does not come back is ended, and the next case gets a new one") {
  const NullMachine machine("devices=1;hang@*k=7,*");
  WorkerSettings settings = brief_worker();
  settings.timeout_seconds = 5;
  DeviceWorker worker(machine.devices[0], settings);
  const Record hung = worker.run(blank("gemm:m=2,n=3,k=7,type=f32"), unheard);
  CHECK(hung.status == Status::timed_out);
  CHECK_THAT(hung.reason, ContainsSubstring("did not end within 5 s, in phase 'first call'"));
  CHECK(worker.run(blank("gemm:m=2,n=3,k=9,type=f32"), unheard).status == Status::ok);
}

TEST_CASE("a device that does not open ends its case with the reason") {
  const NullMachine machine("devices=1");
  ListedDevice device = machine.devices[0];
  SECTION("its index is gone") {
    device.id = "null:7";
    DeviceWorker worker(device, brief_worker());
    const Record record = worker.run(blank("gemm:m=2,n=3,k=4,type=f32"), unheard);
    CHECK(record.status == Status::error);
    CHECK_THAT(record.reason, ContainsSubstring("there is no null:7; the last device is null:0"));
  }
  SECTION("its adapter is not in this build") {
    device.id = "absent:0";
    DeviceWorker worker(device, brief_worker());
    CHECK_THAT(worker.run(blank("gemm:m=2,n=3,k=4,type=f32"), unheard).reason,
               ContainsSubstring("no adapter 'absent'"));
  }
  SECTION("the worker dies of it") {
    WorkerSettings settings = brief_worker();
    settings.executable = "/bin/false";
    DeviceWorker worker(device, settings);
    const Record record = worker.run(blank("gemm:m=2,n=3,k=4,type=f32"), unheard);
    CHECK(record.status == Status::crashed);
    CHECK_THAT(record.reason, ContainsSubstring("while opening the device"));
  }
}

TEST_CASE("a worker that cannot be started says nothing of the case") {
  const NullMachine machine("devices=1");
  WorkerSettings settings = brief_worker();
  settings.executable = GENERATE("/nonexistent/moat", "/bin/exits_with_127");
  const test::ScratchFolder folder;
  if (settings.executable == "/bin/exits_with_127") {  // as the dynamic linker where a library is missing
    settings.executable = folder / "worker";
    test::write(settings.executable,
                "#!/bin/sh\necho libx.so: cannot open shared object file >&2\nexit 127\n");
    std::filesystem::permissions(settings.executable, std::filesystem::perms::owner_all);
  }
  DeviceWorker worker(machine.devices[0], settings);
  CHECK_THROWS_AS(worker.run(blank("gemm:m=2,n=3,k=4,type=f32"), unheard), CannotStart);
}

TEST_CASE("what a worker wrote last stands in the reason") {
  const test::ScratchFolder folder;
  const NullMachine machine("devices=1");
  WorkerSettings settings = brief_worker();
  settings.executable = folder / "worker";
  test::write(
      settings.executable,
      "#!/bin/sh\necho 'LLVM ERROR: IO failure on output stream: No space left on device' >&2\nexit 1\n");
  std::filesystem::permissions(settings.executable, std::filesystem::perms::owner_all);
  DeviceWorker worker(machine.devices[0], settings);
  CHECK(worker.run(blank("gemm:m=2,n=3,k=4,type=f32"), unheard).reason ==
        "worker exited with status 1 while opening the device; its last words: LLVM ERROR: IO failure on "
        "output "
        "stream: No space left on device; free some space");
}

TEST_CASE("a worker whose last words tell of memory is out of memory, whatever its device") {
  const test::ScratchFolder folder;
  const NullMachine machine("devices=1");
  WorkerSettings settings = brief_worker();
  settings.executable = folder / "worker";
  test::write(settings.executable, "#!/bin/sh\necho 'LLVM ERROR: out of memory' >&2\nkill -ABRT $$\n");
  std::filesystem::permissions(settings.executable, std::filesystem::perms::owner_all);
  DeviceWorker worker(machine.devices[0], settings);
  const Record record = worker.run(blank("gemm:m=2,n=3,k=4,type=f32"), unheard);
  CHECK(record.status == Status::out_of_memory);
  CHECK_THAT(record.reason,
             ContainsSubstring("SIGABRT") && ContainsSubstring("free some memory or raise its limit"));
}

TEST_CASE("last words are one line without control characters, and their end is kept") {
  CHECK(last_line_text("").empty());
  CHECK(last_line_text("\n \t\n").empty());
  CHECK(last_line_text("one\x1b[31m\n\ntwo\n") == "one\xEF\xBF\xBD[31m two");
  const std::string shortened = last_line_text(std::string(5000, 'x') + "the cause");
  CHECK(shortened.size() < 320);
  CHECK_THAT(shortened, ContainsSubstring("…x") && ContainsSubstring("xthe cause"));
}

TEST_CASE("a figure of another device than the one that was asked for is none") {
  const NullMachine machine("devices=1");
  DeviceWorker worker(machine.devices[0], brief_worker());
  Record asked = blank("gemm:m=2,n=3,k=4,type=f32");
  asked.device_name = "A card that was here";
  asked.driver = "driver 1";
  const Record record = worker.run(asked, unheard);
  CHECK(record.status == Status::error);
  CHECK_FALSE(record.measurement);
  CHECK_THAT(record.reason,
             ContainsSubstring("null:0 is now Null device") && ContainsSubstring("not A card that was here"));
}

TEST_CASE("a living worker describes its process, a stopped one nothing") {
  const NullMachine machine("devices=1");
  DeviceWorker worker(machine.devices[0], brief_worker());
  CHECK_FALSE(worker.describe());
  CHECK(worker.run(blank("gemm:m=2,n=3,k=4,type=f32"), unheard).adapter == "null");
  const auto process = worker.describe();
  REQUIRE(process);
  CHECK(process->is_object());
  worker.stop();
  CHECK_FALSE(worker.describe());
  CHECK(worker.run(blank("gemm:m=2,n=3,k=4,type=f32"), unheard).status == Status::ok);
}

TEST_CASE("every adapter is listed in a process of its own, as its devices are") {
  const NullMachine machine("devices=2");
  const std::vector<ListedAdapter> adapters = take_inventory({.executable = MOAT_WORKER_PROGRAM});
  CHECK(adapters.size() == make_adapters().size());
  for (const ListedAdapter& adapter : adapters) {
    CHECK(adapter.devices.empty() != adapter.absence.empty());
    if (adapter.name != "null") continue;
    REQUIRE(adapter.devices.size() == 2);
    CHECK(adapter.devices[1].id == "null:1");
    CHECK(adapter.devices[1].info.name == "Null device 1");
  }
}

TEST_CASE("an adapter whose driver ends the process is absent, with how it ended") {
  for (const ListedAdapter& adapter : take_inventory({.executable = "/bin/false"})) {
    CHECK(adapter.devices.empty());
    CHECK_THAT(adapter.absence,
               ContainsSubstring("its driver ended the process that asked it: exited with status 1"));
  }
}

TEST_CASE("a device's id is its adapter and an index") {
  CHECK(split_device_id("opencl:12") == std::pair<std::string, std::size_t>("opencl", 12));
  const std::string id =
      GENERATE("", "opencl", "opencl:", "opencl:x", "opencl:1x", "opencl:-", "opencl:12345678");
  CHECK_THROWS_AS(split_device_id(id), UsageError);
}

TEST_CASE("a worker that was started by hand says so") {
  const int status = std::system(MOAT_WORKER_PROGRAM " worker 2>/dev/null 3>&- 4>&-");
  CHECK(WEXITSTATUS(status) == 2);
}
