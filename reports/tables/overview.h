// The first screen as tables and as text. Must not know where it is printed, nor compute anything of its own.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "reports/findings/overview.h"
#include "reports/format/grid_terminal.h"

namespace moat {

/// A row for each of these devices (places in Overview::devices): its chip, with the id that options take in
/// parentheses, and its roofs: a column for each type of arithmetic, bandwidth, a launch.
[[nodiscard]] Grid overview_devices_table(const Overview& overview, std::span<const std::size_t> devices);

/// A row for each operator, type and one of these devices with its library or the portable kernel: the rate
/// on the part's largest problem beside the reference's, the ratio over all problems, and how many problems
/// are verified. Rows without any verified result are left out.
/// `type_first`, for a narrow terminal: "f32 gemm", which may be shortened, and devices by their labels.
[[nodiscard]] Grid overview_table(const Overview& overview, std::span<const std::size_t> devices,
                                  bool type_first = false);

struct OverviewTextOptions {
  std::string heading;                // first line
  std::vector<std::string> commands;  // where the rest is, last lines as they are
  std::size_t rows = 27;              // of the table of operators, about
};

/// At most about 50 lines: devices, operators and types, the verdict, what was left out, where the rest is.
/// Of more devices than there is room for, the best and the worst, and a line that says how many more there
/// are. Sentences are wrapped at the width, or at 80 columns if that is unlimited.
[[nodiscard]] std::string overview_text(const Overview& overview, const OverviewTextOptions& options,
                                        const TableOptions& table);

}  // namespace moat
