// Everything a report says, computed once: the subjects, the gaps between them and what stands beside.
// Renderers (text, page, tables, pictures) read it and compute nothing of their own. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/findings/conclusion.h"
#include "reports/findings/overview.h"
#include "reports/gap/gap.h"
#include "reports/gap/subject.h"
#include "reports/portability/measured.h"
#include "results/sensitivity.h"

namespace moat {

/// Cases of one cell of the coverage matrix.
struct CoverageCell {
  std::string operator_name;
  Type type = Type::f32;       // of the inputs
  std::string implementation;  // "library/onednn"
  std::string subject;         // label
  std::map<Status, std::size_t> cases;
  std::map<std::string, std::size_t> holes;  // reason of what is not ok, with how often
  std::vector<const Record*> not_ok;         // they themselves, of the findings' subjects
  std::optional<double>
      worst_share_of_bound;  // of the errors of those that are ok; absent: none was compared
};

/// Share of cases with a verified result. naive kernels are not counted: nobody would use them; nor are
/// published figures, which nobody here verified.
struct CoverageShare {
  enum class Scope : std::uint8_t { all, family, by_operator, by_type };
  std::string subject;
  Scope scope = Scope::all;
  std::string name;  // "all", "library" or "portable", an operator, a type
  std::size_t ok = 0;
  std::size_t cases = 0;
};

/// "all", "family", "operator", "type".
[[nodiscard]] std::string_view name(CoverageShare::Scope scope);

/// Worst error over the ok cases of one operator, type and implementation, as a share of its bound.
struct NumericsRow {
  std::string subject;
  std::string operator_name;
  Types types;
  std::string implementation;
  std::size_t cases = 0;
  double worst = 0;  // max_error / tolerance
  std::string worst_problem;
  double bias = 0;                         // the largest in magnitude
  std::vector<std::string> accumulations;  // what the errors' sizes imply
  bool lower_precision = false;            // one of them is below the stated accumulate type
  /// On problems and inputs that the reference's best library computed too: geometric mean of the ratio of
  /// errors, target over reference; nothing without such problems or where an error is 0.
  std::optional<double> ratio_to_reference;
};

/// Seconds until the first result, over cases of one implementation.
struct FirstUseRow {
  std::string subject;
  std::string implementation;
  std::size_t cases = 0;
  double median_compile_seconds = 0, worst_compile_seconds = 0;
  double median_first_call_seconds = 0, worst_first_call_seconds = 0;
  std::string worst_problem;  // of compile and first call together
};

/// A fact of the environment in which two subjects' runs differ.
struct EnvironmentDifference {
  std::string fact;                                // path in run.json's environment, "cpu.governor"
  std::vector<std::optional<std::string>> values;  // one for each of Findings::runs, if it recorded the fact
};

struct SubjectSensitivity {
  std::string subject;
  std::vector<Sensitivity> cases;
};

/// Gaps and sensitivities point into the subjects' records: findings are moved, never copied.
struct Findings {
  Findings() = default;
  Findings(Findings&&) = default;
  Findings& operator=(Findings&&) = default;
  Findings(const Findings&) = delete;
  Findings& operator=(const Findings&) = delete;
  ~Findings() = default;

  std::string title;
  std::string generated_utc;
  std::string version;  // of the program that wrote the report
  std::string command;  // that wrote it
  std::vector<Subject> subjects;
  std::optional<std::string> reference;  // label
  std::vector<RunInfo> runs;             // each once, in the subjects' order
  std::vector<Conclusion> verdict;       // the most important first
  std::vector<Gap> gaps;                 // one for each target
  std::vector<KnownRoofs> roofs;         // one for each of `subjects`
  std::vector<CoverageCell> coverage;
  std::vector<CoverageShare> shares;
  std::vector<NumericsRow> numerics;
  std::vector<FirstUseRow> first_use;
  std::vector<SubjectSensitivity> sensitivity;
  std::vector<EnvironmentDifference> differences;
  MeasuredPortability portability;
  Overview overview;
};

struct FindingsRequest {
  std::vector<Subject> subjects;
  std::optional<std::string> reference;  // label; the gaps are to every other subject
  GapOptions options;
  std::string title;
  std::string generated_utc;
  std::string version;
  std::string command;
};
/// Sensible for no subject, one, no reference, and nothing that is ok: the verdict says so.
[[nodiscard]] Findings find(FindingsRequest request);

}  // namespace moat
