// The cases that charts draw: verified ones, each with its row in the table of cases.
// Must not know how they are drawn.
#pragma once

#include <string>
#include <vector>

#include "reports/findings/findings.h"
#include "results/figures.h"
#include "results/rate.h"

namespace moat {

struct ChartCase {
  std::size_t row = 0;      // of cases_table
  std::size_t subject = 0;  // of findings.subjects
  const Record* record = nullptr;
  Figures figures;
  /// The time of its launches, not arithmetic or bandwidth, is the largest term of the roofline: measured, or
  /// without measured roofs the datasheet's.
  bool bound_by_launch = false;
};
/// Those with a rate, in the order of the table.
[[nodiscard]] std::vector<ChartCase> chart_cases(const Findings& findings);

/// Null where none are known.
[[nodiscard]] const KnownRoofs* roofs_of(const Findings& findings, std::size_t subject);

/// "139.2 GFLOP/s [138.0, 140.1]", the ends where they are known.
[[nodiscard]] std::string rate_text(const Rate& rate, std::string_view base);

/// "", or ", limited by launch latency".
[[nodiscard]] std::string_view launch_words(const ChartCase& one);

/// Evenly spread `most` of `all`, or all of them.
template <typename T>
[[nodiscard]] std::vector<T> spread(const std::vector<T>& all, std::size_t most) {
  if (all.size() <= most) return all;
  std::vector<T> some;
  for (std::size_t i = 0; i < most; ++i) some.push_back(all[i * all.size() / most]);
  return some;
}

}  // namespace moat
