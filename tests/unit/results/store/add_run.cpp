// Runs that come whole into a store: of published figures, and of other stores. All or nothing.
#include "base/error.h"
#include "results/published/published.h"
#include "results/store/store.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using test::failure_of;
using test::good_record;
namespace fs = std::filesystem;

namespace {

std::string make_run(const Store& store, bool finish = true) {
  RunInfo info;
  info.suite = "quick";
  RunWriter run = store.start_run(info);
  for (int i = 0; i < 3; ++i) {
    Record record = good_record("null:0", "naive", "gemm:m=" + std::to_string(i + 1) + ",n=1,k=1,type=f32");
    record.work = parse_problem(record.identity.problem)->work();
    run.append(record);
  }
  if (finish) run.finish();
  return run.info().id;
}

std::ptrdiff_t runs(const Store& store) {
  return std::distance(fs::directory_iterator(store.path() / "runs"), {});
}

}  // namespace

TEST_CASE("published figures become a complete run") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  Published published = load_published("deepbench");
  const std::string id = store.add_run(published.info, published.records);
  const RunInfo info = store.run_folder(id).read_info();
  CHECK(info.ended_utc == info.started_utc);
  CHECK(info.citation == published.info.citation);
  CHECK(info.devices == published.info.devices);
  for (Record& record : published.records) record.started_utc = info.started_utc;
  CHECK(store.run_folder(id).read_records().records == published.records);
  CHECK(store.running().empty());
}

TEST_CASE("a run of another store comes over byte for byte, once") {
  const test::ScratchFolder folder;
  const Store from(folder / "from");
  const Store to(folder / "to");
  const std::string id = make_run(from);
  const RunFolder copied(folder / "a copy");
  fs::copy(from.run_folder(id).path(), copied.path());
  CHECK(to.add_run(copied) == id);
  CHECK(test::content(to.run_folder(id).info_path()) == test::content(copied.info_path()));
  CHECK(test::content(to.run_folder(id).records_path()) == test::content(copied.records_path()));
  CHECK_THAT(failure_of([&] { (void)to.add_run(copied); }), ContainsSubstring("which " + to.path().string()));
  CHECK(runs(to) == 1);
}

TEST_CASE("a run folder with a fault changes nothing, and the error names file and line") {
  const test::ScratchFolder folder;
  const Store from(folder / "from");
  const Store to(folder / "to");
  const RunFolder run = from.run_folder(make_run(from));
  const std::string records = test::content(run.records_path());
  const std::string info = test::content(run.info_path());
  const auto refused = [&](const std::string& part) {
    CHECK_THAT(failure_of([&] { (void)to.add_run(run); }), ContainsSubstring(part));
    CHECK_FALSE(fs::exists(to.path()));
  };
  SECTION("a damaged line") {
    std::string damaged = records;
    damaged[records.find('\n') + 9] = '\0';
    test::write(run.records_path(), damaged);
    refused("records.jsonl:2: not JSON");
  }
  SECTION("an incomplete line") {
    test::write(run.records_path(), records.substr(0, records.size() - 2));
    refused("records.jsonl:3: the line is incomplete");
  }
  SECTION("a case twice") {
    test::write(run.records_path(), records + records);
    refused("records.jsonl:4: case");
  }
  SECTION("an id that is a path") {
    std::string other = info;
    other.replace(other.find(run.path().filename().string()), 21, "../../../../../../tmp");
    test::write(run.info_path(), other);
    refused("is not the id of a run");
  }
  SECTION("no records") {
    fs::remove(run.records_path());
    refused("records.jsonl");
  }
  SECTION("no end") {
    const RunFolder interrupted = from.run_folder(make_run(from, false));
    CHECK_THAT(failure_of([&] { (void)to.add_run(interrupted); }),
               ContainsSubstring("the run is not complete"));
  }
}

TEST_CASE("a run that the disk does not take leaves nothing") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  store.check_writable();
  const Published published = load_published("deepbench");
  std::string failure;
  {
    const test::FileSizeLimit limit(1'100'000 / 8);
    failure = failure_of([&] { (void)store.add_run(published.info, published.records); });
  }
  CHECK_FALSE(failure.empty());
  CHECK(runs(store) == 0);
}

TEST_CASE("nothing comes in while a run is written") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  RunInfo info;
  const RunWriter run = store.start_run(info);
  const Published published = load_published("flagperf");
  CHECK_THAT(failure_of([&] { (void)store.add_run(published.info, published.records); }),
             ContainsSubstring(run.info().id));
  CHECK(runs(store) == 1);
}
