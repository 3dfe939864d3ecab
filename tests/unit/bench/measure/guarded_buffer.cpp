// Guard zones tell who wrote outside a tensor, and where.
#include "bench/measure/guarded_buffer.h"

#include <algorithm>
#include <limits>

#include "adapters/null/device.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr std::byte poison{0xff};

// The device's memory around a guarded tensor of ten bytes.
struct Guarded {
  null::NullDevice device{null::Config{}, 0};
  GuardedBuffer buffer{device, "C", 10};

  std::byte& at(std::ptrdiff_t offset) {
    const null::Range& range = dynamic_cast<null::NullBuffer&>(buffer.view()).range();
    return range.memory->bytes.at(
        static_cast<std::size_t>(static_cast<std::ptrdiff_t>(range.offset) + offset));
  }
};

}  // namespace

TEST_CASE("a fresh buffer is poisoned throughout, and undamaged") {
  const Guarded guarded;
  CHECK(guarded.buffer.read() == std::vector(10, poison));
  CHECK_FALSE(guarded.buffer.damage());
}

TEST_CASE("what is written is read back, touches no guard, and is poisoned again on demand") {
  Guarded guarded;
  const std::vector<std::byte> data(10, std::byte{7});
  guarded.buffer.write(data);
  CHECK(guarded.buffer.read() == data);
  CHECK_FALSE(guarded.buffer.damage());
  guarded.buffer.poison();
  CHECK(guarded.buffer.read() == std::vector(10, poison));
}

TEST_CASE("a kernel sees a buffer of the tensor's size") {
  Guarded guarded;
  CHECK(guarded.buffer.view().bytes() == 10);
}

TEST_CASE("a write outside the tensor is told with its side and distance") {
  Guarded guarded;
  const auto [offset, text] =
      GENERATE(table<std::ptrdiff_t, std::string>({{-1, "wrote 1 bytes before the start of C"},
                                                   {-3, "wrote 3 bytes before the start of C"},
                                                   {-4096, "wrote 4096 bytes before the start of C"},
                                                   {10, "wrote 1 bytes past the end of C"},
                                                   {15, "wrote 6 bytes past the end of C"},
                                                   {10 + 4095, "wrote 4096 bytes past the end of C"}}));
  guarded.at(offset) = std::byte{0};
  CHECK(guarded.buffer.damage() == std::optional(text));
}

TEST_CASE("a tensor without elements has guards as well") {
  null::NullDevice device{null::Config{}, 0};
  const GuardedBuffer buffer(device, "empty", 0);
  CHECK(buffer.read().empty());
  CHECK_FALSE(buffer.damage());
}

TEST_CASE("guards are a page on either side, and no size overflows") {
  CHECK(guarded_bytes(10) == 10 + 2 * view_alignment);
  CHECK(guarded_bytes(std::numeric_limits<std::size_t>::max()) == std::numeric_limits<std::size_t>::max());
}
