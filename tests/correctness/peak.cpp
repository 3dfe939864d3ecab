// Peak as the project computes it itself, on every real device that compiles kernels: every type, with the
// last group full and nearly empty.
#include "kernels/peak/peak.h"

#include "tests/catch.h"
#include "tests/correctness/harness.h"

using namespace moat;

namespace {

void check_problems(std::initializer_list<std::pair<std::int64_t, std::int64_t>> problems) {
  std::size_t turn = 0;
  for (const Type type : {Type::f64, Type::f32, Type::f16, Type::i8}) {
    for (const auto& [chains, steps] : problems) {
      const std::size_t ran = check_everywhere(PeakProblem(chains, steps, type), turn++);
      // f64 and f16 may be absent on every device.
      if (type == Type::f32 || type == Type::i8) CHECK(ran > 0);
    }
  }
}

}  // namespace

TEST_CASE("chains end where they must and leave their surroundings alone", "[smallest]") {
  check_problems({{64, 8}, {128, 16}});
}

TEST_CASE("chains end where they must with a last group that is nearly empty") {
  check_problems({{192, 64}, {2112, 128}});
}

TEST_CASE("chains end where they must that are longer than a driver lets a loop run", "[long]") {
  check_problems({{64, 200000}});
}

TEST_CASE("long chains in many groups end where they must", "[large]") {
  check_problems({{65536 + 64, 2048}});
}
