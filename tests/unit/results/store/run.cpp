// The order of runs, what may follow a record, and a file that may not grow.
#include "results/store/run.h"

#include "results/store/store.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("ids are in the order of start, also where the clock was set back or stands still") {
  using namespace std::chrono;
  const auto noon = system_clock::from_time_t(1795299330);  // 2026-11-21T22:15:30Z
  CHECK(run_id_after("", noon) == "20261121T221530Z-0000");
  CHECK(run_id_after("20261121T221529Z-ffff", noon) == "20261121T221530Z-0000");
  CHECK(run_id_after("20261121T221530Z-0000", noon) == "20261121T221530Z-0001");
  CHECK(run_id_after("20270101T000000Z-3fa1", noon) == "20270101T000000Z-3fa2");
  CHECK(run_id_after("20261231T235959Z-ffff", noon) == "20270101T000000Z-0000");
  std::string id = "20261121T221530Z-0000";
  for (int i = 0; i < 70000; ++i) {
    const std::string next = run_id_after(id, noon);
    REQUIRE(next > id);
    id = next;
  }
}

TEST_CASE("a case that was disturbed may be measured again, whatever becomes of it") {
  Record disturbed = good_record();
  disturbed.status = Status::disturbed;
  disturbed.reason = "something else ran";
  Record wrong = good_record();
  wrong.status = Status::wrong;
  wrong.reason = "wrong";
  CHECK(progress_of(disturbed).is_open());
  CHECK_FALSE(progress_of(wrong).is_open());
  CHECK(continues(progress_of(disturbed), progress_of(disturbed)));
  CHECK(continues(progress_of(good_record()), progress_of(disturbed)));
  CHECK(continues(progress_of(wrong), progress_of(disturbed)));
  CHECK_FALSE(continues(progress_of(good_record()), progress_of(good_record())));
  CHECK_FALSE(continues(progress_of(disturbed), progress_of(wrong)));
}

TEST_CASE("a file size limit is not a full disk") {
  const ScratchFolder folder;
  const Store store(folder / "store");
  const FileSizeLimit limit(8192);
  CHECK_THAT(failure_of([&] { store.check_writable(); }),
             ContainsSubstring("File too large; raise the file size limit (ulimit -f)"));
}
