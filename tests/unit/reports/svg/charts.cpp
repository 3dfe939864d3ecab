// Charts: what they draw of the findings,
// what they leave out and say so, and what the page's script finds them by.
#include "reports/svg/charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <set>

#include "reports/svg/chart_cases.h"
#include "reports/tables/tables.h"
#include "tests/catch.h"
#include "tests/synthetic.h"
#include "tests/unit/reports/gap/subjects.h"

using Catch::Matchers::ContainsSubstring;
using moat::Chart;
using moat::Findings;
using moat::test::findings_of;
using moat::test::record;
using moat::test::synthetic_subjects;

namespace {

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

std::string bodies(const Chart& chart) {
  std::string all;
  for (const moat::ChartPart& part : chart.parts) all += part.canvas.body();
  return all;
}

}  // namespace

TEST_CASE("a mark names the row of its case in the table of cases") {
  const Findings findings = findings_of(synthetic_subjects({3, 200, 9}));
  const moat::Grid table = moat::cases_table(findings);
  const std::vector<moat::ChartCase> cases = moat::chart_cases(findings);
  CHECK(cases.size() < table.rows.size());  // failures have no rate
  for (const moat::ChartCase& one : cases) {
    const std::vector<moat::GridCell>& row = table.rows.at(one.row);
    CHECK(row[0].text == findings.subjects[one.subject].label);
    CHECK(row[1].text == one.record->identity.implementation);
    CHECK(row[4].text == one.record->identity.problem);
  }
}

TEST_CASE("rates have a part for each operator, and a mark with its row for each verified case") {
  const Findings findings = findings_of(synthetic_subjects({3, 200, 9}));
  const Chart chart = rates_chart(findings);
  REQUIRE(chart.parts.size() == 3);
  CHECK(chart.parts[0].tags.operator_name == "gemm");
  CHECK(chart.remarks.empty());
  const std::string all = bodies(chart);
  const std::vector<moat::ChartCase> cases = moat::chart_cases(findings);
  CHECK(count(all, "data-row=") == cases.size());
  for (const moat::ChartCase& one : cases) CHECK(count(all, fmt::format("data-row=\"{}\"", one.row)) == 1);
}

TEST_CASE("an interval that is wider than its mark is drawn") {
  moat::Record wide = record("x:0", "naive", "gemm:m=64,n=64,k=64,type=f32", 1e9);
  for (std::size_t i = 0; i < 9; ++i)
    wide.measurement->samples_seconds[i] *= 1 + 0.2 * static_cast<double>(i);
  const auto drawn = [](const moat::Record& one) {
    return bodies(rates_chart(findings_of({moat::test::subject("x:0", {one})})));
  };
  CHECK(count(drawn(wide), "class=\"w\"") == 1);
  CHECK(count(drawn(record("x:0", "naive", "gemm:m=64,n=64,k=64,type=f32", 1e9)), "class=\"w\"") == 0);
}

TEST_CASE("charts of very many cases stay bounded and say what they leave out") {
  const Findings findings = findings_of(synthetic_subjects({3, 10'000, 9}));
  const Chart rates = rates_chart(findings);
  CHECK(count(bodies(rates), "data-row=") <= 2000);
  CHECK(count(bodies(rates), "data-row=") >= 1500);
  REQUIRE(rates.remarks.size() == 3);
  CHECK_THAT(rates.remarks[0], ContainsSubstring("problems are drawn"));
  const Chart roofline = roofline_chart(findings);
  for (const moat::ChartPart& part : roofline.parts) CHECK(count(part.canvas.body(), "data-row=") == 400);
  CHECK_THAT(roofline.remarks.at(0), ContainsSubstring("400 of"));
  const Chart samples = samples_chart(findings);
  CHECK(count(bodies(samples), "data-row=") == 100);
  CHECK_THAT(samples.remarks.at(0), ContainsSubstring("100 of"));
}

TEST_CASE("points are chosen evenly, so that every device has some") {
  const Findings findings = findings_of(synthetic_subjects({3, 10'000, 9}));
  const std::string panel = roofline_chart(findings).parts.at(0).canvas.body();
  for (const moat::Subject& subject : findings.subjects)
    CHECK(count(panel, fmt::format("<title>{} ", subject.label)) > 50);
  CHECK(moat::spread(std::vector<int>{0, 1, 2, 3, 4, 5}, 3) == std::vector<int>{0, 2, 4});
  CHECK(moat::spread(std::vector<int>{0, 1}, 3) == std::vector<int>{0, 1});
}

TEST_CASE("a case that its launches limit is hollow in the roofline and among the rates, and says so") {
  const auto findings = [](double launch_seconds) {
    std::vector<moat::Record> records{record("x:0", "library/a", "gemm:m=64,n=64,k=64,type=f32", 1e11),
                                      record("x:0", "library/a", "gemm:m=2048,n=2048,k=2048,type=f32", 1e13),
                                      record("x:0", "naive", "peak:chains=65536,steps=4096,type=f32", 2e13),
                                      record("x:0", "naive", "stream:op=triad,n=1000000,type=f32", 1e11),
                                      record("x:0", "naive", "stream:op=copy,n=1,type=f32", 1)};
    records.back().measurement->samples_seconds.assign(9, launch_seconds);
    return findings_of({moat::test::subject("x:0", records)});
  };
  const Findings slow = findings(5e-6);
  CHECK(count(bodies(roofline_chart(slow)), ", limited by launch latency") == 1);
  CHECK_THAT(bodies(roofline_chart(slow)), ContainsSubstring("<path class=\"o k0\" d=\"M"));
  CHECK_THAT(roofline_chart(slow).legend.value().body(), ContainsSubstring("hollow"));
  CHECK_THAT(rates_chart(slow).parts.at(0).canvas.body(), ContainsSubstring(", limited by launch latency"));
  const Findings quick = findings(1e-9);
  CHECK(count(bodies(roofline_chart(quick)), "launch") == 0);
  CHECK(roofline_chart(quick).legend.value().body().find("hollow") == std::string::npos);
}

TEST_CASE("the samples that spread most come first") {
  std::vector<moat::Record> records;
  for (const double spread : {0.01, 0.5, 0.1}) {
    moat::Record& one = records.emplace_back(
        record("x:0", "naive", fmt::format("gemm:m={},n=8,k=8,type=f32", records.size() + 1), 1e9));
    for (std::size_t i = 0; i < 9; ++i)
      one.measurement->samples_seconds[i] *= 1 + spread * static_cast<double>(i);
  }
  const std::string body = bodies(samples_chart(findings_of({moat::test::subject("x:0", records)})));
  CHECK(body.find("data-row=\"1\"") < body.find("data-row=\"2\""));
  CHECK(body.find("data-row=\"2\"") < body.find("data-row=\"0\""));
}

TEST_CASE(
    "a waterfall has a part for each gap, overall and by operator, with the device as a filter knows it") {
  const Findings findings = findings_of(synthetic_subjects({3, 300, 9}));
  const Chart chart = waterfall_chart(findings);
  REQUIRE(chart.parts.size() >= 4);
  CHECK(chart.parts[0].tags.device == findings.gaps[0].target);
  CHECK(chart.parts[0].tags.operator_name.empty());
  CHECK_FALSE(chart.parts[1].tags.operator_name.empty());
  CHECK_THAT(chart.parts[0].canvas.description(), ContainsSubstring("total"));
}

TEST_CASE("texts of a waterfall's axis do not touch, however far it reaches, and 1x has a tick") {
  const double ratio = GENERATE(0.9, 1e-3, 1e-9, 1e9);
  constexpr const char* key = "gemm:m=64,n=64,k=64,type=f32";
  const Findings findings =
      findings_of({moat::test::subject("a:0", {record("a:0", "library/a", key, 1e9)}),
                   moat::test::subject("b:0", {record("b:0", "library/b", key, 1e9 * ratio)})});
  const std::string body = waterfall_chart(findings).parts.at(0).canvas.body();
  const std::regex tick("<text class=\"s c\" x=\"([^\"]*)\" y=\"[^\"]*\">([0-9/]*×)</text>");
  double free_from = 0;
  std::set<std::string> texts;
  for (auto it = std::sregex_iterator(body.begin(), body.end(), tick); it != std::sregex_iterator(); ++it) {
    const double half = 3.0 * static_cast<double>((*it)[2].length() - 1);  // × is two bytes
    CHECK(std::stod((*it)[1]) - half > free_from);
    free_from = std::stod((*it)[1]) + half;
    texts.insert((*it)[2]);
  }
  CHECK(texts.size() >= 2);
  CHECK(texts.contains("1×"));
}

TEST_CASE("a cascade draws efficiencies and PP, the navigation chart names its points") {
  const Findings findings = moat::test::with_portability(findings_of({}));
  const std::string cascade = bodies(cascade_chart(findings));
  CHECK_THAT(cascade, ContainsSubstring("portable on cuda:0: efficiency 50.0 %, PP up to here 61.5 %"));
  CHECK_THAT(bodies(navigation_chart(findings)), ContainsSubstring(">portable</text>"));
  CHECK(cascade_chart(findings_of({})).parts.empty());
  CHECK_FALSE(cascade_chart(findings_of({})).remarks.empty());
}

TEST_CASE("every chart alone is an SVG file with a title, its own colours and nothing of a page") {
  const Findings findings = moat::test::with_portability(findings_of(synthetic_subjects({2, 60, 9})));
  for (const std::string_view name : moat::chart_names()) {
    INFO(name);
    const std::string file = svg_chart(findings, name);
    CHECK(file.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- moat report -->\n<svg "));
    CHECK_THAT(file, ContainsSubstring("<title id=\"title\">"));
    CHECK(file.find("var(") == std::string::npos);
    CHECK(count(file, "<g ") + count(file, "<g>") == count(file, "</g>"));
    CHECK(count(file, "<svg") == 1);
    CHECK(file.find("<desc id=\"about\"></desc>") == std::string::npos);
    CHECK_THAT(svg_chart(findings_of({}), name), ContainsSubstring("<desc id=\"about\">No "));
    CHECK(count(file, "<rect class=\"p\"") >= 1);
  }
}

TEST_CASE("parts stand side by side and below each other, with equal margins around all of them") {
  Chart chart{"name", "title"};
  chart.columns = 2;
  for (int i = 0; i < 3; ++i) {
    moat::Canvas canvas("id", 300, "part", "about");
    canvas.set_height(50);
    chart.parts.push_back({std::move(canvas)});
  }
  chart.remarks = {"One remark.", "Another one."};
  const std::string file = svg_document(chart);
  std::vector<std::pair<double, double>> places;
  static const std::regex place(R"re(translate\(([\d.]+) ([\d.]+)\))re");
  for (std::sregex_iterator at(file.begin(), file.end(), place), last; at != last; ++at)
    places.emplace_back(std::stod((*at)[1]), std::stod((*at)[2]));
  REQUIRE(places.size() == 3);
  const auto [margin, top] = places[0];
  CHECK(margin > 0);
  CHECK(places[1].first > margin + 300);
  CHECK(places[1].second == top);
  CHECK(places[2].first == margin);
  CHECK(places[2].second > top + 50);
  std::smatch size;
  REQUIRE(std::regex_search(file, size, std::regex(R"re(viewBox="0 0 ([\d.]+) ([\d.]+)")re")));
  CHECK(std::stod(size[1]) == places[1].first + 300 + margin);
  // Remarks follow line by line below the parts.
  static const std::regex remark(R"re(<text class="m" x="([\d.]+)" y="([\d.]+)">)re");
  std::vector<double> lines;
  for (std::sregex_iterator at(file.begin(), file.end(), remark), last; at != last; ++at) {
    CHECK(std::stod((*at)[1]) == margin);
    lines.push_back(std::stod((*at)[2]));
  }
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] > places[2].second + 50);
  CHECK(lines[1] > lines[0] + 10);
  CHECK(lines[1] < std::stod(size[2]));
}
