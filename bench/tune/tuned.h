// Uses the tuning files in a run: selects the parameters of a case on a device. Reads the files once; must
// not know how parameters were searched.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/measure/runner.h"
#include "bench/plan/listed_device.h"
#include "results/tuning/choice.h"

namespace moat {

/// The value of --tuning that disables tuned parameters.
inline constexpr std::string_view no_tuning = "none";

[[nodiscard]] std::string default_tuning_folder(const std::string& store);

[[nodiscard]] TuningDevice tuning_device(const DeviceInfo& info);

/// The project's own implementation with that name in records,
/// on a device of `language`; nullptr for a library.
[[nodiscard]] const Implementation* own_implementation(const Problem& problem, const std::string& record_name,
                                                       Language language);

/// Digest of the sources that a plan compiles, including the dialect: equal digests mean equal kernels.
/// Throws UsageError for a source that does not exist.
[[nodiscard]] std::string kernels_digest(const Plan& plan, Language language,
                                         const std::optional<std::string>& kernel_dir);

class TunedParameters {
 public:
  TunedParameters(const std::filesystem::path& folder, std::span<const ListedDevice> devices,
                  std::optional<std::string> kernel_dir);

  [[nodiscard]] CaseParameters choose(const ListedDevice& device, const Case& identity,
                                      const Problem& problem) const;
  /// Files that exist but cannot be used, each with the reason.
  [[nodiscard]] const std::vector<std::string>& notices() const { return notices_; }

 private:
  std::optional<std::string> kernel_dir_;
  std::map<std::string, std::vector<TuningFile>> files_;  // by device id
  std::vector<std::string> notices_;
};

}  // namespace moat
