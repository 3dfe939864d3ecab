// What `moat tune` found, as files: <folder>/<vendor>/<architecture>/<device>.json, names as slugs. Files are
// hostile until checked. Must not know how parameters were searched or which of them a case gets.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_fields.h"
#include "kernels/implementation.h"

namespace moat {

/// Version of a tuning file. Raised when a field changes its meaning, its type or goes away.
inline constexpr int tuning_schema = 1;

/// A device as tuning tells them apart, in its driver's words. `architecture` may be empty: unknown.
struct TuningDevice {
  std::string vendor;
  std::string architecture;
  std::string device;
  friend bool operator==(const TuningDevice&, const TuningDevice&) = default;
};

/// The outcome of one search. It holds for this driver and these kernels: another of either makes it stale.
struct TunedProblem {
  std::string implementation;  // as records name it: "portable/opencl"
  std::string problem;         // key
  std::string driver;          // with its version
  std::string kernels;         // digest of the sources that these parameters compile
  Parameters parameters;
  bool keeps_default = false;    // nothing was faster beyond noise: `parameters` are the shipped defaults
  double seconds = 0;            // of one execution, the median in the final comparison
  double default_seconds = 0;    // the shipped defaults in the same comparison; 0 if they gave no result
  std::uint64_t candidates = 0;  // that were tried, the defaults included
  std::string tuned_utc;         // ISO 8601
  friend bool operator==(const TunedProblem&, const TunedProblem&) = default;
};

struct TuningFile {
  TuningDevice device;
  std::vector<TunedProblem> problems;  // one per implementation, problem and driver
  friend bool operator==(const TuningFile&, const TuningFile&) = default;
  /// Replaces what it knew of the same implementation, problem and driver.
  void put(const TunedProblem& tuned);
};

/// What a file may hold at most; more is refused before it costs memory or time.
struct TuningLimits {
  static constexpr std::uint64_t file_bytes = std::uint64_t{8} << 20U;
  static constexpr std::size_t problems = 20'000;
  static constexpr std::size_t parameters = 64;
  static constexpr std::size_t text_bytes = 1000;
  static constexpr std::size_t files = 1000;  // of one vendor
};

[[nodiscard]] Json tuning_json(const TuningFile& file);
/// Throws UsageError that begins with `where` and names the field.
[[nodiscard]] TuningFile parse_tuning(std::string_view text, std::string_view where);

/// Lower-case letters, digits and single '-', at most 80; "unknown" if nothing is left. A path's part
/// whatever a driver says.
[[nodiscard]] std::string slug(std::string_view text);
[[nodiscard]] std::filesystem::path tuning_path(const std::filesystem::path& folder,
                                                const TuningDevice& device);

/// The device's file, or an empty one if there is none. Throws UsageError: unreadable, malformed, about
/// another device.
[[nodiscard]] TuningFile read_tuning(const std::filesystem::path& folder, const TuningDevice& device);
/// Replaces the device's file in one step; makes the folders. Throws UsageError.
void write_tuning(const std::filesystem::path& folder, const TuningFile& file);

/// All files of the device's vendor, the device's own first, the rest by path; each that cannot be used is a
/// notice instead. A folder that is not there holds nothing.
struct VendorTuning {
  std::vector<TuningFile> files;
  std::vector<std::string> notices;
};
[[nodiscard]] VendorTuning read_vendor_tuning(const std::filesystem::path& folder,
                                              const TuningDevice& device);

}  // namespace moat
