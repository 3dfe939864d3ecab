// The host's thread pool.
#include "adapters/host/threads.h"

#include <algorithm>

#include "tests/catch.h"

using moat::host::ThreadPool;

TEST_CASE("pieces cover the range once, whatever the threads and the grain", "[host]") {
  const unsigned threads = GENERATE(1U, 2U, 5U);
  const std::size_t grain = GENERATE(std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{1000});
  ThreadPool pool(threads);
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{97}}) {
    std::vector<int> visits(count);
    pool.run(count, grain, [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) visits[i] += 1;
    });
    CHECK(std::ranges::count(visits, 1) == static_cast<std::ptrdiff_t>(count));
  }
}

TEST_CASE("everything a run wrote is there when it returns, run after run", "[host]") {
  ThreadPool pool(4);
  std::vector<std::size_t> sums(64);
  for (std::size_t round = 1; round <= 500; ++round) {
    pool.run(sums.size(), 1, [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) sums[i] += i;
    });
    for (std::size_t i = 0; i < sums.size(); ++i) REQUIRE(sums[i] == i * round);
  }
}

TEST_CASE("a pool that never ran can end", "[host]") {
  CHECK_NOTHROW(ThreadPool(8));
}
