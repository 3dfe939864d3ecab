// Findings in words: the one place where values become sentences, the same in every renderer. Pure; must not
// know formats, widths or colours.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/findings/findings.h"
#include "reports/gap/breakeven.h"
#include "reports/portability/metrics_table.h"

namespace moat {

/// In doublings: "-0.57" for 0.675; a sign always.
[[nodiscard]] std::string log2_text(double ratio);
/// "1 problem", "3 problems".
[[nodiscard]] std::string count_text(std::size_t count, std::string_view noun);

/// At most 120 columns of a reason, as terminals shorten a cell (reports/format/grid_terminal.h).
[[nodiscard]] std::string shortened_reason(std::string_view reason);

// Whole sentences, with a capital and a full stop.
[[nodiscard]] std::string text(const Remark& remark);
[[nodiscard]] std::string text(const Conclusion& conclusion);
[[nodiscard]] std::string text(BreakevenRemark remark);
[[nodiscard]] std::string text(const LeftOut& left_out);
/// Whether a row's target can match the reference, and whether published figures say that it does.
[[nodiscard]] std::string conclusion_text(const BreakevenRow& row);

/// A clause that stands in a sentence or a cell: "the clock differs: a device's clock and host slope".
[[nodiscard]] std::string text(const Difference& difference);
/// "all", "gemm", "f32", "gemm f32", the workload's text, "bound by memory".
[[nodiscard]] std::string part_text(const GapSummary& summary);
/// Titles, or "as given".
[[nodiscard]] std::string source_text(const KnownEfficiency& known);
/// What hardware is taken from, as a clause: "hardware from the datasheet roofs of both".
[[nodiscard]] std::string hardware_text(const Gap& gap);

/// The text of each, in their order.
template <class Statement>
[[nodiscard]] std::vector<std::string> texts(const std::vector<Statement>& statements) {
  std::vector<std::string> made;
  made.reserve(statements.size());
  for (const Statement& statement : statements) made.push_back(text(statement));
  return made;
}

}  // namespace moat
