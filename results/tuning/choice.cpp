// The order of levels and the nearest problem within one.
#include "results/tuning/choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>

#include "base/text.h"

namespace moat {
namespace {

/// A key's operator and arguments; nothing if it is no key.
std::optional<std::map<std::string_view, std::string_view>> arguments_of(std::string_view key) {
  const std::size_t colon = key.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::map<std::string_view, std::string_view> arguments{{"", key.substr(0, colon)}};
  for (const std::string_view argument : split(key.substr(colon + 1), ',')) {
    const std::size_t equals = argument.find('=');
    if (equals == std::string_view::npos || equals == 0) return std::nullopt;
    if (!arguments.emplace(argument.substr(0, equals), argument.substr(equals + 1)).second)
      return std::nullopt;
  }
  return arguments;
}

std::optional<double> size_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size() || value < 1) return std::nullopt;
  return static_cast<double>(value);
}

enum class Level : std::uint8_t { device, architecture, vendor };

/// Nothing for another vendor.
std::optional<Level> level_of(const TuningDevice& file, const TuningDevice& device) {
  if (file == device) return Level::device;
  if (file.vendor != device.vendor) return std::nullopt;
  const bool is_known = !device.architecture.empty();
  return is_known && file.architecture == device.architecture ? Level::architecture : Level::vendor;
}

std::string words_of(Level level, const TuningFile& file) {
  switch (level) {
    case Level::device:
      return "tuned on this device";
    case Level::architecture:
      return fmt::format("tuned on {} of the same architecture", file.device.device);
    case Level::vendor:
      break;
  }
  return fmt::format("tuned on {} of the same vendor", file.device.device);
}

struct Match {
  const TunedProblem* tuned = nullptr;
  double distance = 0;
};

/// All of a file that bears on the problem, nearest first.
std::vector<Match> matches_in(const TuningFile& file, const TuningQuery& query) {
  const std::string key = query.problem.key();
  std::vector<Match> matches;
  for (const TunedProblem& tuned : file.problems) {
    if (tuned.implementation != query.record_name) continue;
    const auto distance = key_distance(tuned.problem, key, query.implementation.sizes);
    if (distance) matches.push_back({&tuned, *distance});
  }
  std::stable_sort(matches.begin(), matches.end(),
                   [](const Match& a, const Match& b) { return a.distance < b.distance; });
  return matches;
}

}  // namespace

std::optional<double> key_distance(std::string_view a, std::string_view b,
                                   std::span<const std::string_view> sizes) {
  if (a == b) return 0;
  const auto first = arguments_of(a);
  const auto second = arguments_of(b);
  if (!first || !second) return std::nullopt;
  std::map<std::string_view, std::array<std::string_view, 2>> pairs;
  for (const auto& [name, value] : *first) pairs[name][0] = value;
  for (const auto& [name, value] : *second) pairs[name][1] = value;
  double distance = 0;
  for (const auto& [name, values] : pairs) {
    if (values[0] == values[1]) continue;
    if (std::find(sizes.begin(), sizes.end(), name) == sizes.end()) return std::nullopt;
    const auto x = size_of(values[0].empty() ? "1" : values[0]);
    const auto y = size_of(values[1].empty() ? "1" : values[1]);
    if (!x || !y) return std::nullopt;
    const double octaves = std::fabs(std::log2(*x / *y));
    if (octaves > 1) return std::nullopt;
    distance += octaves;
  }
  return distance;
}

std::string staleness(const TunedProblem& tuned, const TuningQuery& query, const DigestKernels& digest) {
  if (tuned.driver != query.driver) {
    return fmt::format("tuned for driver {} ignored: this is {}", tuned.driver, query.driver);
  }
  const OrUnsupported<Plan> plan = query.implementation.plan(query.problem, query.traits, tuned.parameters);
  if (const auto* broken = std::get_if<Unsupported>(&plan))
    return fmt::format("tuned parameters ignored: {}", broken->reason);
  if (tuned.keeps_default && tuned.problem == query.problem.key() &&
      tuned.parameters != query.implementation.defaults(query.problem, query.traits)) {
    return "tuned against other defaults, ignored";
  }
  if (digest(std::get<Plan>(plan)) != tuned.kernels) return "tuned for other kernel sources, ignored";
  return {};
}

ParameterChoice choose_parameters(std::span<const TuningFile> files, const TuningQuery& query,
                                  const DigestKernels& digest) {
  if (is_empty(query.problem)) return {};  // nothing to be fast at, and no plan
  std::string first_fault;
  for (const Level level : {Level::device, Level::architecture, Level::vendor}) {
    for (const TuningFile& file : files) {
      if (level_of(file.device, query.device) != level) continue;
      for (const Match& match : matches_in(file, query)) {
        std::string fault = staleness(*match.tuned, query, digest);
        if (!fault.empty()) {
          if (first_fault.empty()) first_fault = std::move(fault);
          continue;
        }
        std::string source = (match.tuned->keeps_default ? "kept when " : "") + words_of(level, file);
        if (match.distance > 0) source += "; at " + match.tuned->problem;
        if (match.tuned->keeps_default) return {std::nullopt, std::move(source)};
        return {match.tuned->parameters, std::move(source)};
      }
    }
  }
  return {std::nullopt, std::move(first_fault)};
}

}  // namespace moat
