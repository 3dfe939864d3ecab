// A struct survives the way to JSON and back by its one list of fields; what is not as the list says is
// refused by its path.
#include "base/json_fields.h"

#include <cmath>

#include "base/error.h"
#include "base/json.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::Message;

namespace moat::json_fields_test {

enum class Colour : std::uint8_t { red, blue };
std::string_view name(Colour colour) {
  return colour == Colour::red ? "red" : "blue";
}
std::optional<Colour> parse_colour(std::string_view text) {
  if (text == "red") return Colour::red;
  return text == "blue" ? std::optional(Colour::blue) : std::nullopt;
}

struct Leaf {
  std::uint32_t count = 0;
  Colour colour = Colour::red;
  friend bool operator==(const Leaf&, const Leaf&) = default;
};

struct Tree {
  bool tall = false;
  double height = 0;
  double bound = 0;
  double optional_height = 0;
  std::int64_t age = 0;
  std::string species;
  std::vector<Leaf> leaves;
  std::optional<Leaf> flower;
  std::optional<std::string> label;
  std::map<std::string, std::int64_t> rings;
  std::array<std::size_t, 2> place{};
  std::pair<std::string, double> owner;
  NamedTexts facts;
  std::string note;
  std::uint64_t late = 7;
  Json remark = nullptr;
  friend bool operator==(const Tree&, const Tree&) = default;
};

template <class Visit, MaybeConst<Leaf> T>
void visit_fields(const Visit& visit, T& leaf) {
  auto& [count, colour] = leaf;
  visit("count", count);
  visit("colour", colour);
}

template <class Visit, MaybeConst<Tree> T>
void visit_fields(const Visit& visit, T& tree) {
  auto& [tall, height, bound, optional_height, age, species, leaves, flower, label, rings, place, owner,
         facts, note, late, remark] = tree;
  visit("tall", tall);
  visit("height", height);
  visit("bound", bound, std::numeric_limits<double>::infinity());
  visit.zero_as_null("optional_height", optional_height);
  visit("age", age);
  visit("species", species);
  visit("leaves", leaves);
  visit("flower", flower);
  visit.unless_empty("label", label);
  visit("rings", rings);
  visit("place", place);
  visit("owner", owner);
  visit.facts("facts", facts);
  visit.unless_empty("note", note);
  visit.added("late", late);
  visit("remark", remark);
}

std::optional<FieldFault> field_fault(const Leaf& leaf) {
  if (leaf.count > 1000) return FieldFault{"count", "is above 1000"};
  return std::nullopt;
}

}  // namespace moat::json_fields_test

template <>
inline constexpr auto moat::parse_word<json_fields_test::Colour> = &json_fields_test::parse_colour;

namespace {

using json_fields_test::Colour;
using json_fields_test::Tree;

Tree full() {
  return {true,
          1.5,
          2.5,
          3.5,
          -9,
          "oak \"x\"",
          {{3, Colour::blue}, {4, Colour::red}},
          json_fields_test::Leaf{5, Colour::blue},
          "label",
          {{"b", 1}, {"a", std::numeric_limits<std::int64_t>::min()}},
          {1, std::numeric_limits<std::size_t>::max()},
          {"me", 0.5},
          {{"z", "first"}, {"a", "second"}},
          "note",
          8,
          Json{{"k", 1}}};
}

Json written(const Tree& tree) {
  Json json;
  encode(JsonSink(json), tree);
  return json;
}

template <class Parsed>
Tree read(const Parsed& json) {
  Tree tree;
  decode(JsonSource(json, "f.json:3", "a tree"), tree);
  return tree;
}

/// The error after `value` was put where `pointer` points.
void check_refused(const char* pointer, const Json& value, const std::string& error) {
  Json json = written(full());
  json[Json::json_pointer(pointer)] = value;
  CHECK_THROWS_MATCHES(read(json), UsageError, Message("f.json:3: " + error));
  CHECK_THROWS_MATCHES(read(nlohmann::json(json)), UsageError, Message("f.json:3: " + error));
}

}  // namespace

TEST_CASE("a struct reads back as it was written, from trees in order and sorted ones") {
  const std::string text = strict_json(written(full()));
  CHECK(read(parse_json(text, "t")) == full());
  Tree sorted = read(parse_sorted_json(text, "t"));
  CHECK(sorted.facts == NamedTexts{{"a", "second"}, {"z", "first"}});
  sorted.facts = full().facts;
  CHECK(sorted == full());
}

TEST_CASE("fields are written in the list's order") {
  CHECK(
      strict_json(written(full()))
          .starts_with(
              R"({"tall":true,"height":1.5,"bound":2.5,"optional_height":3.5,"age":-9,"species":"oak \"x\"",)"
              R"("leaves":[{"count":3,"colour":"blue"},{"count":4,"colour":"red"}],"flower":{"count":5,"colour":"blue"},)"
              R"("label":"label","rings":{"a":-9223372036854775808,"b":1},"place":[1,18446744073709551615],)"
              R"("owner":["me",0.5],"facts":{"z":"first","a":"second"},"note":"note","late":8,"remark":{"k":1}})"));
}

TEST_CASE("what is empty is null, or no field where the list says so") {
  const Tree bare;
  const Json json = written(bare);
  CHECK(json.at("flower").is_null());
  CHECK(json.at("optional_height").is_null());
  CHECK_FALSE(json.contains("label"));
  CHECK_FALSE(json.contains("note"));
  CHECK(json.at("facts") == Json::object());
  CHECK(json.at("leaves") == Json::array());
  CHECK(read(json) == bare);
}

TEST_CASE("a number that is not finite is null, and reads as the list says") {
  Tree tree = full();
  tree.height = std::numeric_limits<double>::quiet_NaN();
  tree.bound = std::numeric_limits<double>::infinity();
  const Json json = written(tree);
  CHECK(json.at("height").is_null());
  CHECK(std::isnan(read(json).height));
  CHECK(read(json).bound == tree.bound);
}

TEST_CASE("a file of before a field was added has the default; unknown fields are passed over") {
  Json json = written(full());
  json.erase("late");
  json["unknown"] = {1, 2};
  Tree tree = full();
  tree.late = 7;
  CHECK(read(json) == tree);
}

TEST_CASE("what a field should not be is named with its path") {
  check_refused("/tall", 1, "'tall' is neither true nor false");
  check_refused("/height", "1", "'height' is not a number");
  check_refused("/age", 1.5, "'age' is not a whole number of 64 bits");
  check_refused("/age", std::uint64_t{1} << 63U, "'age' is not a whole number of 64 bits");
  check_refused("/species", nullptr, "'species' is not text");
  check_refused("/leaves", Json::object(), "'leaves' is not an array");
  check_refused("/leaves/1", 4, "'leaves[1]' is not an object");
  check_refused("/leaves/1/count", -1, "'leaves[1].count' is not a whole number from 0 to 4294967295");
  check_refused("/leaves/1/count", std::uint64_t{1} << 32U,
                "'leaves[1].count' is not a whole number from 0 to 4294967295");
  check_refused("/leaves/0/colour", "green", "'leaves[0].colour' has the unknown value 'green'");
  check_refused("/flower/count", 1001, "'flower.count' is above 1000");
  check_refused("/rings/a", true, "'rings.a' is not a whole number of 64 bits");
  check_refused("/rings", Json::array(), "'rings' is not an object");
  check_refused("/place/1", -1, "'place[1]' is not a whole number from 0 to 2^64-1");
  check_refused("/place", {1, 2, 3}, "'place' is not an array of 2");
  check_refused("/owner", {"me"}, "'owner' is not an array of 2");
  check_refused("/facts/z", 1, "'facts.z' is not text");
  check_refused("/late", "8", "'late' is not a whole number from 0 to 2^64-1");
  check_refused("/note", 8, "'note' is not text");
  check_refused("/label", nullptr, "'label' is not text");
}

TEST_CASE("a field that is missing is named, and so is a whole that is no object") {
  Json json = written(full());
  for (const char* field : {"tall", "height", "bound", "age", "species", "leaves", "flower", "rings", "place",
                            "owner", "facts", "remark"}) {
    Json lacking = json;
    lacking.erase(field);
    CHECK_THROWS_MATCHES(read(lacking), UsageError,
                         Message("f.json:3: '" + std::string(field) + "' is missing"));
  }
  json["leaves"][0].erase("colour");
  CHECK_THROWS_MATCHES(read(json), UsageError, Message("f.json:3: 'leaves[0].colour' is missing"));
  CHECK_THROWS_MATCHES(read(Json::array()), UsageError, Message("f.json:3: a tree is not an object"));
}

TEST_CASE("a newer schema says which and to update") {
  const auto check = [](const Json& json) { read_schema(JsonSource(json, "f", "a tree"), 2, "a tree"); };
  CHECK_NOTHROW(check({{"schema", 2}}));
  CHECK_THROWS_MATCHES(
      check({{"schema", 3}}), UsageError,
      Message("f: a tree of schema version 3, this moat reads up to version 2: update moat"));
  CHECK_THROWS_MATCHES(check({{"schema", 0}}), UsageError,
                       Message("f: a tree of impossible schema version 0"));
  CHECK_THROWS_MATCHES(check({{"scheme", 1}}), UsageError, Message("f: 'schema' is missing"));
  CHECK_THROWS_MATCHES(check(Json::array()), UsageError, Message("f: a tree is not an object"));
}
