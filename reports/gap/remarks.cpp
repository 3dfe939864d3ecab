// What must be said beside a gap: the choices that it rests on, and which of them change a conclusion.
#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <tuple>

#include "base/json.h"
#include "reports/gap/gap_parts.h"

namespace moat {
namespace {

bool changes_side(const Factor& a, const Factor& b) {
  return (a.value < 1) != (b.value < 1);
}

/// The means that a reader quotes: to the target's library, or where it has none, to the portable kernel.
const Means& headline_of(const Gap& gap) {
  const GapSummary& all = gap.summaries.front();
  return all.library.total ? all.library : all.portable;
}

/// What stands in `software` of the means above.
GapFactor software_of(const Gap& gap) {
  return gap.summaries.front().library.total ? GapFactor::stack : GapFactor::software;
}

/// Differences with the problems that have them, in the order in which they first came.
using DifferenceCounts = std::vector<std::pair<Difference, std::size_t>>;

void count(DifferenceCounts& counts, const std::vector<Difference>& differences) {
  for (const Difference& difference : differences) {
    const auto known = std::ranges::find(counts, difference, &DifferenceCounts::value_type::first);
    if (known == counts.end()) {
      counts.emplace_back(difference, 1);
    } else {
      ++known->second;
    }
  }
}

constexpr std::string_view variable_word = "variable ";

/// What decides a subject's rates beside the hardware, by its name in words.
using Configured = std::map<std::string, std::string>;

Configured configured(const Subject& subject) {
  Configured facts;
  if (!subject.device.driver.empty()) facts["driver"] = subject.device.driver;
  for (const Record& record : subject.records) {
    if (!record.library_version.empty())
      facts["version of " + record.identity.implementation] = record.library_version;
  }
  const Json& environment = subject.run.environment;
  if (!environment.is_object()) return facts;
  const Json process = environment.value("process", Json::object());
  const Json variables = process.is_object() ? process.value("variables", Json::object()) : Json::object();
  if (!variables.is_object()) return facts;
  for (const auto& [variable, value] : variables.items()) {
    // Where files are kept says nothing of a rate.
    if (value.is_string() && variable != "MOAT_STORE")
      facts[std::string(variable_word) + variable] = value.get<std::string>();
  }
  return facts;
}

class Remarks {
 public:
  Remarks(const Gap& gap, const Subject& reference, const Subject& target, const KnownRoofs& reference_roofs,
          const KnownRoofs& target_roofs, const GapOptions& options)
      : gap_(gap),
        reference_(reference),
        target_(target),
        reference_roofs_(reference_roofs),
        target_roofs_(target_roofs),
        options_(options) {}

  void provenance() {
    for (const Subject* subject : {&reference_, &target_}) {
      if (subject->provenance == Provenance::published)
        add(remark::PublishedSubject{subject->label, subject->run.citation});
      if (subject->provenance == Provenance::emulated) add(remark::EmulatedSubject{subject->label});
    }
  }

  void baseline() {
    std::map<std::string, std::size_t> used;
    for (const ProblemGap& problem : gap_.problems) {
      if (problem.reference_library) ++used[problem.reference_library->record->identity.implementation];
    }
    if (used.empty()) return;
    remark::Baseline baseline{gap_.reference, options_.baseline.empty(), {}};
    for (const auto& [library, problems] : used) baseline.libraries.push_back({library, problems});
    add(std::move(baseline));
    other_baselines();
  }

  void peaks() {
    const Means& means = headline_of(gap_);
    if (means.software && gap_.basis && is_undecided(*means.software) && !gap_.same_hardware)
      add(remark::SoftwareUndecided{gap_.target, software_of(gap_), *means.software});
    other_basis();
    const auto is_recalled = [](const std::optional<Bound>& roof) { return roof && !roof->verified; };
    const bool recalled = std::ranges::any_of(gap_.problems, [&](const ProblemGap& problem) {
      return is_recalled(problem.reference_roof) || is_recalled(problem.target_roof);
    });
    if (recalled && !gap_.same_hardware) add(remark::RecalledRoof{});
  }

  void launches() {
    if (gap_.problems.empty()) return;
    if (gap_.launches) {
      add(remark::LaunchLatency{gap_.reference, gap_.target, gap_.launches->reference, gap_.launches->target,
                                gap_.problems.size(), limited_by_launch(&ProblemGap::reference_roof),
                                limited_by_launch(&ProblemGap::target_roof), gap_.same_hardware});
    } else if (gap_.basis && !gap_.same_hardware && headline_of(gap_).total) {
      add(remark::LaunchLatencyUnknown{});
    }
  }

  void lower_precisions() {
    for (const Subject* subject : {&reference_, &target_}) {
      std::map<std::tuple<std::string, Type, Type>, std::size_t> counts;
      for (const Record& record : subject->records) {
        if (record.status != Status::ok) continue;
        if (const std::optional<Type> lower = lower_precision(record))
          ++counts[{record.identity.implementation, record.types.accumulate, *lower}];
      }
      for (const auto& [what, cases] : counts) {
        const auto& [implementation, accumulate, implied] = what;
        add(remark::LowerPrecision{subject->label, implementation, accumulate, implied, cases});
      }
    }
  }

  void circumstances() {
    for (const Subject* subject : {&reference_, &target_}) {
      for (const RemarkedCases& it : remarked_cases(*subject))
        add(remark::RanWith{subject->label, it.implementation, it.remark, it.cases});
    }
  }

  void configurations() {
    if (reference_.run.id == target_.run.id || reference_.run.host != target_.run.host) return;
    if (reference_.provenance != Provenance::measured || target_.provenance != Provenance::measured) return;
    const Configured of_reference = configured(reference_);
    const Configured of_target = configured(target_);
    for (const auto& [fact, value] : of_reference) {
      const auto other = of_target.find(fact);
      if (other != of_target.end() && other->second != value)
        add(remark::Configuration{fact, value, other->second});
      if (other == of_target.end() && fact.starts_with(variable_word))
        add(remark::Configuration{fact, value, "not set"});
    }
    for (const auto& [fact, value] : of_target) {
      if (!of_reference.contains(fact) && fact.starts_with(variable_word))
        add(remark::Configuration{fact, "not set", value});
    }
  }

  void missing() {
    using Part = remark::Missing::Part;
    std::size_t no_reference = 0, no_library = 0, no_portable = 0, no_roof = 0;
    DifferenceCounts refusals, marks;
    for (const ProblemGap& problem : gap_.problems) {
      if (!problem.reference_library) {
        ++no_reference;
        continue;
      }
      no_library += problem.target_library ? 0 : 1;
      no_portable += problem.target_portable ? 0 : 1;
      no_roof += gap_.basis && !problem.hardware ? 1 : 0;
      count(refusals, problem.refusals);
      count(marks, problem.marks);
    }
    const std::size_t all = gap_.problems.size();
    const std::size_t compared = all - no_reference;
    for (const remark::Missing& part :
         {remark::Missing{Part::reference_library, gap_.reference, no_reference, all},
          remark::Missing{Part::target_library, gap_.target, no_library, compared},
          remark::Missing{Part::target_portable, gap_.target, no_portable, compared},
          remark::Missing{Part::roof, "", no_roof, compared}}) {
      if (part.problems > 0) add(part);
    }
    for (const auto& [difference, problems] : refusals) add(remark::Refused{difference, problems, compared});
    if (!refusals.empty()) {
      const std::span<const Condition> forgivable = forgivable_conditions();
      add(remark::Forgivable{{forgivable.begin(), forgivable.end()}});
    }
    for (const auto& [difference, problems] : marks) add(remark::Marked{difference, problems, compared});
  }

  [[nodiscard]] std::vector<Remark> all() && { return std::move(all_); }

 private:
  void add(Remark remark) { all_.push_back(std::move(remark)); }

  [[nodiscard]] Gap gap_with(const GapOptions& options) const {
    return form_gap(reference_, target_, reference_roofs_, target_roofs_, options);
  }

  [[nodiscard]] std::size_t limited_by_launch(std::optional<Bound> ProblemGap::*roof) const {
    return static_cast<std::size_t>(std::ranges::count_if(gap_.problems, [&](const ProblemGap& problem) {
      return problem.*roof && (problem.*roof)->kind == RoofKind::launch;
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
      add(remark::BaselineDecides{gap_.reference, library, means.problems,
                                  headline.software ? software_of(gap_) : GapFactor::total, *then, *now});
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
    add(remark::OtherRoofs{*other.basis, *then.hardware, software_of(gap_), *then.software,
                           changes_side(*now.software, *then.software)});
  }

  const Gap& gap_;
  const Subject& reference_;
  const Subject& target_;
  const KnownRoofs& reference_roofs_;
  const KnownRoofs& target_roofs_;
  const GapOptions& options_;
  std::vector<Remark> all_;
};

}  // namespace

std::string_view name(GapFactor factor) {
  constexpr std::array<std::string_view, 5> names{"total", "hardware", "stack", "portability", "software"};
  return names.at(static_cast<std::size_t>(factor));
}

std::string_view remark::name(Missing::Part part) {
  constexpr std::array<std::string_view, 4> names{"reference-library", "target-library", "target-portable",
                                                  "roof"};
  return names.at(static_cast<std::size_t>(part));
}

std::vector<RemarkedCases> remarked_cases(const Subject& subject) {
  std::vector<RemarkedCases> all;
  for (const Record& record : subject.records) {
    if (record.status != Status::ok || !record.circumstances) continue;
    for (const std::string& remark : record.circumstances->remarks) {
      const auto known = std::ranges::find_if(all, [&](const RemarkedCases& it) {
        return it.implementation == record.identity.implementation && it.remark == remark;
      });
      if (known == all.end()) {
        all.push_back({record.identity.implementation, remark, 1});
      } else {
        ++known->cases;
      }
    }
  }
  return all;
}

std::vector<Remark> remarks_on(const Gap& gap, const Subject& reference, const Subject& target,
                               const KnownRoofs& reference_roofs, const KnownRoofs& target_roofs,
                               const GapOptions& options) {
  Remarks remarks(gap, reference, target, reference_roofs, target_roofs, options);
  remarks.provenance();
  remarks.baseline();
  remarks.peaks();
  remarks.launches();
  remarks.lower_precisions();
  remarks.circumstances();
  remarks.configurations();
  remarks.missing();
  return std::move(remarks).all();
}

}  // namespace moat
