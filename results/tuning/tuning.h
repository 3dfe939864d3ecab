// Results of `moat tune` as files: <folder>/<vendor>/<architecture>/<device>.json, slugs as names. Files are
// not trusted until checked. Must not know how parameters are searched or which of them a case uses.
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

/// Version of a tuning file. Increases when a field changes its meaning or type or is removed.
inline constexpr int tuning_schema = 2;

/// A device for the purpose of tuning, as reported by its driver. An empty `architecture` is unknown.
struct TuningDevice {
  std::string vendor;
  std::string architecture;
  std::string device;
  friend bool operator==(const TuningDevice&, const TuningDevice&) = default;
};

/// The outcome of one search. It is valid only for this driver and these kernels.
struct TunedProblem {
  std::string implementation;  // its name in records: "portable/opencl"
  std::string problem;         // key
  std::string driver;          // with its version
  std::string kernels;         // digest of the sources that these parameters compile
  Parameters parameters;
  bool keeps_default = false;    // nothing was faster than the shipped defaults by more than noise
  double seconds = 0;            // median time of one execution in the final comparison
  double default_seconds = 0;    // the same for the shipped defaults; 0 if they gave no result
  std::uint64_t candidates = 0;  // number of candidates that were tried, including the defaults
  std::string tuned_utc;         // ISO 8601
  friend bool operator==(const TunedProblem&, const TunedProblem&) = default;
};

struct TuningFile {
  TuningDevice device;
  std::vector<TunedProblem> problems;  // one per implementation, problem and driver
  friend bool operator==(const TuningFile&, const TuningFile&) = default;
  /// Adds `tuned`, or replaces the entry of the same implementation, problem and driver.
  void put(const TunedProblem& tuned);
};

/// The limits of a file, checked before it costs memory or time.
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

/// Lower-case letters, digits and single '-', at most 80 characters; "unknown" if nothing is left. Safe as a
/// part of a path whatever a driver reports.
[[nodiscard]] std::string slug(std::string_view text);
[[nodiscard]] std::filesystem::path tuning_path(const std::filesystem::path& folder,
                                                const TuningDevice& device);

/// The device's file, or an empty one if there is none. Throws UsageError if the file is unreadable,
/// malformed or about another device.
[[nodiscard]] TuningFile read_tuning(const std::filesystem::path& folder, const TuningDevice& device);
/// Replaces the device's file atomically; creates the folders. Throws UsageError.
void write_tuning(const std::filesystem::path& folder, const TuningFile& file);

/// All files of the device's vendor: the device's own first, the others by path. A file that cannot be used
/// becomes a notice. A missing folder counts as empty.
struct VendorTuning {
  std::vector<TuningFile> files;
  std::vector<std::string> notices;
};
[[nodiscard]] VendorTuning read_vendor_tuning(const std::filesystem::path& folder,
                                              const TuningDevice& device);

}  // namespace moat
