// The text of `moat gap`: what stands below the table of devices for each target.
#include "reports/tables/gap_text.h"

#include "tests/catch.h"
#include "tests/synthetic.h"
#include "tests/unit/reports/gap/subjects.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string key = "gemm:m=64,n=64,k=64,type=f32";

Findings compared(std::vector<Record> of_target) {
  std::vector<Subject> subjects;
  subjects.push_back(subject("a:0", {record("a:0", "library/a", key, 4e9)}));
  subjects.push_back(subject("b:0", std::move(of_target)));
  return findings_of(std::move(subjects));
}

std::string text_of(const Findings& findings, bool problems = false) {
  return gap_text(findings, {problems, {}, true}, {});
}

bool holds(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a gap without a common problem says that there is no ratio") {
  const std::string none = text_of(compared({hole("b:0", "library/b", key, Status::wrong, "off")}));
  CHECK_THAT(none, ContainsSubstring("\nb:0 against a:0 ("));
  CHECK_THAT(none, ContainsSubstring("  no ratio: no problem has a verified result on both sides\n"));
  const std::string some = text_of(compared({record("b:0", "library/b", key, 1e9)}));
  CHECK_FALSE(holds(some, "no ratio"));
  CHECK_THAT(some, ContainsSubstring("0.250"));
}

TEST_CASE("each problem has a row if that is asked for") {
  const Findings findings = compared({record("b:0", "library/b", key, 1e9)});
  CHECK_FALSE(holds(text_of(findings), key));
  CHECK(holds(text_of(findings, true), key));
}

TEST_CASE("holes are counted by reason, the most frequent first, five at most and without naive kernels") {
  std::vector<Record> records{record("b:0", "library/b", key, 1e9),
                              hole("b:0", "naive", key, Status::unsupported, "of no interest")};
  for (int reason = 0; reason < 7; ++reason) {
    for (int times = 0; times <= reason; ++times)
      records.push_back(
          hole("b:0", "library/b", key, Status::unsupported, "reason " + std::to_string(reason)));
  }
  const std::string text = text_of(compared(records));
  CHECK_THAT(text, ContainsSubstring("\nholes, by reason\n  b:0 7× reason 6\n  b:0 6× reason 5\n"));
  CHECK_THAT(text, ContainsSubstring("  b:0 3× reason 2\n  b:0 and 2 reasons more (moat show tells all)\n"));
  CHECK_FALSE(holds(text, "reason 1\n"));
  CHECK_FALSE(holds(text, "of no interest"));
  CHECK_FALSE(holds(text_of(compared({record("b:0", "library/b", key, 1e9)})), "holes"));
}

TEST_CASE("the verdict ends the text, before what factors are") {
  const std::string text = text_of(compared({record("b:0", "library/b", key, 1e9)}));
  CHECK(holds(text, "Factors are geometric means over problems"));
  CHECK(text.find("b:0 against a:0") < text.find("Factors are geometric means"));
  CHECK(text.ends_with("(docs/gap.md).\n"));
}

TEST_CASE("means are over operators and types; by workload, and everything else, only where asked for") {
  const std::string other = "gemm:m=64,n=64,k=64,type=f16";
  const auto of = [&](const std::string& device, double rate) {
    std::vector<Record> records{record(device, "library/x", key, rate),
                                record(device, "library/x", other, rate)};
    records[0].workload = "first workload";
    records[1].workload = "second workload";
    return subject(device, records);
  };
  const Findings findings = findings_of({of("a:0", 4e9), of("b:0", 1e9)});
  const std::string usual = gap_text(findings, {}, {});
  CHECK(holds(usual, "gemm f16"));
  CHECK_FALSE(holds(usual, "first workload"));
  CHECK_FALSE(holds(usual, "first use"));
  const std::string by_workload = gap_text(findings, {false, {GapScope::by_workload}, false}, {});
  CHECK(holds(by_workload, "first workload"));
  CHECK_FALSE(holds(by_workload, "gemm f16"));
  const std::string all = text_of(findings);
  CHECK((holds(all, "first workload") && holds(all, "gemm f16") && holds(all, "first use")));
}
