// Performance portability as its authors define it: efficiencies, PP and its companions, cascades, navigation
// chart. Pure functions of a table of (problem, platform, application); must not know records, devices, files
// or how anything is printed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace moat {

/// One application's performance on one problem and platform.
struct Performance {
  std::string problem;
  std::string platform;
  std::string application;
  std::optional<double> fom;                     // figure of merit, in any unit, above 0; absent: did not run
  std::optional<double> application_efficiency;  // in [0, 1]; 0: did not run, as in published tables
  std::optional<double> architectural_efficiency;  // likewise
  friend bool operator==(const Performance&, const Performance&) = default;
};

/// What applications reach. The set of platforms H is all that its entries name; a combination without an
/// entry, or whose entry has no efficiency, did not run.
class PerformanceTable {
 public:
  struct Limits {
    static constexpr std::size_t entries = 100'000;
    static constexpr std::size_t problems = 10'000;
    static constexpr std::size_t platforms = 1'000;
    static constexpr std::size_t applications = 100;
    static constexpr std::size_t name_bytes = 500;
  };

  /// Nothing, or why `entry` cannot be part of the table, which then is as before: a name that is empty, too
  /// long, holds control characters or begins or ends with a blank; a number out of range or not finite; a
  /// second entry for the same three; too many.
  [[nodiscard]] std::optional<std::string> add(Performance entry);

  [[nodiscard]] const std::vector<Performance>& entries() const { return entries_; }
  // In the order in which entries first name them.
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_.names; }
  [[nodiscard]] const std::vector<std::string>& platforms() const { return platforms_.names; }
  [[nodiscard]] const std::vector<std::string>& applications() const { return applications_.names; }
  [[nodiscard]] const Performance* find(std::string_view problem, std::string_view platform,
                                        std::string_view application) const;
  friend bool operator==(const PerformanceTable& left, const PerformanceTable& right) {
    return left.entries_ == right.entries_;
  }

 private:
  struct Names {
    std::vector<std::string> names;
    std::map<std::string, std::size_t, std::less<>> index;
    std::size_t add(const std::string& name);
  };
  struct Place {
    std::size_t problem, platform, application;
    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 sees a 0 in it
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  std::vector<Performance> entries_;
  Names problems_, platforms_, applications_;
  std::map<Place, std::size_t> index_;
};

/// Whether a figure of merit is a rate or a time.
enum class Better : std::uint8_t { higher, lower };
enum class Efficiency : std::uint8_t { application, architectural };
[[nodiscard]] std::string_view name(Efficiency kind);
[[nodiscard]] std::optional<double> efficiency_of(const Performance& entry, Efficiency kind);
/// Whether any entry has an efficiency of this kind.
[[nodiscard]] bool has_efficiency(const PerformanceTable& table, Efficiency kind);

/// Application efficiency: e = fom / best fom (of times: best / fom), the best being that of any application
/// in the table on the same problem and platform (Pennycook, Sewall, Lee: "A Metric for Performance
/// Portability", arXiv 1611.07409, section 3). Replaces what the table has; an entry without a figure gets 0.
[[nodiscard]] PerformanceTable with_application_efficiency(const PerformanceTable& table, Better better);

/// What a platform can reach at best, in the unit of the figures of merit.
struct PlatformPeak {
  std::string platform;
  std::string problem;  // empty: of every problem that has none of its own
  double value = 0;
};
/// Architectural efficiency: e = fom / peak (same paper, section 3); the figures are rates. An entry without
/// a figure gets 0. Throws UsageError for a figure that has no peak or exceeds it.
[[nodiscard]] PerformanceTable with_architectural_efficiency(const PerformanceTable& table,
                                                             std::span<const PlatformPeak> peaks);

/// PP of an application for one problem or for a set of problems, and what PP does not tell.
///
/// PP(a, p, H) = |H| / sum over i in H of 1 / e_i(a, p); 0 if a does not run on every i (same paper, equation
/// 1). For a set P of problems: the harmonic mean over all pairs of a problem and a platform, 0 if one did
/// not run. That is the harmonic mean of the problems' own PPs, and the efficiency on a workload to which
/// each pair contributes the same time at its best; with one problem it is PP as published.
struct Portability {
  std::string problem;  // empty: of all problems together
  std::string application;
  double pp = 0;
  std::size_t supported = 0;  // pairs of a problem and a platform that ran
  std::size_t pairs = 0;      // |P| |H|
  /// Arithmetic mean over supported pairs: Marowka's metric ("Reformulation of the performance portability
  /// metric", Software: Practice and Experience 2022, doi 10.1002/spe.3002). Nothing where none ran.
  std::optional<double> mean_of_supported;
  std::optional<double> harmonic_of_supported;  // PP over the platforms that are supported
  [[nodiscard]] double share_supported() const;
};
/// The formula alone: 0 for no efficiencies or if one is 0.
[[nodiscard]] double performance_portability(std::span<const double> efficiencies);
/// One entry per application, of all problems together.
[[nodiscard]] std::vector<Portability> portability(const PerformanceTable& table, Efficiency kind);
/// Problem by problem, one entry per application in each.
[[nodiscard]] std::vector<Portability> portability_by_problem(const PerformanceTable& table, Efficiency kind);

/// A cascade plot's data for one application (Sewall, Pennycook, Jacobsen, Deakin, McIntosh-Smith:
/// "Interpreting and Visualizing Performance Portability Metrics", P3HPC 2020, doi
/// 10.1109/P3HPC51967.2020.00007): platforms by decreasing efficiency, and PP over the first k of them.
struct CascadeStep {
  std::string platform;
  double efficiency = 0;  // of all problems: harmonic mean, 0 unless all ran. Platforms with 0 come last
  double pp = 0;          // of this platform and those before it
};
struct Cascade {
  std::string application;
  std::vector<CascadeStep> steps;  // one per platform of the table; equal ones in its order
};
/// One per application.
[[nodiscard]] std::vector<Cascade> cascades(const PerformanceTable& table, Efficiency kind);

/// A navigation chart's point (Pennycook, Sewall, Jacobsen, Deakin, McIntosh-Smith: "Navigating Performance,
/// Portability, and Productivity", Computing in Science & Engineering 23(5), 2021, doi
/// 10.1109/MCSE.2021.3097276): the upper right corner is one source that is fast everywhere.
struct NavigationPoint {
  std::string application;
  double convergence = 0;  // 1 - code divergence, see divergence.h
  double pp = 0;
};
/// A point for each application of `portabilities` that `divergences` names.
[[nodiscard]] std::vector<NavigationPoint> navigation_chart(std::span<const Portability> portabilities,
                                                            const std::map<std::string, double>& divergences);

}  // namespace moat
