// What `moat show` and `moat runs` print. Must not know where it is printed.
#pragma once

#include <span>
#include <string>

#include "results/devices.h"
#include "results/index.h"
#include "results/record.h"
#include "results/table.h"

namespace moat {

/// A block per problem and conditions, each with its types: rows of one physical device together, best first;
/// the reasons of whatever is not ok under the block; then which devices are one, measured roofs and the
/// ratio of zeros to normal data where the records have them, the conventions and how many cases ended how.
[[nodiscard]] std::string show_text(std::span<const Record> records, const TableOptions& options,
                                    const PhysicalDevices& physical = {});

/// One line per run.
[[nodiscard]] std::string runs_text(std::span<const RunSummary> runs, const TableOptions& options);

}  // namespace moat
