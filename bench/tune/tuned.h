// The tuning files as a run uses them: which parameters a case gets on a device. Reads files once; must not
// know how they were found.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/measure/runner.h"
#include "bench/worker/inventory.h"
#include "results/tuning/choice.h"

namespace moat {

/// What --tuning takes instead of a folder.
inline constexpr std::string_view no_tuning = "none";

[[nodiscard]] std::string default_tuning_folder(const std::string& store);

[[nodiscard]] TuningDevice tuning_device(const DeviceInfo& info);

/// The project's own implementation that records call `record_name` on a device of `language`; nullptr for a
/// library's.
[[nodiscard]] const Implementation* own_implementation(const Problem& problem, const std::string& record_name,
                                                       Language language);

/// Of the sources that a plan compiles, dialect included: equal digests mean equal kernels. Throws UsageError
/// for a source that does not exist.
[[nodiscard]] std::string kernels_digest(const Plan& plan, Language language,
                                         const std::optional<std::string>& kernel_dir);

class TunedParameters {
 public:
  TunedParameters(const std::filesystem::path& folder, std::span<const ListedDevice> devices,
                  std::optional<std::string> kernel_dir);

  [[nodiscard]] CaseParameters choose(const ListedDevice& device, const Case& identity,
                                      const Problem& problem) const;
  /// What is there and cannot be used, each with its file and why.
  [[nodiscard]] const std::vector<std::string>& notices() const { return notices_; }

 private:
  std::optional<std::string> kernel_dir_;
  std::map<std::string, std::vector<TuningFile>> files_;  // by device id
  std::vector<std::string> notices_;
};

}  // namespace moat
