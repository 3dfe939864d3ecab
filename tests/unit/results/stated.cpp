// Kinds of roofs have names, and names kinds.
#include "results/stated.h"

#include "tests/catch.h"

using namespace moat;

TEST_CASE("every kind of roof is read back from its name, and nothing else is a kind") {
  for (const RoofKind kind : {RoofKind::arithmetic, RoofKind::memory, RoofKind::launch}) {
    CHECK(parse_roof_kind(name(kind)) == kind);
  }
  CHECK(name(RoofKind::memory) == "memory");
  CHECK_FALSE(parse_roof_kind("latency"));
  CHECK_FALSE(parse_roof_kind(""));
}
