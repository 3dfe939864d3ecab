// The verdict: what a reader takes away who reads nothing else.
#include "reports/findings/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/terminal.h"
#include "base/text.h"
#include "reports/gap/gap_parts.h"

namespace moat {
namespace {

std::string provenance_note(const Gap& gap) {
  if (gap.reference_provenance == gap.target_provenance && gap.target_provenance == Provenance::measured)
    return "";
  return fmt::format(" ({} figures against {} ones)", name(gap.target_provenance),
                     name(gap.reference_provenance));
}

/// "hardware 0.675 × stack 0.736", the largest loss first to be named where there is one.
std::string factors_text(const Means& means) {
  std::vector<std::string> parts;
  std::vector<std::pair<double, std::string>> losses;
  const auto add = [&](const char* what, const std::optional<Factor>& factor) {
    if (!factor) return;
    parts.push_back(fmt::format("{} {}", what, ratio_text(*factor)));
    losses.emplace_back(factor->value, what);
  };
  add("hardware", means.hardware);
  const bool ends_at_library = means.total == means.to_library;
  if (means.stack && (means.portability || ends_at_library)) {
    add("stack", means.stack);
    add("portability", means.portability);
  } else {
    add("stack and portability together", means.software);
  }
  if (parts.empty()) return "";
  std::string text = ": " + join(parts, " × ");
  const auto worst = std::ranges::min_element(losses);
  if (losses.size() > 1 && worst->first < 1 && means.total->value < 1)
    text += fmt::format("; most is lost to {}", worst->second);
  return text;
}

void gap_sentences(const Gap& gap, std::vector<std::string>& sentences) {
  const GapSummary& all = gap.summaries.front();
  if (all.library.total) {
    sentences.push_back(fmt::format("With its own library {} reaches {} of the rate of {}{}, over {}{}.",
                                    gap.target, ratio_text(*all.library.total), gap.reference,
                                    provenance_note(gap), count_text(all.library.problems, "problem"),
                                    factors_text(all.library)));
  }
  if (all.portable.total) {
    sentences.push_back(
        fmt::format("With the portable kernel {} reaches {} of the rate of {}'s library{}, over {}{}.",
                    gap.target, ratio_text(*all.portable.total), gap.reference, provenance_note(gap),
                    count_text(all.portable.problems, "problem"), factors_text(all.portable)));
  }
  if (!all.library.total && !all.portable.total) {
    sentences.push_back(
        fmt::format("No ratio of {} to {} can be formed: they share no problem with a verified result "
                    "under equal conditions, or the reference ran no library.",
                    gap.target, gap.reference));
  }
}

void coverage_sentence(const Findings& findings, const CoverageShare& share,
                       std::vector<std::string>& sentences) {
  std::map<std::string, std::size_t> holes;
  for (const CoverageCell& cell : findings.coverage) {
    if (cell.subject != share.subject) continue;
    if (!is_library(cell.implementation) && !is_portable(cell.implementation)) continue;
    for (const auto& [reason, count] : cell.holes) holes[reason] += count;
  }
  std::string text = fmt::format("{}: {} of {} library and portable {} verified ({:.0f} %)", share.subject,
                                 share.ok, share.cases, share.cases == 1 ? "case is" : "cases are",
                                 100.0 * static_cast<double>(share.ok) / static_cast<double>(share.cases));
  const auto most = std::ranges::max_element(holes, {}, [](const auto& hole) { return hole.second; });
  if (most != holes.end())
    text += fmt::format("; the most frequent hole ({}): {}", most->second, shortened_reason(most->first));
  sentences.push_back(text + ".");
}

void failure_sentence(const Subject& subject, std::vector<std::string>& sentences) {
  std::map<Status, std::size_t> counts;
  for (const Record& record : subject.records) ++counts[record.status];
  for (const Status status : {Status::wrong, Status::untrusted, Status::crashed, Status::timed_out}) {
    if (counts[status] == 0) continue;
    sentences.push_back(fmt::format("{}: {} {}; they have no rate and are in no mean.", subject.label,
                                    count_text(counts[status], "case"), name(status)));
  }
}

}  // namespace

std::string ratio_text(const Factor& factor) {
  const std::string value = fmt::format("{:.3g}", factor.value);
  const std::string low = fmt::format("{:.3g}", factor.low);
  const std::string high = fmt::format("{:.3g}", factor.high);
  return low == high ? value : fmt::format("{} ({} to {})", value, low, high);
}

std::string ratio_text(const std::optional<Factor>& factor) {
  return factor ? ratio_text(*factor) : "–";
}

std::string log2_text(double ratio) {
  return fmt::format("{:+.2f}", std::log2(ratio));
}

std::string count_text(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string shortened_reason(std::string_view reason) {
  return shortened(reason, 120);
}

std::vector<std::string> verdict_of(const Findings& findings) {
  if (findings.subjects.empty()) return {"No records were chosen: there is nothing to report."};
  std::vector<std::string> sentences;
  if (!findings.reference) {
    sentences.emplace_back("No reference was chosen: rates, coverage and numerics are told, and no gap.");
  } else if (findings.gaps.empty()) {
    sentences.push_back(fmt::format("{} is the only device: there is no gap to tell.", *findings.reference));
  }
  for (const Gap& gap : findings.gaps) gap_sentences(gap, sentences);
  for (const CoverageShare& share : findings.shares) {
    if (share.name == "all") coverage_sentence(findings, share, sentences);
  }
  for (const Subject& subject : findings.subjects) failure_sentence(subject, sentences);
  for (const NumericsRow& row : findings.numerics) {
    if (!row.lower_precision) continue;
    sentences.push_back(fmt::format("{}: {} computes {} with {} in less than the stated precision ({}).",
                                    row.subject, row.implementation, row.operator_name,
                                    name(row.types.accumulate), join(row.accumulations, ", ")));
  }
  return sentences;
}

}  // namespace moat
