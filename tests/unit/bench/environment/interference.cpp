// What else the machine did, from files of a machine that is not this one and a clock that is set.
#include "bench/environment/interference.h"

#include <fmt/format.h>

#include "tests/catch.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;

namespace {

/// A machine of two processors that this process may use, and its counters.
class FakeMachine {
 public:
  FakeMachine() {
    put("proc/self/status", "Name:\tmoat\nCpus_allowed_list:\t0-1\n");
    put("proc/stat",
        "cpu  1 1 1 1 1 1 1 0\ncpu0 1 1 1 1 1 1 1 0\ncpu1 1 1 1 1 1 1 1 0\ncpu2 1 1 1 1 1 1 1 0\n");
    thread(1, 0, 0);
    thread(2, 0, 0);
  }
  void put(const std::string& path, const std::string& text) const {
    write_file(folder_.path() / path, text);
  }
  void thread(int id, double ran_seconds, double waited_seconds, int interruptions = 0) const {
    put(fmt::format("proc/self/task/{}/schedstat", id),
        fmt::format("{:.0f} {:.0f} 7\n", ran_seconds * 1e9, waited_seconds * 1e9));
    put(fmt::format("proc/self/task/{}/status", id),
        fmt::format("Name:\tmoat\nnonvoluntary_ctxt_switches:\t{}\n", interruptions));
  }
  [[nodiscard]] Counters read() const {
    return InterferenceObserver(folder_.path(), [this] { return seconds; }).read();
  }
  double seconds = 100;

 private:
  static void write_file(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    test::write(path, text);
  }
  test::ScratchFolder folder_;
};

/// `count` samples of `seconds`.
Measurement samples(std::size_t count, double seconds) {
  Measurement made;
  made.samples_seconds.assign(count, seconds);
  return made;
}

}  // namespace

TEST_CASE("two threads that share one processor with a busy one disturb all samples of a barrier") {
  FakeMachine machine;
  const Counters before = machine.read();
  machine.seconds += 1;
  machine.thread(1, 1.0, 0);  // spins at the barrier
  machine.thread(2, 0.5, 0.5, 12);
  const Interference seen = between(before, machine.read());
  CHECK_THAT(seen.waited.value(), WithinAbs(0.5, 1e-6));
  CHECK(seen.interruptions == 12);
  CHECK_THAT(disturbance(seen, samples(125, 8e-3)).value(),
             ContainsSubstring("other processes used the processors") && ContainsSubstring("50 %"));
}

TEST_CASE("waiting that shows as samples far above the median leaves the median alone") {
  Interference seen;
  seen.seconds = 1;
  seen.waited = 0.3;
  Measurement measured = samples(100, 7e-3);
  for (std::size_t i = 0; i < 30; ++i) measured.samples_seconds[i] = 17e-3;  // 0.3 s in excess
  CHECK_FALSE(disturbance(seen, measured));
  CHECK(disturbance(seen, samples(100, 10e-3)));
}

TEST_CASE("mild load is no disturbance") {
  Interference seen;
  seen.seconds = 1;
  seen.waited = tolerated_interference;
  seen.pressure = 1;  // somebody waits somewhere on the machine
  seen.thermal_throttles = 3;
  CHECK_FALSE(disturbance(seen, samples(100, 10e-3)));
}

TEST_CASE("more threads than processors wait for each other, which is nobody's interference") {
  FakeMachine machine;
  for (int id = 1; id <= 8; ++id) machine.thread(id, 0, 0);
  const Counters before = machine.read();
  machine.seconds += 1;
  for (int id = 1; id <= 8; ++id) machine.thread(id, 0.25, 0.75);
  CHECK_THAT(between(before, machine.read()).waited.value(), WithinAbs(0, 1e-6));
}

TEST_CASE("threads that wait for each other while nobody else works are not disturbed") {
  FakeMachine machine;
  const Counters before = machine.read();
  machine.seconds += 1;
  machine.thread(1, 0.9, 0.1);
  machine.thread(2, 0.7, 0.3);
  // Idle for 40 of 200 ticks: the rest is this process' own.
  machine.put("proc/stat", "cpu0 1 1 1 31 1 1 1 0\ncpu1 1 1 1 11 1 1 1 0\n");
  CHECK_THAT(between(before, machine.read()).waited.value(), WithinAbs(0, 1e-6));
  machine.put("proc/stat", "cpu0 1 1 1 11 1 1 1 0\ncpu1 1 1 1 11 1 1 1 0\n");  // others had 20 ticks
  CHECK_THAT(between(before, machine.read()).waited.value(), WithinAbs(0.2, 1e-6));
}

TEST_CASE("a thread that is new counts from its beginning, one that has ended does not") {
  FakeMachine machine;
  machine.thread(9, 50, 50);
  const Counters before = machine.read();
  machine.seconds += 1;
  machine.thread(3, 0.1, 0.2);
  const Interference seen = between(before, machine.read());
  CHECK_THAT(seen.waited.value(), WithinAbs(0.2, 1e-6));
}

TEST_CASE("a quota that stops threads is told as what it is, also one of a group above") {
  FakeMachine machine;
  machine.put("proc/self/cgroup", "0::/inner\n");
  machine.put("sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
  machine.put("sys/fs/cgroup/cpu.stat", "nr_throttled 1\nthrottled_usec 1000000\n");
  machine.put("sys/fs/cgroup/inner/cpu.stat", "usage_usec 5\n");
  const Counters before = machine.read();
  machine.seconds += 2;
  machine.put("sys/fs/cgroup/cpu.stat", "nr_throttled 9\nthrottled_usec 2500000\n");
  const Interference seen = between(before, machine.read());
  CHECK_THAT(seen.throttled.value(), WithinAbs(0.75, 1e-6));
  CHECK_THAT(disturbance(seen, samples(100, 20e-3)).value(),
             ContainsSubstring("quota") && ContainsSubstring("75 %"));
}

TEST_CASE("version 1 of control groups counts nanoseconds") {
  FakeMachine machine;
  machine.put("proc/self/cgroup", "1:cpu,cpuacct:/box\n");
  machine.put("sys/fs/cgroup/cpu,cpuacct/box/cpu.stat", "nr_throttled 0\nthrottled_time 0\n");
  const Counters before = machine.read();
  machine.seconds += 1;
  machine.put("sys/fs/cgroup/cpu,cpuacct/box/cpu.stat", "nr_throttled 5\nthrottled_time 500000000\n");
  CHECK_THAT(between(before, machine.read()).throttled.value(), WithinAbs(0.5, 1e-6));
}

TEST_CASE("time that a hypervisor took counts on processors that this process may use") {
  FakeMachine machine;
  const Counters before = machine.read();
  machine.seconds += 1;
  machine.put("proc/stat",
              "cpu  1 1 1 1 1 1 1 90\ncpu0 1 1 1 1 1 1 1 20\ncpu1 1 1 1 1 1 1 1 0\ncpu2 1 1 1 1 1 1 1 70\n");
  const Interference seen = between(before, machine.read());
  CHECK_THAT(seen.stolen.value(), WithinAbs(0.2, 0.05));
  CHECK_THAT(disturbance(seen, samples(100, 10e-3)).value(), ContainsSubstring("hypervisor"));
}

TEST_CASE("a system that counts nothing disturbs nothing, and says nothing") {
  const test::ScratchFolder empty;
  double seconds = 0;
  const InterferenceObserver observer(empty.path(), [&] { return seconds; });
  const Counters before = observer.read();
  seconds = 1;
  const Interference seen = between(before, observer.read());
  CHECK_FALSE(seen.waited);
  CHECK_FALSE(seen.throttled);
  CHECK_FALSE(disturbance(seen, samples(100, 10e-3)));
  Circumstances circumstances;
  keep_note(seen, circumstances);
  CHECK(circumstances == Circumstances{});
}

TEST_CASE("files that hold anything else are not read as counters") {
  FakeMachine machine;
  machine.put("proc/self/task/1/schedstat", "a lot");
  machine.put("proc/self/task/x/schedstat", "");
  machine.put("proc/self/status", "Cpus_allowed_list:\t5-1,zwei,99999999\n");
  machine.put("proc/pressure/cpu", "some avg10=1.00 total=viel\n");
  const Counters read = machine.read();
  CHECK(read.threads.size() == 1);
  CHECK(read.processors == 0);
  CHECK_FALSE(read.pressure_seconds);
}

TEST_CASE("a note keeps the larger share and the sum of events") {
  Interference seen;
  seen.waited = 0.2;
  seen.interruptions = 3;
  Circumstances circumstances;
  keep_note(seen, circumstances);
  seen.waited = 0.1;
  keep_note(seen, circumstances);
  CHECK(circumstances.waited == 0.2);
  CHECK(circumstances.interruptions == 6);
}
