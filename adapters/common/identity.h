// Texts that identify a physical device, spelt the same by all adapters: if devices of two adapters have a
// text in common, they are the same physical device. Must not know how a driver is asked.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace moat {

/// Identifies all CPUs of the machine together, as one device.
inline constexpr const char* cpu_identity = "cpu";

/// "pci:0000:65:00.0". Nothing for the address 0000:00:00.0:
/// it is a host bridge's, and drivers report it for devices without an address.
/// If the parts of a card are devices of their own, they share its address; see drop_shared_addresses().
[[nodiscard]] inline std::optional<std::string> pci_identity(std::uint32_t domain, std::uint32_t bus,
                                                             std::uint32_t device, std::uint32_t function) {
  if ((domain | bus | device | function) == 0) return std::nullopt;
  return fmt::format("pci:{:04x}:{:02x}:{:02x}.{:x}", domain, bus, device, function);
}

/// "uuid:" and 32 hexadecimal digits, in the order of the bytes. Nothing if all bytes are 0, which drivers
/// report when they know no UUID.
[[nodiscard]] inline std::optional<std::string> uuid_identity(const std::array<std::uint8_t, 16>& uuid) {
  if (std::all_of(uuid.begin(), uuid.end(), [](std::uint8_t byte) { return byte == 0; })) return std::nullopt;
  std::string text = "uuid:";
  for (const std::uint8_t byte : uuid) text += fmt::format("{:02x}", byte);
  return text;
}

/// Removes the PCI addresses that several devices of one driver share: these are parts of one card, and not
/// the same device. `devices` are DeviceInfos of one adapter.
template <class Devices>
void drop_shared_addresses(Devices& devices) {
  const auto is_address = [](const std::string& text) { return text.starts_with("pci:"); };
  std::map<std::pair<std::string, std::string>, int> uses;
  for (const auto& device : devices) {
    for (const std::string& text : device.identities) ++uses[{device.driver, text}];
  }
  for (auto& device : devices) {
    std::erase_if(device.identities, [&](const std::string& text) {
      return is_address(text) && uses.at({device.driver, text}) > 1;
    });
  }
}

}  // namespace moat
