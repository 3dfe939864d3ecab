// What the person at the terminal meets: help that teaches, one clear error for bad input, output that pipes,
// stable exit codes, and the documented JSON.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/catch.h"
#include "tests/end_to_end/program.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::map<std::string, std::string> honest{{"MOAT_NULL_CONFIG", "rate=1e9"}};

std::vector<std::string> quick_run(const std::string& store,
                                   const std::string& problem = "gemm:m=4,n=5,k=6,type=f32") {
  return {"run",  "--device",  "null:0", "--quiet", "--case-seconds",
          "0.01", "--problem", problem,  "--store", store};
}

}  // namespace

TEST_CASE("every command explains itself with examples") {
  for (const std::string command : {"devices", "list", "run", "tune", "show", "runs", "gap", "breakeven",
                                    "metrics", "chips", "import", "rebuild"}) {
    const Outcome outcome = moat_program({command, "--help"});
    INFO(command);
    CHECK(outcome.status == 0);
    CHECK_THAT(outcome.output, ContainsSubstring("Example"));
    CHECK_THAT(outcome.output, ContainsSubstring("moat " + command));
    CHECK(moat_program({"help", command}).output == outcome.output);
  }
  const Outcome bare = moat_program({});
  CHECK(bare.status == 0);
  CHECK_THAT(bare.output, ContainsSubstring("Exit codes"));
}

TEST_CASE("unknown names are refused with the nearest ones") {
  const TemporaryFolder folder;
  check_refused(moat_program({"run", "--suite", "quik", "--store", folder.store()}), "Did you mean quick");
  check_refused(
      moat_program({"run", "--device", "nul:0", "--problem", "gemm:m=1,n=1,k=1", "--store", folder.store()},
                   honest),
      "Did you mean null:0");
  check_refused(moat_program(quick_run(folder.store(), "gem:m=1,n=1,k=1"), honest), "Did you mean gemm");
  check_refused(moat_program({"show", "--stor", "x"}), "--stor");
  check_refused(moat_program({"run", "--data", "nonsense"}), "nonsense");
  CHECK_FALSE(std::filesystem::exists(folder.store()));
}

TEST_CASE("a malformed suite is refused with file, line and column") {
  const TemporaryFolder folder;
  const auto suite = folder.path() / "mine.toml";
  write(suite,
        "name = \"mine\"\ndescription = \"d\"\n[[problem]]\nworkload = \"w\"\nkey = \"gemm:m=1,n=1,k=\"\n");
  check_refused(moat_program({"run", "--suite", suite, "--store", folder.store()}, honest), "mine.toml:5:");
  CHECK_FALSE(std::filesystem::exists(folder.store()));
}

TEST_CASE("a store that cannot be written is refused before anything runs") {
  check_refused(moat_program(quick_run("/proc/moat-store"), honest), "/proc/moat-store");
  const TemporaryFolder folder;
  write(folder.path() / "file", "not a folder");
  check_refused(moat_program(quick_run(folder.path() / "file"), honest), "file");
}

TEST_CASE("a store of a newer version is refused and left alone") {
  const TemporaryFolder folder;
  REQUIRE(moat_program(quick_run(folder.store()), honest).status == 0);
  const auto description = std::filesystem::path(folder.store()) / "store.json";
  write(description, R"({"schema": 99})");
  check_refused(moat_program(quick_run(folder.store()), honest), "99");
  check_refused(moat_program({"show", "--store", folder.store()}), "99");
}

TEST_CASE("two runs at once on one store: the second is refused and names the first") {
  const TemporaryFolder folder;
  auto arguments = quick_run(folder.store());
  const int first = start_program(MOAT_PROGRAM, arguments, {{"MOAT_NULL_CONFIG", "hang@*"}});
  const auto records = std::filesystem::path(folder.store()) / "runs";
  for (int i = 0; i < 500 && !(std::filesystem::exists(records) && !std::filesystem::is_empty(records)); ++i)
    usleep(20000);
  check_refused(moat_program(quick_run(folder.store()), honest), std::to_string(first));
  kill(first, SIGKILL);
  waitpid(first, nullptr, 0);
  const Outcome resumed =
      moat_program({"run", "--quiet", "--resume", "latest", "--store", folder.store()}, honest);
  INFO(resumed.errors);
  CHECK(resumed.status == 0);
}

TEST_CASE("an interrupted run says how to go on") {
  const TemporaryFolder folder;
  const std::string store = folder.path() / "my store";
  const Outcome outcome = run_program(
      "/bin/sh",
      {"-c",
       R"sh("$0" run --device null:0 --case-seconds 0.01 --problem gemm:m=4,n=5,k=6 --store "$1" & pid=$!
          for i in $(seq 200); do
            [ -s "$1"/lock ] && [ -n "$(ls "$1"/runs 2>/dev/null)" ] && break
            sleep 0.05
          done
          sleep 0.5
          kill -TERM $pid
          wait $pid)sh",
       MOAT_PROGRAM, store},
      {{"MOAT_NULL_CONFIG", "hang@*"}});
  CHECK(outcome.status == 128 + SIGTERM);
  CHECK_THAT(outcome.errors,
             ContainsSubstring("moat run --resume ") && ContainsSubstring(" --store '" + store + "'\n"));
}

TEST_CASE("records have the documented fields") {
  const TemporaryFolder folder;
  REQUIRE(moat_program(quick_run(folder.store()), honest).status == 0);
  const Outcome shown = moat_program({"show", "--json", "--store", folder.store()});
  REQUIRE(shown.status == 0);
  const Json record = shown.json().at(0);
  for (const char* field : {"case",
                            "device",
                            "physical_device",
                            "adapter",
                            "implementation",
                            "operator",
                            "problem",
                            "types",
                            "conditions",
                            "status",
                            "reason",
                            "provenance",
                            "median_seconds",
                            "interval_seconds",
                            "samples",
                            "operations",
                            "bytes",
                            "operations_per_second",
                            "bytes_per_second",
                            "max_error",
                            "tolerance",
                            "command"}) {
    INFO(field);
    CHECK(record.contains(field));
  }
  CHECK(record.at("command") ==
        "moat run --device null:0 --implementation naive --problem gemm:m=4,n=5,k=6,type=f32");
  // The virtual clock is exact: 2·4·5·6 operations at 1e9 a second.
  CHECK(std::abs(record.at("median_seconds").get<double>() / 240e-9 - 1) < 1e-6);
  CHECK(std::abs(record.at("operations_per_second").get<double>() / 1e9 - 1) < 1e-6);
}

TEST_CASE("text output pipes: no colours, no carriage returns") {
  const TemporaryFolder folder;
  auto arguments = quick_run(folder.store());
  std::erase(arguments, "--quiet");
  const Outcome run = moat_program(arguments, honest);
  CHECK_THAT(run.output, ContainsSubstring("Summary of run"));
  CHECK_THAT(run.errors, ContainsSubstring("1 cases: 1 ok"));
  const Outcome shown = moat_program({"show", "--store", folder.store()});
  for (const std::string& text : {run.output, run.errors, shown.output}) {
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\r') == std::string::npos);
  }
  CHECK_THAT(shown.output, ContainsSubstring("2·M·N·K·batch"));
  CHECK(moat_program({"runs", "--json", "--store", folder.store()}).json().size() == 1);
  CHECK(moat_program({"rebuild", "--store", folder.store()}).status == 0);
}

TEST_CASE("a run ends with the screen that moat show --summary prints; a closed pipe changes no exit code") {
  const TemporaryFolder folder;
  auto arguments = quick_run(folder.store());
  std::erase(arguments, "--quiet");
  const Outcome run = moat_program(arguments, honest);
  const Outcome shown = moat_program({"show", "--summary", "--store", folder.store()});
  CHECK(shown.status == 0);
  CHECK(run.output == "\n" + shown.output);
  CHECK_THAT(shown.output, ContainsSubstring("(null:0)") && ContainsSubstring("moat show ") &&
                               ContainsSubstring("moat report "));
  const Json summary = moat_program({"show", "--summary", "--json", "--store", folder.store()}).json();
  CHECK(summary.at("devices").at(0).at("id") == "null:0");
  check_refused(moat_program({"show", "--summary", "--status", "ok", "--store", folder.store()}),
                "--summary");
  const Outcome closed = run_program(
      "/bin/sh",
      {"-c",
       R"sh({ "$0" run --device null:0 --case-seconds 0.01 --problem gemm:m=4,n=5,k=6 --store "$1"; echo $? >"$1"/code; } | true)sh",
       MOAT_PROGRAM, folder.store()},
      {{"MOAT_NULL_CONFIG", "crash@*"}});
  CHECK(closed.status == 0);
  CHECK(content(std::filesystem::path(folder.store()) / "code") == "5\n");
}

TEST_CASE("a dry run lists cases with their work and touches nothing") {
  const TemporaryFolder folder;
  const Outcome outcome = moat_program(
      {"run", "--dry-run", "--json", "--device", "null:0", "--suite", "quick", "--store", folder.store()},
      honest);
  INFO(outcome.errors);
  CHECK(outcome.status == 0);
  CHECK(outcome.json().size() > 10);
  CHECK(outcome.json().at(0).at("operations").get<double>() > 0);
  CHECK_FALSE(std::filesystem::exists(folder.store()));
}

TEST_CASE("moat-bench lists, filters and emits strict JSON as a Google Benchmark program does") {
  const std::vector<std::string> cases{"--device",       "null:0",
                                       "--case-seconds", "0.01",
                                       "--problem",      "gemm:m=4,n=5,k=6,type=f32",
                                       "--problem",      "gemm:m=4,n=5,k=7,type=f32",
                                       "--problem",      "gemm:m=4,n=5,k=8,type=f32"};
  const std::map<std::string, std::string> faulty{{"MOAT_NULL_CONFIG", "rate=1e9;crash@*k=8,*"}};
  auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), cases.begin(), cases.end());
    return run_program(MOAT_BENCH_PROGRAM, more, faulty);
  };
  const Outcome listed = with({"--benchmark_list_tests"});
  CHECK(listed.status == 0);
  CHECK_THAT(listed.output, ContainsSubstring("null:0/naive/gemm:m=4,n=5,k=6,type=f32/normal/hot"));
  const Outcome filtered =
      with({"--benchmark_filter=k=[68]", "--benchmark_format=json", "--benchmark_repetitions=2"});
  INFO(filtered.output << filtered.errors);
  CHECK(filtered.status == 0);
  const Json json = filtered.json();
  int measured = 0;
  int failed = 0;
  for (const Json& row : json.at("benchmarks")) {
    if (row.at("run_type") != "iteration") continue;
    CHECK(row.at("name").get<std::string>().find("k=7") == std::string::npos);
    if (row.value("error_occurred", false)) {
      ++failed;
      CHECK_THAT(row.at("error_message").get<std::string>(), ContainsSubstring("crashed"));
    } else {
      ++measured;
      CHECK(std::abs(row.at("operations_per_second").get<double>() / 1e9 - 1) < 1e-6);
    }
  }
  CHECK(measured == 2);
  CHECK(failed == 2);
}
