// Our own records as a table of performances: what `moat metrics` reads from a store. Pure; must not know
// files or the command line.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "reports/portability/metrics.h"
#include "results/devices.h"
#include "results/record.h"

namespace moat {

struct MeasuredRun {
  std::string id;
  std::string host;
  std::vector<Record> records;
  PhysicalDevices physical;
};

struct MetricsSelection {
  Provenance provenance = Provenance::measured;  // one kind, never a mixture
  bool each_device = false;                      // a platform is a device; otherwise a physical device
  bool roofs = false;                            // operators that measure the device itself, too
};

/// Cases that a table leaves out, and why. Each kind has a name, as JSON has it.
namespace left_out {
struct OtherConditions {  // than normal data and a hot cache
  static constexpr std::string_view kind = "other-conditions";
  std::size_t cases = 0;
  friend bool operator==(const OtherConditions&, const OtherConditions&) = default;
};
struct OtherProvenance {
  static constexpr std::string_view kind = "other-provenance";
  Provenance provenance = Provenance::measured;
  std::size_t cases = 0;
  friend bool operator==(const OtherProvenance&, const OtherProvenance&) = default;
};
struct RoofOperators {  // they measure the device itself
  static constexpr std::string_view kind = "roof-operators";
  std::vector<std::string> operators;
  friend bool operator==(const RoofOperators&, const RoofOperators&) = default;
};
}  // namespace left_out
using LeftOut = std::variant<left_out::OtherConditions, left_out::OtherProvenance, left_out::RoofOperators>;

struct MetricsTable {
  PerformanceTable table;
  std::vector<LeftOut> left_out;
};

/// problem: the key. platform: the physical device, by the id of its first device, with the host's name
/// before it where the runs are of several hosts. application: the implementation's family ("naive",
/// "portable", "library"), by the best of its members on the platform. fom: operations per second of what is
/// ok, with normal data and a hot cache; bytes per second where a problem has no operations. What was tried
/// and is not ok did not run.
///
/// Throws UsageError if two runs measured the same three.
[[nodiscard]] MetricsTable metrics_table(std::span<const MeasuredRun> runs,
                                         const MetricsSelection& selection);

}  // namespace moat
