// The memory a case takes.
#include "bench/measure/footprint.h"

#include <limits>
#include <vector>

#include "adapters/adapter.h"
#include "tests/catch.h"

using namespace moat;

TEST_CASE("a footprint is tensors, scratch and their guards, times the copies") {
  const auto problem = parse_problem("gemm:m=2,n=3,k=5");
  const std::vector<std::size_t> scratch{1000};
  const Footprint need = footprint(*problem, scratch, 3);
  CHECK(need.total_bytes == 3 * (4 * (2 * 5 + 5 * 3 + 2 * 3) + 1000 + 4 * 2 * view_alignment));
  CHECK(need.largest_allocation_bytes == 1000 + 2 * view_alignment);
}

TEST_CASE("a cold cache needs as many copies as fill it twice") {
  const auto problem = parse_problem("gemm:m=64,n=64,k=64");  // 48 KiB
  Traits traits;
  traits.last_level_cache_bytes = 480 * 1024;
  const auto copies = buffer_copies(*problem, traits, Cache::cold);
  CHECK(std::get<std::size_t>(copies) == 21);
  CHECK(std::get<std::size_t>(buffer_copies(*problem, traits, Cache::hot)) == 1);
}

TEST_CASE("sizes beyond any memory saturate instead of wrapping round") {
  const auto problem = parse_problem("gemm:m=46340,n=46340,k=46340,batch=1000000");
  const std::vector<std::size_t> scratch{std::numeric_limits<std::size_t>::max() / 2};
  const Footprint need = footprint(*problem, scratch, 1000);
  Traits traits;
  CHECK_FALSE(exceeds_memory(need, traits));  // nothing known, nothing refused
  traits.global_memory_bytes = std::numeric_limits<std::size_t>::max() - 1;
  CHECK(exceeds_memory(need, traits));
}

TEST_CASE("two sizes that would read the same are told in bytes") {
  Traits traits;
  traits.global_memory_bytes = std::size_t{1} << 32U;
  const auto reason = exceeds_memory({traits.global_memory_bytes + 1, 0}, traits);
  REQUIRE(reason);
  CHECK(reason->reason == "needs 4294967297 bytes, device has 4294967296 bytes");
}

TEST_CASE("what kernels reach of a buffer is asked of tensors, not of their guards") {
  const auto problem = parse_problem("gemm:m=1024,n=1024,k=1024");  // 4 MiB each
  Traits traits;
  traits.max_argument_bytes = std::size_t{4} << 20U;
  const Footprint need = footprint(*problem, {}, 1);
  CHECK_FALSE(exceeds_memory(need, traits));
  traits.max_argument_bytes -= 1;
  const auto reason = exceeds_memory(need, traits);
  REQUIRE(reason);
  CHECK(reason->reason == "needs a buffer of 4194304 bytes, the device's kernels can access 4194303 bytes");
}
