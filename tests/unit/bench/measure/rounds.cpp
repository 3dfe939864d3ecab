// Rounds of a case as one record.
#include "bench/measure/rounds.h"

#include "results/store/run.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using test::good_record;

TEST_CASE("rounds add their samples, and keep how many each took") {
  const Record first = good_record();
  Record second = good_record();
  second.measurement->samples_seconds = {2e-3, 3e-3};
  second.started_utc = "later";
  const Record both = joined(first, second, 2, 3);
  CHECK(both.status == Status::ok);
  CHECK(both.measurement->samples_seconds.size() == 10);
  CHECK(both.measurement->round_samples == std::vector<std::uint64_t>{8, 2});
  CHECK(both.started_utc == first.started_utc);
  const Record all = joined(both, second, 3, 3);
  CHECK(all.measurement->round_samples == std::vector<std::uint64_t>{8, 2, 2});
  CHECK(continues(progress_of(both), progress_of(first)));
  CHECK(continues(progress_of(all), progress_of(both)));
}

TEST_CASE("effort adds up, but the first use was only once") {
  Record first = good_record();
  first.effort = Effort{20, 3, 1, 5, 30};
  Record second = good_record();
  second.effort = Effort{0.1, 0.2, 1, 5, 7};
  CHECK(joined(first, second, 2, 2).effort == Effort{20, 3, 2, 10, 37});
}

TEST_CASE("a round that fails ends the case, names itself, and leaves the samples of the others") {
  const Record first = good_record();
  Record second = good_record();
  second.status = Status::crashed;
  second.reason = "worker killed by signal 11 (SIGSEGV) in phase 'sample'";
  second.log = "last words";
  second.measurement.reset();
  const Record ended = joined(first, second, 2, 3);
  CHECK(ended.status == Status::crashed);
  CHECK(ended.reason == "in round 2 of 3: worker killed by signal 11 (SIGSEGV) in phase 'sample'");
  CHECK(ended.log == "last words");
  CHECK(ended.measurement == first.measurement);
  CHECK(continues(progress_of(ended), progress_of(first)));
}

TEST_CASE("the verdict is the one with the larger error, and a wrong one always") {
  Record first = good_record();
  first.verdict.emplace();
  first.verdict->correct = true;
  first.verdict->max_error = 2;
  first.verdict->tolerance = 10;
  Record second = first;
  second.verdict->max_error = 1;
  CHECK(joined(first, second, 2, 2).verdict->max_error == 2);
  second.verdict->max_error = 3;
  CHECK(joined(first, second, 2, 2).verdict->max_error == 3);
  second.verdict->max_error = 0;
  second.verdict->correct = false;
  second.status = Status::wrong;
  second.reason = "after timing: damage";
  CHECK_FALSE(joined(first, second, 2, 2).verdict->correct);
}

TEST_CASE("rounds by different clocks are not one measurement") {
  const Record first = good_record();
  Record second = good_record();
  second.measurement->clock = "host slope";
  const Record both = joined(first, second, 2, 2);
  CHECK(both.status == Status::untrusted);
  CHECK_THAT(both.reason, ContainsSubstring("round 2 of 2") && ContainsSubstring("host slope") &&
                              ContainsSubstring(first.measurement->clock));
  CHECK(both.measurement == first.measurement);
}

TEST_CASE("a disturbed round is left out where there are others, and is remarked") {
  Record disturbed = good_record();
  disturbed.status = Status::disturbed;
  disturbed.reason = "something else ran";
  disturbed.circumstances.emplace().remarks = {"a quota"};
  Record first = good_record();
  first.circumstances.emplace();

  const Record kept = joined(first, disturbed, 2, 3);
  CHECK(kept.status == Status::ok);
  CHECK(kept.measurement == first.measurement);
  CHECK(kept.circumstances->disturbed_attempts == 1);
  CHECK(kept.circumstances->remarks ==
        std::vector<std::string>{"a quota", "round 2 of 3 is left out: something else ran"});

  Record second = good_record();
  second.measurement->samples_seconds = {2e-3, 3e-3};
  const Record mended = joined(disturbed, second, 2, 3);
  CHECK(mended.status == Status::ok);
  CHECK(mended.reason.empty());
  CHECK(mended.measurement == second.measurement);
  CHECK(continues(progress_of(mended), progress_of(disturbed)));

  const Record still = joined(disturbed, disturbed, 3, 3);
  CHECK(still.status == Status::disturbed);
  CHECK(still.reason == "something else ran");
  CHECK(continues(progress_of(still), progress_of(disturbed)));
}

TEST_CASE("circumstances of rounds are their worst") {
  Record first = good_record();
  first.circumstances.emplace().waited = 0.1;
  first.circumstances->threads_granted = 4;
  first.circumstances->interruptions = 2;
  Record second = first;
  second.circumstances->waited = 0.2;
  second.circumstances->threads_granted = 3;
  const Record both = joined(first, second, 2, 2);
  CHECK(both.circumstances->waited == 0.2);
  CHECK(both.circumstances->threads_granted == 3);
  CHECK(both.circumstances->interruptions == 4);
}
