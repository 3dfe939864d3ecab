// What `moat show` and `moat runs` print. Must not know where it is printed.
#pragma once

#include <span>
#include <string>

#include "reports/format/grid_terminal.h"
#include "results/devices.h"
#include "results/record.h"
#include "results/store/index.h"

namespace moat {

/// A block per problem and conditions, each with its types: rows of one physical device together, best first;
/// the reasons of whatever is not ok under the block; then which devices are one, measured roofs and the
/// ratio of zeros to normal data where the records have them, the conventions and how many cases ended how.
[[nodiscard]] std::string show_text(std::span<const Record> records, const TableOptions& options,
                                    const PhysicalDevices& physical = {});

/// A row for each device that has measured roofs (results/roofs.h), those of one physical device together.
[[nodiscard]] Grid measured_roofs_table(std::span<const Record> records,
                                        const PhysicalDevices& physical = {});

/// What a run of published figures states beside its records: citation, roofs, shares of roofs. Empty for
/// runs that were measured.
[[nodiscard]] std::string stated_text(const RunInfo& info, const TableOptions& options);
/// "Authors (year): title. reference".
[[nodiscard]] std::string citation_text(const Citation& citation);

/// One row per run; those that cannot be read have their fault below.
[[nodiscard]] Grid run_list(std::span<const RunSummary> runs);

}  // namespace moat
