// The sentences of remarks, and the clauses of differences.
#include <fmt/format.h>

#include "base/text.h"
#include "base/units.h"
#include "reports/findings/words.h"

namespace moat {
namespace {

std::string_view symbol(GapFactor factor) {
  switch (factor) {
    case GapFactor::total:
      return "the total";
    case GapFactor::hardware:
      return "HW";
    case GapFactor::stack:
      return "SW";
    case GapFactor::portability:
      return "PORT";
    case GapFactor::software:
      break;
  }
  return "SW × PORT";
}

std::string_view side_of_one(const Factor& factor) {
  return factor.value < 1 ? "behind" : "ahead";
}

std::string middle_seconds_text(const Factor& seconds) {
  return moat::seconds_text(seconds.value);
}

/// "1 of 3 problems has", "2 of 3 problems have".
std::string problems_text(std::size_t problems, std::size_t of, std::string_view one, std::string_view more) {
  return fmt::format("{} of {} {}", problems, count_text(of, "problem"), problems == 1 ? one : more);
}

// Values of conditions.
std::string value_text(const std::string& key) {
  return key;
}
std::string value_text(const Types& types) {
  return fmt::format("{} accumulated in {}, output {}", name(types.input), name(types.accumulate),
                     name(types.output));
}
std::string value_text(Data data) {
  return std::string(name(data));
}
std::string value_text(Cache cache) {
  return std::string(name(cache));
}
std::string value_text(const ClockUsed& clock) {
  switch (clock.kind) {
    case ClockKind::none:
      return "none";
    case ClockKind::device:
      return "device clock";
    case ClockKind::host_slope:
      return "host slope";
    case ClockKind::published:
      break;
  }
  return clock.stated.empty() ? "published" : "published: " + clock.stated;
}
std::string value_text(const CountedWork& work) {
  return fmt::format("{} operations and {} bytes", work.operations, work.bytes);
}
std::string value_text(const ImpliedAccumulation& accumulation) {
  return accumulation.lower ? fmt::format("{}-like", name(*accumulation.lower)) : "as its types say";
}

std::string_view noun(Condition condition) {
  switch (condition) {
    case Condition::data:
      return "input data";
    case Condition::work:
      return "work convention";
    default:
      return name(condition);
  }
}

std::string_view noun_of_part(std::string_view part) {
  if (part == "accumulate") return "accumulate type";
  if (part == "output") return "output type";
  return part == "data" ? "input data" : part;
}

std::string clause(Condition condition, const UnequalCondition& it) {
  const auto value = [](const ConditionValue& of) {
    return std::visit([](const auto& known) { return value_text(known); }, of);
  };
  return fmt::format("{}: {} against {}", noun(condition), value(it.of_denominator), value(it.of_numerator));
}

std::string clause(Condition, const UnstatedCondition& it) {
  return fmt::format("{} of {} on {} is not stated by its source", noun_of_part(it.part), it.implementation,
                     it.device);
}

std::string sentence(const remark::PublishedSubject& it) {
  if (!it.citation)
    return fmt::format("{} was published, not measured here; its source is not named.", it.subject);
  return fmt::format("{} was published, not measured here: {}, {}, {}.", it.subject, it.citation->authors,
                     it.citation->title, it.citation->reference);
}

std::string sentence(const remark::EmulatedSubject& it) {
  return fmt::format("{} is emulated, so its times mean nothing.", it.subject);
}

std::string sentence(const remark::Baseline& it) {
  std::vector<std::string> libraries;
  libraries.reserve(it.libraries.size());
  for (const auto& [library, problems] : it.libraries)
    libraries.push_back(fmt::format("{} ({})", library, count_text(problems, "problem")));
  return fmt::format("The baseline is {} of {}: {}.",
                     it.is_best ? "for each problem the best library" : "the chosen library", it.reference,
                     join(libraries, ", "));
}

std::string sentence(const remark::BaselineDecides& it) {
  return fmt::format(
      "The choice of the baseline decides whether the target is ahead: against {} of {}, over {}, {} is {}, "
      "{}; against the chosen baseline it is {}, {}.",
      it.library, it.reference, count_text(it.problems, "problem"), symbol(it.factor),
      factor_text(it.with_library), side_of_one(it.with_library), factor_text(it.as_chosen),
      side_of_one(it.as_chosen));
}

std::string sentence(const remark::SoftwareUndecided& it) {
  return fmt::format(
      "The intervals of peaks and samples leave open whether the software of {} is ahead or behind: "
      "{} is {}.",
      it.target, symbol(it.factor), factor_text(it.value));
}

std::string sentence(const remark::OtherRoofs& it) {
  return fmt::format(
      "{}ith {} roofs, HW is {} and {} is {}.",
      it.decides_sign ? "The choice of roofs decides whether the target's software is ahead: w" : "W",
      name(it.basis), factor_text(it.hardware), symbol(it.factor), factor_text(it.value));
}

std::string sentence(const remark::RecalledRoof&) {
  return "A peak or bandwidth behind the hardware factor is recalled, not verified; moat chips names it.";
}

std::string sentence(const remark::LaunchLatency& it) {
  std::string text = fmt::format(
      "A launch takes {} on {} and {} on {}; of {}, launch latency limits {} on {} "
      "and {} on {}.",
      middle_seconds_text(it.reference_seconds), it.reference, middle_seconds_text(it.target_seconds),
      it.target, count_text(it.problems, "problem"), it.limited_on_reference, it.reference,
      it.limited_on_target, it.target);
  if (it.same_hardware && it.limited_on_reference + it.limited_on_target > 0)
    text += " The hardware is the same, so this latency counts as software.";
  return text;
}

std::string sentence(const remark::LaunchLatencyUnknown&) {
  return "Launch latency is not known for both sides, so in small problems it counts as software; "
         "stream:op=copy,n=1 measures it, and a publication may state it.";
}

std::string sentence(const remark::LowerPrecision& it) {
  return fmt::format("{} on {} accumulates {} as {}-like in {}, which {} set aside.", it.implementation,
                     it.subject, name(it.accumulate), name(it.implied), count_text(it.cases, "case"),
                     it.cases == 1 ? "is" : "are");
}

std::string sentence(const remark::RanWith& it) {
  return fmt::format("{} on {}: {} ({}).", it.implementation, it.subject, it.remark,
                     count_text(it.cases, "case"));
}

std::string sentence(const remark::Configuration& it) {
  return fmt::format("The two runs of this machine differ in the {}: {} against {}.", it.fact,
                     it.of_reference, it.of_target);
}

std::string sentence(const remark::Missing& it) {
  using Part = remark::Missing::Part;
  const std::string have = problems_text(it.problems, it.of, "has", "have");
  switch (it.part) {
    case Part::reference_library:
      return fmt::format("{} no library result on {} to compare with.", have, it.subject);
    case Part::target_library:
      return fmt::format("{} no library result on {}, so stack and portability cannot be told apart there.",
                         have, it.subject);
    case Part::target_portable:
      return fmt::format("{} no result of a portable kernel on {}.", have, it.subject);
    case Part::roof:
      break;
  }
  return fmt::format("{} no roof for {} types on both sides, and {} in no mean with hardware.", have,
                     it.problems == 1 ? "its" : "their", it.problems == 1 ? "is" : "are");
}

std::string sentence(const remark::Refused& it) {
  return fmt::format("{} no ratio, because conditions differ: {}.",
                     problems_text(it.problems, it.of, "has", "have"), text(it.difference));
}

std::string sentence(const remark::Forgivable& it) {
  std::vector<std::string> names;
  for (const Condition condition : it.conditions) names.emplace_back(name(condition));
  return fmt::format("--despite compares anyway, with a mark, where one of these differs: {}.",
                     join(names, ", "));
}

std::string sentence(const remark::Marked& it) {
  return fmt::format("{} compared anyway, with a mark: {}.", problems_text(it.problems, it.of, "is", "are"),
                     text(it.difference));
}

}  // namespace

std::string text(const Remark& remark) {
  return std::visit([](const auto& it) { return sentence(it); }, remark);
}

std::string text(const Difference& difference) {
  return std::visit([&](const auto& how) { return clause(difference.condition, how); }, difference.how);
}

std::string hardware_text(const Gap& gap) {
  if (gap.same_hardware) return "the same hardware: HW is 1 exactly";
  if (!gap.basis) {
    return fmt::format("no {} roofs of {} and {}, so hardware and stack cannot be told apart",
                       gap.requested_basis ? name(*gap.requested_basis) : "datasheet or measured",
                       gap.reference, gap.target);
  }
  return fmt::format("hardware from the {} roofs{} of both", name(*gap.basis),
                     gap.launches ? " and launch latencies" : "");
}

}  // namespace moat
