// Tuning files: what was written reads back,
// what is hostile is refused with its place, paths stay in their folder.
#include "results/tuning/tuning.h"

#include <cmath>

#include "base/json.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const TuningDevice device{"Vendor (R), Inc.", "arch 9", "Device 9000"};

TunedProblem tuned(const std::string& problem, std::int64_t tile = 4) {
  return {"portable/opencl",
          problem,
          "Driver 1.0",
          "0123456789ab",
          {"packed", {{"TILE_M", tile}}},
          false,
          1e-3,
          2e-3,
          12,
          "2026-01-01T00:00:00Z"};
}

std::string text_of(const TuningFile& file) {
  return strict_json(tuning_json(file));
}

/// The error for the file's text with `from` replaced by `to`.
std::string refusal(const std::string& from, const std::string& to) {
  std::string text = text_of({device, {tuned("gemm:m=1,n=2,k=3,type=f32")}});
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  return failure_of([&] { static_cast<void>(parse_tuning(text, "t.json")); });
}

}  // namespace

TEST_CASE("a tuning file reads back as it was written") {
  TuningFile file{device, {tuned("a:x=1"), tuned("a:x=2", -5)}};
  file.problems[1].keeps_default = true;
  file.problems[1].default_seconds = 0;
  CHECK(parse_tuning(text_of(file), "t") == file);
  CHECK(parse_tuning(text_of({device, {}}), "t") == TuningFile{device, {}});
}

TEST_CASE("any tuning file is the same after a round trip") {
  RandomRecords random(5);
  for (int i = 0; i < 300; ++i) {
    TuningFile file{{random.text(), random.text(), random.text()}, {}};
    for (std::uint64_t j = random.below(4); j > 0; --j) {
      file.problems.push_back({random.text(), random.text(), random.text(), random.text(),
                               random.record().parameters, random.below(2) == 0, std::abs(random.number()),
                               std::abs(random.number()), random.bits() | 1U, random.text()});
    }
    REQUIRE(parse_tuning(text_of(file), "t") == file);
  }
}

TEST_CASE("a new outcome replaces that of the same implementation, problem and driver only") {
  TuningFile file{device, {tuned("a:x=1"), tuned("a:x=2")}};
  TunedProblem other_driver = tuned("a:x=1", 8);
  other_driver.driver = "Driver 2.0";
  file.put(other_driver);
  CHECK(file.problems.size() == 3);
  file.put(tuned("a:x=1", 6));
  REQUIRE(file.problems.size() == 3);
  CHECK(file.problems.back().parameters.values.at("TILE_M") == 6);
}

TEST_CASE("a malformed tuning file is refused with its place") {
  CHECK_THAT(refusal("moat tuning", "else"), ContainsSubstring("t.json: 'kind'"));
  CHECK_THAT(refusal("\"schema\":2", "\"schema\":7"), ContainsSubstring("update moat"));
  CHECK_THAT(refusal("\"schema\":2", "\"schema\":1.5"), ContainsSubstring("'schema' is not a whole number"));
  CHECK_THAT(refusal("\"vendor\"", "\"vendro\""), ContainsSubstring("'vendor' is missing"));
  CHECK_THAT(refusal("\"TILE_M\":4", "\"TILE_M\":4.5"),
             ContainsSubstring("'problems[0].parameters.TILE_M' is not a whole number"));
  CHECK_THAT(refusal("\"TILE_M\":4", "\"TILE_M\":18446744073709551615"),
             ContainsSubstring("not a whole number of 64 bits"));
  CHECK_THAT(refusal("\"TILE_M\":4", "\"TILE_M\":1e999"), ContainsSubstring("t.json"));
  CHECK_THAT(refusal("{\"METHOD\":\"packed\",\"TILE_M\":4}", "[4]"),
             ContainsSubstring("'problems[0].parameters' is not an object"));
  CHECK_THAT(refusal("\"keeps_default\":false", "\"keeps_default\":0"), ContainsSubstring("keeps_default"));
  CHECK_THAT(refusal("\"seconds\":0.001", "\"seconds\":-1"), ContainsSubstring("is not a duration"));
  CHECK_THAT(refusal("\"candidates\":12", "\"candidates\":0"), ContainsSubstring("candidates"));
  CHECK_THAT(refusal("Driver 1.0", std::string(1001, 'x')), ContainsSubstring("longer than 1000"));
  CHECK_THAT(failure_of([] { static_cast<void>(parse_tuning("[]", "t")); }),
             ContainsSubstring("t: the file is not an object"));
  CHECK_THAT(failure_of([] { static_cast<void>(parse_tuning("", "t")); }), ContainsSubstring("not JSON"));
}

TEST_CASE("a name becomes a path's part whatever it holds") {
  CHECK(slug("Vendor (R), Inc.") == "vendor-r-inc");
  CHECK(slug("../../etc/passwd") == "etc-passwd");
  CHECK(slug("") == "unknown");
  CHECK(slug("…") == "unknown");
  CHECK(slug(std::string(500, 'a')).size() == 80);
  CHECK(tuning_path("t", device) == "t/vendor-r-inc/arch-9/device-9000.json");
}

TEST_CASE("a folder without a file of the device holds nothing; a file of another device is refused") {
  const ScratchFolder folder;
  CHECK(read_tuning(folder.path(), device) == TuningFile{device, {}});
  CHECK(read_vendor_tuning(folder / "nowhere", device).files.empty());
  TuningFile file{device, {tuned("a:x=1")}};
  write_tuning(folder.path(), file);
  CHECK(read_tuning(folder.path(), device) == file);
  const TuningDevice namesake{device.vendor, device.architecture, "DEVICE 9000!"};
  CHECK_THAT(failure_of([&] { static_cast<void>(read_tuning(folder.path(), namesake)); }),
             ContainsSubstring("about another device"));
}

TEST_CASE("a vendor's files come with the device's own first; what cannot be used is a notice") {
  const ScratchFolder folder;
  const TuningDevice sibling{device.vendor, device.architecture, "Device 1"};
  const TuningDevice stranger{"Other", device.architecture, "Device 1"};
  for (const TuningDevice& each : {sibling, device, stranger})
    write_tuning(folder.path(), {each, {tuned("a:x=1")}});
  write(tuning_path(folder.path(), device).parent_path() / "broken.json", "{");
  std::filesystem::copy_file(tuning_path(folder.path(), sibling),
                             tuning_path(folder.path(), sibling).parent_path() / "copied.json");
  const VendorTuning read = read_vendor_tuning(folder.path(), device);
  REQUIRE(read.files.size() == 2);
  CHECK(read.files[0].device == device);
  CHECK(read.files[1].device == sibling);
  REQUIRE(read.notices.size() == 2);
  CHECK_THAT(read.notices[0], ContainsSubstring("broken.json: not JSON"));
  CHECK_THAT(read.notices[1], ContainsSubstring("copied.json is not used: it is about another device"));
}
