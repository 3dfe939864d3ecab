// Reads known_failures and weighs outcomes against them.
#include "tests/conformance/known_failures.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "base/text.h"

namespace moat::conformance {
namespace {

std::string trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

std::string violation(const Requirement& requirement, Subject& subject) {
  try {
    requirement.check(subject);
    return "";
  } catch (const std::exception& error) {
    return *error.what() == '\0' ? "an exception without words" : error.what();
  }
}

}  // namespace

std::vector<KnownFailure> parse_known_failures(std::string_view text, std::span<const Requirement> known) {
  std::vector<std::string> names;
  for (const Requirement& requirement : known) names.emplace_back(requirement.name);
  std::vector<KnownFailure> failures;
  int number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    const std::string content = trim(line);
    if (content.empty() || content.front() == '#') continue;
    const std::vector<std::string_view> parts = split(content, '|');
    if (parts.size() != 3 || std::ranges::any_of(parts, [](auto part) { return trim(part).empty(); })) {
      throw UsageError(
          fmt::format("known_failures:{}: write <requirement> | <device glob> | <reason>", number));
    }
    const KnownFailure failure{trim(parts[0]), trim(parts[1]), trim(parts[2])};
    if (std::ranges::find(names, failure.requirement) == names.end()) {
      throw UsageError(fmt::format("known_failures:{}: no requirement is called '{}'.{}", number,
                                   failure.requirement, did_you_mean(failure.requirement, names)));
    }
    failures.push_back(failure);
  }
  return failures;
}

std::vector<KnownFailure> read_known_failures(std::string_view adapter) {
  const auto path = std::filesystem::path(MOAT_ADAPTERS_DIR) / adapter / "known_failures";
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return parse_known_failures(text.str(), requirements());
}

const KnownFailure* find_known(std::span<const KnownFailure> failures, std::string_view requirement,
                               std::string_view device_name) {
  const auto found = std::ranges::find_if(failures, [&](const KnownFailure& failure) {
    return failure.requirement == requirement && glob_match(failure.devices, device_name);
  });
  return found == failures.end() ? nullptr : &*found;
}

Outcome judge(const Requirement& requirement, Subject& subject, std::span<const KnownFailure> failures) {
  const KnownFailure* known = find_known(failures, requirement.name, subject.discovered.name);
  if (const std::string reason = requirement.exempt(subject); !reason.empty()) {
    if (known != nullptr) return {false, "stale in known_failures: it does not apply here: " + reason};
    return {true, "does not apply: " + reason};
  }
  const std::string broken = violation(requirement, subject);
  if (broken.empty()) {
    if (known != nullptr) return {false, "stale in known_failures: it holds now, delete the line"};
    return {true, ""};
  }
  if (known != nullptr) return {true, fmt::format("known failure ({}): {}", known->reason, broken)};
  return {false, broken};
}

}  // namespace moat::conformance
