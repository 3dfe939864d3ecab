// What must be said beside a gap: the choices that it rests on, and which of them change a conclusion.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "base/units.h"
#include "reports/findings/words.h"
#include "reports/gap/comparable.h"
#include "reports/gap/gap_parts.h"

namespace moat {
namespace {

std::string_view side_of_one(double value) {
  return value < 1 ? "behind" : "ahead";
}

std::string cited(const RunInfo& run) {
  if (!run.citation) return "its source is not named";
  return fmt::format("{}, {}, {}", run.citation->authors, run.citation->title, run.citation->reference);
}

bool changes_side(const Factor& a, const Factor& b) {
  return (a.value < 1) != (b.value < 1);
}

/// The means that a reader quotes: to the target's library, or where it has none, to the portable kernel.
const Means& headline_of(const Gap& gap) {
  const GapSummary& all = gap.summaries.front();
  return all.library.total ? all.library : all.portable;
}

/// Of the means above: what stands in `software`.
std::string_view software_name(const Gap& gap) {
  return gap.summaries.front().library.total ? "SW" : "SW × PORT";
}

class Remarks {
 public:
  Remarks(const Gap& gap, const Subject& reference, const Subject& target, const RoofChoice& reference_roofs,
          const RoofChoice& target_roofs, const GapOptions& options)
      : gap_(gap),
        reference_(reference),
        target_(target),
        reference_roofs_(reference_roofs),
        target_roofs_(target_roofs),
        options_(options) {}

  void provenance() {
    for (const auto& [label, kind, source] :
         {std::tuple{&gap_.reference, gap_.reference_provenance, &reference_.run},
          std::tuple{&gap_.target, gap_.target_provenance, &target_.run}}) {
      if (kind == Provenance::published)
        say(fmt::format("{} is published, not measured here: {}", *label, cited(*source)));
      if (kind == Provenance::emulated) say(fmt::format("{} is emulated: its times mean nothing", *label));
    }
  }

  void baseline() {
    std::map<std::string, std::size_t> used;
    for (const ProblemGap& problem : gap_.problems) {
      if (problem.reference_library) ++used[problem.reference_library->record->identity.implementation];
    }
    std::vector<std::string> parts;
    parts.reserve(used.size());
    for (const auto& [library, count] : used) parts.push_back(fmt::format("{} ({})", library, count));
    if (parts.empty()) return;
    say(fmt::format("baseline: {} {}, by problems", options_.baseline.empty() ? "the best library of" : "of",
                    gap_.reference) +
        ": " + join(parts, ", "));
    other_baselines();
  }

  void peaks() {
    const Means& means = headline_of(gap_);
    if (means.software && gap_.basis && is_undecided(*means.software) && !gap_.same_hardware) {
      say(
          fmt::format("whether the software of {} is ahead or behind depends on which peak is believed and "
                      "on the samples: {} is {}",
                      gap_.target, software_name(gap_), ratio_text(*means.software)));
    }
    other_basis();
    for (const ProblemGap& problem : gap_.problems) {
      const bool recalled = (problem.reference_roof && !problem.reference_roof->verified) ||
                            (problem.target_roof && !problem.target_roof->verified);
      if (!recalled || gap_.same_hardware) continue;
      say("a peak or bandwidth that hardware rests on is recalled, not verified (moat chips names it)");
      break;
    }
  }

  void launches() {
    if (gap_.problems.empty()) return;
    if (gap_.launches) {
      const auto time = [](const Factor& seconds) { return seconds_text(seconds.value); };
      std::string text = fmt::format("a launch takes {} on {} and {} on {}", time(gap_.launches->reference),
                                     gap_.reference, time(gap_.launches->target), gap_.target);
      const std::size_t of_reference = bound_by_launch(&ProblemGap::reference_roof);
      const std::size_t of_target = bound_by_launch(&ProblemGap::target_roof);
      text += fmt::format("; of {} it binds {} and {}", count_text(gap_.problems.size(), "problem"),
                          of_reference, of_target);
      if (gap_.same_hardware && of_reference + of_target > 0)
        text += ", and is software's, since the hardware is the same";
      say(text);
    } else if (gap_.basis && !gap_.same_hardware && headline_of(gap_).total) {
      say("the time of a launch is not known of both: in small problems it counts as software "
          "(stream:op=copy,n=1 measures it, a publication may state it)");
    }
  }

  void set_aside() {
    for (const Subject* subject : {&reference_, &target_}) {
      std::map<std::string, std::size_t> counts;  // by implementation and accumulation
      for (const Record& record : subject->records) {
        const std::optional<std::string> lower =
            record.status == Status::ok ? lower_precision(record) : std::nullopt;
        if (lower) {
          ++counts[fmt::format("{} accumulates {} as {}", record.identity.implementation,
                               name(record.types.accumulate), *lower)];
        }
      }
      for (const auto& [what, count] : counts) {
        say(fmt::format("{}: {} in {} cases, which are set aside", subject->label, what, count));
      }
    }
  }

  void missing() {
    std::size_t no_reference = 0, no_library = 0, no_portable = 0, no_roof = 0;
    std::map<std::string, std::size_t> refusals, marks;
    for (const ProblemGap& problem : gap_.problems) {
      if (!problem.reference_library) {
        ++no_reference;
        continue;
      }
      no_library += problem.target_library ? 0 : 1;
      no_portable += problem.target_portable ? 0 : 1;
      no_roof += gap_.basis && !problem.hardware ? 1 : 0;
      for (const std::string& text : problem.refusals) ++refusals[text];
      for (const std::string& text : problem.marks) ++marks[text];
    }
    const std::size_t all = gap_.problems.size();
    count(no_reference, all, fmt::format("{} has no library result to compare with", gap_.reference));
    const std::size_t compared = all - no_reference;
    count(
        no_library, compared,
        fmt::format("{} has no library result: its stack and the portable kernel cannot be told apart there",
                    gap_.target));
    count(no_portable, compared, fmt::format("{} has no portable result", gap_.target));
    count(no_roof, compared, "a roof is missing for their types: they are in no mean with hardware");
    for (const auto& [text, times] : refusals)
      count(times, compared, "no ratio, since conditions differ: " + text);
    if (!refusals.empty()) {
      say("--despite compares all the same, marked: " + join(forgivable_conditions(), ", "));
    }
    for (const auto& [text, times] : marks) count(times, compared, "compared all the same, marked: " + text);
  }

  [[nodiscard]] std::vector<std::string> all() && { return std::move(all_); }

 private:
  void say(std::string text) { all_.push_back(std::move(text)); }
  void count(std::size_t times, std::size_t of, const std::string& what) {
    if (times > 0) say(fmt::format("{} of {} problems: {}", times, of, what));
  }

  [[nodiscard]] Gap gap_with(const GapOptions& options) const {
    return form_gap(reference_, target_, reference_roofs_, target_roofs_, options);
  }

  [[nodiscard]] std::size_t bound_by_launch(std::optional<Attainable> ProblemGap::*roof) const {
    return static_cast<std::size_t>(std::ranges::count_if(gap_.problems, [&](const ProblemGap& problem) {
      return problem.*roof && (problem.*roof)->bound == RoofKind::launch;
    }));
  }

  /// Each library of the reference as the baseline, where that turns the result round.
  void other_baselines() {
    const bool by_library = gap_.summaries.front().library.total.has_value();
    const Means& headline = headline_of(gap_);
    if (!headline.total) return;
    for (const std::string& library : libraries_of(reference_)) {
      if (library == options_.baseline) continue;
      GapOptions other = options_;
      other.baseline = library;
      const Gap formed = gap_with(other);
      const Means& means = by_library ? formed.summaries.front().library : formed.summaries.front().portable;
      const std::optional<Factor>& now = headline.software ? headline.software : headline.total;
      const std::optional<Factor>& then = headline.software ? means.software : means.total;
      if (!now || !then || !changes_side(*now, *then)) continue;
      say(fmt::format(
          "the baseline decides the sign: against {} of {} ({} problems) {} is {}, {}; here it is {}",
          library, gap_.reference, means.problems, headline.software ? software_name(gap_) : "the total",
          ratio_text(*then), side_of_one(then->value), ratio_text(*now)));
    }
  }

  void other_basis() {
    if (!gap_.basis || gap_.same_hardware) return;
    GapOptions other = options_;
    other.basis = *gap_.basis == RoofBasis::datasheet ? RoofBasis::measured : RoofBasis::datasheet;
    const Gap formed = gap_with(other);
    const Means& now = headline_of(gap_);
    const Means& then = headline_of(formed);
    if (!formed.basis || !now.software || !then.software) return;
    const std::string text =
        fmt::format("by {} roofs HW is {} and {} {}", name(*other.basis), ratio_text(*then.hardware),
                    software_name(gap_), ratio_text(*then.software));
    say(changes_side(*now.software, *then.software) ? "the choice of roofs decides the sign: " + text : text);
  }

  const Gap& gap_;
  const Subject& reference_;
  const Subject& target_;
  const RoofChoice& reference_roofs_;
  const RoofChoice& target_roofs_;
  const GapOptions& options_;
  std::vector<std::string> all_;
};

}  // namespace

std::vector<std::string> remarks(const Gap& gap, const Subject& reference, const Subject& target,
                                 const RoofChoice& reference_roofs, const RoofChoice& target_roofs,
                                 const GapOptions& options) {
  Remarks remarks(gap, reference, target, reference_roofs, target_roofs, options);
  remarks.provenance();
  remarks.baseline();
  remarks.peaks();
  remarks.launches();
  remarks.set_aside();
  remarks.missing();
  return std::move(remarks).all();
}

}  // namespace moat
