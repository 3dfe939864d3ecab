// Every command with standard input, output or error closed, full or without a reader: its exit code is
// right, it is not killed, and what it stores is whole.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "tests/catch.h"
#include "tests/end_to_end/program.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

enum class Stream : std::uint8_t { fine, closed, full, unread };

constexpr std::array<const char*, 4> stream_names{"fine", "closed", "full", "unread"};

/// Puts descriptor `number` of a child into this state.
void arrange(int number, Stream state) {
  std::array<int, 2> ends{};
  switch (state) {
    case Stream::fine:
      dup2(open("/dev/null", O_RDWR), number);
      break;
    case Stream::closed:
      close(number);
      break;
    case Stream::full:
      dup2(open("/dev/full", O_RDWR), number);
      break;
    case Stream::unread:
      if (pipe(ends.data()) != 0) _exit(126);
      close(ends[0]);
      dup2(ends[1], number);
      close(ends[1]);
      break;
  }
}

/// Exit status, 128 + signal if killed. Descriptors of the test itself do not reach the program.
int status_with(const std::string& program, const std::vector<std::string>& arguments,
                const std::array<Stream, 3>& streams) {
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGPIPE, SIG_DFL);
    setenv("MOAT_NULL_CONFIG", "rate=1e9", 1);
    setenv("OCL_ICD_VENDORS", "/nonexistent", 1);
    setenv("VK_DRIVER_FILES", "/nonexistent", 1);
    for (int number = 3; number < 64; ++number) close(number);
    for (int number = 0; number < 3; ++number) arrange(number, Stream::fine);
    // Highest first: what is opened on the way takes no number that is to be closed.
    for (int number = 2; number >= 0; --number) {
      if (streams.at(static_cast<std::size_t>(number)) != Stream::fine)
        arrange(number, streams.at(static_cast<std::size_t>(number)));
    }
    for (int number = 3; number < 64; ++number) close(number);
    execv(program.c_str(), words.data());
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

struct Command {
  std::vector<std::string> words;
  bool is_bench = false;
};

/// Every command; those that need a run take it from `store`.
std::vector<Command> commands(const std::string& store) {
  const std::vector<std::string> measured{
      "--device", "null:0", "--problem", "gemm:m=4,n=5,k=6,type=f32", "--case-seconds", "0.01"};
  const auto with = [&](std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return Command{words};
  };
  return {with({"devices"}, {}),
          with({"list", "--suite", "quick"}, {}),
          with({"run", "--store", store}, measured),
          with({"verify", "--device", "null:0", "--problem", "gemm:m=4,n=5,k=6,type=f32"}, {}),
          with({"tune", "--dry-run", "--device", "null:0", "--problem", "gemm:m=4,n=5,k=6,type=f32"}, {}),
          with({"show", "--store", store}, {}),
          with({"show", "--json", "--store", store}, {}),
          with({"runs", "--store", store}, {}),
          with({"report", "--output", "-", "--store", store}, {}),
          with({"metrics", "--code"}, {}),
          with({"rebuild", "--store", store}, {}),
          with({"gap", "--store", store}, {}),
          with({"breakeven", "--reference", "a100-40-sxm"}, {}),
          with({"chips"}, {}),
          with({"import", "--list"}, {}),
          with({"help"}, {}),
          with({"help", "gemm"}, {}),
          with({"--version"}, {}),
          Command{{"--device", "null:0", "--problem", "gemm:m=4,n=5,k=6,type=f32", "--case-seconds", "0.01"},
                  true}};
}

}  // namespace

TEST_CASE("whatever becomes of its streams, a command ends with the code that is right") {
  const TemporaryFolder folder;
  const std::string store = folder.store();
  REQUIRE(status_with(MOAT_PROGRAM, commands(store).at(2).words, {}) == 0);
  for (const Command& command : commands(store)) {
    const std::string program = command.is_bench ? MOAT_BENCH_PROGRAM : MOAT_PROGRAM;
    INFO(program << " " << (command.words.empty() ? "" : command.words.front()));
    const int usual = status_with(program, command.words, {});
    CHECK(usual < 128);
    const bool prints = !run_program(program, command.words,
                                     {{"MOAT_NULL_CONFIG", "rate=1e9"},
                                      {"OCL_ICD_VENDORS", "/nonexistent"},
                                      {"VK_DRIVER_FILES", "/nonexistent"}})
                             .output.empty();
    for (const Stream state : {Stream::closed, Stream::full, Stream::unread}) {
      CAPTURE(stream_names.at(static_cast<std::size_t>(state)));
      CHECK(status_with(program, command.words, {state, Stream::fine, Stream::fine}) == usual);
      CHECK(status_with(program, command.words, {Stream::fine, Stream::fine, state}) == usual);
      CHECK(status_with(program, command.words, {state, Stream::fine, state}) == usual);
      // A table that could not be written is an error; a reader who has seen enough (| head -1) is none.
      const int without_output = prints && state != Stream::unread ? 2 : usual;
      CHECK(status_with(program, command.words, {Stream::fine, state, Stream::fine}) == without_output);
      CHECK(status_with(program, command.words, {state, state, state}) == without_output);
    }
  }
  // Every run above is whole, and nothing that was printed lies in a file of the store.
  const Outcome runs = moat_program({"runs", "--store", store, "--json"});
  REQUIRE(runs.status == 0);
  CHECK(runs.json().size() > 10);
  for (const Json& run : runs.json()) {
    CHECK(run.at("state") == "complete");
    CHECK(run.at("fault").is_null());
    const Outcome shown = moat_program({"show", run.at("run"), "--store", store, "--json"});
    CHECK(shown.status == 0);
    CHECK(shown.errors.empty());
  }
}

TEST_CASE("moat-bench says when its file cannot be opened or written") {
  const TemporaryFolder folder;
  const std::map<std::string, std::string> null{{"MOAT_NULL_CONFIG", "rate=1e9"}};
  const auto bench = [&](const std::string& option, std::map<std::string, std::string> environment) {
    environment.insert(null.begin(), null.end());
    std::vector<std::string> words{"--device",       "null:0", "--problem", "gemm:m=4,n=5,k=6,type=f32",
                                   "--case-seconds", "0.01"};
    if (!option.empty()) words.push_back(option);
    return run_program(MOAT_BENCH_PROGRAM, words, environment);
  };
  const Outcome missing = bench("--benchmark_out=" + (folder.path() / "no/such.json").string(), {});
  CHECK(missing.status == 2);
  CHECK_THAT(missing.errors,
             ContainsSubstring("cannot write") && ContainsSubstring("no/such.json: No such file"));
  CHECK(missing.output.empty());  // before anything was measured
  const Outcome full = bench("--benchmark_out=/dev/full", {});
  CHECK(full.status == 2);
  CHECK_THAT(full.errors, ContainsSubstring("cannot write /dev/full: No space left on device") &&
                              ContainsSubstring("--benchmark_out"));
  CHECK(bench("", {{"BENCHMARK_OUT", "/dev/full"}}).status == 2);
  const std::string path = folder.path() / "fine.json";
  CHECK(bench("--benchmark_out=" + path, {}).status == 0);
  CHECK(parse_json(content(path), path).at("benchmarks").size() == 1);
}

TEST_CASE("a run is deaf to Google Benchmark's variables, and its words do not reach the user") {
  const TemporaryFolder folder;
  const std::vector<std::string> words{
      "run",     "--device",    "null:0", "--case-seconds", "0.01", "--problem", "gemm:m=4,n=5,k=6,type=f32",
      "--store", folder.store()};
  const Outcome run = moat_program(words, {{"MOAT_NULL_CONFIG", "rate=1e9"},
                                           {"BENCHMARK_OUT", "/nonexistent/x"},
                                           {"BENCHMARK_LIST_TESTS", "true"},
                                           {"BENCHMARK_FILTER", "nothing"},
                                           {"BENCHMARK_FORMAT", "csv"}});
  INFO(run.errors);
  CHECK(run.status == 0);
  const Outcome again = moat_program({"run", "--resume", "latest", "--store", folder.store()},
                                     {{"MOAT_NULL_CONFIG", "rate=1e9"}});
  INFO(again.errors);
  CHECK(again.errors.find("regex") == std::string::npos);
  CHECK(again.errors.find("Failed to match") == std::string::npos);

  const std::map<std::string, std::string> null{{"MOAT_NULL_CONFIG", "rate=1e9"}};
  const std::vector<std::string> bench{"--device", "null:0", "--problem", "gemm:m=4,n=5,k=6,type=f32"};
  const auto filtered = [&](const std::string& filter) {
    std::vector<std::string> more = bench;
    more.push_back("--benchmark_filter=" + filter);
    return run_program(MOAT_BENCH_PROGRAM, more, null);
  };
  CHECK_THAT(filtered("nothing").errors, ContainsSubstring("moat-bench: no case has a name that"));
  CHECK(filtered("nothing").errors.find("Failed to match") == std::string::npos);
  check_refused(filtered("("), "--benchmark_filter is no regular expression");
}
