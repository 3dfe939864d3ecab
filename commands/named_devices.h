// Finds devices by their names alone, in whichever run of a store. Must not know records or what is compared.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "results/store/store.h"

namespace moat {

struct NamedDevice {
  std::string run;   // its id, or a built-in publication's name
  std::string id;    // "v100:published"
  std::string name;  // as its driver says it
  /// As an option takes it: "20261121T221530Z-3fa1/v100:published".
  [[nodiscard]] std::string text() const;
};

/// Of every readable run of the store, oldest first; none where there is no store.
[[nodiscard]] std::vector<NamedDevice> stored_devices(const Store& store);
/// Of the publications that come with Moat.
[[nodiscard]] std::vector<NamedDevice> built_in_devices();

/// Those whose id or adapter `text` is (results/filter.h), or whose name it is, however it is capitalised.
[[nodiscard]] std::vector<NamedDevice> named(std::span<const NamedDevice> devices, std::string_view text);

/// "A, B", each as it must be typed; of more than eight the newest eight, and how many others there are.
[[nodiscard]] std::string candidates_text(std::span<const NamedDevice> devices);

/// " Did you mean RUN/A or RUN/B?" for the devices whose ids are nearest to `text`, the newest run of each;
/// "" if none is near.
[[nodiscard]] std::string nearest_device(std::span<const NamedDevice> devices, std::string_view text);

}  // namespace moat
