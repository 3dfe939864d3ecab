// Figures that others published become records of our own; what cannot be right is refused with its place.
#include "results/published/published.h"

#include <cmath>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "results/figures.h"
#include "results/json.h"
#include "results/store/run_json.h"
#include "tests/catch.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;
using test::failure_of;

namespace {

const std::string good = R"(schema = 1
name = "my-paper"
title = "GEMM on the X100"
[citation]
title = "Fast GEMM"
authors = "A. Author and others"
year = 2025
reference = "arXiv 0000.00000"
confidence = "read"
[conditions]
data = "uniform"
unstated = ["cache", "clock"]
[[device]]
id = "x100"
name = "X100 µ"
vendor = "X"
chip = "x100-80"
stack = "xblas 1"
arithmetic = [
  { type = "f16", operations_per_second = [300e12, 320e12], source = "datasheet" },
  { type = "f16", accumulate = "f16", operations_per_second = 640e12, source = "datasheet", verified = false },
]
memory = { bytes_per_second = 1.6e12, source = "datasheet" }
launch = { seconds = [2e-6, 4e-6], source = "a talk", verified = false }
[[rows]]
device = "x100"
implementation = "library/xblas"
workload = "square"
type = "f16"
seconds = [
  ["gemm:k=8192,m=8192,n=8192", 4.2e-3],
  ["gemm:m=4096,n=4096,k=4096", 6e-4, 5e-4, 7e-4],
  { key = "gemm:m=16,n=16,k=16", value = 1e-5, note = "launch" },
]
[[rows]]
device = "x100"
implementation = "portable/xcl"
workload = "rates"
note = "of a figure"
conditions = { data = "normal", cache = "cold", clock = "events" }
operations_per_second = [["gemm:m=8192,n=8192,k=8192,type=f16", 200e12, 100e12, 250e12]]
[[efficiency]]
device = "x100"
operator = "attention"
implementation = "library/xattention"
type = "bf16"
bound = "arithmetic"
share = [0.5, 0.75]
peak = 310e12
source = "table 8"
note = "of a die"
verified = false
)";

std::string with(const std::string& from, const std::string& to) {
  std::string text = good;
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// The message for `good` with one part of it replaced.
std::string refusal(const std::string& from, const std::string& to) {
  return failure_of([&] { (void)parse_published(with(from, to), "paper.toml"); });
}

double rate(const Record& record) {
  return *figures(record).operations_per_second;
}

}  // namespace

TEST_CASE("a file becomes a cited run with its devices, roofs and shares") {
  const Published published = parse_published(good, "paper.toml", "moat import paper.toml");
  CHECK(published.name == "my-paper");
  CHECK(published.info.suite == "published/my-paper");
  CHECK(published.info.command == "moat import paper.toml");
  CHECK(published.info.citation ==
        Citation{"Fast GEMM", "A. Author and others", 2025, "arXiv 0000.00000", "read"});
  REQUIRE(published.info.devices.size() == 1);
  const RunDevice& device = published.info.devices[0];
  CHECK(device.id == "x100:published");
  CHECK(device.name == "X100 µ");
  CHECK(device.chip == "x100-80");
  CHECK(device.driver == "xblas 1");
  CHECK(
      device.roofs ==
      std::vector<Roof>{
          {RoofKind::arithmetic, Type::f16, Type::f32, between({300e12, 320e12}), "datasheet", true, nullptr},
          {RoofKind::arithmetic, Type::f16, Type::f16, exactly(640e12), "datasheet", false, nullptr},
          {RoofKind::memory, Type::f32, Type::f32, exactly(1.6e12), "datasheet", true, nullptr},
          {RoofKind::launch, Type::f32, Type::f32, between({1 / 4e-6, 1 / 2e-6}), "a talk", false, nullptr}});
  CHECK(device.efficiencies == std::vector<StatedEfficiency>{{"attention", "library/xattention", Type::bf16,
                                                              Type::f32, RoofKind::arithmetic, 0.5, 0.75,
                                                              310e12, "table 8", "of a die", false}});
}

TEST_CASE("rows become published records with one sample, and what is not stated is named") {
  const Published published = parse_published(good, "paper.toml", "moat import paper.toml");
  REQUIRE(published.records.size() == 4);
  const Record& first = published.records[0];
  CHECK(first.identity.problem == "gemm:m=8192,n=8192,k=8192,type=f16");
  CHECK(first.identity.id() == "x100:published/library/xblas/gemm:m=8192,n=8192,k=8192,type=f16/uniform/hot");
  CHECK(first.adapter == "published");
  CHECK(first.device_name == "X100 µ");
  CHECK(first.operator_name == "gemm");
  CHECK(first.types == Types{Type::f16, Type::f32, Type::f16});
  CHECK(first.work.operations == 2 * std::pow(8192.0, 3));
  CHECK(first.measurement->stop_reason == "published");
  CHECK(first.measurement->batch == 1);
  CHECK(first.provenance == Provenance::published);
  CHECK(first.status == Status::ok);
  CHECK(first.unstated == std::vector<std::string>{"cache", "clock"});
  CHECK(first.measurement->samples_seconds == std::vector<double>{4.2e-3});
  CHECK(first.measurement->clock == "published");
  CHECK(first.suite == "published/my-paper");
  CHECK(first.workload == "square");
  CHECK(first.command == "moat import paper.toml");
  CHECK_FALSE(first.verdict);
  CHECK_THAT(rate(first), WithinRel(2 * std::pow(8192.0, 3) / 4.2e-3));

  const Record& second = published.records[1];
  CHECK(second.stated_interval_seconds == Interval{5e-4, 7e-4});
  CHECK(figures(second).interval_seconds == Interval{5e-4, 7e-4});
  CHECK_THAT(*figures(second).relative_half_width, WithinRel(1.0 / 6));
  CHECK(published.records[2].note == "launch");

  const Record& by_rate = published.records[3];
  CHECK_THAT(rate(by_rate), WithinRel(200e12));
  CHECK_THAT(by_rate.stated_interval_seconds->low, WithinRel(by_rate.work.operations / 250e12));
  CHECK_THAT(by_rate.stated_interval_seconds->high, WithinRel(by_rate.work.operations / 100e12));
  CHECK(by_rate.identity.conditions == Conditions{Data::normal, Cache::cold, 1});
  CHECK(by_rate.measurement->clock == "published: events");
  CHECK(by_rate.note == "of a figure");
  CHECK(by_rate.unstated.empty());
}

TEST_CASE("records and facts of a published run read back as they were written") {
  for (const std::string& name : published_names()) {
    const Published published = load_published(name);
    for (const Record& record : published.records)
      REQUIRE(parse_record(strict_json(record_json(record)), "line") == record);
    const RunInfo read = parse_info(strict_json(info_json(published.info)), "run.json");
    CHECK(read.devices == published.info.devices);
    CHECK(read.citation == published.info.citation);
  }
}

TEST_CASE("a field that is missing, unknown or of another kind is refused where it stands") {
  CHECK_THAT(refusal("schema = 1\n", ""),
             ContainsSubstring("paper.toml:1:1: ") && ContainsSubstring("no schema"));
  CHECK_THAT(refusal("schema = 1", "schema = 2"),
             ContainsSubstring("schema 2 is newer") && ContainsSubstring("update moat"));
  CHECK_THAT(refusal("title = \"GEMM on the X100\"\n", ""), ContainsSubstring("no title"));
  CHECK_THAT(refusal("authors =", "autors ="), ContainsSubstring("paper.toml:6:1: unknown field 'autors'") &&
                                                   ContainsSubstring("Did you mean authors"));
  CHECK_THAT(refusal("year = 2025", "year = 20255"), ContainsSubstring("paper.toml:7:"));
  CHECK_THAT(refusal("year = 2025", "year = \"2025\""), ContainsSubstring("year is a whole number"));
  CHECK_THAT(refusal("data = \"uniform\"", "data = \"unifrom\""), ContainsSubstring("Did you mean uniform"));
  CHECK_THAT(refusal("data = \"uniform\"\n", ""), ContainsSubstring("does not mention data"));
  CHECK_THAT(refusal("[\"cache\", \"clock\"]", "[\"cache\", \"clock\", \"data\"]"),
             ContainsSubstring("data is stated, and listed as unstated"));
  CHECK_THAT(refusal("[\"cache\", \"clock\"]", "[\"cache\", \"cache\", \"clock\"]"),
             ContainsSubstring("cache is listed twice"));
  CHECK_THAT(refusal("[\"cache\", \"clock\"]", "[\"cache\", \"clock\", \"moon\"]"),
             ContainsSubstring("unknown condition 'moon'"));
  CHECK_THAT(refusal("id = \"x100\"", "id = \"X100\""),
             ContainsSubstring("paper.toml:14:") && ContainsSubstring("small letters"));
  CHECK_THAT(refusal("id = \"x100\"", "id = \"../x\""), ContainsSubstring("small letters"));
  CHECK_THAT(refusal("device = \"x100\"", "device = \"x10\""),
             ContainsSubstring("unknown device 'x10'. Did you mean x100"));
  CHECK_THAT(refusal("\"library/xblas\"", "\"xblas\""), ContainsSubstring("none of library/<name>"));
  CHECK_THAT(refusal("\"library/xblas\"", "\"library/\""), ContainsSubstring("none of library/<name>"));
  CHECK_THAT(refusal("\"library/xblas\"", "\"library/XBlas\""), ContainsSubstring("small letters"));
  CHECK_THAT(refusal("{ type = \"f16\", oper", "{ type = \"f17\", oper"),
             ContainsSubstring("unknown type 'f17'"));
  CHECK_THAT(refusal("seconds = [\n", "milliseconds = [\n"),
             ContainsSubstring("unknown field 'milliseconds'") && ContainsSubstring("Did you mean seconds"));
  CHECK_THAT(refusal("workload = \"square\"\n", ""), ContainsSubstring("no workload"));
  CHECK_THAT(refusal("bound = \"arithmetic\"", "bound = \"power\""),
             ContainsSubstring("unknown bound 'power'"));
  CHECK_THAT(refusal("bound = \"arithmetic\"", "bound = \"launch\""),
             ContainsSubstring("unknown bound 'launch'"));
  CHECK_THAT(refusal("operator = \"attention\"", "operator = \"atention\""),
             ContainsSubstring("Did you mean attention"));
}

TEST_CASE("a number that is no figure is refused") {
  for (const char* bad : {"nan", "inf", "-inf", "0", "-4.2e-3", "\"4.2e-3\"", "true", "[4.2e-3]"}) {
    INFO(bad);
    CHECK_THAT(refusal("8192\", 4.2e-3]", "8192\", " + std::string(bad) + "]"),
               ContainsSubstring("paper.toml:31:") && ContainsSubstring("a number above 0"));
  }
  CHECK_THAT(refusal("[300e12, 320e12]", "[320e12, 300e12]"), ContainsSubstring("low is above high"));
  CHECK_THAT(refusal("[300e12, 320e12]", "[300e12]"), ContainsSubstring("a number or [low, high]"));
  CHECK_THAT(refusal("[300e12, 320e12]", "[nan, 320e12]"), ContainsSubstring("a number above 0"));
  CHECK_THAT(refusal("6e-4, 5e-4, 7e-4", "6e-4, 6.5e-4, 7e-4"),
             ContainsSubstring("paper.toml:32:") && ContainsSubstring("low is at most the number itself"));
  CHECK_THAT(refusal("200e12, 100e12, 250e12", "200e12, 1e-300, 250e12"),
             ContainsSubstring("within a factor of 100"));
  CHECK_THAT(refusal("6e-4, 5e-4, 7e-4", "6e-4, 5e-4"), ContainsSubstring("an entry is [key, number]"));
  CHECK_THAT(refusal("[0.5, 0.75]", "86.8"), ContainsSubstring("share is at most 1"));
  CHECK_THAT(refusal("[2e-6, 4e-6]", "[2, 4]"), ContainsSubstring("5 µs is 5e-6"));
  CHECK_THAT(refusal("[2e-6, 4e-6]", "2e-12"), ContainsSubstring("5 µs is 5e-6"));
  CHECK_THAT(refusal("launch = { seconds", "launch = { bytes_per_second"),
             ContainsSubstring("unknown field 'bytes_per_second'"));
}

TEST_CASE("what is there twice is refused, with the first place") {
  CHECK_THAT(refusal("gemm:m=4096,n=4096,k=4096", "gemm:n=8192,m=8192,k=8192"),
             ContainsSubstring("paper.toml:32:") && ContainsSubstring("first at 31:"));
  CHECK_THAT(refusal("accumulate = \"f16\", ", ""),
             ContainsSubstring("a roof for f16 accumulated in f32 appears twice"));
  CHECK_THAT(
      refusal("[[efficiency]]", "[[device]]\nid = \"x100\"\nname = \"n\"\nvendor = \"v\"\n[[efficiency]]"),
      ContainsSubstring("appears twice, first at 14:"));
  CHECK_THAT(refusal("vendor = \"X\"", "vendor = \"X\"\nvendor = \"Y\""),
             ContainsSubstring("paper.toml:17:"));
  // Under other conditions it is another case.
  CHECK(parse_published(with("note = \"of a figure\"", "note = \"x\""), "p").records.size() == 4);
}

TEST_CASE("exactly one measure is given, and it must be able to count the problem") {
  CHECK_THAT(
      refusal("operations_per_second = [[",
              "bytes_per_second = [[\"gemm:m=64,n=64,k=64,type=f16\", 1e9]]\noperations_per_second = [["),
      ContainsSubstring("keep one"));
  CHECK_THAT(
      refusal("operations_per_second = [[\"gemm:m=8192,n=8192,k=8192,type=f16\", 200e12, 100e12, 250e12]]",
              ""),
      ContainsSubstring("none of seconds, operations_per_second"));
  CHECK_THAT(refusal("[\"gemm:m=8192,n=8192,k=8192,type=f16\", 200e12, 100e12, 250e12]",
                     "[\"stream:op=copy,n=1000,type=f32\", 1e9]"),
             ContainsSubstring("no work that operations_per_second could measure"));
  CHECK_THAT(refusal("\"gemm:m=16,n=16,k=16\"", "\"gemm:m=0,n=16,k=16\""),
             ContainsSubstring("no work that seconds could measure"));
  CHECK_THAT(refusal("\"gemm:m=16,n=16,k=16\"", "\"gem:m=16,n=16,k=16\""),
             ContainsSubstring("paper.toml:33:") && ContainsSubstring("Did you mean gemm"));
  CHECK_THAT(refusal("\"gemm:m=16,n=16,k=16\"", "\"gemm:m=16,n=16,k=16,type=f32\""),
             ContainsSubstring("names its type and type is given too"));
}

TEST_CASE("a wrong unit or type shows against the stated roofs") {
  CHECK_THAT(refusal("8192\", 4.2e-3]", "8192\", 4.2]"),
             ContainsSubstring("paper.toml:31:") &&
                 ContainsSubstring("times what the stated roofs allow; check the unit"));
  CHECK_THAT(refusal("8192\", 4.2e-3]", "8192\", 4.2e-6]"),
             ContainsSubstring("times the stated roof of 320.0 TFLOP/s; check the unit"));
  CHECK_THAT(refusal("200e12, 100e12, 250e12", "200"), ContainsSubstring("cannot have been measured"));
  CHECK_THAT(refusal("200e12, 100e12, 250e12", "0.2e12"), ContainsSubstring("check the unit"));
  CHECK_THAT(refusal("bytes_per_second = 1.6e12", "bytes_per_second = 1600"),
             ContainsSubstring("1 GB/s is 1e9"));
  CHECK_THAT(refusal("[300e12, 320e12]", "[300, 320]"), ContainsSubstring("1 TFLOP/s is 1e12"));
  // FlagPerf's f32 product in tf32: 127 TFLOP/s where the chip has 19.5.
  const std::vector<Roof> roofs{
      {RoofKind::arithmetic, Type::f32, Type::f32, exactly(19.5e12), "", true, nullptr}};
  const Work work{2 * std::pow(8192.0, 3), 0, 1};
  const Types f32{Type::f32, Type::f32, Type::f32};
  CHECK_THAT(implausible_figure(work, f32, 8.65e-3, false, roofs).value_or(""),
             ContainsSubstring("whether it really computed in f32"));
  CHECK_FALSE(implausible_figure(work, f32, 58e-3, false, roofs));
  CHECK_FALSE(implausible_figure(work, f32, 20 * 3600, true, roofs));  // naive
  CHECK_FALSE(implausible_figure(work, f32, 58e-3, false, {}));
  CHECK_FALSE(implausible_figure({2000, 0, 1}, f32, 9e-3, false, roofs));  // a launch
}

TEST_CASE("a row that is quicker than the stated launch is refused") {
  const std::vector<Roof> roofs{
      {RoofKind::launch, Type::f32, Type::f32, between({1 / 8e-6, 1 / 4e-6}), "", true, nullptr}};
  const Work work{8192, 1024, 1024};
  CHECK_FALSE(implausible_figure(work, {Type::f16, Type::f32, Type::f16}, 3.5e-6, false, roofs));
  CHECK_THAT(implausible_figure(work, {Type::f16, Type::f32, Type::f16}, 3e-6, false, roofs).value_or(""),
             ContainsSubstring("3.000 µs is less than the 4.000 µs that are stated for a launch"));
}

TEST_CASE("bandwidths beyond the memory's are refused unless a cache may have served them") {
  const std::vector<Roof> roofs{{RoofKind::memory, Type::f32, Type::f32, exactly(9e11), "", true, nullptr}};
  const Types f32{Type::f32, Type::f32, Type::f32};
  CHECK(implausible_figure({1e9, 4e9, 4e9}, f32, 1e-3, false, roofs).has_value());         // stream, 8 TB/s
  CHECK_FALSE(implausible_figure({1e12, 4e6, 4e6}, f32, 1e-6, false, roofs).has_value());  // gemm, 8 TB/s
}

TEST_CASE("text that could steer a terminal is refused; markup is kept as data") {
  CHECK_THAT(refusal("X100 µ", "\\u001b[31mred"),
             ContainsSubstring("paper.toml:15:") && ContainsSubstring("without control characters"));
  CHECK_THAT(refusal("X100 µ",
                     "\xc2\x9b"
                     "31m"),
             ContainsSubstring("without control characters"));
  CHECK_THAT(refusal("X100 µ",
                     "\xe2\x80\xae"
                     "001X"),
             ContainsSubstring("without control characters"));
  CHECK_THAT(refusal("X100 µ", std::string(1001, 'x')), ContainsSubstring("at most 1000 bytes"));
  CHECK_THAT(refusal("X100 µ", std::string(3000, 'x')), ContainsSubstring("a line holds at most"));
  const std::string markup = "<script>alert(1)</script>=cmd|' /C'!A0";
  CHECK(parse_published(with("X100 µ", markup), "p").info.devices[0].name == markup);
}

TEST_CASE("too much is refused before it costs anything") {
  CHECK_THAT(failure_of([] {
               (void)parse_published(std::string(PublishedLimits::file_bytes + 1, '\n'), "big.toml");
             }),
             ContainsSubstring("big.toml: a published-figures file holds at most"));
  CHECK_THAT(failure_of([] {
               (void)parse_published("a = " + std::string(900, '[') + std::string(900, ']'), "deep.toml");
             }),
             ContainsSubstring("deep.toml:1:"));
}

TEST_CASE("the file that docs/published.md shows is one") {
  std::ifstream file(MOAT_SOURCE_DIR "/docs/published.md");
  REQUIRE(file);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::string fence = "```toml\n";
  const std::size_t begin = text.find(fence);
  REQUIRE(begin != std::string::npos);
  const std::size_t start = begin + fence.size();
  const Published published = parse_published(text.substr(start, text.find("```", start) - start), "docs");
  CHECK(published.records.size() == 3);
  CHECK(published.info.devices.at(0).roofs.size() == 4);
  CHECK(published.info.devices.at(0).efficiencies.size() == 1);
}
