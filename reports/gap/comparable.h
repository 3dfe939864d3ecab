// Whether two records may stand in one ratio: only if everything that moves a rate, but the device and the
// implementation, is the same. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "results/record.h"

namespace moat {

/// A condition in which two records differ, or which one's source does not state.
struct Difference {
  std::string condition;  // "problem", "types", "data", "cache", "clock", "work", "accumulation"
  std::string text;       // "input data: normal against zeros"
  bool unstated = false;  // a published source is silent about it: a mark, no refusal
};

/// Empty if they are comparable. `left` and `right` are those of the reference and the target.
[[nodiscard]] std::vector<Difference> differences(const Record& left, const Record& right);

/// Whether the record's source states a condition, as all do that was measured.
[[nodiscard]] bool is_stated(const Record& record, std::string_view condition);

/// Those of its names that a reader may choose to pass over, marked: problems, types, data and cache never
/// meet if they differ.
[[nodiscard]] const std::vector<std::string>& forgivable_conditions();

/// The lower precision in which a record's errors say that it accumulated, if its accumulate type is higher:
/// "tf32-like" of a problem that asks for f32.
[[nodiscard]] std::optional<std::string> lower_precision(const Record& record);

}  // namespace moat
