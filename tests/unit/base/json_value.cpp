// A JSON value held by value: copies are independent, and lists of fields take it as the value it holds.
#include "base/json_value.h"

#include "base/json.h"
#include "tests/catch.h"

using namespace moat;

TEST_CASE("a value is an empty object at first and behaves as what it holds") {
  JsonValue value;
  CHECK(*value == Json::object());
  (*value)["a"] = 1;
  CHECK(value->at("a") == 1);
  const Json& held = value;
  CHECK(&held == &*value);
}

TEST_CASE("a copy is independent, a moved value arrives") {
  JsonValue first = Json{{"a", 1}};
  JsonValue copy = first;
  (*copy)["a"] = 2;
  CHECK(first->at("a") == 1);
  CHECK_FALSE(first == copy);
  first = copy;
  CHECK(first == copy);
  const JsonValue moved = std::move(copy);
  CHECK(moved == first);
  copy = Json(nullptr);
  CHECK(copy->is_null());
}

TEST_CASE("lists of fields write and read what it holds") {
  Json written;
  encode(JsonSink(written), JsonValue(Json{{"b", 1}, {"a", nullptr}}));
  CHECK(strict_json(written) == R"({"b":1,"a":null})");
  JsonValue read;
  decode(JsonSource(written, "f", "a value"), read);
  CHECK(*read == written);
}
