// kill -9 at any moment: nothing that was reported as written is lost, nothing is there twice.
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <new>
#include <random>
#include <thread>

#include "results/store/index.h"
#include "results/store/store.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"
#include "tests/unit/results/scratch.h"

using namespace moat;

namespace {

Record numbered(std::size_t i) {
  Record record =
      test::good_record("null:0", "naive", "gemm:m=" + std::to_string(i + 1) + ",n=1,k=1,type=f32");
  record.log = std::string(i % 7 * 3000, 'x');  // lines of one to several pages
  return record;
}

/// Lives in memory that the child shares, and so outlives it.
using Counter = std::atomic<std::size_t>;
static_assert(Counter::is_always_lock_free);

Counter& shared_counter() {
  void* memory = ::mmap(nullptr, sizeof(Counter), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  return *new (memory) Counter(0);
}

/// The child: goes on with the run as a coordinator does, until it is killed. `reported` counts the records
/// of which append() returned.
[[noreturn]] void write_until_killed(const Store& store, const std::string& id, Counter& reported) {
  try {
    RunWriter run = store.resume_run(id);
    for (std::size_t i = run.count();; ++i) {
      run.append(numbered(i));
      reported = i + 1;
    }
  } catch (...) {
    ::_exit(3);
  }
}

}  // namespace

TEST_CASE("fifty kills at random moments lose no record and double none") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  const std::string id = store.start_run({}).info().id;
  Counter& reported = shared_counter();
  std::mt19937_64 engine(20260103);
  std::uniform_int_distribution<std::size_t> records_until_kill(0, 4);
  std::uniform_int_distribution<int> microseconds(0, 5000);
  std::size_t recorded = 0;
  for (int kill = 0; kill < 50; ++kill) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) write_until_killed(store, id, reported);
    int status = 0;
    const std::size_t enough = recorded + records_until_kill(engine);
    while (reported < enough && ::waitpid(child, &status, WNOHANG) == 0) {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    REQUIRE(reported >= enough);  // else it ended by an error of its own
    std::this_thread::sleep_for(std::chrono::microseconds(microseconds(engine)));
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    const RunWriter run = store.resume_run(id);
    INFO("kill " << kill);
    REQUIRE(run.count() >= reported.load());
    REQUIRE(run.count() <= std::max(recorded, reported.load()) + 1);  // at most the one in flight
    recorded = run.count();
  }
  CHECK(recorded > 50);
  const StoredRecords stored = store.run_folder(id).read_records();
  REQUIRE(stored.records.size() == recorded);
  for (std::size_t i = 0; i < recorded; ++i) REQUIRE(stored.records[i] == numbered(i));
  CHECK(Index(store).records(id).size() == recorded);
  ::munmap(&reported, sizeof reported);
}
