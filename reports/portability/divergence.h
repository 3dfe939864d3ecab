// How much of an application's source its platforms share: code divergence and convergence, platform
// coverage. Pure functions of counts of lines; must not know languages, files or kernels.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

namespace moat {

/// Lines by the set of platforms that need them; those that none needs under the empty set.
using LineSets = std::map<std::set<std::string>, std::uint64_t>;

/// All platforms that some set names.
[[nodiscard]] std::set<std::string> platforms_of(const LineSets& lines);

/// Mean over all pairs of platforms of the Jaccard distance of their lines, d = 1 - |a ∩ b| / |a ∪ b|
/// (Harrell, Kitson et al.: "Effective Performance Portability", P3HPC 2018,
/// doi 10.1109/P3HPC.2018.00006). 0: one source for all; 1: nothing in common.
/// Two platforms without any line have distance 0. Nothing for fewer than two platforms.
[[nodiscard]] std::optional<double> code_divergence(const LineSets& lines,
                                                    const std::set<std::string>& platforms);
[[nodiscard]] std::optional<double> code_divergence(const LineSets& lines);

/// Share of all lines that at least one of `platforms` needs, as Code Base Investigator defines coverage.
/// Nothing without lines.
[[nodiscard]] std::optional<double> platform_coverage(const LineSets& lines,
                                                      const std::set<std::string>& platforms);
/// Mean of the coverage of each platform alone. Nothing without lines or platforms.
[[nodiscard]] std::optional<double> average_coverage(const LineSets& lines);

}  // namespace moat
