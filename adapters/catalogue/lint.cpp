// The linter: every figure by itself, and what concerns the catalogue as a whole.
#include "adapters/catalogue/lint.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "adapters/catalogue/lint_parts.h"
#include "base/text.h"

namespace moat {
namespace {

constexpr std::array<LintRule, 15> rules{{
    {"source", "every figure names its source"},
    {"confidence", "every figure has a confidence: A, A*, B, C or D"},
    {"unverified", "what is recalled or inferred says verified = false"},
    {"interval", "the low end is not above the high end"},
    {"unit", "figures are in base units: 312e12 operations per second, not 312"},
    {"scope", "an entry says what its figures are of, and all of them are of that"},
    {"dense", "a peak says dense = true, and its note speaks of no sparse rate that was not halved"},
    {"duplicate", "one type, accumulate type and engine have one peak; sources that differ widen it"},
    {"sparse", "halving an element's width doubles the dense rate, unless `exception` says why not"},
    {"accumulate", "a rate with f16 sums is not told as one with f32 sums"},
    {"link", "memory is faster than the link"},
    {"external-io", "memory bandwidth is not the sum of what leaves the package"},
    {"memory-kind", "memory bandwidth is what memory of its kind, width and size can give"},
    {"parts", "a card has the figures of its chips together, not of one of them"},
    {"match", "no device's name matches two chips"},
}};

struct Plausible {
  double low;
  double high;
  std::string_view unit;
  std::string_view example;
};
// Of one chip or card, past and near future; outside them a unit was mistaken.
constexpr Plausible rates{1e10, 1e17, "operations per second", "312e12 for 312 TFLOP/s"};
constexpr Plausible bandwidths{1e9, 1e14, "bytes per second", "1555e9 for 1555 GB/s"};
constexpr Plausible capacities{1e9, 1e13, "bytes", "80e9 for 80 GB"};
constexpr Plausible powers{5, 5000, "watts", "700"};
constexpr Plausible clocks{1e8, 1e10, "hertz", "1.41e9 for 1.41 GHz"};

void check_unit(const std::string& what, double low, double high, std::uint32_t line, const Plausible& range,
                ChipFindings& findings) {
  if (low >= range.low && high <= range.high) return;
  findings.add("unit", line,
               fmt::format("{} of {:g} is no plausible number of {}; write base units, like {}", what,
                           low < range.low ? low : high, range.unit, range.example));
}

void check_units(const Chip& chip, ChipFindings& findings) {
  const auto check = [&](const char* what, const std::optional<Figure>& figure, const Plausible& range) {
    if (figure) check_unit(what, figure->low, figure->high, figure->line, range, findings);
  };
  for (const Peak& peak : chip.peaks) {
    check_unit(peak_name(peak), peak.low, peak.high, peak.line, rates, findings);
    if (peak.clock_hertz) {
      check_unit("the clock", *peak.clock_hertz, *peak.clock_hertz, peak.line, clocks, findings);
    }
  }
  check("memory capacity", chip.memory.bytes, capacities);
  check("memory bandwidth", chip.memory.bandwidth, bandwidths);
  check("the link", chip.link, bandwidths);
  check("external I/O", chip.external_io, bandwidths);
  check("power", chip.power, powers);
}

void check_figure(const std::string& what, const Figure& figure, const Chip& chip, ChipFindings& findings) {
  if (figure.sources.empty()) {
    findings.add("source", figure.line, fmt::format("{} has no source; name one of [sources]", what));
  }
  if (figure.confidence == Confidence::unstated) {
    findings.add("confidence", figure.line,
                 fmt::format("{} has no confidence; say A, A*, B, C or D (README.md)", what));
  }
  const auto is_memory = [](const std::string& source) { return source.starts_with("recalled"); };
  const bool recalled = figure.confidence == Confidence::recalled ||
                        figure.confidence == Confidence::inferred ||
                        std::any_of(figure.sources.begin(), figure.sources.end(), is_memory);
  if (recalled && figure.verified) {
    findings.add("unverified", figure.line,
                 fmt::format("{} is recalled or inferred; say verified = false, "
                             "so that it is shown with a mark",
                             what));
  }
  if (figure.low > figure.high) {
    findings.add("interval", figure.line,
                 fmt::format("{} runs from {:g} down to {:g}; the low end comes first", what, figure.low,
                             figure.high));
  }
  if (figure.scope != ChipScope::unstated && figure.scope != chip.scope) {
    findings.add("scope", figure.line,
                 fmt::format("{} is of a {} in an entry about a {}; "
                             "make it an entry of its own, or use parts",
                             what, name(figure.scope), name(chip.scope)));
  }
}

bool mentions(const Figure& figure, std::initializer_list<std::string_view> words) {
  const std::string text = normal_name(figure.note);
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

void check_peak(const Peak& peak, ChipFindings& findings) {
  if (!peak.dense) {
    findings.add("dense", peak.line,
                 fmt::format("{} does not say dense = true; a sparse rate does not belong here, halve it",
                             peak_name(peak)));
  } else if (mentions(peak, {"spars", "2:4"}) && !mentions(peak, {"halved"})) {
    findings.add("dense", peak.line,
                 fmt::format("the note on {} speaks of a sparse rate; store the dense one, and say 'halved' "
                             "where the source prints the other",
                             peak_name(peak)));
  }
  if (peak.accumulate == Type::f32 && mentions(peak, {"f16 acc", "fp16 acc", "f16 sum", "fp16 sum"})) {
    findings.add(
        "accumulate", peak.line,
        fmt::format("the note on {} speaks of sums in f16; say accumulate = \"f16\"", peak_name(peak)));
  }
}

void check_duplicates(const Chip& chip, ChipFindings& findings) {
  std::map<std::tuple<Type, Type, Engine>, std::uint32_t> seen;
  for (const Peak& peak : chip.peaks) {
    const auto [first, added] = seen.emplace(std::tuple{peak.type, peak.accumulate, peak.engine}, peak.line);
    if (added) continue;
    findings.add(
        "duplicate", peak.line,
        fmt::format("{} is there already on line {}; widen that to an interval and name both sources",
                    peak_name(peak), first->second));
  }
}

void check_patterns(const Chip& chip, std::span<const Chip> chips, ChipFindings& findings) {
  for (const std::string& pattern : chip.matches) {
    const std::string mine = normal_name(pattern);
    if (mine.find_first_not_of("*? ") == std::string::npos) {
      findings.add("match", chip.line, fmt::format("the pattern '{}' names no chip", pattern));
      continue;
    }
    for (const Chip& other : chips) {
      if (other.id == chip.id) continue;
      const auto overlaps = [&](const std::string& theirs) {
        return patterns_overlap(mine, normal_name(theirs));
      };
      const auto found = std::find_if(other.matches.begin(), other.matches.end(), overlaps);
      if (found == other.matches.end()) continue;
      findings.add("match", chip.line,
                   fmt::format("a device's name could match '{}' and also '{}' of {}; "
                               "make one of them narrower",
                               pattern, *found, other.id));
    }
  }
}

}  // namespace

std::span<const LintRule> lint_rules() {
  return rules;
}

std::string finding_text(const Finding& finding) {
  return fmt::format("{}:{}: {}: {} [{}]", finding.origin, finding.line, finding.chip, finding.sentence,
                     finding.rule);
}

void ChipFindings::add(std::string_view rule, std::uint32_t line, std::string sentence) {
  const auto same = [&](const Finding& finding) {
    return finding.rule == rule && finding.line == line && finding.chip == chip_.id;
  };
  if (std::any_of(findings_.begin(), findings_.end(), same)) return;
  findings_.push_back({rule, chip_.origin, line, chip_.id, std::move(sentence)});
}

void for_each_figure(const Chip& chip, const std::function<void(const std::string&, const Figure&)>& visit) {
  const auto maybe = [&](const char* what, const std::optional<Figure>& figure) {
    if (figure) visit(what, *figure);
  };
  for (const Peak& peak : chip.peaks) visit(peak_name(peak), peak);
  maybe("memory capacity", chip.memory.bytes);
  maybe("memory bandwidth", chip.memory.bandwidth);
  maybe("the link", chip.link);
  maybe("external I/O", chip.external_io);
  maybe("power", chip.power);
}

std::string peak_name(const Peak& peak) {
  return fmt::format("{} accumulated in {}", name(peak.type), name(peak.accumulate));
}

void check_figures(const Chip& chip, ChipFindings& findings) {
  if (chip.scope == ChipScope::unstated) {
    findings.add("scope", chip.line,
                 "the entry does not say what its figures are of: die, chip, package or card");
  }
  for_each_figure(chip, [&](const std::string& what, const Figure& figure) {
    check_figure(what, figure, chip, findings);
  });
  check_units(chip, findings);
  for (const Peak& peak : chip.peaks) check_peak(peak, findings);
  check_duplicates(chip, findings);
}

std::vector<Finding> lint(std::span<const Chip> chips) {
  std::vector<Finding> findings;
  for (const Chip& chip : chips) {
    ChipFindings mine(chip, findings);
    check_figures(chip, mine);
    check_relations(chip, mine);
    check_memory(chip, mine);
    check_patterns(chip, chips, mine);
    if (!chip.parts) continue;
    const auto is_part = [&](const Chip& other) { return other.id == chip.parts->id; };
    const auto part = std::find_if(chips.begin(), chips.end(), is_part);
    if (part == chips.end() || part->id == chip.id) {
      mine.add("parts", chip.line, fmt::format("its parts, '{}', are no other entry's id", chip.parts->id));
    } else {
      check_parts(chip, *part, mine);
    }
  }
  return findings;
}

bool patterns_overlap(std::string_view left, std::string_view right) {
  // reachable[j]: some text is matched by the first i characters of `left` and the first j of `right`.
  std::vector<bool> reachable(right.size() + 1, false);
  for (std::size_t i = 0; i <= left.size(); ++i) {
    std::vector<bool> row(right.size() + 1, false);
    for (std::size_t j = 0; j <= right.size(); ++j) {
      bool here = i == 0 && j == 0;
      // A star ends here, or takes one more character (or star) of the other pattern.
      if (i > 0 && left[i - 1] == '*') here = here || reachable[j] || (j > 0 && row[j - 1]);
      if (j > 0 && right[j - 1] == '*') here = here || row[j - 1] || (i > 0 && reachable[j]);
      if (i > 0 && j > 0) {
        const char a = left[i - 1];
        const char b = right[j - 1];
        const bool literal = a != '*' && b != '*' && (a == b || a == '?' || b == '?');
        here = here || (literal && reachable[j - 1]);
      }
      row[j] = here;
    }
    reachable = std::move(row);
  }
  return reachable[right.size()];
}

}  // namespace moat
