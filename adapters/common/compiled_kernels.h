// Where a device's driver keeps what it compiled: files that a power cut or a full disk left damaged there
// fail every later run. A detail of the device (DeviceInfo::details), so that whoever sees a failure can name
// it.
#pragma once

#include <string>

#include "adapters/adapter.h"

namespace moat {

inline constexpr const char* compiled_kernels_detail = "cache of compiled kernels";

/// The detail's value, "FOLDER; remove it, or set VARIABLE to another folder", of a driver that reads
/// `variable`, whose value has `below_variable` in it, or else uses `below_cache` in the user's cache folder.
[[nodiscard]] std::string compiled_kernels_text(const char* variable, const std::string& below_variable,
                                                const std::string& below_cache);

/// A clause for the end of a reason; empty of a device without the detail.
[[nodiscard]] std::string compiled_kernels_hint(const DeviceInfo& info);

}  // namespace moat
