// Stream as the project computes it itself, on every real device that compiles kernels: every op and type, at
// sizes that vectors and groups do not divide.
#include "kernels/stream/stream.h"

#include "tests/catch.h"
#include "tests/correctness/harness.h"

using namespace moat;

namespace {

void check_sizes(std::initializer_list<std::int64_t> sizes) {
  std::size_t turn = 0;
  for (const StreamOp op : {StreamOp::copy, StreamOp::mul, StreamOp::add, StreamOp::triad, StreamOp::dot}) {
    for (const Type type : {Type::f32, Type::f64}) {
      for (const std::int64_t n : sizes) {
        const std::size_t ran = check_everywhere(StreamProblem(op, n, type), turn++);
        if (type != Type::f64) CHECK(ran > 0);  // f64 may be absent on every device
      }
    }
  }
}

}  // namespace

TEST_CASE("stream is right at the smallest sizes and leaves its surroundings alone", "[smallest]") {
  check_sizes({1, 31, 64});
}

TEST_CASE("stream is right one off a group's elements") {
  check_sizes({1023, 4097, 16385});
}

TEST_CASE("stream is right over many groups, and past the caches", "[large]") {
  check_sizes({1000003, 16777213});
}
