// Ranges of a block of memory never overlap, keep their alignment, and are merged again when they are freed.
#include "adapters/vulkan/suballocator.h"

#include <map>
#include <random>
#include <vector>

#include "tests/catch.h"

using moat::vulkan::Suballocator;

TEST_CASE("a block is given whole, and no more") {
  Suballocator places(1000);
  CHECK(places.allocate(1000, 1) == 0);
  CHECK_FALSE(places.allocate(1, 1));
  places.free(0);
  CHECK(places.is_unused());
  CHECK_FALSE(places.allocate(1001, 1));
  CHECK_FALSE(places.allocate(0, 1));
  CHECK_FALSE(Suballocator(0).allocate(1, 1));
}

TEST_CASE("what alignment skips is not lost") {
  Suballocator places(512);
  CHECK(places.allocate(10, 1) == 0);
  CHECK(places.allocate(10, 256) == 256);
  CHECK(places.allocate(246, 1) == 10);
  CHECK(places.allocate(246, 1) == 266);
  CHECK_FALSE(places.allocate(1, 1));
}

TEST_CASE("giving back what was not allocated is an error") {
  Suballocator places(100);
  CHECK_THROWS_AS(places.free(0), std::invalid_argument);
  CHECK(places.allocate(50, 1) == 0);
  CHECK_THROWS_AS(places.free(10), std::invalid_argument);
  places.free(0);
  CHECK_THROWS_AS(places.free(0), std::invalid_argument);
}

TEST_CASE("random places never overlap, are aligned, and join to one range at the end") {
  constexpr std::size_t bytes = 100000;
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    Suballocator places(bytes);
    std::map<std::size_t, std::size_t> live;  // offset to end
    for (int step = 0; step < 500; ++step) {
      if (live.empty() || random() % 3 != 0) {
        const std::size_t size = 1 + random() % (random() % 4 == 0 ? 20000 : 500);
        const std::size_t alignment = std::size_t{1} << random() % 9;
        const auto offset = places.allocate(size, alignment);
        if (!offset) continue;
        REQUIRE(*offset % alignment == 0);
        REQUIRE(*offset + size <= bytes);
        const auto next = live.lower_bound(*offset);
        if (next != live.end()) REQUIRE(*offset + size <= next->first);
        if (next != live.begin()) REQUIRE(std::prev(next)->second <= *offset);
        live[*offset] = *offset + size;
      } else {
        const auto gone = std::next(live.begin(), static_cast<std::ptrdiff_t>(random() % live.size()));
        places.free(gone->first);
        live.erase(gone);
      }
    }
    for (const auto& [offset, end] : live) places.free(offset);
    REQUIRE(places.is_unused());
    REQUIRE(places.allocate(bytes, 1) == 0);
  }
}
