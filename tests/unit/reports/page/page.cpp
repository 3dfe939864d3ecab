// The page and the other formats: hostile text, sizes, and findings that are hardly any.
#include "reports/page/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "reports/format/grid_csv.h"
#include "reports/page/assets.h"
#include "reports/page/findings_json.h"
#include "reports/page/markdown.h"
#include "reports/svg/charts.h"
#include "reports/tables/sections.h"
#include "results/published/published.h"
#include "tests/catch.h"
#include "tests/synthetic.h"

using Catch::Matchers::ContainsSubstring;
using moat::Findings;
using moat::test::findings_of;
using moat::test::synthetic_subjects;
using moat::test::with_portability;

namespace {

/// Pieces of attacks in an order that depends on `place`.
std::string attack(std::size_t place) {
  static constexpr std::array<const char*, 10> pieces{"</script><script>window.pwned=1</script>",
                                                      "\" onmouseover=\"window.pwned=1",
                                                      "' autofocus onfocus='window.pwned=1",
                                                      "<img src=x onerror=window.pwned=1>",
                                                      "]]><svg/onload=window.pwned=1>",
                                                      "--><script>pwned()</script><!--",
                                                      "=cmd|'/c calc'!A1",
                                                      "</title></style></noscript><b>",
                                                      "\xE2\x80\xAEgnp.exe\xFF\x01",
                                                      "| `x` [l](javascript:pwned())"};
  return fmt::format("{}{}{}#{}", pieces.at(place % 10), pieces.at((place / 3) % 10),
                     pieces.at((place * 7) % 10), place);
}

Findings hostile_findings(std::size_t cases) {
  std::vector<moat::Subject> subjects = synthetic_subjects({2, cases, 9});
  for (moat::Subject& subject : subjects) moat::test::make_hostile(subject, attack);
  return findings_of(std::move(subjects), true, attack(3));
}

/// The page without what the project itself put there as script and style.
std::string without_assets(std::string page) {
  for (const moat::PageAsset& asset : moat::page_assets()) {
    const std::size_t at = page.find(asset.text);
    REQUIRE(at != std::string::npos);
    page.erase(at, asset.text.size());
  }
  return page;
}

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

/// Names of all elements, and of all attributes, as an HTML tokenizer sees them.
struct Markup {
  std::set<std::string> elements, attributes;
};
Markup markup_of(const std::string& text) {
  Markup made;
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
    std::size_t i = at + 1;
    if (i < text.size() && (text[i] == '/' || text[i] == '!' || text[i] == '?')) continue;
    std::string name;
    while (i < text.size() && text[i] != ' ' && text[i] != '>' && text[i] != '/') name += text[i++];
    made.elements.insert(name);
    while (i < text.size() && text[i] != '>') {
      std::string attribute;
      while (i < text.size() && (text[i] == ' ' || text[i] == '/')) ++i;
      while (i < text.size() && text[i] != '=' && text[i] != ' ' && text[i] != '>') attribute += text[i++];
      if (!attribute.empty() && attribute != "/") made.attributes.insert(attribute);
      if (i < text.size() && text[i] == '=') {
        REQUIRE(text[i + 1] == '"');  // nothing of ours is unquoted
        i = text.find('"', i + 2);
        REQUIRE(i != std::string::npos);
        ++i;
      }
    }
  }
  return made;
}

}  // namespace

TEST_CASE("hostile text in every field makes no element and no attribute that a plain report has not") {
  const Findings plain = findings_of(synthetic_subjects({2, 200, 9}));
  const std::string page = without_assets(html_page(hostile_findings(200)));
  const Markup expected = markup_of(without_assets(html_page(plain)));
  const Markup found = markup_of(page);
  for (const std::string& name : found.elements) {
    INFO(name);
    CHECK(expected.elements.contains(name));
  }
  for (const std::string& name : found.attributes) {
    INFO(name);
    CHECK((expected.attributes.contains(name) || name.starts_with("data-")));
    CHECK_FALSE(name.starts_with("on"));
  }
  const auto is_script = [](const moat::PageAsset& asset) { return asset.name.ends_with(".js"); };
  const auto own = static_cast<std::size_t>(std::ranges::count_if(moat::page_assets(), is_script));
  CHECK(count(page, "<script") == 1 + own);  // the data and the project's own
  CHECK(page.find("\xE2\x80\xAE") == std::string::npos);
  CHECK(page.find('\x01') == std::string::npos);
}

TEST_CASE("every chart holds hostile text as text") {
  for (const std::string_view name : moat::chart_names()) {
    const std::string picture = svg_chart(with_portability(hostile_findings(60)), name);
    const Markup found = markup_of(picture);
    CHECK_FALSE(found.elements.contains("script"));
    CHECK_FALSE(found.elements.contains("img"));
    for (const std::string& attribute : found.attributes) CHECK_FALSE(attribute.starts_with("on"));
  }
}

TEST_CASE("no cell of any CSV table begins a formula, hostile or not") {
  for (const moat::Section& section : moat::sections(hostile_findings(60))) {
    for (const moat::Grid& grid : section.grids) {
      const std::string text = csv_table(grid);
      for (const char* start : {"\n=", ",=", ",+", ",@", "\n@", "\"=", "\"@"}) {
        INFO(grid.id << " " << start);
        CHECK(text.find(start) == std::string::npos);
      }
    }
  }
}

TEST_CASE("Markdown has no HTML of others and JSON stays JSON") {
  const Findings findings = hostile_findings(60);
  const std::string text = markdown_report(findings);
  CHECK(count(text, "<") == 1);  // the mark at its beginning
  CHECK(text.find("](javascript") == std::string::npos);
  const moat::Json json = moat::Json::parse(moat::strict_json(findings_json(findings)));
  CHECK(json.at("kind") == "moat findings");
  CHECK(json.at("records").size() == 60);
}

TEST_CASE("a page of 500 cases of three devices takes at most a megabyte") {
  const std::string page = html_page(with_portability(findings_of(synthetic_subjects({3, 500, 30}))));
  INFO(page.size());
  CHECK(page.size() <= 1'000'000);
}

TEST_CASE("a page of DeepBench's published cases takes at most a megabyte, too") {
  const moat::Published deepbench = moat::load_published("deepbench");
  std::vector<moat::Subject> subjects = subjects_of(deepbench.info, deepbench.records);
  std::size_t cases = 0;
  for (const moat::Subject& subject : subjects) cases += subject.records.size();
  CHECK(cases >= 450);
  CHECK(cases <= 500);
  CHECK(html_page(findings_of(std::move(subjects))).size() <= 1'000'000);
}

TEST_CASE("findings that are hardly any still make every format") {
  std::vector<moat::Subject> wrong = synthetic_subjects({2, 40, 9});
  for (moat::Subject& subject : wrong) {
    for (moat::Record& record : subject.records) {
      record.status = moat::Status::wrong;
      record.reason = "every output is out of bounds";
    }
  }
  const std::vector<std::pair<std::string, std::function<Findings()>>> all{
      {"nothing", [] { return findings_of({}); }},
      {"one device",
       [] {
         return findings_of(synthetic_subjects({1, 20, 9}));
       }},
      {"no reference",
       [] {
         return findings_of(synthetic_subjects({2, 40, 9}), false);
       }},
      {"all wrong", [&] { return findings_of(wrong); }},
      {"a device without cases",
       [] {
         return findings_of(synthetic_subjects({3, 2, 9}));
       }},
      {"one sample", [] {
         return findings_of(synthetic_subjects({2, 40, 1}));
       }}};
  for (const auto& [name, make] : all) {
    INFO(name);
    const Findings findings = make();  // never a copy: findings point into themselves
    const std::string page = html_page(findings);
    CHECK_THAT(page, ContainsSubstring("<h2 id=\"h-verdict\">Verdict</h2>"));
    CHECK_THAT(page, ContainsSubstring("</html>"));
    CHECK_FALSE(findings.verdict.empty());
    CHECK_FALSE(markdown_report(findings).empty());
    CHECK_NOTHROW(findings_json(findings));
    for (const std::string_view chart : moat::chart_names())
      CHECK_THAT(svg_chart(findings, chart), ContainsSubstring("</svg>"));
  }
}

TEST_CASE("a thousand devices make a page that says what it leaves out") {
  const std::string page = html_page(findings_of(synthetic_subjects({1000, 2000, 9})));
  CHECK_THAT(page, ContainsSubstring("1000 devices"));
  CHECK_THAT(page, ContainsSubstring("The first 6 of 1000 devices"));
  CHECK(page.size() < 30'000'000);
}

TEST_CASE("the policy admits the project's style and scripts by digest and nothing else") {
  const std::string page = html_page(findings_of({}));
  const std::size_t begin = page.find("Content-Security-Policy");
  const std::string policy = page.substr(begin, page.find("\">", begin) - begin);
  CHECK_THAT(policy, ContainsSubstring("default-src 'none'"));
  CHECK(policy.find("unsafe") == std::string::npos);
  CHECK(policy.find("http:") == std::string::npos);
  for (const moat::PageAsset& asset : moat::page_assets()) {
    CHECK(asset.sha256.size() == 44);
    CHECK_THAT(policy, ContainsSubstring("'sha256-" + std::string(asset.sha256) + "'"));
  }
  CHECK(page.find("src=\"") == std::string::npos);
  CHECK(without_assets(page).find("https:") == std::string::npos);
}

TEST_CASE("an unknown chart is refused with those that there are") {
  CHECK_THROWS_WITH(svg_chart(findings_of({}), "waterfal"), ContainsSubstring("waterfall"));
}
