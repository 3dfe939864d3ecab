// The conditions under which two rates may be compared (docs/gap.md), one by one.
#include "reports/gap/comparable.h"

#include <algorithm>
#include <array>

namespace moat {
namespace {

constexpr std::array<std::string_view, 7> condition_names{"problem", "types", "data",        "cache",
                                                          "clock",   "work",  "accumulation"};

class Comparison {
 public:
  Comparison(const Record& denominator, const Record& numerator)
      : denominator_(denominator), numerator_(numerator) {}

  /// `stated_as`: what published files call the parts of the condition (docs/published.md).
  void condition(Condition condition, ConditionValue denominator, ConditionValue numerator,
                 std::initializer_list<std::string_view> stated_as) {
    for (const Record* record : {&denominator_, &numerator_}) {
      for (const std::string_view part : stated_as) {
        if (is_stated(*record, part)) continue;
        found_.push_back({condition, UnstatedCondition{std::string(part), record->identity.implementation,
                                                       record->identity.device}});
        return;
      }
    }
    if (denominator != numerator)
      found_.push_back({condition, UnequalCondition{std::move(denominator), std::move(numerator)}});
  }
  [[nodiscard]] std::vector<Difference> found() && { return std::move(found_); }

 private:
  const Record& denominator_;
  const Record& numerator_;
  std::vector<Difference> found_;
};

CountedWork counted(const Work& work) {
  return {work.operations, work.bytes()};
}

}  // namespace

std::string_view name(Condition condition) {
  return condition_names.at(static_cast<std::size_t>(condition));
}

std::optional<Condition> parse_condition(std::string_view text) {
  const auto* const found = std::ranges::find(condition_names, text);
  if (found == condition_names.end()) return std::nullopt;
  return static_cast<Condition>(found - condition_names.begin());
}

std::string_view name(ClockKind kind) {
  constexpr std::array<std::string_view, 4> names{"none", "device", "host-slope", "published"};
  return names.at(static_cast<std::size_t>(kind));
}

ClockUsed clock_of(const Record& record) {
  if (!record.measurement) return {};
  const std::string& clock = record.measurement->clock;
  if (clock == "host slope") return {ClockKind::host_slope, ""};
  constexpr std::string_view published = "published";  // "published: <as stated>", results/published
  if (!clock.starts_with(published)) return {ClockKind::device, ""};
  const std::size_t stated = clock.find_first_not_of(": ", published.size());
  return {ClockKind::published, stated == std::string::npos ? "" : clock.substr(stated)};
}

bool is_stated(const Record& record, std::string_view condition) {
  return std::ranges::find(record.unstated, condition) == record.unstated.end();
}

std::span<const Condition> forgivable_conditions() {
  static constexpr std::array conditions{Condition::clock, Condition::work, Condition::accumulation};
  return conditions;
}

std::optional<Type> lower_precision(const Record& record) {
  if (!record.verdict) return std::nullopt;
  const std::string& implied = record.verdict->accumulation;
  const double asked = unit_roundoff(record.types.accumulate);
  if (implied == "tf32-like" && asked < unit_roundoff(Type::tf32)) return Type::tf32;
  if (implied == "f16-like" && asked < unit_roundoff(Type::f16)) return Type::f16;
  return std::nullopt;
}

std::vector<Difference> differences(const Record& denominator, const Record& numerator) {
  Comparison comparison(denominator, numerator);
  comparison.condition(Condition::problem, denominator.identity.problem, numerator.identity.problem,
                       {"layout"});
  comparison.condition(Condition::types, denominator.types, numerator.types, {"accumulate", "output"});
  const Conditions& a = denominator.identity.conditions;
  const Conditions& b = numerator.identity.conditions;
  comparison.condition(Condition::data, a.data, b.data, {"data"});
  comparison.condition(Condition::cache, a.cache, b.cache, {"cache"});
  comparison.condition(Condition::clock, clock_of(denominator), clock_of(numerator), {"clock"});
  comparison.condition(Condition::work, counted(denominator.work), counted(numerator.work), {});
  comparison.condition(Condition::accumulation, ImpliedAccumulation{lower_precision(denominator)},
                       ImpliedAccumulation{lower_precision(numerator)}, {});
  return std::move(comparison).found();
}

}  // namespace moat
