// Looking up a roof: by kind and, of arithmetic, by both types.
#include "results/roof.h"

#include "tests/catch.h"

using namespace moat;

TEST_CASE("a roof is found by its kind, arithmetic by its types too") {
  const Roofs roofs{RoofBasis::datasheet,
                    "",
                    "a chip",
                    {{RoofKind::arithmetic, Type::f16, Type::f16, exactly(4), "a", true, nullptr},
                     {RoofKind::arithmetic, Type::f16, Type::f32, exactly(2), "b", true, nullptr},
                     {RoofKind::memory, Type::f32, Type::f32, exactly(1), "c", true, nullptr}}};
  CHECK(roofs.arithmetic({Type::f16, Type::f32, Type::f16})->source == "b");
  CHECK(roofs.arithmetic(Type::f16)->source == "a");
  CHECK(roofs.arithmetic(Type::f32) == nullptr);
  CHECK(roofs.arithmetic({Type::f32, Type::f32, Type::f32}) == nullptr);
  CHECK(roofs.memory()->source == "c");
  CHECK(roofs.launch() == nullptr);
}

TEST_CASE("kinds of roofs are read as they are written") {
  for (const RoofKind kind : {RoofKind::arithmetic, RoofKind::memory, RoofKind::launch})
    CHECK(parse_roof_kind(name(kind)) == kind);
  CHECK_FALSE(parse_roof_kind("ceiling"));
  CHECK(name(RoofBasis::datasheet) == "datasheet");
}
