// What stands in which section of a report, and in which order.
#include "reports/tables/sections.h"

#include <algorithm>

#include "kernels/operator.h"
#include "reports/findings/words.h"
#include "tests/catch.h"
#include "tests/synthetic.h"
#include "tests/unit/reports/gap/subjects.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const Section& section(const std::vector<Section>& all, const std::string& id) {
  const auto found = std::ranges::find(all, id, &Section::id);
  REQUIRE(found != all.end());
  return *found;
}

}  // namespace

TEST_CASE("a report begins with the verdict: its first sentence, and the others below") {
  const Findings findings = findings_of(synthetic_subjects({3, 60, 9}));
  const std::vector<Section> all = sections(findings);
  const std::vector<std::string> sentences = texts(findings.verdict);
  REQUIRE(sentences.size() > 1);
  CHECK(all[0].id == "verdict");
  CHECK(all[0].words == std::vector<std::string>{sentences[0]});
  CHECK(all[0].remarks == std::vector<std::string>(sentences.begin() + 1, sentences.end()));
}

TEST_CASE("the sections of a report have this order and each a title") {
  std::vector<std::string> ids;
  for (const Section& one : sections(findings_of({}))) {
    ids.push_back(one.id);
    CHECK_FALSE(one.title.empty());
  }
  CHECK(ids == std::vector<std::string>{"verdict", "factors", "devices", "gaps", "roofline", "rates",
                                        "samples", "portability", "coverage", "numerics", "sensitivity",
                                        "first_use", "environment", "provenance"});
}

TEST_CASE("a report of no records and one without a verdict say so") {
  Findings findings;
  CHECK(sections(findings)[0].words ==
        std::vector<std::string>{"The selection holds no records: there is nothing to say."});
  findings.subjects = synthetic_subjects({1, 6, 9});
  CHECK(sections(findings)[0].words == std::vector<std::string>{"No verdict."});
}

TEST_CASE("each gap's remarks are named by its target, after the hardware that is compared") {
  const Findings findings = findings_of(synthetic_subjects({3, 60, 9}));
  const std::vector<Section> all = sections(findings);
  const std::vector<std::string>& remarks = section(all, "factors").remarks;
  std::size_t expected = 0;
  for (const Gap& gap : findings.gaps) {
    expected += 1 + gap.remarks.size();
    CHECK(std::ranges::any_of(remarks, [&](const auto& it) {
      return it.starts_with(gap.target + " against " + gap.reference + ": ");
    }));
    for (const std::string& remark : texts(gap.remarks))
      CHECK(std::ranges::count(remarks, gap.target + ": " + remark) >= 1);
  }
  CHECK(findings.gaps.size() == 2);
  CHECK(remarks.size() == expected);
}

TEST_CASE("the operations of each operator are explained once, of an unknown one as recorded") {
  Record other = record("x:0", "naive", "gemm:m=8,n=8,k=8,type=f32", 1e9);
  other.operator_name = "sorting";
  std::vector<Subject> subjects;
  subjects.push_back(subject("x:0", {record("x:0", "naive", "gemm:m=8,n=8,k=8,type=f32", 1e9), other,
                                     record("x:0", "naive", "gemm:m=9,n=8,k=8,type=f32", 1e9)}));
  Findings findings;
  findings.subjects = std::move(subjects);
  findings.version = "1.2";
  findings.command = "moat report";
  const std::vector<Section> all = sections(findings);
  const std::vector<std::string>& words = section(all, "provenance").words;
  REQUIRE(words.size() == 5);
  CHECK_THAT(words[0], ContainsSubstring("Rates are at the median"));
  CHECK(words[1] == "gemm: " + std::string(find_operator("gemm").convention()));
  CHECK(words[2] == "sorting: operations as recorded");
  CHECK(words[4] == "Written at an unknown time by moat 1.2: moat report");
  findings.generated_utc = "2026-01-02T03:04:05Z";
  CHECK(section(sections(findings), "provenance").words[4] ==
        "Written 2026-01-02T03:04:05Z by moat 1.2: moat report");
}

TEST_CASE("portability says over what it is and what PP is, and has its figures as tables") {
  CHECK_THAT(section(sections(findings_of({})), "portability").words.at(0),
             ContainsSubstring("two devices or more"));
  Findings findings = with_portability(findings_of({}));
  const std::vector<Section> all = sections(findings);
  const std::vector<std::string>& words = section(all, "portability").words;
  REQUIRE(words.size() == 3);
  CHECK_THAT(words[0], ContainsSubstring("Over 3 of 5 problems") &&
                           ContainsSubstring("each of cuda:0, alpha:1, beta:2") &&
                           ContainsSubstring("the same problem and device."));
  CHECK_THAT(words[1], ContainsSubstring("harmonic mean"));
  const std::vector<Grid>& grids = section(all, "portability").grids;
  REQUIRE(grids.size() == 2);
  CHECK(grids[0].rows.size() == 6);  // two implementations on three platforms
  CHECK(grids[1].rows.size() == 2);
  findings.portability.one_hardware = true;
  CHECK_THAT(section(sections(findings), "portability").words[0],
             ContainsSubstring("hardware, which all of them are ways to"));
}

TEST_CASE("a report is named by its title, else by its reference") {
  Findings findings;
  CHECK(title_of(findings) == "Moat report");
  findings.reference = "cuda:0";
  CHECK(title_of(findings) == "The gap to cuda:0");
  findings.title = "Mine";
  CHECK(title_of(findings) == "Mine");
}
