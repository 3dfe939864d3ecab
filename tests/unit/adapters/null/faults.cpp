// Each fault of the null device does what adapters/null/README.md says.
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <thread>

#include "base/error.h"
#include "tests/catch.h"
#include "tests/unit/adapters/null/device.h"

using namespace moat;

namespace {

bool is_near(double value, double wanted) {
  return std::fabs(value - wanted) <= 1e-3 * wanted;
}

// How a process ends that runs a problem under `config`; nothing if it is still running after a while.
std::optional<int> status_of_child(const std::string& config) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    NullRun run(config);
    run.time();
    _exit(0);
  }
  int status = 0;
  for (int i = 0; i < 100; ++i) {
    if (waitpid(child, &status, WNOHANG) == child) return status;
    std::this_thread::sleep_for(std::chrono::milliseconds(config.starts_with("hang") ? 2 : 100));
  }
  kill(child, SIGKILL);
  waitpid(child, &status, 0);
  return std::nullopt;
}

}  // namespace

TEST_CASE("lie makes one output wrong", "[null]") {
  NullRun run("lie@*");
  run.time();
  CHECK_FALSE(run.verdict().correct);
  CHECK(is_near(run.verdict().max_error, 1000));
}

TEST_CASE("nan puts a NaN into the outputs", "[null]") {
  NullRun run("nan@*");
  run.time();
  CHECK_FALSE(run.verdict().correct);
  CHECK(std::isinf(run.verdict().max_error));
}

TEST_CASE("unwritten leaves the poison", "[null]") {
  NullRun run("unwritten@*");
  run.time();
  CHECK(run.output() == NullRun::poison(run.output().size()));
}

TEST_CASE("overrun writes one element behind the output, underrun one byte before it", "[null]") {
  NullRun over("overrun@*");
  over.time();
  CHECK(over.broken_guard() == std::vector<std::int64_t>{48, 49, 50, 51});
  CHECK(over.verdict().correct);
  NullRun under("underrun@*");
  under.time();
  CHECK(under.broken_guard() == std::vector<std::int64_t>{-1});
}

TEST_CASE("overrun without a guard zone is refused instead of breaking the process", "[null]") {
  NullRun run("overrun@*");
  const auto exact = run.device.allocate(run.buffers[2]->bytes());
  run.pointers[2] = exact.get();
  CHECK_THROWS_AS(run.time(), DeviceError);
}

TEST_CASE("after is right for four executions and wrong from the fifth on", "[null]") {
  NullRun run("after@*");
  run.time(4);
  CHECK(run.verdict().correct);
  run.time(1);
  CHECK_FALSE(run.verdict().correct);
}

TEST_CASE("crash and abort end the process by their signals, hang does not end it", "[null]") {
  const auto signal_of = [](const std::string& config) {
    const std::optional<int> status = status_of_child(config);
    return status && WIFSIGNALED(*status) ? WTERMSIG(*status) : 0;
  };
  CHECK(signal_of("crash@*") == SIGSEGV);
  CHECK(signal_of("abort@*") == SIGABRT);
  CHECK_FALSE(status_of_child("hang@*").has_value());
  CHECK(status_of_child("crash@nothing") == std::optional(0));
}

TEST_CASE("error is thrown when run, oom when prepared, and others go on", "[null]") {
  NullRun broken("error@gemm:m=3,*");
  CHECK_THROWS_AS(broken.time(), DeviceError);
  NullRun full("oom@gemm:m=3,*");
  CHECK_THROWS_AS(full.prepare(), OutOfMemory);
  const auto other = parse_problem("gemm:m=2,n=2,k=2,type=f32");
  CHECK_NOTHROW(full.device.libraries()[0]->prepare(*other, full.pointers));
}

TEST_CASE("clock20x tells a twentieth on the device, toofast more than the ceiling on both clocks",
          "[null]") {
  NullRun slow("clock20x@*");
  const Timing skewed = slow.time(100);
  CHECK(is_near(skewed.device_seconds * 20, skewed.host_seconds));
  NullRun fast("toofast@*");
  const Timing timing = fast.time(100);
  CHECK(timing.device_seconds == timing.host_seconds);
  const double rate = fast.problem->work().operations * 100 / timing.device_seconds;
  CHECK(rate > fast.device.ceiling(fast.problem->types())->operations_per_second);
}

TEST_CASE("noise is the same in every process and drift grows", "[null]") {
  NullRun one("noise@*");
  NullRun two("noise@*");
  double lowest = 1;
  double highest = 0;
  for (int i = 0; i < 20; ++i) {
    const double seconds = one.time().device_seconds;
    CHECK(seconds == two.time().device_seconds);
    lowest = std::min(lowest, seconds);
    highest = std::max(highest, seconds);
  }
  CHECK(highest > 1.01 * lowest);
  CHECK(highest < 1.06 * lowest);
  NullRun drifting("drift@*");
  const double first = drifting.time().device_seconds;
  CHECK(is_near(drifting.time().device_seconds, 1.01 * first));
}
