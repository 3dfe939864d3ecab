// Waiting by a clock that the test sets.
#include "bench/worker/patience.h"

#include "tests/catch.h"

using Catch::Matchers::WithinAbs;
using moat::Patience;

TEST_CASE("patience ends when its time is over, and sleeps are short") {
  double now = 1000;
  Patience patience(2.5, [&] { return now; });
  CHECK(patience.left() == Patience::longest_sleep);
  now += 1;
  CHECK(patience.left() == Patience::longest_sleep);
  now += 1;
  CHECK_THAT(patience.left(), WithinAbs(0.5, 1e-9));
  now += 0.5;
  CHECK(patience.left() == 0);
  CHECK(patience.paused_seconds() == 0);
}

TEST_CASE("an hour in which this process was stopped is a pause, not the other one's time") {
  double now = 0;
  Patience patience(10, [&] { return now; });
  CHECK(patience.left() > 0);
  now += 3600;
  CHECK(patience.left() > 0);
  CHECK_THAT(patience.paused_seconds(), WithinAbs(3599, 1e-9));
  for (int i = 0; i < 9; ++i) {
    now += 1;
    CHECK((patience.left() > 0) == (i < 8));
  }
}

TEST_CASE("being late by seconds on a busy machine is no pause") {
  double now = 0;
  Patience patience(10, [&] { return now; });
  for (int i = 0; i < 4; ++i) {
    now += 2.6;
    static_cast<void>(patience.left());
  }
  CHECK(patience.left() == 0);
  CHECK(patience.paused_seconds() == 0);
}
