// The order of a report.
#include "reports/tables/sections.h"

#include <fmt/format.h>

#include <set>

#include "base/error.h"
#include "base/text.h"
#include "kernels/operator.h"
#include "reports/findings/words.h"
#include "reports/tables/tables.h"

namespace moat {
namespace {

std::vector<std::string> gap_words(const Findings& findings) {
  std::vector<std::string> words;
  for (const Gap& gap : findings.gaps) {
    words.push_back(fmt::format("{} against {}: {}", gap.target, gap.reference, hardware_text(gap)));
    for (const std::string& remark : texts(gap.remarks))
      words.push_back(fmt::format("{}: {}", gap.target, remark));
  }
  return words;
}

std::vector<std::string> conventions(const Findings& findings) {
  std::set<std::string> operators;
  for (const Subject& subject : findings.subjects) {
    for (const Record& record : subject.records) operators.insert(record.operator_name);
  }
  std::vector<std::string> words{
      "Rates are at the median of the samples and count compulsory bytes: each input read once, each output "
      "written once. 1 TFLOP/s is 1e12 operations, 1 GB/s 1e9 bytes a second. Only a case whose outputs were "
      "compared with a reference and lie within their bounds (status ok) has a rate."};
  for (const std::string& name : operators) {
    try {
      words.push_back(fmt::format("{}: {}", name, find_operator(name).convention()));
    } catch (const UsageError&) {  // an operator that this version does not know
      words.push_back(fmt::format("{}: operations as recorded", name));
    }
  }
  return words;
}

std::string no_verdict(const Findings& findings) {
  return findings.subjects.empty() ? "The selection holds no records: there is nothing to say."
                                   : "No verdict.";
}

/// The most important sentence, then the others.
Section verdict_section(const Findings& findings) {
  Section made{"verdict", "Verdict", {}, {}};
  if (findings.verdict.empty()) {
    made.words = {no_verdict(findings)};
  } else {
    const std::vector<std::string> sentences = texts(findings.verdict);
    made.words = {sentences.front()};
    made.remarks.assign(sentences.begin() + 1, sentences.end());
  }
  return made;
}

std::vector<std::string> provenance_words(const Findings& findings) {
  std::vector<std::string> words = conventions(findings);
  words.emplace_back(
      "Measured figures come from the runs named below, emulated ones from stand-ins for a vendor's runtime "
      "(they say nothing of its speed), published ones from somebody else, derived ones from the catalogue. "
      "Kinds are never mixed in one mean.");
  words.push_back(fmt::format("Written {} by moat {}: {}",
                              findings.generated_utc.empty() ? "at an unknown time" : findings.generated_utc,
                              findings.version, findings.command));
  return words;
}

std::vector<std::string> portability_words(const MeasuredPortability& measured) {
  if (measured.platforms.size() < 2) return {"Cascades need measured results of two devices or more."};
  return {
      fmt::format(
          "Over {} of {} problems: those with a verified result on each of {}. Efficiency is the rate "
          "over the best of any implementation on the same problem and {}.",
          measured.problems, measured.measured_problems, join(measured.platforms, ", "),
          measured.one_hardware ? "hardware, which all of them are ways to" : "device"),
      "PP is the harmonic mean of the efficiencies over all platforms, and 0 if one of them is not supported "
      "(Pennycook, Sewall, Lee, 2016).",
      "Convergence is of Moat's own kernel sources over OpenCL, Vulkan and CUDA (moat metrics --code); "
      "libraries have none."};
}

}  // namespace

std::string title_of(const Findings& findings) {
  if (!findings.title.empty()) return findings.title;
  const OverviewDevice* reference = findings.overview.reference();
  if (reference != nullptr) return fmt::format("The gap to {}", reference->name);
  return findings.reference ? fmt::format("The gap to {}", *findings.reference) : "Moat report";
}

std::vector<Section> sections(const Findings& findings) {
  std::vector<Section> made;
  made.push_back(verdict_section(findings));
  made.push_back(
      {"factors",
       "Where the distance comes from",
       {"Ratio of the target to the reference = hardware × software stack × portability; in "
        "logarithms of 2 they add up. A bar to the left of the line costs, one to the right gains; "
        "whiskers are intervals."},
       {}});
  made.back().remarks = gap_words(findings);
  made.push_back({"devices", "Devices", {}, {}});
  made.push_back({"gaps", "The gap, problem by problem", {}, {}});
  made.push_back({"roofline",
                  "Roofline",
                  {"Each point is a verified case at its operations per compulsory byte. Dashed lines are "
                   "datasheets' roofs, shaded between the ends of what is known; solid lines are measured "
                   "ones. Hollow marks are limited by launch latency; the roofline does not apply to them. A "
                   "point above a line means that compulsory traffic was served by caches, or that the roof "
                   "is too low."},
                  {}});
  made.push_back({"rates",
                  "Rates",
                  {"Implementations side by side, with the 95 % interval of the median, relative to the "
                   "reference's library on the same problem, or to the best rate where it has none. The last "
                   "column of each row is the command that measures it again."},
                  {}});
  made.push_back({"samples",
                  "Distribution of the samples",
                  {"Seconds of one execution relative to the case's median: boxes from the 25 to the 75 % "
                   "quantile, whiskers from 5 to 95 %."},
                  {}});
  made.push_back({"portability", "Performance portability", portability_words(findings.portability), {}});
  made.push_back({"coverage",
                  "Coverage",
                  {"✓ every case has a verified result, ◐ some have, – none: unsupported or skipped, ✗ some "
                   "are wrong or failed. Each hole has its reason in the table below."},
                  {}});
  made.push_back({"numerics",
                  "Numerics",
                  {"Every output that was checked is compared with a reference in higher precision. 1 is the "
                   "bound; what lies above it is wrong and has no rate."},
                  {}});
  made.push_back({"sensitivity",
                  "Sensitivity to data",
                  {"Chips draw less power on constant data and may clock higher: rates on zeros flatter."},
                  {}});
  made.push_back({"first_use", "Cost of first use", {}, {}});
  made.push_back({"environment", "Environment", {}, {}});
  made.push_back({"provenance", "Provenance and conventions", provenance_words(findings), {}});
  for (Section& section : made) {
    for (const ListedTable& table : listed_tables) {
      if (table.section == section.id) section.grids.push_back(table.make(findings));
    }
  }
  return made;
}

}  // namespace moat
