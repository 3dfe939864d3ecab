// Tuning files against a machine's devices.
#include "bench/tune/tuned.h"

#include <algorithm>

#include "base/digest.h"

namespace moat {

std::string default_tuning_folder(const std::string& store) {
  return (std::filesystem::path(store) / "tuning").string();
}

TuningDevice tuning_device(const DeviceInfo& info) {
  return {.vendor = info.vendor, .architecture = info.architecture, .device = info.name};
}

const Implementation* own_implementation(const Problem& problem, const std::string& record_name,
                                         Language language) {
  if (language == Language::none) return nullptr;
  for (const Implementation& own : find_operator(problem.operator_name()).implementations()) {
    if (moat::record_name(own, language) == record_name) return &own;
  }
  return nullptr;
}

std::string kernels_digest(const Plan& plan, Language language,
                           const std::optional<std::string>& kernel_dir) {
  std::string text;
  for (const Step& step : plan.steps) text += kernel_source(step.source, language, kernel_dir);
  return short_digest(text);
}

TunedParameters::TunedParameters(const std::filesystem::path& folder, std::span<const ListedDevice> devices,
                                 std::optional<std::string> kernel_dir)
    : kernel_dir_(std::move(kernel_dir)) {
  for (const ListedDevice& device : devices) {
    if (device.info.traits.language == Language::none) continue;
    VendorTuning tuning = read_vendor_tuning(folder, tuning_device(device.info));
    files_[device.id] = std::move(tuning.files);
    for (std::string& notice : tuning.notices) {  // devices of one vendor share its files
      if (std::find(notices_.begin(), notices_.end(), notice) == notices_.end())
        notices_.push_back(std::move(notice));
    }
  }
}

CaseParameters TunedParameters::choose(const ListedDevice& device, const Case& identity,
                                       const Problem& problem) const {
  const Traits& traits = device.info.traits;
  const Implementation* own = own_implementation(problem, identity.implementation, traits.language);
  const auto files = files_.find(device.id);
  if (own == nullptr || files == files_.end()) return {};
  const TuningQuery query{
      tuning_device(device.info), device.info.driver, *own, identity.implementation, problem, traits};
  ParameterChoice choice = choose_parameters(files->second, query, [&](const Plan& plan) {
    return kernels_digest(plan, traits.language, kernel_dir_);
  });
  return {std::move(choice.parameters), std::move(choice.source)};
}

}  // namespace moat
