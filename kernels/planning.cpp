// Limits that every plan is held to.
#include "kernels/planning.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace moat {

std::optional<Unsupported> check_ranges(std::span<const Range> ranges, const Values& values) {
  for (const auto& value : values) {
    const auto names_it = [&](const Range& range) { return range.name == value.first; };
    if (std::none_of(ranges.begin(), ranges.end(), names_it)) {
      return Unsupported{fmt::format("no parameter {} in this method", value.first)};
    }
  }
  for (const Range& range : ranges) {
    const auto found = values.find(std::string(range.name));
    if (found == values.end()) return Unsupported{fmt::format("parameter {} is missing", range.name)};
    if (found->second < range.least || found->second > range.most) {
      return Unsupported{
          fmt::format("{}={} is not in [{}, {}]", range.name, found->second, range.least, range.most)};
    }
  }
  return std::nullopt;
}

std::optional<Unsupported> check_device(const Problem& problem, const Traits& traits) {
  if (traits.language == Language::none) return Unsupported{"the device compiles no kernels"};
  if (problem.types().input == Type::f64 && !traits.has_f64) {
    return Unsupported{"the device has no f64 arithmetic"};
  }
  if (problem.types().accumulate == Type::f16 && !traits.has_f16) {
    return Unsupported{"the device has no f16 arithmetic"};
  }
  return std::nullopt;
}

std::optional<Unsupported> check_group(std::int64_t x, std::int64_t y, const Traits& traits) {
  const auto limit = [](std::size_t value) { return static_cast<std::int64_t>(value); };
  if (x * y > limit(traits.max_group_size) || x > limit(traits.max_group_shape[0]) ||
      y > limit(traits.max_group_shape[1])) {
    return Unsupported{fmt::format("a group of {} x {} work-items is beyond the device's {} ({} x {})", x, y,
                                   traits.max_group_size, traits.max_group_shape[0],
                                   traits.max_group_shape[1])};
  }
  return std::nullopt;
}

std::optional<Unsupported> check_local_memory(std::int64_t bytes, const Traits& traits) {
  if (static_cast<std::size_t>(bytes) <= traits.local_memory_bytes) return std::nullopt;
  return Unsupported{fmt::format("a group needs {} bytes of local memory; the device has {}", bytes,
                                 traits.local_memory_bytes)};
}

std::optional<Unsupported> check_rounds(double rounds, const Traits& traits) {
  if (traits.loop_rounds == 0 || rounds < static_cast<double>(traits.loop_rounds)) return std::nullopt;
  return Unsupported{
      fmt::format("it takes {:.0f} rounds of loops in a work-item; this driver ends them after {}, "
                  "without a word",
                  rounds, traits.loop_rounds)};
}

std::optional<Unsupported> check_power_of_two(const Values& values, const std::string& name) {
  const std::int64_t value = values.at(name);
  if ((value & (value - 1)) == 0) return std::nullopt;
  return Unsupported{fmt::format("{}={} is no power of two", name, value)};
}

OrUnsupported<Plan> with_feature(OrUnsupported<Plan> plan, std::string_view feature) {
  if (auto* made = std::get_if<Plan>(&plan)) made->features.emplace_back(feature);
  return plan;
}

std::int64_t usual_width(const Traits& traits) {
  return traits.native_vector_f32 >= 16 ? 16 : traits.native_vector_f32 >= 8 ? 8 : 4;
}

void shrink_to_group(Values& values, std::span<const char* const> sides, const Traits& traits) {
  for (const char* side : sides) {
    std::int64_t& value = values.at(side);
    while (value > 1 && check_group(values.at("GROUP_X"), values.at("GROUP_Y"), traits)) value /= 2;
  }
}

void shrink_to_local_memory(Values& values, std::span<const Least> names,
                            const std::function<std::int64_t(const Values&)>& bytes, const Traits& traits) {
  for (const Least& least : names) {
    std::int64_t& value = values.at(least.name);
    while (value > least.value && check_local_memory(bytes(values), traits)) value /= 2;
  }
}

void throw_other_operator(const Problem& problem) {
  throw UsageError(
      fmt::format("{} is no problem of the operator whose implementation was asked", problem.key()));
}

std::vector<std::pair<std::string, std::int64_t>> type_constants(const Types& types) {
  return {{"INPUT_TYPE", static_cast<std::int64_t>(types.input)},
          {"ACCUMULATE_TYPE", static_cast<std::int64_t>(types.accumulate)},
          {"OUTPUT_TYPE", static_cast<std::int64_t>(types.output)}};
}

}  // namespace moat
