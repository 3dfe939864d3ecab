// Puts the first screen together from subjects and gaps.
#include "reports/findings/overview.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "adapters/catalogue/catalogue.h"
#include "kernels/implementation_name.h"
#include "kernels/operator.h"
#include "reports/findings/findings.h"
#include "reports/gap/gap_parts.h"

namespace moat {
namespace {

using With = conclusion::Reached::With;
using PartKey = std::pair<std::string, Type>;

std::string chip_name(const Subject& subject) {
  const RunDevice* device = &subject.device;
  const std::string first = PhysicalDevices(subject.run.devices).first(device->id);
  const auto listed = std::ranges::find(subject.run.devices, first, &RunDevice::id);
  if (listed != subject.run.devices.end()) device = &*listed;
  const std::span<const Chip> chips = built_in_catalogue().chips();
  const auto stated = std::ranges::find(chips, device->chip, &Chip::id);
  const Chip* chip = stated != chips.end() ? &*stated : match_chip(device->name);
  if (chip != nullptr) return chip->name;
  return device->name.empty() ? device->id : plain_name(device->name);
}

std::optional<OverviewRatio> ratio_of(const Means& means, std::size_t reference_problems,
                                      const std::vector<Doubt>& of_marks) {
  if (!means.total) return std::nullopt;
  OverviewRatio ratio{*means.total, means.problems, {}};
  if (2 * ratio.problems < reference_problems) ratio.doubts.push_back(Doubt::few_problems);
  constexpr double wide = 1.5;
  if (!(ratio.value.high <= wide * ratio.value.low)) ratio.doubts.push_back(Doubt::wide);
  if (is_undecided(ratio.value)) ratio.doubts.push_back(Doubt::undecided);
  ratio.doubts.insert(ratio.doubts.end(), of_marks.begin(), of_marks.end());
  return ratio;
}

/// Problems that one implementation family of one device planned and verified.
struct Counts {
  std::set<std::string_view> planned, verified;
};

/// What is known of one subject: its best rates, its counts and its gap to the reference.
struct SubjectRates {
  Gap own;                            // to itself: best rates of each problem
  std::vector<GapSummary> totals;     // of that to the reference, whether or not roofs are known
  const Gap* to_reference = nullptr;  // of the reference: `own`
  std::map<std::pair<PartKey, With>, Counts> counts;
};

bool does_work(const Record& record) {
  return !is_roof_operator(record.operator_name) && record.work.operations > 0;
}

std::map<std::pair<PartKey, With>, Counts> counts_of(const Subject& subject) {
  std::map<std::pair<PartKey, With>, Counts> counts;
  for (const Record& record : subject.records) {
    const std::string& implementation = record.identity.implementation;
    if (!does_work(record) || (!is_library(implementation) && !is_portable(implementation))) continue;
    Counts& of = counts[{{record.operator_name, record.types.input},
                         is_library(implementation) ? With::library : With::portable}];
    of.planned.insert(record.identity.problem);
    if (record.status == Status::ok) of.verified.insert(record.identity.problem);
  }
  return counts;
}

const std::optional<BestRate>& best(const ProblemGap& problem, With with) {
  return with == With::library ? problem.target_library : problem.target_portable;
}

const ProblemGap* find_problem(const Gap& gap, std::string_view key) {
  const auto found = std::ranges::find_if(
      gap.problems, [&](const ProblemGap& problem) { return problem.any->identity.problem == key; });
  return found == gap.problems.end() ? nullptr : &*found;
}

const GapSummary* find_summary(const std::vector<GapSummary>& summaries, const PartKey& key) {
  const GapPart part{GapScope::by_operator_and_type, key.first, key.second, "", {}};
  const auto found = std::ranges::find(summaries, part, &GapSummary::part);
  return found == summaries.end() ? nullptr : &*found;
}

/// Totals need no roofs; means with a hardware factor are over the problems alone whose roofs are known.
std::vector<GapSummary> totals_of(const Gap& gap) {
  std::vector<ProblemGap> problems = gap.problems;
  for (ProblemGap& problem : problems) {
    problem.hardware.reset();
    problem.stack.reset();
  }
  return summarise(problems);
}

/// Of the marks of a part's problems (of all, without one) what they say of conditions.
std::vector<Doubt> doubts_of_marks(const Gap& gap, const PartKey* key) {
  bool differ = false, unstated = false;
  for (const ProblemGap& problem : gap.problems) {
    if (key != nullptr && PartKey(problem.any->operator_name, problem.any->types.input) != *key) continue;
    for (const Difference& mark : problem.marks) (mark.is_unstated() ? unstated : differ) = true;
  }
  std::vector<Doubt> doubts;
  if (differ) doubts.push_back(Doubt::differ);
  if (unstated) doubts.push_back(Doubt::unstated);
  return doubts;
}

/// The problem of a part whose rates are shown.
class Choice {
 public:
  void offer(const ProblemGap& problem, bool has_reference) {
    Offer& offer = offers_[problem.any->identity.problem];
    offer.record = problem.any;
    offer.has_reference = offer.has_reference || has_reference;
    ++offer.devices;
  }
  [[nodiscard]] const Record* take() const {
    const Offer* best = nullptr;
    const auto rank = [](const Offer& offer) {
      return std::tuple(offer.has_reference, offer.devices, offer.record->work.operations);
    };
    for (const auto& [key, offer] : offers_) {
      if (best == nullptr || rank(offer) > rank(*best)) best = &offer;
    }
    return best == nullptr ? nullptr : best->record;
  }

 private:
  struct Offer {
    const Record* record = nullptr;
    bool has_reference = false;
    std::size_t devices = 0;
  };
  std::map<std::string_view, Offer> offers_;
};

/// Makes the parts of all subjects.
class Parts {
 public:
  Parts(const Findings& findings, const std::vector<SubjectRates>& rates,
        std::optional<std::size_t> reference)
      : findings_(findings), rates_(rates), reference_(reference) {}

  [[nodiscard]] std::vector<OverviewPart> make() const {
    std::vector<OverviewPart> parts;
    for (const PartKey& key : keys()) parts.push_back(part(key));
    return parts;
  }

 private:
  /// Operators in the records' order, each with its types in the enumeration's.
  [[nodiscard]] std::vector<PartKey> keys() const {
    std::vector<std::string> operators;
    std::set<PartKey> known;
    for (const Subject& subject : findings_.subjects) {
      for (const Record& record : subject.records) {
        if (!does_work(record) || is_naive(record.identity.implementation)) continue;
        if (std::ranges::find(operators, record.operator_name) == operators.end())
          operators.push_back(record.operator_name);
        known.insert({record.operator_name, record.types.input});
      }
    }
    std::vector<PartKey> keys(known.begin(), known.end());
    std::ranges::stable_sort(keys, {}, [&](const PartKey& key) {
      return std::ranges::find(operators, key.first) - operators.begin();
    });
    return keys;
  }

  [[nodiscard]] OverviewPart part(const PartKey& key) const {
    OverviewPart part{key.first, key.second, nullptr, {}, 0, {}};
    Choice choice;
    for (std::size_t i = 0; i < rates_.size(); ++i) {
      for (const ProblemGap& problem : rates_[i].own.problems) {
        if (PartKey(problem.any->operator_name, problem.any->types.input) != key) continue;
        const bool is_reference = i == reference_ && problem.reference_library.has_value();
        part.reference_problems += is_reference ? 1 : 0;
        choice.offer(problem, is_reference);
      }
    }
    part.shown = choice.take();
    if (part.shown != nullptr && reference_) {
      if (const BestRate* rate = reference_library(part.shown->identity.problem))
        part.reference_rate = rate->rate;
    }
    for (std::size_t i = 0; i < rates_.size(); ++i) add_rows(part, key, i);
    return part;
  }

  /// Of the library that the gaps compare with: GapOptions::baseline may name one.
  [[nodiscard]] const BestRate* reference_library(std::string_view problem) const {
    const ProblemGap* found = find_problem(rates_[*reference_].own, problem);
    return found != nullptr && found->reference_library ? &*found->reference_library : nullptr;
  }

  void add_rows(OverviewPart& part, const PartKey& key, std::size_t device) const {
    const SubjectRates& rates = rates_[device];
    for (const With with : {With::library, With::portable}) {
      const auto counts = rates.counts.find({key, with});
      if (counts == rates.counts.end()) continue;
      OverviewRow row{device, with, {}, {}, counts->second.verified.size(), counts->second.planned.size()};
      const ProblemGap* shown =
          part.shown == nullptr ? nullptr : find_problem(rates.own, part.shown->identity.problem);
      if (shown != nullptr && best(*shown, with)) row.rate = best(*shown, with)->rate;
      const bool is_own_library = device == reference_ && with == With::library;
      const Gap* gap = rates.to_reference;
      const GapSummary* summary = gap == nullptr ? nullptr : find_summary(rates.totals, key);
      if (summary != nullptr && !is_own_library) {
        row.ratio = ratio_of(with == With::library ? summary->library : summary->portable,
                             part.reference_problems, doubts_of_marks(*gap, &key));
      }
      part.rows.push_back(std::move(row));
    }
  }

  const Findings& findings_;
  const std::vector<SubjectRates>& rates_;
  std::optional<std::size_t> reference_;
};

/// A reason with every number as one sign, so that "took 3 s" and "took 4 s" are one reason.
std::string without_numbers(std::string_view reason) {
  std::string made;
  for (const char c : reason) {
    const bool is_number = (c >= '0' && c <= '9') || (c == '.' && made.ends_with('#'));
    if (!is_number) {
      made += c;
    } else if (!made.ends_with('#')) {
      made += '#';
    }
  }
  return made;
}

void count_cases(Overview& overview, const std::vector<Subject>& subjects) {
  std::map<std::pair<Status, std::string>, OverviewHoles> holes;
  for (const Subject& subject : subjects) {
    for (const Record& record : subject.records) {
      ++overview.cases;
      if (record.status == Status::ok) {
        ++overview.verified;
      } else if (record.status == Status::unsupported) {
        ++overview.unsupported;
      } else {
        OverviewHoles& hole = holes[{record.status, without_numbers(record.reason)}];
        if (hole.cases++ == 0) hole = {record.status, record.reason, 1};
      }
    }
  }
  for (auto& [key, hole] : holes) overview.left_out.push_back(std::move(hole));
  std::ranges::stable_sort(overview.left_out, std::ranges::greater{}, &OverviewHoles::cases);
}

/// Counts the problems whose every ratio is refused.
void count_refusals(OverviewDevice& device, const Gap& gap) {
  std::vector<std::pair<Difference, std::size_t>> counts;
  for (const ProblemGap& problem : gap.problems) {
    if (problem.refusals.empty() || problem.library_total || problem.portable_total) continue;
    ++device.refused;
    for (const Difference& refusal : problem.refusals) {
      const auto known = std::ranges::find(counts, refusal, &std::pair<Difference, std::size_t>::first);
      if (known == counts.end()) {
        counts.emplace_back(refusal, 1);
      } else {
        ++known->second;
      }
    }
  }
  const auto most = std::ranges::max_element(counts, {}, &std::pair<Difference, std::size_t>::second);
  if (most != counts.end()) device.refusal = most->first;
}

void name_devices(std::vector<OverviewDevice>& devices) {
  std::map<std::string, std::size_t> chips;
  for (const OverviewDevice& device : devices) ++chips[device.chip];
  for (OverviewDevice& device : devices) {
    device.name = chips[device.chip] == 1 ? device.chip : fmt::format("{} ({})", device.chip, device.label);
  }
}

const Gap* gap_of(const Findings& findings, const std::string& target) {
  const auto found = std::ranges::find(findings.gaps, target, &Gap::target);
  return found == findings.gaps.end() ? nullptr : &*found;
}

}  // namespace

std::string_view name(Doubt doubt) {
  constexpr std::array<std::string_view, 5> names{"few-problems", "wide", "undecided", "differ", "unstated"};
  return names.at(static_cast<std::size_t>(doubt));
}

std::string plain_name(std::string_view name) {
  std::string made(name);
  for (const std::string_view mark : {"(R)", "(r)", "(TM)", "(tm)", "®", "™"}) {
    for (std::size_t at = made.find(mark); at != std::string::npos; at = made.find(mark, at))
      made.erase(at, mark.size());
  }
  return made;
}

const OverviewDevice* Overview::reference() const {
  const auto found = std::ranges::find(devices, true, &OverviewDevice::is_reference);
  return found == devices.end() ? nullptr : &*found;
}

Overview overview_of(const Findings& findings, const GapOptions& options) {
  Overview overview;
  std::optional<std::size_t> reference;
  std::vector<SubjectRates> rates(findings.subjects.size());
  for (std::size_t i = 0; i < findings.subjects.size(); ++i) {
    const Subject& subject = findings.subjects[i];
    const KnownRoofs& roofs = findings.roofs[i];
    GapOptions of_subject = options;
    const bool is_reference = findings.reference == subject.label;
    if (is_reference) {
      reference = i;
    } else {
      of_subject.baseline.clear();  // a library of the reference
    }
    rates[i].own = form_gap(subject, subject, roofs, roofs, of_subject);
    rates[i].to_reference = is_reference ? &rates[i].own : gap_of(findings, subject.label);
    if (rates[i].to_reference != nullptr) rates[i].totals = totals_of(*rates[i].to_reference);
    rates[i].counts = counts_of(subject);
    if (is_reference) {
      overview.reference_problems = static_cast<std::size_t>(std::ranges::count_if(
          rates[i].own.problems,
          [](const ProblemGap& problem) { return problem.reference_library.has_value(); }));
    }
  }
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const Subject& subject = findings.subjects[i];
    OverviewDevice device;
    device.label = subject.label;
    device.id = subject.device.id;
    device.chip = chip_name(subject);
    device.is_reference = i == reference;
    device.provenance = subject.provenance;
    device.roofs = findings.roofs[i].measured ? findings.roofs[i].measured : findings.roofs[i].datasheet;
    if (const Gap* gap = rates[i].to_reference) {
      const GapSummary& all = rates[i].totals.front();
      const std::vector<Doubt> marked = doubts_of_marks(*gap, nullptr);
      device.same_hardware = gap->same_hardware;
      if (!device.is_reference) device.library = ratio_of(all.library, overview.reference_problems, marked);
      if (!device.is_reference) count_refusals(device, *gap);
      device.portable = ratio_of(all.portable, overview.reference_problems, marked);
    }
    overview.devices.push_back(std::move(device));
  }
  name_devices(overview.devices);
  overview.parts = Parts(findings, rates, reference).make();
  count_cases(overview, findings.subjects);
  return overview;
}

}  // namespace moat
