// Whether two records may stand in one ratio: only if everything that moves a rate, but the device and the
// implementation, is the same. Pure; must not know how a difference is put into words.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "results/record.h"

namespace moat {

/// What must be equal for a ratio. Names in text are as the enumerators.
enum class Condition : std::uint8_t { problem, types, data, cache, clock, work, accumulation };
[[nodiscard]] std::string_view name(Condition condition);
[[nodiscard]] std::optional<Condition> parse_condition(std::string_view text);

/// Times of one kind may be compared: a device's own clock, once validated against the host's, is as good as
/// another device's; the slope of host time holds what each launch costs the host.
enum class ClockKind : std::uint8_t { none, device, host_slope, published };
[[nodiscard]] std::string_view name(ClockKind kind);
struct ClockUsed {
  ClockKind kind = ClockKind::none;
  std::string stated;  // of published times: what the source says of its clock; two such texts must be equal
  friend bool operator==(const ClockUsed&, const ClockUsed&) = default;
};
[[nodiscard]] ClockUsed clock_of(const Record& record);

/// What a record's rate counts.
struct CountedWork {
  double operations = 0;
  double bytes = 0;
  friend bool operator==(const CountedWork&, const CountedWork&) = default;
};
/// The precision that a record's errors imply where it is lower than its accumulate type says.
struct ImpliedAccumulation {
  std::optional<Type> lower;  // absent: as the accumulate type says
  friend bool operator==(const ImpliedAccumulation&, const ImpliedAccumulation&) = default;
};

/// Of one condition, in the order of Condition; the first is the key of a problem.
using ConditionValue =
    std::variant<std::string, Types, Data, Cache, ClockUsed, CountedWork, ImpliedAccumulation>;

/// Both sources state the condition, and it is not the same.
struct UnequalCondition {
  ConditionValue of_denominator, of_numerator;
  friend bool operator==(const UnequalCondition&, const UnequalCondition&) = default;
};
/// A published source is silent about the condition: a mark, no refusal.
struct UnstatedCondition {
  std::string
      part;  // as Record::unstated names it: "layout", "accumulate", "output", "data", "cache", "clock"
  std::string implementation, device;  // whose source it is
  friend bool operator==(const UnstatedCondition&, const UnstatedCondition&) = default;
};
/// A condition in which two records differ, or may differ.
struct Difference {
  Condition condition = Condition::problem;
  std::variant<UnequalCondition, UnstatedCondition> how;
  [[nodiscard]] bool is_unstated() const { return std::holds_alternative<UnstatedCondition>(how); }
  friend bool operator==(const Difference&, const Difference&) = default;
};

/// Of the records whose rates stand below and above a ratio; empty if they are comparable.
[[nodiscard]] std::vector<Difference> differences(const Record& denominator, const Record& numerator);

/// Whether the record's source states a condition, as all do that was measured; named as in Record::unstated.
[[nodiscard]] bool is_stated(const Record& record, std::string_view condition);

/// The conditions that a reader may choose to pass over, marked:
/// problems, types, data and cache never meet if they differ.
[[nodiscard]] std::span<const Condition> forgivable_conditions();

/// The lower precision in which a record's errors say that it accumulated, if its accumulate type is higher:
/// tf32 of a problem that asks for f32.
[[nodiscard]] std::optional<Type> lower_precision(const Record& record);

}  // namespace moat
