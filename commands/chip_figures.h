// The figures of chips as a list, side by side with ratios, and as JSON. Must not know how text is laid out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/catalogue/catalogue.h"
#include "adapters/catalogue/lint.h"
#include "base/factor.h"
#include "base/json.h"

namespace moat {

/// Pointers into a Catalogue that outlives them; never null.
using Chips = std::vector<const Chip*>;

/// One figure of a chip and how it is shown: its value divided by `factor` is in `unit`.
struct ChipQuantity {
  std::string name;
  const Figure* figure = nullptr;
  const Peak* peak = nullptr;  // the same, if it is a peak
  double factor = 1;
  std::string unit;
};
/// Every figure of a chip, peaks first, in the file's order.
[[nodiscard]] std::vector<ChipQuantity> chip_quantities(const Chip& chip);

struct ComparedQuantity {
  std::string name;
  double factor = 1;
  std::string unit;
  std::vector<const Figure*> figures;         // of each chip; null if it has none
  std::vector<std::optional<Factor>> ratios;  // to the first chip; nullopt for the first itself
};
/// The best peak of each type with its usual accumulation, memory, link and power, as far as a chip has them.
using Comparison = std::vector<ComparedQuantity>;
[[nodiscard]] Comparison compare(const Chips& chips);

/// "353.9", "707.8–800"
[[nodiscard]] std::string interval_text(const Figure& figure, double factor);

// As documented in adapters/catalogue/README.md.
[[nodiscard]] Json chip_json(const Chip& chip);
[[nodiscard]] Json comparison_json(const Chips& chips);
[[nodiscard]] Json finding_json(const Finding& finding);

}  // namespace moat
