// The runner in this process:
// every outcome is a status, on the host's threads and on the null adapter's faults.
#include "bench/measure/runner.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>

#include "adapters/registry.h"
#include "results/figures.h"
#include "tests/catch.h"
#include "tests/unit/adapters/front_device.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

const SamplingLimits brief{.warm_up_seconds = 0.01, .cap_seconds = 0.02};

struct Opened {
  explicit Opened(std::string_view adapter_name) {
    for (auto& candidate : make_adapters()) {
      if (candidate->name() == adapter_name) adapter = std::move(candidate);
    }
    REQUIRE(adapter);
    device = adapter->open(0);
    runner =
        std::make_unique<Runner>(*device, std::string(adapter_name), RunnerSettings{brief, std::nullopt});
  }
  [[nodiscard]] Record run(const std::string& implementation, const std::string& problem,
                           Conditions conditions = {}) const {
    return runner->run({"test:0", implementation, problem, conditions}, [](std::string_view) {});
  }
  std::unique_ptr<Adapter> adapter;
  std::unique_ptr<Device> device;
  std::unique_ptr<Runner> runner;
};

Opened null_with(const std::string& config) {
  setenv("MOAT_NULL_CONFIG", config.c_str(), 1);
  return Opened("null");
}

/// Another device with a small last-level cache, so that few buffers make it cold; counts how often each
/// executable of its rotation runs.
class Counting final : public test::FrontDevice {
 public:
  Counting(Device& inner, std::size_t cache_bytes)
      : FrontDevice(with_cache(inner.info(), cache_bytes), inner) {}

  std::map<Executable*, std::size_t> runs;

 protected:
  [[nodiscard]] Timing do_time(std::span<Executable* const> rotation, std::size_t count) override {
    for (std::size_t i = 0; i < count; ++i) ++runs[rotation[i % rotation.size()]];
    return FrontDevice::do_time(rotation, count);
  }

 private:
  static DeviceInfo with_cache(DeviceInfo info, std::size_t bytes) {
    info.traits.last_level_cache_bytes = bytes;
    return info;
  }
};

/// A library of another device, whose runtime grants fewer threads than the library was told of.
class ShortOfThreads final : public Library {
 public:
  explicit ShortOfThreads(Library& inner) : inner_(inner) {}
  [[nodiscard]] std::string implementation() const override { return "library/short"; }
  [[nodiscard]] std::string version() const override { return "short 1"; }
  [[nodiscard]] LibraryUse use() const override { return {2, 2, 1, "old core", {"it has old kernels"}}; }
  [[nodiscard]] bool has_operator(std::string_view name) const override { return inner_.has_operator(name); }
  [[nodiscard]] std::optional<Unsupported> supports(const Problem& problem) const override {
    return inner_.supports(problem);
  }

 protected:
  [[nodiscard]] std::unique_ptr<Executable> do_prepare(const Problem& problem,
                                                       std::span<Buffer* const> buffers) override {
    return inner_.prepare(problem, buffers);
  }

 private:
  Library& inner_;
};

class WithShortLibrary final : public test::FrontDevice {
 public:
  explicit WithShortLibrary(Device& inner) : FrontDevice(inner.info(), inner) {
    Library& library = *inner.libraries().front();
    add_library("library/short", std::unique_ptr<Library>(std::make_unique<ShortOfThreads>(library)));
  }
};

/// What the system counts, one reading after another; the last one stays. In the first attempts of a case a
/// thread waits for half of the time.
class Readings {
 public:
  explicit Readings(int disturbed_attempts) : disturbed_(disturbed_attempts) {}
  Counters operator()() {
    const bool is_end = readings_++ % 2 == 1;
    Counters made;
    made.seconds = static_cast<double>(readings_);
    made.processors = 2;
    made.threads["1"] = {0, is_end && readings_ / 2 <= disturbed_ ? 0.5 : 0, 0};
    return made;
  }
  [[nodiscard]] int attempts() const { return readings_ / 2; }

 private:
  int disturbed_;
  int readings_ = 0;
};

/// The host's own loops, with a cap that does not end the attempts.
Record under(Readings& readings, const std::string& adapter = "host") {
  const Opened opened(adapter);
  RunnerSettings settings{brief, std::nullopt};
  settings.limits.cap_seconds = 100;
  settings.limits.most_samples = 10;
  Runner runner(*opened.device, adapter, settings, {[&] { return readings(); }, {"a quota"}});
  return runner.run({"test:0", "naive", "gemm:m=8,n=8,k=8,type=f32", {}}, [](std::string_view) {});
}

}  // namespace

TEST_CASE("a case is measured again where something else ran, and is ok once nothing does") {
  Readings readings(2);
  const Record record = under(readings);
  INFO(record.reason);
  CHECK(record.status == Status::ok);
  CHECK(readings.attempts() == 3);
  CHECK(record.circumstances->disturbed_attempts == 2);
  CHECK(record.circumstances->waited == 0);
  CHECK(record.circumstances->remarks == std::vector<std::string>{"a quota"});
}

TEST_CASE("a case that stays disturbed keeps its samples and the cause, and is no result") {
  Readings readings(100);
  const Record record = under(readings);
  CHECK(record.status == Status::disturbed);
  CHECK(readings.attempts() == 4);
  CHECK_THAT(record.reason, ContainsSubstring("50 %"));
  CHECK(record.circumstances->waited == 0.5);
  CHECK(record.measurement->samples_seconds.size() == 10);
  CHECK(record.verdict->correct);
  CHECK_FALSE(figures(record).interval_seconds);
  CHECK_FALSE(figures(record).operations_per_second);
}

TEST_CASE("a library that lacks threads it was told of is not to blame for its result") {
  const Opened null = null_with("rate=1e9;lie@*k=2,*");
  WithShortLibrary device(*null.device);
  Runner runner(device, "null", {brief, std::nullopt});
  const auto run = [&](const std::string& problem) {
    return runner.run({"test:0", "library/short", problem, {}}, [](std::string_view) {});
  };
  const Record blamed = run("gemm:m=4,n=4,k=2,type=f32");
  CHECK(blamed.status == Status::error);
  CHECK_THAT(blamed.reason, ContainsSubstring("was told of 2 threads and got 1"));
  const Record right = run("gemm:m=4,n=4,k=3,type=f32");
  INFO(right.reason);
  CHECK(right.status == Status::ok);
  CHECK(right.circumstances->threads_asked == 2);
  CHECK(right.circumstances->threads_granted == 1);
  CHECK(right.circumstances->kernels == "old core");
  CHECK(right.circumstances->remarks == std::vector<std::string>{"it has old kernels"});
}

TEST_CASE("the attempts share the case's cap") {
  Readings readings(100);
  const Opened host("host");
  RunnerSettings settings{brief, std::nullopt};
  settings.limits.cap_seconds = 1e-9;
  Runner runner(*host.device, "host", settings, {[&] { return readings(); }, {}});
  const Record record =
      runner.run({"test:0", "naive", "gemm:m=8,n=8,k=8,type=f32", {}}, [](std::string_view) {});
  CHECK(record.status == Status::disturbed);
  CHECK(readings.attempts() == 1);
}

TEST_CASE("what is emulated or has a clock of its own is not judged by this machine's load") {
  setenv("MOAT_NULL_CONFIG", "devices=1", 1);
  Readings readings(100);
  const Record record = under(readings, "null");
  INFO(record.reason);
  CHECK(record.status == Status::ok);
}

TEST_CASE("the host's own loops are measured and verified in every type") {
  const Opened host("host");
  const std::string type = GENERATE(as<std::string>{}, "f64", "f32", "f16", "bf16", "i8");
  const Record record = host.run("naive", "gemm:m=33,n=17,k=29,type=" + type);
  INFO(record.reason);
  REQUIRE(record.status == Status::ok);
  CHECK(record.provenance == Provenance::measured);
  CHECK(record.measurement->samples_seconds.size() >= 3);
  CHECK(record.verdict->correct);
  CHECK(record.verdict->checked == 33 * 17);
  CHECK(record.effort->kernel_seconds + record.effort->verify_seconds <= record.effort->total_seconds);
}

TEST_CASE("a cold cache rotates over buffers and is verified in all of them") {
  const Opened null = null_with("rate=1e9");
  const Record record = null.run("naive", "gemm:m=32,n=32,k=32,type=f32", {Data::normal, Cache::cold, 1});
  INFO(record.reason);
  if (null.device->info().traits.last_level_cache_bytes == 0) {
    CHECK(record.status == Status::unsupported);
    CHECK_THAT(record.reason, ContainsSubstring("the size of its cache"));
  } else {
    CHECK(record.status == Status::ok);
  }
  const Opened host("host");
  Counting device(*host.device, std::size_t{1} << 20U);
  Runner runner(device, "host", {brief, std::nullopt});
  CHECK(runner
            .run({"host:0", "naive", "gemm:m=256,n=256,k=16,type=f32", {Data::normal, Cache::cold, 1}},
                 [](std::string_view) {})
            .status == Status::ok);
  CHECK(device.runs.size() == 8);  // 1 + 2 · 1 MiB / (4 · (2 · 256 · 16 + 256 · 256) bytes)
}

TEST_CASE("cold batches of one go round all buffers instead of meeting the first again") {
  // Executions of a millisecond: batches of one.
  const Opened null = null_with("rate=8e6");
  Counting device(*null.device, 4096);
  Runner runner(device, "null", {brief, std::nullopt});
  const Record record =
      runner.run({"null:0", "naive", "gemm:m=16,n=16,k=16,type=f32", {Data::normal, Cache::cold, 1}},
                 [](std::string_view) {});
  REQUIRE(record.status == Status::ok);
  CHECK(record.measurement->batch == 1);
  REQUIRE(device.runs.size() == 3);  // 1 + 2 · 4096 / (3 · 1024)
  std::size_t least = SIZE_MAX;
  std::size_t most = 0;
  for (const auto& [executable, count] : device.runs) {
    least = std::min(least, count);
    most = std::max(most, count);
  }
  CHECK(most - least <= 1);
}

TEST_CASE("what goes wrong is a status and the runner goes on") {
  const Opened null =
      null_with("rate=1e9;lie@*k=2,*;after@*k=3,*;oom@*k=4,*;error@*k=5,*;overrun@*k=6,*;toofast@*k=7,*");
  const auto status = [&](const std::string& k) {
    return null.run("naive", "gemm:m=4,n=4,k=" + k + ",type=f32").status;
  };
  CHECK(status("1") == Status::ok);
  CHECK(status("2") == Status::wrong);
  CHECK(status("3") == Status::wrong);
  CHECK(status("4") == Status::out_of_memory);
  CHECK(status("5") == Status::error);
  CHECK(status("6") == Status::wrong);
  CHECK(status("7") == Status::untrusted);
  CHECK(status("1") == Status::ok);
}

TEST_CASE("an implementation the device does not have is an error that names those it has") {
  const Opened null = null_with("rate=1e9");
  const Record record = null.run("library/cublas", "gemm:m=4,n=4,k=4,type=f32");
  CHECK(record.status == Status::error);
  CHECK_THAT(record.reason, ContainsSubstring("naive"));
}

TEST_CASE("an untrusted or wrong measurement is kept, and its error reported") {
  const Opened null = null_with("rate=1e9;after@*k=3,*;toofast@*k=7,*");
  CHECK(null.run("naive", "gemm:m=4,n=4,k=7,type=f32").measurement);
  const Record late = null.run("naive", "gemm:m=4,n=4,k=3,type=f32");
  CHECK(late.measurement);
  CHECK(late.verdict->max_error > late.verdict->tolerance);
  CHECK_THAT(late.reason, ContainsSubstring("after timing"));
}

TEST_CASE("sampling is capped by the settings, unless a request has a cap of its own") {
  const Opened null = null_with("rate=1e9");
  RunnerSettings settings;
  settings.limits = {.warm_up_seconds = 0.01, .cap_seconds = 1e9, .precision = -1, .most_samples = 30};
  Runner runner(*null.device, "null", settings);
  const Case identity{"test:0", "naive", "gemm:m=32,n=32,k=32,type=f32", {}};
  const auto samples = [&](const RunRequest& request) {
    const Record record = runner.run(
        identity, [](std::string_view) {}, request);
    INFO(record.reason);
    REQUIRE(record.measurement);
    return record.measurement->samples_seconds.size();
  };
  CHECK(samples({}) == 30);
  CHECK(samples({.cap_seconds = 1e-9}) == 3);
  CHECK(samples({.cap_seconds = 1e-9, .round = 1, .rounds = 2}) == 2);
  CHECK(samples({.cap_seconds = 1e-9, .round = 3, .rounds = 3}) == 1);
}

TEST_CASE("a later round is verified after timing only") {
  const Opened null = null_with("rate=1e9;lie@*k=2,*");
  const auto run = [&](std::uint64_t round) {
    std::vector<std::string> phases;
    const RunRequest request{.round = round, .rounds = 2};
    const Record record = null.runner->run(
        {"test:0", "naive", "gemm:m=4,n=4,k=2,type=f32", {}},
        [&](std::string_view phase) { phases.emplace_back(phase); }, request);
    CHECK(record.status == Status::wrong);
    return std::pair(record.reason, phases);
  };
  const auto [first, first_phases] = run(1);
  CHECK_THAT(first, ContainsSubstring("before timing"));
  CHECK(first_phases == std::vector<std::string>{"inputs", "prepare", "first call", "verify"});
  const auto [second, second_phases] = run(2);
  CHECK_THAT(second, ContainsSubstring("after timing"));
  CHECK(second_phases.back() == "verify again");
}

TEST_CASE("what is unsupported is told before its inputs are made") {
  const Opened null = null_with("rate=1e9");
  std::vector<std::string> phases;
  const Record record = null.runner->run({"test:0", "naive", "stream:op=copy,n=1,type=f32", {}},
                                         [&](std::string_view phase) { phases.emplace_back(phase); });
  CHECK(record.status == Status::unsupported);
  CHECK(record.operator_name == "stream");
  CHECK(phases.empty());
}

TEST_CASE("a long sum that is cut short is wrong even if it is the only output") {
  const Opened opened = null_with("cut@*");
  const Record record = opened.run("naive", "gemm:m=1,n=1,k=100000,type=f32");
  CHECK(record.status == Status::wrong);
  CHECK_FALSE(record.measurement);
}

TEST_CASE("data that hides every fault does not hide it: normal data decides") {
  const Opened opened = null_with("cut@*k=64*");
  const Conditions zeros{.data = Data::zeros};
  const Record cut = opened.run("naive", "gemm:m=8,n=8,k=64,type=f32", zeros);
  CHECK(cut.status == Status::wrong);
  CHECK_THAT(cut.reason, ContainsSubstring("before timing, on normal data"));
  CHECK(opened.run("naive", "gemm:m=8,n=8,k=32,type=f32", zeros).status == Status::ok);
}

TEST_CASE("a single narrow output is accepted after further inputs, and the record says how surely") {
  const Opened opened("host");
  const Record record = opened.run("naive", "gemm:m=1,n=1,k=64,type=bf16");
  INFO(record.reason);
  CHECK(record.status == Status::ok);
  CHECK(record.verdict->false_acceptance > 0);
  CHECK(record.verdict->false_acceptance < 1e-5);
}
