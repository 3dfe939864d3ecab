// The linter: each trap that published figures are known for is refused for its own reason, and figures that
// are right are not.
#include "adapters/catalogue/lint.h"

#include <algorithm>

#include "base/text.h"
#include "tests/catch.h"
#include "tests/unit/adapters/catalogue/text.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;
using Rules = std::vector<std::string>;

namespace {

std::vector<Finding> findings_of(const std::string& chips) {
  return lint(parse_chips(file_head + chips, "c.toml"));
}

Rules rules_of(const std::string& chips) {
  Rules rules;
  for (const Finding& finding : findings_of(chips)) rules.emplace_back(finding.rule);
  return rules;
}

Rules rules_of_peaks(const std::string& peaks) {
  return rules_of(chip_text("c", peaks));
}

Rules rules_of_memory(const std::string& memory, const std::string& fields = "") {
  return rules_of(chip_text("c", peak_text("\"f16\"", "100e12"), fields, memory));
}

std::string capacity(const std::string& bytes) {
  return "capacity = " + figure_text("bytes", bytes);
}
std::string bandwidth(const std::string& rate) {
  return "bandwidth = " + figure_text("bytes_per_second", rate);
}

}  // namespace

TEST_CASE("a sound chip passes") {
  CHECK(rules_of(chip_text("c",
                           peak_text("\"tf32\"", "156e12") + peak_text("\"f16\", \"bf16\"", "312e12") +
                               peak_text("\"i8\"", "624e12", "i32"),
                           "power = " + figure_text("watts", "400"),
                           "kind = \"HBM2e\"\n" + capacity("80e9") + bandwidth("2039e9")))
            .empty());
}

TEST_CASE("a figure without source or confidence is refused") {
  CHECK(rules_of_peaks(peak_text("\"f16\"", "1e12", "f32", "confidence = \"A\"")) == Rules{"source"});
  CHECK(rules_of_peaks(peak_text("\"f16\"", "1e12", "f32", "sources = [\"DS\"]")) == Rules{"confidence"});
  CHECK(rules_of_memory("capacity = { bytes = 32e9 }\n") == Rules{"source", "confidence"});
}

TEST_CASE("what is recalled or inferred must say that it is unverified") {
  for (const std::string confidence : {"A*", "D"}) {
    const std::string fields = "confidence = \"" + confidence + "\", sources = [\"DS\"]";
    CHECK(rules_of_peaks(peak_text("\"f16\"", "1e12", "f32", fields)) == Rules{"unverified"});
    CHECK(rules_of_peaks(peak_text("\"f16\"", "1e12", "f32", fields + ", verified = false")).empty());
  }
  const std::string recalled = "vendor = \"V\"\n[sources]\nDS = \"recalled from a talk\"\n";
  const std::string chip =
      chip_text("c", peak_text("\"f16\"", "1e12", "f32", "confidence = \"C\", sources = [\"DS\"]"));
  const std::vector<Finding> findings = lint(parse_chips(recalled + chip, "c.toml"));
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().rule == "unverified");
}

TEST_CASE("an interval that runs down is refused") {
  CHECK(rules_of_peaks(peak_text("\"f16\"", "[800e12, 707e12]")) == Rules{"interval"});
}

TEST_CASE("figures that are not in base units are refused") {
  CHECK(rules_of_peaks(peak_text("\"f16\"", "312")) == Rules{"unit"});
  CHECK(rules_of_peaks(peak_text("\"f16\"", "312e18")) == Rules{"unit"});
  CHECK(rules_of_peaks(peak_text("\"f16\"", "312e12", "f32", evidence + ", clock_hertz = 1410")) ==
        Rules{"unit"});
  CHECK(rules_of_memory(bandwidth("1555")) == Rules{"unit"});
  CHECK(rules_of_memory(capacity("80")) == Rules{"unit"});
  CHECK(rules_of_memory(capacity("80e9"), "power = " + figure_text("watts", "400e3")) == Rules{"unit"});
}

TEST_CASE("figures of a chip do not stand in a card's entry") {
  const std::string of_a_die = figure_text("watts", "300", evidence + ", scope = \"die\"");
  CHECK(rules_of_memory(capacity("80e9"), "power = " + of_a_die) == Rules{"scope"});
  CHECK(rules_of("[[chip]]\nid = \"c\"\nname = \"C\"\n") == Rules{"scope"});
}

TEST_CASE("a peak that is not said to be dense, or whose note tells of sparsity, is refused") {
  const auto peak = [](const std::string& dense, const std::string& note) {
    return "  { types = [\"f16\"], accumulate = \"f32\", operations_per_second = 1e12, " + dense + evidence +
           note + " },\n";
  };
  CHECK(rules_of_peaks(peak("", "")) == Rules{"dense"});
  CHECK(rules_of_peaks(peak("dense = false, ", "")) == Rules{"dense"});
  CHECK(rules_of_peaks(peak("dense = true, ", ", note = \"with Sparsity\"")) == Rules{"dense"});
  CHECK(rules_of_peaks(peak("dense = true, ", ", note = \"2:4\"")) == Rules{"dense"});
  CHECK(rules_of_peaks(peak("dense = true, ", ", note = \"printed with sparsity; halved\"")).empty());
}

TEST_CASE("a peak stands there once") {
  const Rules rules = rules_of_peaks(peak_text("\"f16\"", "100e12") + peak_text("\"f16\"", "110e12"));
  CHECK(rules == Rules{"duplicate"});
}

TEST_CASE("a sparse rate printed as the dense one stands out among the chip's other types") {
  // H100: bf16 1979 beside f16 989; and 8-bit rates of 3958
  CHECK(rules_of_peaks(peak_text("\"f16\"", "989.4e12") + peak_text("\"bf16\"", "1979e12")) ==
        Rules{"sparse"});
  CHECK(rules_of_peaks(peak_text("\"f16\"", "989.4e12") + peak_text("\"i8\"", "3958e12", "i32")) ==
        Rules{"sparse"});
  // MI300X: 2614 for both 16-bit types, tf32 as it is
  const auto findings = findings_of(
      chip_text("c", peak_text("\"tf32\"", "653.7e12") + peak_text("\"f16\", \"bf16\"", "2614e12")));
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().rule == "sparse");
  CHECK(findings.front().line == 10);
  CHECK_THAT(findings.front().sentence, ContainsSubstring("sparse"));
  // A100: bf16 624 beside i8 624
  CHECK(rules_of_peaks(peak_text("\"bf16\"", "624e12") + peak_text("\"i8\"", "624e12", "i32")) ==
        Rules{"sparse"});
  // tf32 sparse, the rest dense
  CHECK(rules_of_peaks(peak_text("\"tf32\"", "989.4e12") + peak_text("\"f16\"", "989.4e12")) ==
        Rules{"sparse"});
  CHECK(rules_of_peaks(peak_text("\"f8e4m3\"", "1979e12") + peak_text("\"i8\"", "3958e12", "i32")) ==
        Rules{"sparse"});
}

TEST_CASE("an unusual relation passes if it is explained") {
  const std::string why = evidence + ", exception = \"one rate for both\"";
  CHECK(rules_of_peaks(peak_text("\"bf16\"", "1835e12") + peak_text("\"f8e4m3\"", "1835e12", "f32", why))
            .empty());
}

TEST_CASE("rates of vector units are not held against those of matrix units") {
  const std::string vector =
      "  { types = [\"i8\"], accumulate = \"i32\", engine = \"vector\", "
      "operations_per_second = 62.8e12, dense = true, " +
      evidence + " },\n";
  CHECK(rules_of_peaks(peak_text("\"f16\"", "125e12") + vector).empty());
}

TEST_CASE("a rate with f16 sums told as one with f32 sums is refused") {
  // RTX 4090: 330 beside bf16 165.2
  CHECK(rules_of_peaks(peak_text("\"f16\"", "330.3e12") + peak_text("\"bf16\"", "165.2e12")) ==
        Rules{"accumulate"});
  // the same beside tf32 alone: four times, and the sentence names both readings
  const auto findings =
      findings_of(chip_text("c", peak_text("\"tf32\"", "82.6e12") + peak_text("\"f16\"", "330.3e12")));
  REQUIRE(findings.size() == 1);
  CHECK_THAT(findings.front().sentence, ContainsSubstring("sums in f16"));
  // exchanged
  CHECK(rules_of_peaks(peak_text("\"f16\"", "330.3e12") + peak_text("\"f16\"", "165.2e12", "f16")) ==
        Rules{"accumulate"});
  // said in the note
  CHECK(rules_of_peaks(peak_text("\"f16\"", "330e12", "f32", evidence + ", note = \"FP16 accumulate\"")) ==
        Rules{"accumulate"});
  // both as they are
  CHECK(rules_of_peaks(peak_text("\"tf32\"", "82.6e12") + peak_text("\"f16\", \"bf16\"", "165.2e12") +
                       peak_text("\"f16\"", "330.3e12", "f16") + peak_text("\"i8\"", "660.6e12", "i32"))
            .empty());
}

TEST_CASE("a link's bandwidth given as the memory's is refused") {
  const std::string link = "link = " + figure_text("bytes_per_second", "392e9");
  CHECK(rules_of_memory(bandwidth("400e9"), link) == Rules{"link"});  // 910B
  CHECK(rules_of_memory(bandwidth("300e9"), link) == Rules{"link"});
  CHECK(rules_of_memory(bandwidth("1600e9"), link).empty());
  // and without a link, by what the kind of memory gives
  CHECK(rules_of_memory("kind = \"HBM2e\"\n" + capacity("64e9") + bandwidth("400e9")) ==
        Rules{"memory-kind"});
}

TEST_CASE("external I/O given as memory bandwidth is refused") {
  const std::string io = "external_io = " + figure_text("bytes_per_second", "2300e9");
  CHECK(rules_of_memory(bandwidth("2300e9"), io) == Rules{"external-io"});  // BR100
  CHECK(rules_of_memory(bandwidth("1640e9"), io).empty());
}

TEST_CASE("a bandwidth beyond what the kind of memory gives is refused") {
  const std::string wide = "kind = \"HBM2e\"\nbus_bits = 4096\n" + capacity("64e9");
  CHECK(rules_of_memory(wide + bandwidth("2300e9")) == Rules{"memory-kind"});  // BR100, without its I/O
  CHECK(rules_of_memory(wide + bandwidth("1640e9")).empty());
  CHECK(rules_of_memory("kind = \"HBM2e\"\n" + capacity("64e9") + bandwidth("8000e9")) ==
        Rules{"memory-kind"});
  CHECK(rules_of_memory("kind = \"HBN3\"\n" + capacity("64e9")) == Rules{"memory-kind"});
}

TEST_CASE("one chip's figures given as the card's are refused") {
  const std::string part =
      chip_text("half", peak_text("\"f16\"", "70e12"), "", capacity("24e9") + bandwidth("204.8e9"));
  const auto card = [&](const std::string& rate, const std::string& memory) {
    return rules_of(part + chip_text("duo", peak_text("\"f16\"", rate),
                                     "parts = { id = \"half\", count = 2 }\n",
                                     capacity("48e9") + bandwidth(memory)));
  };
  CHECK(card("140e12", "408e9").empty());
  CHECK(card("140e12", "204e9") == Rules{"parts"});  // Atlas 300I Duo
  CHECK(card("70e12", "408e9") == Rules{"parts"});
  CHECK(card("560e12", "408e9") == Rules{"parts"});
  CHECK(rules_of(chip_text("duo", peak_text("\"f16\"", "1e12"),
                           "parts = { id = \"nothing\", count = 2 }\n")) == Rules{"parts"});
  CHECK(rules_of(chip_text("duo", peak_text("\"f16\"", "1e12"), "parts = { id = \"duo\", count = 2 }\n")) ==
        Rules{"parts"});
}

TEST_CASE("patterns that one name could match are refused for both chips") {
  const auto chips = [](const std::string& left, const std::string& right) {
    const std::string peak = peak_text("\"f16\"", "1e12");
    return rules_of(chip_text("a", peak, "matches = [\"" + left + "\"]\n") +
                    chip_text("b", peak, "matches = [\"" + right + "\"]\n"));
  };
  CHECK(chips("A100*", "A100-80*") == Rules{"match", "match"});
  CHECK(chips("*40GB*", "A100*") == Rules{"match", "match"});
  CHECK(chips("V100", "v100") == Rules{"match", "match"});
  CHECK(chips("A100-40", "A100-80").empty());
  CHECK(chips("V100", "*") == Rules{"match", "match"});
}

TEST_CASE("patterns overlap exactly if some text matches both") {
  const std::vector<std::string> patterns{"",    "*",  "?",  "a",   "b",  "a*", "*a",
                                          "*a*", "a?", "?b", "a*b", "ab", "**", "*?*"};
  std::vector<std::string> texts{""};
  for (std::size_t i = 0; texts[i].size() < 4; ++i) {
    for (const char c : {'a', 'b', 'c'}) texts.push_back(texts[i] + c);
  }
  for (const std::string& left : patterns) {
    for (const std::string& right : patterns) {
      INFO("'" << left << "' and '" << right << "'");
      const bool exists = std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
        return glob_match(left, text) && glob_match(right, text);
      });
      CHECK(patterns_overlap(left, right) == exists);
    }
  }
}

TEST_CASE("a finding says where, which chip, what and by which rule") {
  const std::vector<Finding> findings = findings_of(chip_text("c", peak_text("\"f16\"", "312")));
  REQUIRE(findings.size() == 1);
  CHECK(finding_text(findings.front()) ==
        "c.toml:9: c: f16 accumulated in f32 of 312 is no plausible number of operations per second; write "
        "base units, like 312e12 for 312 TFLOP/s [unit]");
}

TEST_CASE("every rule is explained where the format is") {
  const std::string readme = content(MOAT_SOURCE_DIR "/adapters/catalogue/README.md");
  for (const LintRule& rule : lint_rules()) {
    INFO(rule.name);
    CHECK(!rule.meaning.empty());
    CHECK_THAT(readme, ContainsSubstring("| " + std::string(rule.name) + " | "));
  }
}
