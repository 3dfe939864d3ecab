// The opening of a page: figures with their intervals, the heat table and its links.
#include "reports/page/opening.h"

#include "tests/catch.h"
#include "tests/synthetic.h"
#include "tests/unit/reports/gap/subjects.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string key = "gemm:m=64,n=64,k=64,type=f32";

std::string opening(std::vector<Subject> subjects) {
  return opening_part(findings_of(std::move(subjects)).overview);
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("a target has one large figure, what it is over, and its library's beside it") {
  const std::string html = opening(
      {subject("a:0", {record("a:0", "library/x", key, 4e9)}),
       subject("b:0", {record("b:0", "portable/opencl", key, 1e9), record("b:0", "library/y", key, 2e9)})});
  INFO(html);
  CHECK(count(html, "class=\"big\"") == 1);
  CHECK_THAT(
      html,
      ContainsSubstring("<p class=\"big\">0.250</p>") &&
          ContainsSubstring(
              "of the rate of device of a:0’s library, with the portable kernels, over 1 of 1 problem") &&
          ContainsSubstring("With its own library: <strong>0.500</strong>") &&
          ContainsSubstring("<h3>device of b:0 <small>b:0</small></h3>"));
}

TEST_CASE(
    "a cell of the heat table has its ratio in digits, coverage and doubts in words, and leads to its "
    "cases") {
  Record noisy = record("b:0", "portable/opencl", key, 4e9);
  const double seconds = noisy.measurement->samples_seconds.front();
  noisy.measurement->samples_seconds = {seconds / 2, seconds / 2, seconds,    seconds,
                                        seconds,     seconds * 2, seconds * 2};
  const std::string html =
      opening({subject("a:0", {record("a:0", "library/x", key, 4e9)}), subject("b:0", {noisy})});
  INFO(html);
  CHECK_THAT(html, ContainsSubstring("<td class=\"h4\"") &&
                       ContainsSubstring(">1.00</a> <span>1 of 1 verified; ") &&
                       ContainsSubstring("wide interval") && ContainsSubstring("undecided") &&
                       ContainsSubstring("href=\"#t-cases&amp;op=gemm&amp;type=f32&amp;device=b%3A0\""));
}

TEST_CASE("the background has a step for each halving") {
  CHECK(heat_class(2) == "h4");
  CHECK(heat_class(1) == "h4");
  CHECK(heat_class(0.99) == "h3");
  CHECK(heat_class(0.5) == "h3");
  CHECK(heat_class(0.25) == "h2");
  CHECK(heat_class(0.125) == "h1");
  CHECK(heat_class(0.1) == "h0");
  CHECK(heat_class(1e-9) == "h0");
}

TEST_CASE("of many targets the best and the worst open the page, and it is said") {
  std::vector<Subject> subjects{subject("a:0", {record("a:0", "library/x", key, 100e9)})};
  for (int i = 1; i <= 30; ++i) {
    const std::string id = "b:" + std::to_string(i);
    subjects.push_back(subject(id, {record(id, "portable/opencl", key, i * 1e9)}));
  }
  const std::string html = opening(std::move(subjects));
  CHECK(count(html, "class=\"big\"") == 6);
  CHECK(html.find("<small>b:30</small>") < html.find("<small>b:1</small>"));
  CHECK_THAT(html, ContainsSubstring("The best and the worst of 30 targets"));
}

TEST_CASE("nothing to compare opens nothing, and a target without a ratio says why") {
  CHECK(opening({}).empty());
  CHECK(opening({subject("a:0", {record("a:0", "library/x", key, 4e9)})}).empty());
  Record by_slope = record("b:0", "portable/opencl", key, 1e9);
  by_slope.measurement->clock = "host slope";
  CHECK_THAT(opening({subject("a:0", {record("a:0", "library/x", key, 4e9)}), subject("b:0", {by_slope})}),
             ContainsSubstring("is not compared: the conditions of 1 results differ") &&
                 ContainsSubstring("not compared</a>"));
}

TEST_CASE("hostile names stay text") {
  std::vector<Subject> subjects{subject("a:0", {record("a:0", "library/x", key, 4e9)}),
                                subject("b:0", {record("b:0", "portable/opencl", key, 1e9)})};
  subjects[1].label = "\"><script>alert(1)</script>";
  subjects[1].device.name = "<img src=x>";
  const std::string html = opening(std::move(subjects));
  CHECK(html.find("<script>") == std::string::npos);
  CHECK(html.find("<img") == std::string::npos);
}
