// Gaps on a terminal.
#include "reports/tables/gap_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "base/units.h"
#include "reports/findings/words.h"

namespace moat {
namespace {

constexpr const char* none = "–";

std::string rate_text(const std::optional<BestRate>& best) {
  return best ? quantity_text(best->rate.value, is_floating(best->record->types.input) ? "FLOP/s" : "OP/s")
              : none;
}

std::string rate_text(const std::optional<Bound>& roof) {
  if (!roof) return none;
  std::string text = number_text(roof->rate.value / 1e9);
  if (roof->kind == RoofKind::memory) text += " mem";
  if (roof->kind == RoofKind::launch) text += " launch";
  return text;
}

std::string subjects_text(const Findings& findings, const TableOptions& options) {
  Table table({{"", Align::left, 5},
               {"device", Align::left, 5},
               {"name", Align::left, 3, true},
               {"driver", Align::left, 1, true},
               {"figures", Align::left, 4},
               {"run", Align::left, 2}});
  for (const Subject& subject : findings.subjects) {
    table.add_row({{findings.reference == subject.label ? "reference" : "target", Tone::strong},
                   {subject.label},
                   {subject.device.name},
                   {subject.device.driver},
                   {std::string(name(subject.provenance)),
                    subject.provenance == Provenance::measured ? Tone::plain : Tone::bad},
                   {subject.run.id}});
  }
  return table.text(options);
}

using FactorText = std::string (*)(const std::optional<Factor>&);

std::string value_text(const std::optional<Factor>& factor) {
  return factor ? fmt::format("{:.3g}", factor->value) : none;
}

void add_means(Table& table, const GapSummary& summary, const char* to, const Means& means,
               FactorText shown) {
  if (!means.total) return;
  const std::optional<Factor> joint = means.stack ? std::nullopt : means.software;
  table.add_row({{part_text(summary)},
                 {to},
                 {std::to_string(means.problems)},
                 {shown(means.hardware)},
                 {shown(means.stack)},
                 {shown(means.portability)},
                 {shown(joint)},
                 {shown(means.total), Tone::strong},
                 {log2_text(means.total->value)}});
}

Table means_table(const Gap& gap, FactorText shown) {
  Table table({{"over", Align::left, 5, true},
               {"to its", Align::left, 5},
               {"problems", Align::right, 2},
               {"hardware", Align::right, 4},
               {"stack", Align::right, 4},
               {"portability", Align::right, 4},
               {"stack × portability", Align::right, 3},
               {"total", Align::right, 5},
               {"log2", Align::right, 1}});
  std::map<GapScope, std::size_t> parts;
  for (const GapSummary& summary : gap.summaries) ++parts[summary.part.scope];
  for (const GapSummary& summary : gap.summaries) {
    if (summary.part.scope != GapScope::all && parts[summary.part.scope] == 1) continue;  // the same as all
    add_means(table, summary, "library", summary.library, shown);
    add_means(table, summary, "portable", summary.portable, shown);
    // Told apart only where the portable row above is over more problems than have all three factors.
    if (!summary.portable.stack && summary.both.stack) add_means(table, summary, "both", summary.both, shown);
  }
  return table;
}

/// Where the width does not hold the factors' ends, their values alone: the factors are what is asked for.
std::string means_text(const Gap& gap, const TableOptions& options) {
  const Means& library = gap.summaries.front().library;
  const Means& portable = gap.summaries.front().portable;
  if (!library.total && !portable.total)
    return "  no ratio: no problem has a verified result on both sides\n";
  const Table whole = means_table(gap, ratio_text);
  if (whole.fits(options.width)) return whole.text(options);
  return means_table(gap, value_text).text(options) + "(no room for the factors' ends)\n";
}

std::string problems_text(const Gap& gap, const TableOptions& options) {
  Table table({{"problem", Align::left, 5, true},
               {gap.reference + " library", Align::right, 3},
               {"roof G/s", Align::right, 1},
               {gap.target + " library", Align::right, 3},
               {"portable", Align::right, 3},
               {"roof G/s", Align::right, 1},
               {"HW", Align::right, 4},
               {"SW", Align::right, 4},
               {"PORT", Align::right, 4},
               {"remark", Align::left, 2, true}});
  for (const ProblemGap& problem : gap.problems) {
    std::vector<std::string> notes = texts(problem.refusals);
    for (const Difference& mark : problem.marks) notes.push_back(text(mark));
    table.add_row({{problem.any->identity.problem},
                   {rate_text(problem.reference_library)},
                   {rate_text(problem.reference_roof)},
                   {rate_text(problem.target_library)},
                   {rate_text(problem.target_portable)},
                   {rate_text(problem.target_roof)},
                   {ratio_text(problem.hardware)},
                   {ratio_text(problem.stack)},
                   {ratio_text(problem.portability)},
                   {join(notes, "; ")}});
  }
  return table.text(options);
}

std::string shares_text(const Findings& findings, const TableOptions& options) {
  Table table({{"coverage", Align::left, 5},
               {"of", Align::left, 5},
               {"verified", Align::right, 5},
               {"cases", Align::right, 5},
               {"share", Align::right, 5}});
  for (const CoverageShare& share : findings.shares) {
    const double ratio = static_cast<double>(share.ok) / static_cast<double>(share.cases);
    table.add_row({{share.subject},
                   {share.name},
                   {std::to_string(share.ok)},
                   {std::to_string(share.cases)},
                   {fmt::format("{:.0f} %", 100 * ratio)}});
  }
  return findings.shares.empty() ? "" : "\n" + table.text(options);
}

/// Reasons of holes in the library's and the portable kernel's coverage, the most frequent first.
std::string holes_text(const Findings& findings) {
  constexpr std::size_t most = 5;
  std::string text;
  for (const Subject& subject : findings.subjects) {
    std::map<std::string, std::size_t> counts;
    for (const CoverageCell& cell : findings.coverage) {
      if (cell.subject != subject.label || cell.implementation == "naive") continue;
      for (const auto& [reason, count] : cell.holes) counts[reason] += count;
    }
    std::vector<std::pair<std::string, std::size_t>> holes(counts.begin(), counts.end());
    std::ranges::stable_sort(holes, std::ranges::greater{}, [](const auto& hole) { return hole.second; });
    for (std::size_t i = 0; i < std::min(most, holes.size()); ++i) {
      text += fmt::format("  {} {}× {}\n", subject.label, holes[i].second,
                          shortened_reason(printable(holes[i].first)));
    }
    if (holes.size() > most) {
      text += fmt::format("  {} and {} more (moat show tells all)\n", subject.label,
                          count_text(holes.size() - most, "reason"));
    }
  }
  return text.empty() ? "" : "\nholes, by reason\n" + text;
}

std::string numerics_text(const Findings& findings, const TableOptions& options) {
  Table table({{"errors", Align::left, 5},
               {"operator", Align::left, 4},
               {"types", Align::left, 3},
               {"implementation", Align::left, 5, true},
               {"cases", Align::right, 2},
               {"worst/bound", Align::right, 5},
               {"bias", Align::right, 2},
               {"to reference's", Align::right, 4},
               {"accumulation", Align::left, 3, true}});
  for (const NumericsRow& row : findings.numerics) {
    if (row.implementation == "naive") continue;
    table.add_row({{row.subject},
                   {row.operator_name},
                   {fmt::format("{}→{}", name(row.types.input), name(row.types.accumulate))},
                   {row.implementation},
                   {std::to_string(row.cases)},
                   {fmt::format("{:.2g}", row.worst)},
                   {fmt::format("{:+.2f}", row.bias)},
                   {row.ratio_to_reference ? fmt::format("{:.3g}", *row.ratio_to_reference) : none},
                   {join(row.accumulations, ", "), row.lower_precision ? Tone::bad : Tone::plain}});
  }
  return findings.numerics.empty() ? "" : "\n" + table.text(options);
}

std::string first_use_text(const Findings& findings, const TableOptions& options) {
  Table table({{"first use", Align::left, 5},
               {"implementation", Align::left, 5},
               {"cases", Align::right, 2},
               {"compile, median", Align::right, 4},
               {"worst", Align::right, 3},
               {"first call, median", Align::right, 4},
               {"worst", Align::right, 3}});
  for (const FirstUseRow& row : findings.first_use) {
    table.add_row({{row.subject},
                   {row.implementation},
                   {std::to_string(row.cases)},
                   {seconds_text(row.median_compile_seconds)},
                   {seconds_text(row.worst_compile_seconds)},
                   {seconds_text(row.median_first_call_seconds)},
                   {seconds_text(row.worst_first_call_seconds)}});
  }
  return findings.first_use.empty() ? "" : "\n" + table.text(options);
}

}  // namespace

std::string gap_text(const Findings& findings, const GapTextOptions& options, const TableOptions& table) {
  std::string text = subjects_text(findings, table);
  for (const Gap& gap : findings.gaps) {
    text += "\n" +
            coloured(fmt::format("{} against {}", gap.target, gap.reference), Tone::strong, table.colour) +
            " (" + hardware_text(gap) + ")\n" + means_text(gap, table);
    for (const std::string& remark : texts(gap.remarks)) text += "  " + printable(remark) + "\n";
    if (options.problems) text += "\n" + problems_text(gap, table);
  }
  text += shares_text(findings, table) + holes_text(findings) + numerics_text(findings, table) +
          first_use_text(findings, table);
  text += "\n";
  for (const std::string& sentence : texts(findings.verdict)) text += printable(sentence) + "\n";
  text +=
      "\nFactors are geometric means over problems; with ends where peaks or samples leave them open. "
      "hardware × stack\n"
      "leads from the reference's library to the target's, × portability on to the portable kernel "
      "(docs/gap.md).\n";
  return text;
}

}  // namespace moat
