// Parses MOAT_NULL_CONFIG.
#include "adapters/null/config.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/error.h"
#include "base/text.h"

namespace moat::null {
namespace {

constexpr std::array<std::string_view, 18> fault_names{
    "lie",   "nan", "unwritten", "overrun", "underrun", "after", "crash",     "abort", "hang",
    "error", "oom", "clock20x",  "toofast", "noise",    "drift", "slowstart", "cut",   "second"};

std::optional<Fault> parse_fault(std::string_view text) {
  for (std::size_t i = 0; i < fault_names.size(); ++i) {
    if (fault_names.at(i) == text) return static_cast<Fault>(i);
  }
  return std::nullopt;
}

[[noreturn]] void fail(std::string_view part, std::string_view why) {
  throw UsageError(fmt::format("MOAT_NULL_CONFIG: '{}': {} (adapters/null/README.md)", part, why));
}

double number(std::string_view part, std::string_view text, double lowest, double highest) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !(value >= lowest) || !(value <= highest)) {
    fail(part, fmt::format("give a number from {} to {}", lowest, highest));
  }
  return value;
}

std::size_t whole(std::string_view part, std::string_view text, double highest) {
  const double value = number(part, text, 1, highest);
  if (value != std::floor(value)) fail(part, "give a whole number");
  return static_cast<std::size_t>(value);
}

void set(Config& config, std::string_view part, std::string_view key, std::string_view value) {
  if (key == "devices") {
    config.devices = whole(part, value, 64);
  } else if (key == "rate") {
    config.operations_per_second = number(part, value, 1, 1e18);
  } else if (key == "launch") {
    config.launch_seconds = number(part, value, 0, 1);
  } else if (key == "memory") {
    config.memory_bytes = whole(part, value, 1e12);
  } else {
    const std::vector<std::string> known{"devices", "rate", "launch", "memory"};
    fail(part, fmt::format("no such setting; there are {}.{}", join(known, ", "), did_you_mean(key, known)));
  }
}

FaultRule rule(std::string_view part, std::string_view fault, std::string_view problems) {
  const std::optional<Fault> parsed = parse_fault(fault);
  if (!parsed) {
    const std::vector<std::string> known(fault_names.begin(), fault_names.end());
    fail(part, fmt::format("no such fault; there are {}.{}", join(known, ", "), did_you_mean(fault, known)));
  }
  if (problems.empty()) fail(part, "say which problems after '@', e.g. lie@gemm:m=3,*");
  return {*parsed, std::string(problems)};
}

}  // namespace

std::string_view name(Fault fault) {
  return fault_names.at(static_cast<std::size_t>(fault));
}

Config parse_config(std::string_view text) {
  Config config;
  for (const std::string_view part : split(text, ';')) {
    if (part.empty()) continue;
    // Whichever comes first: globs hold '=' themselves.
    const std::size_t at = part.find_first_of("@=");
    if (at == std::string_view::npos) fail(part, "write setting=value or fault@problems");
    const std::string_view left = part.substr(0, at);
    const std::string_view right = part.substr(at + 1);
    if (part[at] == '=') {
      set(config, part, left, right);
    } else {
      config.faults.push_back(rule(part, left, right));
    }
  }
  return config;
}

std::optional<Config> config_from_environment() {
  const char* text = std::getenv("MOAT_NULL_CONFIG");
  if (text == nullptr || *text == '\0') return std::nullopt;
  return parse_config(text);
}

std::vector<Fault> faults_of(const Config& config, std::string_view problem_key) {
  std::vector<Fault> faults;
  for (const FaultRule& candidate : config.faults) {
    if (glob_match(candidate.problems, problem_key)) faults.push_back(candidate.fault);
  }
  return faults;
}

}  // namespace moat::null
