// Statements as JSON: the kind, the values and the words.
#include "reports/findings/statement_json.h"

#include "reports/findings/words.h"
#include "tests/catch.h"

using moat::Json;
using moat::Remark;
using moat::Type;

TEST_CASE("a statement has its kind, its values and its sentence") {
  const Remark remark = moat::remark::LowerPrecision{"t:0", "library/b", Type::f32, Type::tf32, 2};
  CHECK(moat::statement_json(remark) == Json{{"kind", "lower-precision"},
                                             {"subject", "t:0"},
                                             {"implementation", "library/b"},
                                             {"accumulate", "f32"},
                                             {"implied", "tf32"},
                                             {"cases", 2},
                                             {"text", moat::text(remark)}});
  CHECK(moat::statement_json(moat::Conclusion(moat::conclusion::OnlyDevice{"a:0"})) ==
        Json{{"kind", "only-device"},
             {"subject", "a:0"},
             {"text", "a:0 is the only device, so there is no gap."}});
}

TEST_CASE("a difference has its condition and both values, or what is not stated") {
  using moat::Difference;
  const Json unequal = moat::statement_json(Difference{
      moat::Condition::work, moat::UnequalCondition{moat::CountedWork{2, 8}, moat::CountedWork{4, 8}}});
  CHECK(unequal.at("condition") == "work");
  CHECK(unequal.at("kind") == "unequal");
  CHECK(unequal.at("of_denominator") == Json{{"operations", 2.0}, {"bytes", 8.0}});
  const Json unstated = moat::statement_json(
      Difference{moat::Condition::types, moat::UnstatedCondition{"accumulate", "library/a", "v:0"}});
  CHECK(unstated.at("kind") == "unstated");
  CHECK(unstated.at("part") == "accumulate");
}
