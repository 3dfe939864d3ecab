// Numbers in words, and the sentences of the verdict.
#include "reports/findings/words.h"

#include <fmt/format.h>

#include <cmath>

#include "base/terminal.h"
#include "base/text.h"
#include "base/units.h"

namespace moat {
namespace {

using conclusion::Reached;

std::string provenance_note(const Reached& reached) {
  if (reached.reference_provenance == reached.target_provenance &&
      reached.target_provenance == Provenance::measured)
    return "";
  return fmt::format(" ({} figures against {} ones)", name(reached.target_provenance),
                     name(reached.reference_provenance));
}

std::string_view factor_noun(GapFactor factor) {
  switch (factor) {
    case GapFactor::total:
      return "total";
    case GapFactor::hardware:
      return "hardware";
    case GapFactor::stack:
      return "stack";
    case GapFactor::portability:
      return "portability";
    case GapFactor::software:
      break;
  }
  return "stack and portability together";
}

/// ": hardware 0.675 × stack 0.736; the largest loss is in hardware", as far as the factors are known.
std::string factors_text(const Reached& reached) {
  std::vector<std::string> parts;
  const auto add = [&](GapFactor factor, const std::optional<Factor>& value) {
    if (value) parts.push_back(fmt::format("{} {}", factor_noun(factor), factor_text(*value)));
  };
  const Means& means = reached.means;
  add(GapFactor::hardware, means.hardware);
  if (reached.has_separate_factors()) {
    add(GapFactor::stack, means.stack);
    add(GapFactor::portability, means.portability);
  } else {
    add(GapFactor::software, means.software);
  }
  if (parts.empty()) return "";
  std::string text = ": " + join(parts, " × ");
  if (reached.largest_loss)
    text += fmt::format("; the largest loss is in {}", factor_noun(*reached.largest_loss));
  return text;
}

std::string sentence(const conclusion::NothingChosen&) {
  return "No records were chosen, so there is nothing to report.";
}

std::string sentence(const conclusion::NoReference&) {
  return "No reference was chosen, so there are rates, coverage and numerics, but no gap.";
}

std::string sentence(const conclusion::OnlyDevice& it) {
  return fmt::format("{} is the only device, so there is no gap.", it.subject);
}

std::string sentence(const Reached& it) {
  const bool library = it.with == Reached::With::library;
  return fmt::format("With {}, {} reaches {} of the rate of {}'s library{}, over {}{}.",
                     library ? "its own library" : "the portable kernel", it.target,
                     factor_text(*it.means.total), it.reference, provenance_note(it),
                     count_text(it.means.problems, "problem"), factors_text(it));
}

std::string sentence(const conclusion::NoRatio& it) {
  return fmt::format(
      "No ratio of {} to {} can be formed: they share no problem with a verified result under equal "
      "conditions, or the reference ran no library.",
      it.target, it.reference);
}

std::string sentence(const conclusion::Coverage& it) {
  std::string text = fmt::format("{}: {} of {} library and portable {} verified ({:.0f} %)", it.subject,
                                 it.ok, it.cases, it.cases == 1 ? "case is" : "cases are",
                                 100.0 * static_cast<double>(it.ok) / static_cast<double>(it.cases));
  if (it.most_frequent) {
    text +=
        fmt::format("; the most frequent reason of a hole ({}): {}",
                    count_text(it.most_frequent->cases, "case"), shortened_reason(it.most_frequent->reason));
  }
  return text + ".";
}

std::string sentence(const conclusion::Failed& it) {
  return fmt::format("{}: {} {} {}; {} no rate and {} in no mean.", it.subject, count_text(it.cases, "case"),
                     it.cases == 1 ? "is" : "are", name(it.status), it.cases == 1 ? "it has" : "they have",
                     it.cases == 1 ? "is" : "are");
}

std::string sentence(const conclusion::RanWith& it) {
  return fmt::format("{}: {} ({} of {}).", it.subject, it.remark, count_text(it.cases, "case"),
                     it.implementation);
}

std::string sentence(const conclusion::LowerPrecision& it) {
  return fmt::format("{}: {} computes {} in less than the stated {} precision ({}).", it.subject,
                     it.implementation, it.operator_name, name(it.accumulate), join(it.accumulations, ", "));
}

}  // namespace

std::string log2_text(double ratio) {
  return fmt::format("{:+.2f}", std::log2(ratio));
}

std::string count_text(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string shortened_reason(std::string_view reason) {
  return shortened(reason, 120);
}

std::string part_text(const GapSummary& summary) {
  const GapPart& part = summary.part;
  switch (part.scope) {
    case GapScope::all:
      return "all";
    case GapScope::by_operator:
      return part.operator_name;
    case GapScope::by_type:
      return std::string(name(part.type.value()));
    case GapScope::by_operator_and_type:
      return fmt::format("{} {}", part.operator_name, name(part.type.value()));
    case GapScope::by_workload:
      return part.workload;
    case GapScope::by_bound:
      break;
  }
  return fmt::format("bound by {}", name(part.bound.value()));
}

std::string text(const Conclusion& conclusion) {
  return std::visit([](const auto& it) { return sentence(it); }, conclusion);
}

}  // namespace moat
