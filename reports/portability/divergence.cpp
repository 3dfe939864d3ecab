// Sums over sets of platforms.
#include "reports/portability/divergence.h"

namespace moat {
namespace {

std::optional<double> share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

double jaccard_distance(const LineSets& lines, const std::string& left, const std::string& right) {
  std::uint64_t common = 0;
  std::uint64_t either = 0;
  for (const auto& [platforms, count] : lines) {
    const bool of_left = platforms.contains(left);
    const bool of_right = platforms.contains(right);
    if (of_left && of_right) common += count;
    if (of_left || of_right) either += count;
  }
  return 1 - share(common, either).value_or(1);
}

}  // namespace

std::set<std::string> platforms_of(const LineSets& lines) {
  std::set<std::string> all;
  for (const auto& [platforms, count] : lines) all.insert(platforms.begin(), platforms.end());
  return all;
}

std::optional<double> code_divergence(const LineSets& lines, const std::set<std::string>& platforms) {
  if (platforms.size() < 2) return std::nullopt;
  double sum = 0;
  std::size_t pairs = 0;
  for (auto left = platforms.begin(); left != platforms.end(); ++left) {
    for (auto right = std::next(left); right != platforms.end(); ++right) {
      sum += jaccard_distance(lines, *left, *right);
      ++pairs;
    }
  }
  return sum / static_cast<double>(pairs);
}

std::optional<double> code_divergence(const LineSets& lines) {
  return code_divergence(lines, platforms_of(lines));
}

std::optional<double> platform_coverage(const LineSets& lines, const std::set<std::string>& platforms) {
  std::uint64_t used = 0;
  std::uint64_t all = 0;
  for (const auto& [users, count] : lines) {
    all += count;
    for (const std::string& user : users) {
      if (!platforms.contains(user)) continue;
      used += count;
      break;
    }
  }
  return share(used, all);
}

std::optional<double> average_coverage(const LineSets& lines) {
  const std::set<std::string> platforms = platforms_of(lines);
  if (platforms.empty()) return std::nullopt;
  double sum = 0;
  for (const std::string& platform : platforms) sum += *platform_coverage(lines, {platform});
  return sum / static_cast<double>(platforms.size());
}

}  // namespace moat
