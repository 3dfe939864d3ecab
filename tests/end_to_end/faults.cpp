// What bad devices do: each fault of the null adapter ends as its own status, costs one case and no other,
// and leaves the rest of the run intact.
#include <algorithm>
#include <set>

#include "tests/catch.h"
#include "tests/end_to_end/program.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Fault {
  std::string name;
  std::string status;
  std::string reason;  // part of it
};

const std::vector<Fault> faults{
    {"lie", "wrong", "before timing: 1 of 64 checked outputs beyond their bound"},
    {"nan", "wrong", "before timing"},
    {"unwritten", "wrong", "before timing"},
    {"overrun", "wrong", "past the end of C"},
    {"underrun", "wrong", "before the start of C"},
    {"after", "wrong", "after timing"},
    {"crash", "crashed", "signal 11 (SIGSEGV) in phase 'first call'"},
    {"abort", "crashed", "signal 6 (SIGABRT)"},
    {"hang", "timed-out", "did not end within 2 s, in phase 'first call'"},
    {"error", "error", ""},
    {"oom", "out-of-memory", ""},
    {"toofast", "untrusted", "more than the device can do"},
};

std::string key(std::size_t n) {
  return "gemm:m=8,n=8,k=" + std::to_string(n) + ",type=f32";
}

}  // namespace

TEST_CASE("each fault is its own status and costs one case and no other") {
  // Honest problems stand before, between and after the faulty ones.
  std::string config = "rate=1e9";
  std::vector<std::string> arguments{"run",       "--device", "null:0",         "--json", "--quiet",
                                     "--timeout", "2",        "--case-seconds", "0.05"};
  const TemporaryFolder folder;
  arguments.insert(arguments.end(), {"--store", folder.store()});
  for (std::size_t i = 0; i < faults.size(); ++i) {
    config += ";" + faults[i].name + "@" + key(2 * i + 2);
    arguments.insert(arguments.end(), {"--problem", key(2 * i + 1), "--problem", key(2 * i + 2)});
  }
  arguments.insert(arguments.end(), {"--problem", key(99)});
  const Outcome outcome = moat_program(arguments, {{"MOAT_NULL_CONFIG", config}});
  INFO(outcome.errors);
  CHECK(outcome.status == 5);
  const Json records = outcome.json();
  REQUIRE(records.size() == 2 * faults.size() + 1);
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const Json& honest = records[2 * i];
    const Json& faulty = records[2 * i + 1];
    INFO(faults[i].name << ": " << faulty.dump());
    CHECK(honest.at("status") == "ok");
    CHECK(faulty.at("status") == faults[i].status);
    CHECK_THAT(faulty.at("reason").get<std::string>(), ContainsSubstring(faults[i].reason));
    CHECK_FALSE(faulty.at("reason").get<std::string>().empty());
    CHECK(faulty.at("operations_per_second").is_null());
    CHECK(faulty.at("provenance") == "emulated");
  }
  CHECK(records.back().at("status") == "ok");
}

TEST_CASE("a clock that is twenty times off is replaced by the slope of host time, and the record says so") {
  const TemporaryFolder folder;
  const Outcome outcome = moat_program({"run", "--device", "null:0", "--json", "--quiet", "--case-seconds",
                                        "0.05", "--problem", key(7), "--store", folder.store()},
                                       {{"MOAT_NULL_CONFIG", "rate=1e6;launch=0.001;clock20x@*"}});
  INFO(outcome.errors);
  REQUIRE(outcome.status == 0);
  const Json record = outcome.json().at(0);
  INFO(record.dump());
  CHECK(record.at("status") == "ok");
  CHECK_THAT(record.dump(), ContainsSubstring("host slope"));
  // 2·8·8·7 operations at 1e6 a second.
  CHECK(std::abs(record.at("median_seconds").get<double>() / 896e-6 - 1) < 0.01);
}

TEST_CASE("a device that fails in one case still serves the next device") {
  const TemporaryFolder folder;
  const Outcome outcome = moat_program({"run", "--device", "null", "--json", "--quiet", "--case-seconds",
                                        "0.05", "--problem", key(3), "--store", folder.store()},
                                       {{"MOAT_NULL_CONFIG", "devices=3;crash@*k=3,*"}});
  CHECK(outcome.status == 5);
  const Json records = outcome.json();
  REQUIRE(records.size() == 3);
  for (const Json& record : records) CHECK(record.at("status") == "crashed");
}

TEST_CASE("verify tells wrong from right and keeps nothing") {
  const std::string config = "lie@" + key(2) + ";crash@" + key(4);
  const Outcome outcome = moat_program({"verify", "--device", "null:0", "--quiet", "--problem", key(1),
                                        "--problem", key(2), "--problem", key(3), "--problem", key(4)},
                                       {{"MOAT_NULL_CONFIG", "rate=1e9;" + config}});
  INFO(outcome.errors);
  CHECK(outcome.status == 5);
  CHECK_THAT(outcome.output, ContainsSubstring("✗ 2/4") && ContainsSubstring("1 wrong, 1 crashed"));
  CHECK_THAT(outcome.output, ContainsSubstring(key(2) + " wrong: before timing"));
  CHECK_THAT(outcome.output, ContainsSubstring(key(4) + " crashed: "));
  const Outcome honest = moat_program({"verify", "--device", "null:0", "--quiet", "--problem", key(1)},
                                      {{"MOAT_NULL_CONFIG", "rate=1e9"}});
  CHECK(honest.status == 0);
  CHECK_THAT(honest.output, ContainsSubstring("✓ 1"));
}

TEST_CASE("empty problems are verified, and no run times them") {
  const std::vector<std::string> problems{"--problem", "gemm:m=5,n=7,k=0", "--problem", "gemm:m=0,n=7,k=3"};
  const auto on_every_device = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--quiet", "--implementation", "naive", "--implementation", "portable",
                                       "--implementation", "openblas"});
    arguments.insert(arguments.end(), problems.begin(), problems.end());
    return moat_program(arguments, {{"MOAT_NULL_CONFIG", "rate=1e9"}});
  };
  const Outcome verified = on_every_device({"verify"});
  INFO(verified.output << verified.errors);
  CHECK(verified.status == 0);
  CHECK_THAT(verified.output, ContainsSubstring("✓ 2 "));
  const TemporaryFolder folder;
  const Outcome run = on_every_device({"run", "--json", "--store", folder.store()});
  CHECK(run.status == 0);
  CHECK(run.json().size() >= 4);  // two problems, at least on the host and the null device
  for (const Json& record : run.json()) {
    CHECK(record.at("status") == "unsupported");
    CHECK_THAT(record.at("reason").get<std::string>(), ContainsSubstring("`moat verify` checks it"));
  }
}
