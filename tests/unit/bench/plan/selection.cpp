// A selection is the same after run.json,
// those of earlier runs are read, and what is none is refused by its field.
#include "bench/plan/selection.h"

#include "base/error.h"
#include "base/json.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"

using namespace moat;

namespace {

Selection random_selection(test::RandomRecords& random) {
  const auto texts = [&] {
    std::vector<std::string> made;
    for (std::uint64_t i = random.below(3); i > 0; --i) made.push_back(random.text());
    return made;
  };
  Selection made;
  made.suite = random.text();
  made.problems = texts();
  made.filters = {texts(), texts(), texts(), texts(), texts()};
  made.data = texts();
  made.cache = texts();
  made.seed = random.bits();
  for (std::optional<double>* seconds :
       {&made.case_seconds, &made.device_seconds, &made.first_use_seconds, &made.budget_seconds})
    if (random.below(2) == 0) *seconds = random.number();
  made.timeout_seconds = random.number();
  if (random.below(2) == 0) made.kernel_dir = random.text();
  if (random.below(2) == 0) made.tuning = random.text();
  return made;
}

Selection read(const Json& json) {
  return parse_selection(json, "run.json: selection");
}

}  // namespace

TEST_CASE("any selection is the same after a round trip") {
  test::RandomRecords random(2);
  for (int i = 0; i < 500; ++i) {
    const Selection selection = random_selection(random);
    const std::string text = strict_json(selection_json(selection));
    REQUIRE(read(parse_json(text, "run.json")) == selection);
  }
}

TEST_CASE("a selection of before there were budgets and tuning has none") {
  Selection selection;
  selection.budget_seconds = 300;
  selection.tuning = "none";
  Json json = selection_json(selection);
  json.erase("budget_seconds");
  json.erase("tuning");
  CHECK(read(json) == Selection{});
}

TEST_CASE("what is no selection is refused by its field") {
  const auto refused = [](const char* field, const Json& value) {
    Json json = selection_json({});
    json[field] = value;
    try {
      static_cast<void>(read(json));
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK(refused("suite", 3) == "run.json: selection: 'suite' is not text");
  CHECK(refused("matches", Json::array({"a", 1})) == "run.json: selection: 'matches[1]' is not text");
  CHECK(refused("seed", -1) == "run.json: selection: 'seed' is not a whole number from 0 to 2^64-1");
  CHECK(refused("case_seconds", "2") == "run.json: selection: 'case_seconds' is not a number");
  CHECK_THROWS_WITH(read(nullptr), "run.json: selection: the selection of cases is not an object");
}

TEST_CASE("a selection spans every combination of data and cache, and knows no other word") {
  Selection selection;
  selection.data = {"normal", "zeros"};
  selection.cache = {"hot", "cold"};
  selection.seed = 7;
  CHECK(conditions_of(selection) == std::vector<Conditions>{{Data::normal, Cache::hot, 7},
                                                            {Data::normal, Cache::cold, 7},
                                                            {Data::zeros, Cache::hot, 7},
                                                            {Data::zeros, Cache::cold, 7}});
  selection.cache = {"warm"};
  CHECK_THROWS_WITH(conditions_of(selection), "unknown conditions: --data normal --cache warm");
}
