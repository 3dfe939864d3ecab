// Catalogue files: what the parser accepts, what it refuses and where it says so.
#include "tests/catch.h"
#include "tests/unit/adapters/catalogue/text.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

// The chip begins on line 4, its peaks on line 9.
std::string refusal(const std::string& peaks, const std::string& fields = "",
                    const std::string& memory = "") {
  return error_of(file_head + chip_text("c", peaks, fields, memory));
}
const std::string sound = peak_text("\"f16\"", "100e12");

}  // namespace

TEST_CASE("a chip's every field is read") {
  const std::vector<Chip> chips = parse_chips(R"(vendor = "V"
[sources]
DS = "the datasheet"
P = "a paper"
[[chip]]
id = "x-1"
name = "X 1"
scope = "card"
process = "7 nm"
matches = ["X1*", "Vendor X1"]
note = "größer"
parts = { id = "x-half", count = 2 }
link = { bytes_per_second = 300e9, confidence = "B", sources = ["P"] }
external_io = { bytes_per_second = 400e9, confidence = "B", sources = ["P"] }
power = { watts = [300, 350], confidence = "D", verified = false, sources = ["P"], note = "two forms" }
peak = [
  { types = ["f16", "bf16"], accumulate = "f32", engine = "matrix", operations_per_second = [1e14, 2e14], dense = true, clock_hertz = 1.5e9, confidence = "A*", verified = false, scope = "card", sources = ["DS", "P"], note = "n", exception = "e" },
  { types = ["i8"], accumulate = "i32", operations_per_second = 400_000_000_000_000, confidence = "C", sources = ["P"] },
]
[chip.memory]
kind = "HBM2"
bus_bits = 4096
capacity = { bytes = 32e9, confidence = "A", sources = ["DS"] }
bandwidth = { bytes_per_second = 900e9, confidence = "A", sources = ["DS"] }
)",
                                              "x.toml");
  REQUIRE(chips.size() == 1);
  const Chip& chip = chips.front();
  CHECK(chip.id == "x-1");
  CHECK(chip.vendor == "V");
  CHECK(chip.scope == ChipScope::card);
  CHECK(chip.matches == std::vector<std::string>{"X1*", "Vendor X1"});
  CHECK(chip.note == "größer");
  CHECK(chip.origin == "x.toml");
  CHECK(chip.line == 5);
  CHECK(chip.parts->id == "x-half");
  CHECK(chip.parts->count == 2);
  CHECK(chip.link->low == 300e9);
  CHECK(chip.external_io->high == 400e9);
  CHECK(chip.power->low == 300);
  CHECK(chip.power->high == 350);
  CHECK_FALSE(chip.power->verified);
  CHECK(chip.memory.kind == "HBM2");
  CHECK(chip.memory.bus_bits == 4096U);
  CHECK(chip.memory.bytes->low == 32e9);
  CHECK(chip.memory.bandwidth->confidence == Confidence::datasheet);

  REQUIRE(chip.peaks.size() == 3);
  const Peak& bf16 = chip.peaks[1];
  CHECK(bf16.type == Type::bf16);
  CHECK(bf16.accumulate == Type::f32);
  CHECK(bf16.engine == Engine::matrix);
  CHECK(bf16.low == 1e14);
  CHECK(bf16.high == 2e14);
  CHECK(bf16.middle() == Approx(1.41421356e14));
  CHECK(bf16.dense);
  CHECK(bf16.clock_hertz == 1.5e9);
  CHECK(bf16.confidence == Confidence::recalled);
  CHECK(bf16.sources == std::vector<std::string>{"the datasheet", "a paper"});
  CHECK(bf16.source_keys == std::vector<std::string>{"DS", "P"});
  CHECK(bf16.exception == "e");
  CHECK(bf16.line == 17);
  CHECK(chip.peaks[2].low == 4e14);
  CHECK(chip.peaks[2].engine == Engine::unstated);
  CHECK_FALSE(chip.peaks[2].dense);
  CHECK(chip.peaks[2].verified);
}

TEST_CASE("what is not said stays absent") {
  const Chip chip = parse_chips(file_head + chip_text("c", sound), "c.toml").front();
  CHECK_FALSE(chip.link.has_value());
  CHECK_FALSE(chip.power.has_value());
  CHECK_FALSE(chip.memory.bytes.has_value());
  CHECK_FALSE(chip.peaks.front().clock_hertz.has_value());
  CHECK(chip.peaks.front().sources == std::vector<std::string>{"the datasheet"});
  CHECK(chip.peaks.front().confidence == Confidence::datasheet);
}

TEST_CASE("a figure is a number above 0, or two") {
  for (const std::string bad : {"0", "-1e12", "nan", "inf", "\"312\"", "true"}) {
    INFO(bad);
    CHECK_THAT(refusal(peak_text("\"f16\"", bad)),
               StartsWith("c.toml:9:") && ContainsSubstring("operations_per_second is a number above 0"));
  }
  CHECK_THAT(refusal(peak_text("\"f16\"", "[1e12, nan]")), ContainsSubstring("is a number above 0"));
  CHECK_THAT(refusal(peak_text("\"f16\"", "[1e12]")), ContainsSubstring("or [low, high]"));
  CHECK_THAT(refusal(peak_text("\"f16\"", "[1e12, 2e12, 3e12]")), ContainsSubstring("or [low, high]"));
  CHECK_THAT(refusal(sound, "power = { confidence = \"A\", sources = [\"DS\"] }\n"),
             ContainsSubstring("this figure has no watts"));
  CHECK_THAT(refusal(sound, "power = 300\n"), ContainsSubstring("power is a table: power = { watts = "));
}

TEST_CASE("unknown words are refused with the known ones") {
  CHECK_THAT(refusal(peak_text("\"fp16\"", "1e12")),
             ContainsSubstring("unknown type 'fp16'. Did you mean f16"));
  CHECK_THAT(refusal(peak_text("\"f16\"", "1e12", "fp32")), ContainsSubstring("unknown type 'fp32'"));
  CHECK_THAT(refusal(peak_text("\"f16\"", "1e12", "f32", "confidence = \"E\", sources = [\"DS\"]")),
             ContainsSubstring("confidence is one of A, A*, B, C, D, not 'E'"));
  CHECK_THAT(refusal(peak_text("\"f16\"", "1e12", "f32", "confidence = \"A\", sources = [\"DSS\"]")),
             ContainsSubstring("no source 'DSS' in this file's [sources]. Did you mean DS"));
  CHECK_THAT(refusal(peak_text("\"f16\"", "1e12", "f32", evidence + ", watts = 3")),
             ContainsSubstring("unknown field 'watts' in a peak"));
  CHECK_THAT(refusal(sound, "tdp = 300\n"), ContainsSubstring("unknown field 'tdp' in [[chip]]"));
  CHECK_THAT(refusal(sound, "", "size = 3\n"), ContainsSubstring("unknown field 'size' in memory"));
  CHECK_THAT(error_of("vendor = \"V\"\nvendors = 3\n"),
             ContainsSubstring("c.toml:2:1: unknown field 'vendors'"));
}

TEST_CASE("ill-typed fields are refused with what they are") {
  CHECK_THAT(refusal(peak_text("\"f16\"", "1e12", "f32", evidence + ", verified = \"no\"")),
             ContainsSubstring("verified is true or false"));
  CHECK_THAT(refusal(peak_text("", "1e12")), ContainsSubstring("types is a list in brackets"));
  CHECK_THAT(refusal(sound, "matches = \"X\"\n"), ContainsSubstring("matches is a list in brackets"));
  CHECK_THAT(refusal(sound, "matches = [\" \"]\n"), ContainsSubstring("a pattern of matches is one line"));
  CHECK_THAT(refusal(sound, "parts = { id = \"x\", count = 1 }\n"),
             ContainsSubstring("count is a whole number from 2 to 1024"));
  CHECK_THAT(refusal(sound, "parts = { id = \"x\" }\n"), ContainsSubstring("parts says how many"));
  CHECK_THAT(refusal(sound, "", "bus_bits = 0\n"), ContainsSubstring("bus_bits is a whole number"));
  CHECK_THAT(refusal("  { operations_per_second = 1e12 },\n"),
             ContainsSubstring("a peak says of which types"));
  CHECK_THAT(refusal("  3,\n"), ContainsSubstring("a peak is a table"));
}

TEST_CASE("an id is a slug and there once") {
  for (const std::string& bad :
       std::vector<std::string>{"H100", "a b", "a/b", "-a", "a-", "a\\u00e9", std::string(41, 'a')}) {
    INFO(bad);
    CHECK_THAT(error_of(file_head + chip_text(bad, sound)), StartsWith("c.toml:5:6: id is at most 40"));
  }
  CHECK_THAT(error_of(file_head + chip_text("a", sound) + chip_text("a", sound)),
             StartsWith("c.toml:11:") && ContainsSubstring("chip a appears twice, first on line 4"));
}

TEST_CASE("a file without vendor or chips is refused") {
  CHECK_THAT(error_of(""), ContainsSubstring("the file has no vendor"));
  CHECK_THAT(error_of("vendor = \"V\""), ContainsSubstring("the file has no chips"));
  CHECK_THAT(error_of("vendor = \"V\"\nchip = 3"), ContainsSubstring("chip is a list"));
  CHECK_THAT(error_of("vendor = \"V\"\nchip = [3]"), ContainsSubstring("a chip is a table"));
  CHECK_THAT(error_of("vendor = \"V\"\n[[chip]]\nid = \"a\""), ContainsSubstring("this chip has no name"));
  CHECK_THAT(error_of("vendor = \"V\"\n[[chip]]\nname = \"a\""), ContainsSubstring("this chip has no id"));
}

TEST_CASE("hostile files cost little and are refused") {
  CHECK_THAT(error_of("# " + std::string(CatalogueLimits::file_bytes, 'x')),
             ContainsSubstring("a catalogue file holds at most"));
  CHECK_THAT(error_of(file_head + "x = " + std::string(2000, '[')),
             ContainsSubstring("a line holds at most"));
  CHECK_THAT(error_of(file_head + "x = " + std::string(100, '[')), ContainsSubstring("c.toml:4:"));
  std::string peaks;
  for (int i = 0; i < 65; ++i) peaks += sound;
  CHECK_THAT(refusal(peaks), ContainsSubstring("at most 64"));
  std::string chips = file_head;
  for (std::size_t i = 0; i <= CatalogueLimits::chips; ++i) {
    chips += "[[chip]]\nid = \"c" + std::to_string(i) + "\"\nname = \"c\"\n";
  }
  CHECK_THAT(error_of(chips), ContainsSubstring("holds at most 1000 chips"));
  CHECK_THAT(error_of(file_head + chip_text("c", sound, "note = \"a\\u001b[2J\"\n")),
             ContainsSubstring("without control characters"));
  CHECK_THAT(error_of("vendor = \"V\"\n" + file_head), StartsWith("c.toml:2:"));  // a field twice
}
