// How a device says which physical device it is, in one spelling for all adapters: two devices of one machine
// that share a text are the same. Must not know how a driver is asked.
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

/// The machine's CPUs, all of them, as one device: what an adapter says of a device that runs on them.
inline constexpr const char* cpu_identity = "cpu";

/// "pci:0000:65:00.0". Nothing for an address of zeros: it is a host bridge's, and what drivers say of
/// devices that have none. Parts of a card that are devices of their own share its address
/// (drop_shared_addresses).
[[nodiscard]] inline std::optional<std::string> pci_identity(std::uint32_t domain, std::uint32_t bus,
                                                             std::uint32_t device, std::uint32_t function) {
  if ((domain | bus | device | function) == 0) return std::nullopt;
  return fmt::format("pci:{:04x}:{:02x}:{:02x}.{:x}", domain, bus, device, function);
}

/// "uuid:" and 32 hexadecimal digits, in the order of the bytes. Nothing for zeros, which drivers say that
/// know none.
[[nodiscard]] inline std::optional<std::string> uuid_identity(const std::array<std::uint8_t, 16>& uuid) {
  if (std::all_of(uuid.begin(), uuid.end(), [](std::uint8_t byte) { return byte == 0; })) return std::nullopt;
  std::string text = "uuid:";
  for (const std::uint8_t byte : uuid) text += fmt::format("{:02x}", byte);
  return text;
}

/// Takes PCI addresses away that several devices of one driver have: they are parts of one card, not one
/// device. For the devices of one adapter.
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
