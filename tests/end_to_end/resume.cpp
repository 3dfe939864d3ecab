// A run that goes on later, on a machine or by a program that may have changed, and limits that it meets.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "tests/catch.h"
#include "tests/end_to_end/program.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace {

constexpr const char* two_hanging = "devices=2;rate=1e9;hang@*k=7,*";

std::vector<std::string> run_of(const std::string& store, const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{"run", "--device", "null", "--case-seconds", "0.01", "--store", store};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

const std::vector<std::string> two_problems{"--problem", "gemm:m=4,n=5,k=6,type=f32", "--problem",
                                            "gemm:m=4,n=5,k=7,type=f32"};

std::size_t recorded_lines(const std::string& store) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(fs::path(store) / "runs", error)) {
    const fs::path file = entry.path() / "records.jsonl";
    if (!fs::exists(file, error)) continue;
    const std::string text = content(file);
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  return 0;
}

/// Kills a run of two devices and two problems while the second problem hangs: two cases of four are
/// recorded.
void interrupt(const std::string& store) {
  const int pid =
      start_program(MOAT_PROGRAM, run_of(store, two_problems), {{"MOAT_NULL_CONFIG", two_hanging}});
  for (int i = 0; i < 3000 && recorded_lines(store) < 2; ++i) usleep(20000);
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  REQUIRE(recorded_lines(store) == 2);
}

Outcome resume(const std::string& store, const std::string& config) {
  return moat_program({"run", "--resume", "latest", "--store", store}, {{"MOAT_NULL_CONFIG", config}});
}

std::string state_of_run(const std::string& store) {
  return moat_program({"runs", "--json", "--store", store}).json().at(0).at("state").get<std::string>();
}

}  // namespace

TEST_CASE("a device that has gone leaves its cases open and the run interrupted, until it is back") {
  const TemporaryFolder folder;
  interrupt(folder.store());
  const Outcome without = resume(folder.store(), "devices=1;rate=1e9");
  INFO(without.errors);
  CHECK(without.status == 2);
  CHECK_THAT(without.errors,
             ContainsSubstring("1 case of null:1 is left, and the device is not here: null has "
                               "fewer devices than when the run began"));
  CHECK(recorded_lines(folder.store()) == 3);
  CHECK(state_of_run(folder.store()) == "interrupted");
  const Outcome none = resume(folder.store(), "devices=1;rate=1e9");
  CHECK(none.status == 2);
  CHECK_THAT(none.errors, ContainsSubstring("nothing is left to measure here"));
  CHECK(state_of_run(folder.store()) == "interrupted");
  const Outcome back = resume(folder.store(), "devices=2;rate=1e9");
  INFO(back.errors);
  CHECK(back.status == 0);
  CHECK(recorded_lines(folder.store()) == 4);
  CHECK(state_of_run(folder.store()) == "complete");
}

TEST_CASE("nothing left to resume is said, and changes nothing") {
  const TemporaryFolder folder;
  REQUIRE(moat_program(run_of(folder.store(), two_problems), {{"MOAT_NULL_CONFIG", "rate=1e9"}}).status == 0);
  const std::string before = moat_program({"runs", "--json", "--store", folder.store()}).output;
  const Outcome again = resume(folder.store(), "rate=1e9");
  INFO(again.errors);
  CHECK(again.status == 0);
  CHECK_THAT(again.errors,
             ContainsSubstring("nothing is left to measure here") && !ContainsSubstring("regex"));
  CHECK(moat_program({"runs", "--json", "--store", folder.store()}).output == before);
}

TEST_CASE("a program whose file is removed meanwhile measures on with what runs") {
  const TemporaryFolder folder;
  const std::string copy = folder.path() / "moat";
  fs::copy_file(MOAT_PROGRAM, copy);
  // The first problem hangs, so that the worker of the others is started after the file has gone.
  const int pid =
      start_program(copy,
                    run_of(folder.store(), {"--timeout", "2", "--problem", "gemm:m=4,n=5,k=7,type=f32",
                                            "--problem", "gemm:m=4,n=5,k=6,type=f32"}),
                    {{"MOAT_NULL_CONFIG", "rate=1e9;hang@*k=7,*"}});
  for (int i = 0; i < 3000 && !fs::exists(fs::path(folder.store()) / "lock"); ++i) usleep(20000);
  fs::remove(copy);
  int status = 0;
  waitpid(pid, &status, 0);
  CHECK(WEXITSTATUS(status) == 5);
  const Json records = moat_program({"show", "--json", "--store", folder.store()}).json();
  REQUIRE(records.size() == 2);
  CHECK(records[0].at("status") == "timed-out");
  CHECK(records[1].at("status") == "ok");
}

TEST_CASE("a suite that was named by a relative path is found from any folder") {
  const TemporaryFolder folder;
  write(folder.path() / "mine.toml",
        "name = \"mine\"\ndescription = \"d\"\n[[problem]]\nworkload = \"w\"\nkey = \"gemm:m=4,n=5,k=6\"\n");
  const std::map<std::string, std::string> environment{{"MOAT_NULL_CONFIG", "rate=1e9"}};
  const std::string script =
      R"(cd "$1" && exec "$0" run --device null --suite ./mine.toml --store "$1"/store)";
  REQUIRE(run_program("/bin/sh", {"-c", script, MOAT_PROGRAM, folder.path()}, environment).status == 0);
  const Outcome resumed = resume(folder.store(), "rate=1e9");
  INFO(resumed.errors);
  CHECK(resumed.status == 0);
}

TEST_CASE("a file size limit is told as what it is, when a run begins") {
  const TemporaryFolder folder;
  const Outcome outcome = run_program(
      "/bin/sh",
      {"-c", R"(ulimit -f 8; exec "$0" run --device null --problem gemm:m=4,n=5,k=6 --store "$1")",
       MOAT_PROGRAM, folder.store()},
      {{"MOAT_NULL_CONFIG", "rate=1e9"}});
  check_refused(outcome, "File too large; raise the file size limit (ulimit -f)");
}

TEST_CASE("advice about a file that cannot be written is of the command that writes it") {
  const TemporaryFolder folder;
  REQUIRE(moat_program(run_of(folder.store(), two_problems), {{"MOAT_NULL_CONFIG", "rate=1e9"}}).status == 0);
  const Outcome report = moat_program(
      {"report", "--store", folder.store(), "--emulated", "--output", "/proc/nowhere/report.html"});
  check_refused(report, "choose another place with --output");
  CHECK_THAT(report.errors, !ContainsSubstring("--resume") && !ContainsSubstring("--store"));
}

TEST_CASE("an index that cannot be written was not rebuilt") {
  const TemporaryFolder folder;
  REQUIRE(moat_program(run_of(folder.store(), two_problems), {{"MOAT_NULL_CONFIG", "rate=1e9"}}).status == 0);
  const fs::path index = fs::path(folder.store()) / "index.sqlite";
  fs::remove(index);
  fs::create_directories(index / "occupied");
  check_refused(moat_program({"rebuild", "--store", folder.store()}), "so it was not rebuilt");
}
