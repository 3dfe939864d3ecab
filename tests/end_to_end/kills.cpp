// kill -9 of the coordinator and of workers at random moments:
// after --resume nothing written is lost or duplicated.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <fstream>
#include <map>
#include <optional>
#include <set>

#include "results/json.h"
#include "results/store/store.h"
#include "tests/catch.h"
#include "tests/end_to_end/program.h"

using namespace moat;
using namespace moat::test;

namespace {

constexpr int cases = 30;

std::vector<std::string> run_arguments(const std::string& store) {
  std::vector<std::string> arguments{"run",  "--device", "null:0", "--quiet", "--case-seconds",
                                     "0.01", "--store",  store};
  for (int k = 1; k <= cases; ++k) {
    arguments.insert(arguments.end(), {"--problem", "gemm:m=4,n=4,k=" + std::to_string(k) + ",type=f32"});
  }
  return arguments;
}

const std::map<std::string, std::string> environment{{"MOAT_NULL_CONFIG", "rate=1e9"}};

std::map<std::string, std::string> stored(const std::string& store) {
  std::map<std::string, std::string> records;  // case → line
  const auto runs = std::filesystem::path(store) / "runs";
  if (!std::filesystem::exists(runs)) return records;
  for (const auto& run : std::filesystem::directory_iterator(runs)) {
    std::ifstream stream(run.path() / "records.jsonl");
    std::string line;
    while (std::getline(stream, line)) {
      if (stream.eof()) break;  // unfinished
      const Record record = parse_record(line, "records.jsonl");
      REQUIRE(records.emplace(record.identity.id(), line).second);
    }
  }
  return records;
}

// The newest child of `parent`, 0 if it has none now.
pid_t child_of(pid_t parent) {
  std::ifstream stream("/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children");
  pid_t child = 0;
  for (pid_t next = 0; stream >> next;) child = next;
  return child;
}

// The exit status of a child that has ended; nothing while it runs.
std::optional<int> exited(pid_t pid) {
  int status = 0;
  if (waitpid(pid, &status, WNOHANG) != pid) return std::nullopt;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// A run that was killed before it had a folder is begun again, any other is resumed.
std::vector<std::string> next_arguments(const std::string& store) {
  const bool begun =
      std::filesystem::exists(std::filesystem::path(store) / "store.json") && !Store(store).run_ids().empty();
  return begun ? std::vector<std::string>{"run", "--quiet", "--resume", "latest", "--store", store}
               : run_arguments(store);
}

}  // namespace

TEST_CASE("the coordinator is killed at 50 random moments: resuming loses nothing and repeats nothing") {
  boost::random::mt19937 engine(7);
  boost::random::uniform_int_distribution<int> wait_milliseconds(20, 400);
  int kills = 0;
  while (kills < 50) {
    const TemporaryFolder folder;
    std::map<std::string, std::string> before;
    std::optional<int> status;
    while (!status) {
      const pid_t run = start_program(MOAT_PROGRAM, next_arguments(folder.store()), environment);
      usleep(static_cast<useconds_t>(wait_milliseconds(engine)) * 1000);
      status = exited(run);
      while (!status && kills >= 50) status = exited(run);
      if (!status) {
        kill(run, SIGKILL);
        waitpid(run, nullptr, 0);
        ++kills;
      }
      const auto after = stored(folder.store());
      for (const auto& [id, line] : before) {
        REQUIRE(after.contains(id));
        REQUIRE(after.at(id) == line);
      }
      before = after;
    }
    CHECK(*status == 0);
    const auto final_records = stored(folder.store());
    CHECK(final_records.size() == cases);
    for (const auto& [id, line] : final_records) CHECK(parse_record(line, "line").status == Status::ok);
  }
}

TEST_CASE(
    "workers are killed at 50 random moments: each kill costs at most one case, and no record is lost") {
  boost::random::mt19937 engine(7);
  boost::random::uniform_int_distribution<int> wait_milliseconds(1, 60);
  int kills = 0;
  while (kills < 50) {
    const TemporaryFolder folder;
    const pid_t run = start_program(MOAT_PROGRAM, run_arguments(folder.store()), environment);
    int kills_here = 0;
    while (!exited(run)) {
      usleep(static_cast<useconds_t>(wait_milliseconds(engine)) * 1000);
      // Only once cases are running: a worker that takes the inventory is no case's.
      if (stored(folder.store()).empty() || kills >= 50) continue;
      const pid_t worker = child_of(run);
      if (worker != 0 && kill(worker, SIGKILL) == 0) {
        ++kills;
        ++kills_here;
      }
    }
    const auto records = stored(folder.store());
    CHECK(records.size() == cases);
    int lost = 0;
    for (const auto& [id, line] : records) {
      const Record record = parse_record(line, "line");
      if (record.status == Status::ok) continue;
      // Killed while measuring, or while the device was being opened again.
      CHECK(record.status == Status::crashed);
      ++lost;
    }
    CHECK(lost <= kills_here);
  }
}
