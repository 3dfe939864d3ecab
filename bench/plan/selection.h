// What a run selects and how it measures, as typed on the command line and as kept in run.json, so that
// --resume can go on with the same cases. Data; must not know this machine or how options are spelled.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_fields.h"
#include "results/filter.h"
#include "results/record.h"

namespace moat {

struct Selection {
  std::string suite = "quick";
  std::vector<std::string> problems;  // keys; replace the suite
  Filters filters;
  std::vector<std::string> data{"normal"};
  std::vector<std::string> cache{"hot"};
  std::uint64_t seed = 1;
  std::optional<double> case_seconds;       // default: the suite's
  std::optional<double> device_seconds;     // default: the suite's
  std::optional<double> first_use_seconds;  // default: the suite's
  std::optional<std::uint64_t> rounds;      // default: the suite's
  std::optional<double> budget_seconds;     // of the whole run; default: every case
  double timeout_seconds = 120;
  std::optional<std::string> kernel_dir;
  std::optional<std::string> tuning;  // folder of tuning files, or "none"; default: the store's

  friend bool operator==(const Selection&, const Selection&) = default;
};

[[nodiscard]] Json selection_json(const Selection& selection);
/// Throws UsageError that begins with `where` and names the field.
[[nodiscard]] Selection parse_selection(const Json& json, std::string_view where);

/// Every combination of the selection's data and caches. Throws UsageError for an unknown word.
[[nodiscard]] std::vector<Conditions> conditions_of(const Selection& selection);

}  // namespace moat
