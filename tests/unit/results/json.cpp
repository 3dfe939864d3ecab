// Records survive the way to a line and back; what is no record is refused by name.
#include "results/json.h"

#include <cmath>
#include <limits>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;

namespace {

Json good_json() {
  return record_json(test::good_record());
}
Record parse(const Json& json) {
  return parse_record(strict_json(json), "records.jsonl:17");
}

}  // namespace

TEST_CASE("any record is the same after a round trip, on one line") {
  test::RandomRecords random(7);
  for (int i = 0; i < 2000; ++i) {
    const Record record = random.record();
    const std::string line = strict_json(record_json(record));
    REQUIRE(line.find('\n') == std::string::npos);
    REQUIRE(parse_record(line, "line") == record);
  }
}

TEST_CASE("bytes that are no UTF-8 are replaced, and what was written reads back") {
  Record record = test::good_record("cl\xff:0", "\xc0\xaf", "gemm:\xe6\xb5");
  record.log = "warning \x80\xfe at \xf0\x9f";
  const std::string line = strict_json(record_json(record));
  const Record read = parse_record(line, "line");
  CHECK(read.log.find("\xef\xbf\xbd") != std::string::npos);
  CHECK(strict_json(record_json(read)) == line);
}

TEST_CASE("numbers that are not finite are written as null and stay not finite") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Record record = test::good_record();
  record.status = Status::wrong;
  record.verdict->max_error = infinity;
  record.verdict->bias = std::numeric_limits<double>::quiet_NaN();
  record.measurement->samples_seconds[2] = -infinity;
  const std::string line = strict_json(record_json(record));
  CHECK(line.find("\"max_error\":null") != std::string::npos);
  CHECK(line.find(":nan") == std::string::npos);
  CHECK(line.find("inf,") == std::string::npos);  // of "-inf" too
  const Record read = parse_record(line, "line");
  CHECK(read.verdict->max_error == infinity);
  CHECK(std::isnan(read.verdict->bias));
  CHECK(std::isnan(read.measurement->samples_seconds[2]));
  const Json shown = show_json(record, "run");
  CHECK(shown["median_seconds"].is_null());
  CHECK(shown["max_error"].is_null());
}

TEST_CASE("unknown fields are passed over") {
  Json json = good_json();
  json["later_idea"] = {{"nested", {1, 2, 3}}};
  json["measurement"]["throttled"] = true;
  CHECK(parse(json) == test::good_record());
}

const std::set<std::string> came_later{"features",      "unstated",      "stated_interval_seconds", "note",
                                       "round_samples", "circumstances", "false_acceptance"};

TEST_CASE("every field has to be there, and the error names it and the line") {
  const auto check_missing = [](const Json& pointer_base, const std::string& prefix, const auto& remove) {
    for (const auto& [field, value] : pointer_base.items()) {
      if (came_later.contains(field)) continue;
      Json json = good_json();
      remove(json, field);
      CHECK_THROWS_WITH(parse(json), "records.jsonl:17: '" + prefix + field + "' is missing");
    }
  };
  const Json good = good_json();
  check_missing(good, "", [](Json& json, const std::string& field) { json.erase(field); });
  for (const char* part :
       {"types", "conditions", "measurement", "circumstances", "work", "verdict", "effort"}) {
    check_missing(good[part], std::string(part) + ".",
                  [part](Json& json, const std::string& field) { json[part].erase(field); });
  }
}

TEST_CASE("a record of before there were features and published figures has none") {
  Record record = test::good_record();
  record.features = {"subgroup broadcast"};
  record.unstated = {"data", "cache"};
  record.stated_interval_seconds = Interval{1e-3, 2e-3};
  record.note = "of two chips";
  Json json = record_json(record);
  CHECK(parse(json) == record);
  for (const std::string& field : came_later) json.erase(field);
  Record old = test::good_record();
  old.circumstances.reset();
  CHECK(parse(json) == old);
}

TEST_CASE("a field of the wrong type is named") {
  const auto broken = [](const char* pointer, const Json& value) {
    Json json = good_json();
    json[Json::json_pointer(pointer)] = value;
    return json;
  };
  CHECK_THROWS_WITH(parse(broken("/device", 3)), "records.jsonl:17: 'device' is not text");
  CHECK_THROWS_WITH(parse(broken("/device", nullptr)), ContainsSubstring("'device' is not text"));
  CHECK_THROWS_WITH(parse(broken("/stated_interval_seconds", 1e-3)),
                    ContainsSubstring("'stated_interval_seconds' is not an array"));
  CHECK_THROWS_WITH(parse(broken("/stated_interval_seconds", Json::array({1, "x"}))),
                    ContainsSubstring("'stated_interval_seconds[1]' is not a number"));
  CHECK_THROWS_WITH(parse(broken("/status", "fine")),
                    ContainsSubstring("'status' has the unknown value 'fine'"));
  CHECK_THROWS_WITH(parse(broken("/types/input", "f31")),
                    ContainsSubstring("'types.input' has the unknown value"));
  CHECK_THROWS_WITH(parse(broken("/conditions/seed", -1)),
                    ContainsSubstring("'conditions.seed' is not a whole"));
  CHECK_THROWS_WITH(parse(broken("/measurement", 1)), ContainsSubstring("'measurement' is not an object"));
  CHECK_THROWS_WITH(parse(broken("/measurement/samples_seconds/2", "1")),
                    ContainsSubstring("'measurement.samples_seconds[2]' is not a number"));
  for (const Json& rounds :
       {Json::array({1}), Json::array({0, 99}), Json::array({1, 1, 1, 1, 1, 1, 1, 1, 1, 1})}) {
    CHECK_THROWS_WITH(parse(broken("/measurement/round_samples", rounds)),
                      ContainsSubstring("'measurement.round_samples' are not the rounds"));
  }
  CHECK_THROWS_WITH(parse(broken("/verdict/correct", 1)), ContainsSubstring("'verdict.correct' is neither"));
  CHECK_THROWS_WITH(parse(broken("/parameters/TILE_M", 1.5)),
                    ContainsSubstring("'parameters.TILE_M' is not"));
  CHECK_THROWS_WITH(parse(broken("/parameters/TILE_M", std::uint64_t{1} << 63)),
                    ContainsSubstring("64 bits"));
  CHECK_THROWS_WITH(parse(broken("/case", "another")), ContainsSubstring("'case' contradicts"));
}

TEST_CASE("what is no strict JSON object is refused with the place") {
  CHECK_THROWS_WITH(parse_record("{\"schema\":1,", "f:3"), "f:3: not JSON at byte 13");
  CHECK_THROWS_WITH(parse_record("[]", "f:3"), ContainsSubstring("the record is not an object"));
  CHECK_THROWS_WITH(parse_record("{\"a\":NaN}", "f:3"), ContainsSubstring("not JSON at byte"));
  CHECK_THROWS_WITH(parse_record("{\"a\":1e999}", "f:3"), ContainsSubstring("too large for a double"));
  CHECK_THROWS_WITH(parse_record("{\"a\":\"\xff\"}", "f:3"), ContainsSubstring("not JSON at byte"));
  CHECK_THROWS_WITH(parse_record(std::string(100000, '['), "f:3"),
                    ContainsSubstring("deeper than 64 levels"));
}

TEST_CASE("a record of a newer schema says which and to update") {
  Json json = good_json();
  json["schema"] = record_schema + 1;
  json.erase("device");  // a newer schema may lack what this one needs
  CHECK_THROWS_WITH(parse(json),
                    "records.jsonl:17: a record of schema version 3, "
                    "this moat reads up to version 2: update moat");
  CHECK_THROWS_AS(parse(json), UsageError);
}

TEST_CASE("rates are shown for ok alone, the median for whatever has samples") {
  Record record = test::good_record();
  Json shown = show_json(record, "20260101T000000Z-0000");
  CHECK(shown["run"] == "20260101T000000Z-0000");
  CHECK(shown["median_seconds"].get<double>() == 1e-3);
  CHECK(shown["interval_seconds"] == Json::array({0.98e-3, 1.02e-3}));
  CHECK(shown["samples"].size() == 8);
  CHECK_THAT(shown["operations_per_second"].get<double>(), WithinRel(2e9));
  CHECK(shown["bytes"].get<double>() == 1.2e5);
  CHECK_THAT(shown["bytes_per_second"].get<double>(), WithinRel(1.2e8));
  CHECK(shown["tolerance"].get<double>() == 1e-5);

  for (int i = 1; i <= static_cast<int>(Status::error); ++i) {
    record.status = static_cast<Status>(i);
    shown = show_json(record, "run");
    CHECK(shown["operations_per_second"].is_null());
    CHECK(shown["bytes_per_second"].is_null());
    CHECK(shown["median_seconds"].get<double>() == 1e-3);
  }

  record.measurement->samples_seconds.resize(5);
  CHECK(show_json(record, "run")["interval_seconds"].is_null());
  record.measurement.reset();
  record.verdict.reset();
  shown = show_json(record, "run");
  CHECK(shown["samples"] == Json::array());
  CHECK(shown["median_seconds"].is_null());
  CHECK(shown["max_error"].is_null());
}
