// The conditions of MEASUREMENT's "comparable", one by one.
#include "reports/gap/comparable.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace moat {
namespace {

/// Times of one kind may be compared: a device's own clock, once validated against the host's, is as good as
/// another device's; the slope of host time holds what each launch costs the host.
std::string_view clock_kind(const Record& record) {
  if (!record.measurement) return "none";
  const std::string& clock = record.measurement->clock;
  if (clock == "host slope" || clock.starts_with("published")) return clock;
  return "device clock";
}

std::string types_text(const Types& types) {
  return fmt::format("{} accumulated in {}, output {}", name(types.input), name(types.accumulate),
                     name(types.output));
}

class Comparison {
 public:
  Comparison(const Record& left, const Record& right) : left_(left), right_(right) {}

  /// `stated_as`: what published files call the parts of the condition (docs/published.md).
  void condition(const std::string& name, std::string_view what, std::string_view left,
                 std::string_view right, std::initializer_list<std::string_view> stated_as) {
    for (const Record* record : {&left_, &right_}) {
      for (const std::string_view part : stated_as) {
        if (is_stated(*record, part)) continue;
        found_.push_back(
            {name,
             fmt::format("{} of {} on {} is not stated by its source", part == name ? what : part,
                         record->identity.implementation, record->identity.device),
             true});
        return;
      }
    }
    if (left != right) found_.push_back({name, fmt::format("{}: {} against {}", what, left, right), false});
  }
  [[nodiscard]] std::vector<Difference> found() && { return std::move(found_); }

 private:
  const Record& left_;
  const Record& right_;
  std::vector<Difference> found_;
};

}  // namespace

bool is_stated(const Record& record, std::string_view condition) {
  return std::ranges::find(record.unstated, condition) == record.unstated.end();
}

const std::vector<std::string>& forgivable_conditions() {
  static const std::vector<std::string> names{"clock", "work", "accumulation"};
  return names;
}

std::optional<std::string> lower_precision(const Record& record) {
  if (!record.verdict) return std::nullopt;
  const std::string& implied = record.verdict->accumulation;
  const double asked = unit_roundoff(record.types.accumulate);
  const bool lower = (implied == "tf32-like" && asked < unit_roundoff(Type::tf32)) ||
                     (implied == "f16-like" && asked < unit_roundoff(Type::f16));
  if (!lower) return std::nullopt;
  return implied;
}

std::vector<Difference> differences(const Record& left, const Record& right) {
  Comparison comparison(left, right);
  comparison.condition("problem", "problem", left.identity.problem, right.identity.problem, {"layout"});
  comparison.condition("types", "types", types_text(left.types), types_text(right.types),
                       {"accumulate", "output"});
  const Conditions& a = left.identity.conditions;
  const Conditions& b = right.identity.conditions;
  comparison.condition("data", "input data", name(a.data), name(b.data), {"data"});
  comparison.condition("cache", "cache", name(a.cache), name(b.cache), {"cache"});
  comparison.condition("clock", "clock", clock_kind(left), clock_kind(right), {"clock"});
  const auto work = [](const Record& record) {
    return fmt::format("{} operations, {} bytes", record.work.operations, record.work.bytes());
  };
  comparison.condition("work", "work convention", work(left), work(right), {});
  const auto accumulation = [](const Record& record) {
    return lower_precision(record).value_or("as its types say");
  };
  comparison.condition("accumulation", "accumulation", accumulation(left), accumulation(right), {});
  return std::move(comparison).found();
}

}  // namespace moat
