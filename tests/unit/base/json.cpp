// JSON as it is written and read here:
// nothing that JSON does not know, nothing deeper or newer than is understood.
#include "base/json.h"

#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

std::string nested(std::size_t levels) {
  return std::string(levels, '[') + "1" + std::string(levels, ']');
}

}  // namespace

TEST_CASE("objects are written in the order in which they were filled") {
  CHECK(strict_json({{"z", 1}, {"a", 2}}) == R"({"z":1,"a":2})");
  CHECK(strict_json({{"z", 1}}, 2) == "{\n  \"z\": 1\n}");
}

TEST_CASE("whatever a text or number holds, what is written is JSON") {
  CHECK(strict_json(Json("a\xff")) == "\"a\xEF\xBF\xBD\"");
  CHECK(strict_json(Json(std::numeric_limits<double>::quiet_NaN())) == "null");
  CHECK(strict_json(Json(std::numeric_limits<double>::infinity())) == "null");
}

TEST_CASE("characters that a terminal would obey or hide are written escaped, and read back as they were") {
  const std::string text = "\x1b[2J \x7f \u009b \u202e \ufeff \U000e0041 \u00b5\u6607";
  const std::string written = strict_json({{"name", text}}, 2);
  CHECK(written.find("\\u202e") != std::string::npos);
  CHECK(written.find("\u00b5\u6607") != std::string::npos);
  CHECK(printable_lines(written) == written);
  CHECK(parse_json(written, "text").at("name") == text);
}

TEST_CASE("what is no JSON is refused with its place") {
  const std::string text = GENERATE("", "{", "NaN", "{\"a\": 1} rest", "// comment\n1", "{'a': 1}", "[1,]");
  CHECK_THROWS_AS(parse_json(text, "records.jsonl:17"), UsageError);
  CHECK_THROWS_WITH(parse_json(text, "records.jsonl:17"), StartsWith("records.jsonl:17"));
  CHECK_THROWS_AS(parse_sorted_json(text, "records.jsonl:17"), UsageError);
}

TEST_CASE("64 levels are read, 65 are refused") {
  CHECK_NOTHROW(parse_json(nested(64), "here"));
  CHECK_NOTHROW(parse_sorted_json(nested(64), "here"));
  CHECK_THROWS_AS(parse_json(nested(65), "here"), UsageError);
  CHECK_THROWS_AS(parse_sorted_json(nested(65), "here"), UsageError);
}

TEST_CASE("a file of this version or an older one is read, a newer one is refused with both versions") {
  CHECK_NOTHROW(check_schema(3, 3, "record", "here"));
  CHECK_NOTHROW(check_schema(2, 3, "record", "here"));
  CHECK_THROWS_AS(check_schema(4, 3, "record", "here"), UsageError);
  CHECK_THROWS_AS(check_schema(0, 3, "record", "here"), UsageError);
  CHECK_THROWS_WITH(check_schema(4, 3, "record", "here"),
                    ContainsSubstring("here") && ContainsSubstring("4") && ContainsSubstring("3"));
}
