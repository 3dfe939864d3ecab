// Stores and runs: what is written is there, what cannot be written is said before anything runs.
#include "results/store/store.h"

#include <unistd.h>

#include "base/error.h"
#include "base/json.h"
#include "results/store/index.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using test::failure_of;
using test::good_record;
namespace fs = std::filesystem;

namespace {

RunInfo some_run() {
  RunInfo info;
  info.suite = "quick";
  info.command = "moat run --suite quick";
  info.host = "bench-1";
  info.system_id = "3fa1c2";
  info.environment = Json{{"cpu", "some"}, {"governor", "unavailable: no cpufreq"}};
  return info;
}

Record numbered(int i) {
  return good_record("null:0", "naive", "gemm:m=" + std::to_string(i + 1) + ",n=1,k=1,type=f32");
}

/// A complete run of `count` records; its id.
std::string make_run(const Store& store, int count) {
  RunWriter run = store.start_run(some_run());
  for (int i = 0; i < count; ++i) run.append(numbered(i));
  run.finish();
  return run.info().id;
}

std::ptrdiff_t entries(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), {});
}

}  // namespace

TEST_CASE("a store comes into being where it can be written, and stays one") {
  const test::ScratchFolder folder;
  const Store store(folder / "a/b/store/");
  CHECK_THROWS_WITH(store.check_readable(), ContainsSubstring("is not a store (it has no store.json)"));
  store.check_writable();
  store.check_writable();
  store.check_readable();
  CHECK(store.path() == folder / "a/b/store");
  CHECK(store.run_ids().empty());
  CHECK(entries(store.path()) == 2);
  CHECK_THROWS_WITH(store.find_run("latest"), ContainsSubstring("contains no run yet"));
}

TEST_CASE("what a process killed while it made a store left behind becomes a store") {
  const test::ScratchFolder folder;
  fs::create_directories(folder.path() / "runs");
  test::write(folder / ".store.json.887.tmp", "{");
  Store(folder.path()).check_writable();
  Store(folder.path()).check_readable();
}

TEST_CASE("a folder of other things does not become a store") {
  const test::ScratchFolder folder;
  test::write(folder / "thesis.tex", "x");
  CHECK_THROWS_WITH(Store(folder.path()).check_writable(), ContainsSubstring("is neither empty nor a store"));
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("a store that cannot be written is one clear error, and nothing is left behind") {
  const test::ScratchFolder folder;
  SECTION("file systems that refuse, even for root") {
    CHECK_THROWS_WITH(Store("/proc/moat-store").check_writable(),
                      ContainsSubstring("cannot create /proc/moat-store"));
    CHECK_THROWS_WITH(Store("/sys/moat-store").check_writable(),
                      ContainsSubstring("cannot create /sys/moat-store"));
  }
  SECTION("a file where a folder should be") {
    test::write(folder / "file", "x");
    CHECK_THROWS_WITH(Store(folder / "file").check_writable(), ContainsSubstring("Not a directory"));
    Store(folder / "store").check_writable();
    fs::remove(folder / "store/runs");
    test::write(folder / "store/runs", "x");
    CHECK_THROWS_WITH(Store(folder / "store").check_writable(),
                      ContainsSubstring("store/runs: Not a directory"));
  }
  SECTION("no room for a megabyte") {
    std::string failure;
    {
      const test::FileSizeLimit limit(100000);
      failure = failure_of([&] { Store(folder / "new/store").check_writable(); });
    }
    CHECK_THAT(failure, ContainsSubstring("cannot write to " + (folder / "new/store/runs").string()));
    CHECK(entries(folder.path()) == 0);
  }
  SECTION("a folder without write permission") {
    Store(folder / "store").check_writable();
    fs::permissions(folder.path(), fs::perms(0755));
    fs::permissions(folder / "store/runs", fs::perms(0555));
    std::string failure;
    {
      const test::Unprivileged nobody;
      failure = failure_of([&] { Store(folder / "store").check_writable(); });
    }
    CHECK_THAT(failure, ContainsSubstring("store/runs: Permission denied; choose another folder or fix its "
                                          "permissions (--store names another place)"));
    CHECK(entries(folder / "store/runs") == 0);
    fs::permissions(folder / "store/runs", fs::perms(0755));
  }
}

TEST_CASE("a store, a run and a record of a newer version say so, and to update") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  const std::string id = make_run(store, 1);
  const RunFolder run = store.run_folder(id);
  SECTION("store") {
    test::write(folder / "store/store.json", R"({"kind": "moat store", "schema": 2})");
    const std::string message = "a store of schema version 2, this moat reads up to version 1: update moat";
    CHECK_THROWS_WITH(store.check_writable(), ContainsSubstring(message));
    CHECK_THROWS_WITH(store.start_run({}), ContainsSubstring(message));
    CHECK_THROWS_WITH(store.resume_run(id), ContainsSubstring(message));
    CHECK_THROWS_WITH(store.run_ids(), ContainsSubstring(message));
  }
  SECTION("run") {
    test::write(run.info_path(), R"({"schema": 9})");
    CHECK_THROWS_WITH(run.read_info(), ContainsSubstring("run.json: a run of schema version 9"));
    CHECK_THROWS_WITH(store.resume_run(id), ContainsSubstring("update moat"));
  }
  SECTION("record") {
    test::write(run.records_path(), test::content(run.records_path()) + "{\"schema\": 3}\n");
    CHECK_THROWS_WITH(run.read_records(), ContainsSubstring("records.jsonl:2: a record of schema version 3"));
    CHECK_THROWS_WITH(store.resume_run(id), ContainsSubstring("update moat"));
  }
}

TEST_CASE("a run keeps what it is told, in order") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  const std::string id = make_run(store, 3);
  CHECK(is_run_id(id));
  CHECK(store.run_ids() == std::vector<std::string>{id});
  const RunInfo info = store.run_folder(id).read_info();
  CHECK(info.id == id);
  CHECK(info.suite == "quick");
  CHECK(info.command == "moat run --suite quick");
  CHECK(info.host == "bench-1");
  CHECK(info.system_id == "3fa1c2");
  CHECK(info.environment == some_run().environment);
  CHECK(info.ended_utc >= info.started_utc);
  CHECK(info.resumed_utc.empty());
  const StoredRecords stored = store.run_folder(id).read_records();
  CHECK(stored.records == std::vector<Record>{numbered(0), numbered(1), numbered(2)});
  CHECK(stored.unfinished_bytes == 0);
}

TEST_CASE("a run is running, then complete with its end or interrupted without one") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  const auto state = [&](const std::string& id) {
    return state_of(id, store.run_folder(id).read_info().ended_utc.has_value(), store.running());
  };
  const std::string complete = make_run(store, 1);
  CHECK(state(complete) == RunState::complete);
  std::string interrupted;
  {
    const RunWriter run = store.start_run(some_run());
    interrupted = run.info().id;
    CHECK(state(interrupted) == RunState::running);
    CHECK(state(complete) == RunState::complete);
  }
  CHECK(state(interrupted) == RunState::interrupted);
  {
    RunWriter run = store.resume_run(interrupted);
    CHECK(state(interrupted) == RunState::running);
    CHECK(store.run_folder(interrupted).read_info().resumed_utc.empty());
    run.mark_resumed();
    run.finish();
  }
  CHECK(state(interrupted) == RunState::complete);
  CHECK(store.run_folder(interrupted).read_info().resumed_utc.size() == 1);
}

TEST_CASE("two runs at once on one store: the second is told of the first") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  const RunWriter first = store.start_run(some_run());
  const std::string message = "process " + std::to_string(::getpid()) + " (" + first.info().id + ")";
  CHECK_THROWS_WITH(store.start_run(some_run()), ContainsSubstring(message));
  CHECK_THROWS_WITH(store.resume_run("latest"), ContainsSubstring(message));
  CHECK(store.run_ids().size() == 1);
}

TEST_CASE("a case is recorded once") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  std::string id;
  {
    RunWriter run = store.start_run(some_run());
    id = run.info().id;
    run.append(numbered(0));
    CHECK_THROWS_WITH(run.append(numbered(0)), ContainsSubstring("is recorded already"));
  }
  {
    RunWriter run = store.resume_run(id);
    CHECK(run.count() == 1);
    CHECK(run.has(numbered(0).identity.id()));
    CHECK(run.repair().empty());
    CHECK_THROWS_WITH(run.append(numbered(0)), ContainsSubstring("is recorded already"));
    run.append(numbered(1));
  }
  const fs::path records = store.run_folder(id).records_path();
  const std::string twice = test::content(records) + test::content(records);
  test::write(records, twice);
  CHECK_THROWS_WITH(store.resume_run(id),
                    ContainsSubstring("records.jsonl:3: case") && ContainsSubstring("twice"));
  CHECK(test::content(records) == twice);
}

TEST_CASE("a last line cut anywhere is cut off on resume, and the lines before it stay") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  const std::string id = make_run(store, 2);
  const fs::path records = store.run_folder(id).records_path();
  const std::string whole = test::content(records);
  const std::size_t first_line = whole.find('\n') + 1;
  for (std::size_t size = first_line; size <= whole.size(); size += size + 40 < whole.size() ? 37 : 1) {
    test::write(records, whole.substr(0, size));
    INFO("cut to " << size << " of " << whole.size() << " bytes");
    const bool unfinished = size != first_line && size != whole.size();
    const StoredRecords seen = store.run_folder(id).read_records();
    REQUIRE(seen.records.size() == (size == whole.size() ? 2 : 1));
    REQUIRE(seen.unfinished_bytes == (unfinished ? size - first_line : 0));
    RunWriter run = store.resume_run(id);
    REQUIRE(run.repair().empty() == !unfinished);
    REQUIRE(run.has(numbered(0).identity.id()));
    if (size != whole.size()) run.append(numbered(1));
    REQUIRE(test::content(records) == whole);
  }
}

TEST_CASE("a damaged line that is not the last is an error with its number, and nothing is changed") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  const std::string id = make_run(store, 3);
  const fs::path records = store.run_folder(id).records_path();
  std::string text = test::content(records);
  text[text.find('\n') + 5] = '\0';
  test::write(records, text);
  CHECK_THROWS_WITH(store.run_folder(id).read_records(),
                    ContainsSubstring("records.jsonl:2: not JSON at byte"));
  CHECK_THROWS_WITH(store.resume_run(id), ContainsSubstring("records.jsonl:2: not JSON at byte"));
  CHECK(test::content(records) == text);
}

TEST_CASE("a case that another round continues is one record, the last, at the place of its first") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  Record once = numbered(0);
  once.status = Status::ok;
  once.reason.clear();
  once.measurement.emplace().samples_seconds = {1, 1, 1};
  Record twice = once;
  twice.measurement->samples_seconds = {1, 1, 1, 2, 2};
  twice.measurement->round_samples = {3, 2};
  Record crashed = twice;
  crashed.status = Status::crashed;
  crashed.reason = "in round 3: killed";
  std::string id;
  {
    RunWriter run = store.start_run({});
    id = run.info().id;
    run.append(once);
    run.append(numbered(1));
    CHECK_THROWS_WITH(run.append(once), ContainsSubstring("recorded already"));
    run.append(twice);
    CHECK_THROWS_WITH(run.append(once), ContainsSubstring("recorded already"));
    CHECK_THROWS_WITH(run.append(numbered(1)), ContainsSubstring("recorded already"));
    CHECK(run.count() == 2);
  }
  const StoredRecords stored = store.run_folder(id).read_records();
  CHECK(stored.records == std::vector<Record>{twice, numbered(1)});
  CHECK(stored.lines == std::vector<std::size_t>{2, 1});
  CHECK(Index(store).records(id) == stored.records);

  RunWriter run = store.resume_run(id);
  run.append(crashed);
  CHECK_THROWS_WITH(run.append(twice), ContainsSubstring("recorded already"));  // what failed has ended
  CHECK(Index(store).records(id) == std::vector<Record>{crashed, numbered(1)});
}

TEST_CASE("two records of a case that are no two rounds are an error with the line") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  const std::string id = make_run(store, 1);
  const fs::path records = store.run_folder(id).records_path();
  test::write(records, test::content(records) + test::content(records));
  CHECK_THROWS_WITH(store.run_folder(id).read_records(),
                    ContainsSubstring("records.jsonl:2: case") && ContainsSubstring("recorded twice"));
}

TEST_CASE("a disk that fills up stops the run at a whole line, and resuming goes on there") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  std::string failure;
  std::string id;
  int appended = 0;
  {
    RunWriter run = store.start_run(some_run());
    id = run.info().id;
    const test::FileSizeLimit limit(10000);
    failure = failure_of([&] {
      for (; appended < 100; ++appended) run.append(numbered(appended));
    });
  }
  CHECK_THAT(failure, ContainsSubstring("cannot append to") && ContainsSubstring("File too large"));
  CHECK(appended > 2);
  RunWriter run = store.resume_run(id);
  CHECK(run.repair().empty());
  CHECK(run.count() == static_cast<std::size_t>(appended));
  run.append(numbered(appended));
}

TEST_CASE("runs are found by id, by its beginning, or as the latest") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  const std::string first = make_run(store, 0);
  const std::string second = make_run(store, 0);
  CHECK(first < second);
  fs::create_directory(folder / "store/runs/notes");
  CHECK(store.run_ids() == std::vector<std::string>{first, second});
  CHECK(store.find_run("latest") == second);
  CHECK(store.find_run(first) == first);
  CHECK_THROWS_WITH(store.find_run("20"), ContainsSubstring("begins 2 runs: " + first + ", " + second));
  CHECK_THROWS_WITH(store.find_run(first.substr(0, 18) + "zzz"), ContainsSubstring("Did you mean " + first));
  CHECK_THROWS_WITH(store.find_run("../../etc"), ContainsSubstring("no run '../../etc'"));
  CHECK_THROWS_WITH(store.find_run(""), ContainsSubstring("no run ''"));
  RunInfo published = some_run();
  published.citation = Citation{"A title", "An author", 2025, "arXiv 0000.00000", "read"};
  const std::string third = store.add_run(published, {});
  CHECK(store.run_ids().back() == third);
  CHECK(store.find_run("latest") == second);
}

TEST_CASE("a run folder that a killed run left without a name is cleared away") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  store.check_writable();
  fs::create_directory(folder / "store/runs/.20260101T000000Z-0000.tmp");
  CHECK(store.run_ids().empty());
  make_run(store, 0);
  CHECK(entries(folder / "store/runs") == 1);
}

TEST_CASE("run ids sort as time does and are told from other names") {
  using namespace std::chrono;
  const auto second = sys_days{year{2026} / 11 / 21} + hours{22} + minutes{15} + seconds{30};
  CHECK(make_run_id(second) == "20261121T221530Z-0000");
  CHECK(make_run_id(second + milliseconds{500}) == "20261121T221530Z-8000");
  CHECK(make_run_id(second + nanoseconds{999'999'999}) == "20261121T221530Z-ffff");
  CHECK(is_run_id("20261121T221530Z-3fa1"));
  for (const char* other : {"", "20261121T221530Z-3FA1", "20261121T221530Z-3fa", "20261121T221530Z-3fa12",
                            "2026x121T221530Z-3fa1", "20261121 221530Z-3fa1", "../1121T221530Z-3fa1"}) {
    CHECK_FALSE(is_run_id(other));
  }
}
