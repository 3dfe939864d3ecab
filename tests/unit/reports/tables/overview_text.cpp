// The first screen: what it shows, and that it fits.
#include "base/terminal.h"
#include "base/text.h"
#include "reports/tables/overview.h"
#include "tests/catch.h"
#include "tests/synthetic.h"
#include "tests/unit/reports/gap/subjects.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string key = "gemm:m=64,n=64,k=64,type=f32";

std::string screen(const Findings& findings, std::size_t width = 80) {
  return overview_text(findings.overview, {"Summary of a run", {"Every case:  moat show"}}, {width, false});
}

struct Extent {
  std::size_t lines = 0, columns = 0;
};
Extent extent_of(const std::string& text) {
  Extent extent;
  for (const std::string_view line : split(text, '\n')) {
    ++extent.lines;
    if (!line.starts_with("(no room for")) extent.columns = std::max(extent.columns, display_width(line));
  }
  return extent;
}

/// Problems of every operator and type of suite quick and more, on so many devices.
Findings many(std::size_t devices) {
  std::vector<Subject> subjects;
  for (std::size_t i = 0; i < devices; ++i) {
    const std::string id = "device:" + std::to_string(i);
    std::vector<Record> records;
    for (const std::string type : {"f64", "f32", "f16", "bf16", "i8"}) {
      for (const std::string problem : {"gemm:m=64,n=64,k=64", "convolution:n=1,c=64,h=7,w=7,k=64,r=1,s=1",
                                        "attention:hq=8,sq=64,skv=64,d=64"}) {
        if ((problem.starts_with("attention") && type == "i8") ||
            (!problem.starts_with("gemm") && type == "f64"))
          continue;
        const double rate = 1e9 * static_cast<double>(i + 1);
        records.push_back(
            record(id, i == 0 ? "library/x" : "portable/opencl", problem + ",type=" + type, rate));
        if (i > 0) records.push_back(record(id, "library/y", problem + ",type=" + type, rate));
      }
    }
    subjects.push_back(subject(id, std::move(records)));
    state_roofs(subjects.back(), 1e12, 1e12, 1e11);
  }
  return findings_of(std::move(subjects));
}

}  // namespace

TEST_CASE("a screen tells devices, rates, ratios, the verdict and the commands, in this order") {
  std::vector<Subject> subjects{subject("a:0", {record("a:0", "library/x", key, 452e9)}),
                                subject("b:0", {record("b:0", "portable/opencl", key, 113e9)})};
  state_roofs(subjects[0], 1e12, 1e12, 1e11);
  const std::string text = screen(findings_of(std::move(subjects)));
  INFO(text);
  std::size_t at = 0;
  for (const std::string part :
       {"Summary of a run", "device of a:0 (a:0)", "reference", "1.00 T", "100.0 GB/s", "device of b:0 (b:0)",
        "gemm f32", "portable", "113 of 452 G", "0.25", "1/1", "geometric mean", "the portable kernels reach",
        "Every case:  moat show"}) {
    const std::size_t found = text.find(part, at);
    INFO(part);
    REQUIRE(found != std::string::npos);
    at = found;
  }
}

TEST_CASE("the screen has about 50 lines of 80 columns, however many devices there are") {
  for (const std::size_t devices : {1U, 2U, 3U, 5U, 100U}) {
    const std::string text = screen(many(devices));
    INFO(text);
    const Extent extent = extent_of(text);
    CHECK(extent.lines <= 52);
    CHECK(extent.columns <= 80);
  }
}

TEST_CASE("of a hundred devices the best and the worst are shown, and it is said how many more there are") {
  const std::string text = screen(many(100));
  INFO(text);
  CHECK_THAT(text, ContainsSubstring("(device:0)") && ContainsSubstring("(device:99)") &&
                       ContainsSubstring("(device:1)"));
  CHECK_THAT(text, !ContainsSubstring("device:50"));
  CHECK_THAT(text, ContainsSubstring("Not shown: 97 devices between the best and the worst"));
  CHECK_THAT(screen(many(2)), !ContainsSubstring("Not shown"));
}

TEST_CASE("at 40 columns ratios stay, with operators and devices") {
  const std::string text = screen(many(3), 40);
  INFO(text);
  CHECK(extent_of(text).columns <= 40);
  CHECK_THAT(text,
             ContainsSubstring("f32 gemm") && ContainsSubstring("ratio") && ContainsSubstring("portable"));
}

TEST_CASE("without a terminal the tables have every column and sentences are wrapped at 80") {
  const std::string text = screen(many(3), 0);
  CHECK_THAT(text, ContainsSubstring("interval") && ContainsSubstring("largest problem") &&
                       !ContainsSubstring("no room"));
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with("Of the rate")) CHECK(display_width(line) <= 80);
  }
}

TEST_CASE("a device alone shows its own library; roofs alone make no table of operators") {
  const std::string alone = screen(findings_of({subject("a:0", {record("a:0", "library/x", key, 452e9)})}));
  CHECK_THAT(alone, ContainsSubstring("452 G") && ContainsSubstring("only device") &&
                        !ContainsSubstring("reference  "));
  const std::string roofs = screen(findings_of(
      {subject("a:0", {record("a:0", "portable/x", "peak:chains=65536,steps=256,type=f32", 5e11)})}));
  INFO(roofs);
  CHECK_THAT(roofs, ContainsSubstring("500 G") && ContainsSubstring("No operator has a verified result") &&
                        ContainsSubstring("roofs only"));
}

TEST_CASE("published figures are said to be so") {
  std::vector<Subject> subjects;
  for (const std::string id : {"a:0", "b:0"}) {
    Record published = record(id, "library/x", key, id == "a:0" ? 4e9 : 1e9);
    published.provenance = Provenance::published;
    published.verdict.reset();
    published.measurement->samples_seconds.resize(1);
    subjects.push_back(subject(id, {published}));
    state_roofs(subjects.back(), 1e12, 1e12, 1e11);
  }
  const std::string text = screen(findings_of(std::move(subjects)));
  INFO(text);
  CHECK_THAT(text, ContainsSubstring("as published") && ContainsSubstring("(published figures)") &&
                       ContainsSubstring("published result") && !ContainsSubstring("1/1"));
}

TEST_CASE("nothing at all is one sentence") {
  CHECK_THAT(screen(findings_of({})), ContainsSubstring("No records were chosen"));
}
