// The index answers from the folders' truth, whatever state its own file is in.
#include "results/store/index.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/error.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using test::good_record;
namespace fs = std::filesystem;

namespace {

/// Two runs: one complete with three records, one interrupted with one.
struct Fixture {
  test::ScratchFolder folder;
  Store store{folder / "store"};
  std::string first;
  std::string second;

  Fixture() {
    RunInfo info;
    info.suite = "quick";
    info.host = "bench-1";
    info.system_id = "abc";
    {
      RunWriter run = store.start_run(info);
      first = run.info().id;
      run.append(good_record("null:0", "naive"));
      run.append(good_record("null:0", "library/fast"));
      Record failed = good_record("opencl:0", "portable/opencl");
      failed.status = Status::timed_out;
      failed.reason = "no answer for 60 s";
      run.append(failed);
      run.finish();
    }
    info.suite = "standard";
    RunWriter run = store.start_run(info);
    second = run.info().id;
    run.append(good_record());
  }
  [[nodiscard]] std::string index_file() const { return store.index_path().string(); }
};

void check_complete(const Fixture& fixture, Index& index) {
  const std::vector<RunSummary> runs = index.runs();
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].id == fixture.first);
  CHECK(runs[0].suite == "quick");
  CHECK(runs[0].host == "bench-1");
  CHECK(runs[0].system_id == "abc");
  CHECK(runs[0].state == RunState::complete);
  CHECK(runs[0].cases == std::map<Status, std::uint64_t>{{Status::ok, 2}, {Status::timed_out, 1}});
  CHECK(runs[0].fault.empty());
  CHECK(runs[1].state == RunState::interrupted);
  CHECK(runs[1].cases == std::map<Status, std::uint64_t>{{Status::ok, 1}});
  CHECK(index.records(fixture.first) == fixture.store.run_folder(fixture.first).read_records().records);
}

}  // namespace

TEST_CASE("a store without an index gets one") {
  Fixture fixture;
  CHECK_FALSE(fs::exists(fixture.index_file()));
  {
    Index index(fixture.store);
    check_complete(fixture, index);
    CHECK(index.notices().empty());
  }
  CHECK(fs::exists(fixture.index_file()));
  Index again(fixture.store);
  check_complete(fixture, again);
  CHECK(again.notices().empty());
}

TEST_CASE("an index is no store") {
  const test::ScratchFolder folder;
  CHECK_THROWS_WITH(Index(Store(folder / "none")), ContainsSubstring("is not a store"));
  CHECK_FALSE(fs::exists(folder / "none"));
}

TEST_CASE("an index that is garbage, torn, of another version or not a file is derived anew") {
  Fixture fixture;
  { Index index(fixture.store); }
  const std::string whole = test::content(fixture.index_file());
  SECTION("garbage") {
    test::write(fixture.index_file(), std::string(10000, 'x'));
  }
  SECTION("torn in the middle") {
    test::write(fixture.index_file(), whole.substr(0, whole.size() / 2));
  }
  SECTION("pages overwritten behind an intact header") {
    test::write(fixture.index_file(), whole.substr(0, 4096) + std::string(whole.size() - 4096, '\x5a'));
  }
  SECTION("of another version") {
    SQLite::Database(fixture.index_file(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
  }
  SECTION("without its tables") {
    SQLite::Database(fixture.index_file(), SQLite::OPEN_READWRITE).exec("DROP TABLE records");
  }
  SECTION("with lines that are not where it says") {
    SQLite::Database(fixture.index_file(), SQLite::OPEN_READWRITE)
        .exec("UPDATE records SET offset = offset + 3");
  }
  {
    Index index(fixture.store);
    check_complete(fixture, index);
    CHECK_FALSE(index.notices().empty());
  }
  Index repaired(fixture.store);
  check_complete(fixture, repaired);
  CHECK(repaired.notices().empty());
}

TEST_CASE("where no index can be written the answers come from memory") {
  Fixture fixture;
  fs::create_directories(fixture.index_file() + "/occupied");
  Index index(fixture.store);
  check_complete(fixture, index);
  REQUIRE_FALSE(index.notices().empty());
  CHECK_THAT(index.notices().back(), ContainsSubstring("the index is kept in memory"));
  CHECK_FALSE(index.is_on_disk());
  fs::remove_all(fixture.index_file());
  index.rebuild();
  CHECK(index.is_on_disk());
}

TEST_CASE("the index follows the folders while it is open") {
  Fixture fixture;
  Index index(fixture.store);
  {
    RunWriter run = fixture.store.resume_run(fixture.second);
    run.append(good_record("null:1"));
    CHECK(index.records(fixture.second).size() == 2);
    CHECK(index.runs()[1].state == RunState::running);
    run.finish();
  }
  CHECK(index.runs()[1].state == RunState::complete);
  fs::remove_all(fixture.store.run_folder(fixture.first).path());
  REQUIRE(index.runs().size() == 1);
  CHECK(index.runs()[0].id == fixture.second);
  CHECK_THROWS_AS(index.records(fixture.first), UsageError);
}

TEST_CASE("a rebuilt index gives the same answers") {
  Fixture fixture;
  Index index(fixture.store);
  index.rebuild();
  check_complete(fixture, index);
  CHECK(index.notices().empty());
}

TEST_CASE("an unreadable run is listed with its fault and hides no other") {
  Fixture fixture;
  const fs::path records = fixture.store.run_folder(fixture.first).records_path();
  test::write(records, "{\"schema\": 7}\n" + test::content(records));
  Index index(fixture.store);
  const std::vector<RunSummary> runs = index.runs();
  REQUIRE(runs.size() == 2);
  CHECK_THAT(runs[0].fault, ContainsSubstring("records.jsonl:1: a record of schema version 7"));
  CHECK(runs[0].cases.empty());
  CHECK(runs[1].fault.empty());
  CHECK_THROWS_WITH(index.records(fixture.first), ContainsSubstring("update moat"));
  CHECK(index.records(fixture.second).size() == 1);
}
