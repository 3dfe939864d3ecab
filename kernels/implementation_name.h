// What an implementation is called: its family, and which member of it.
// Must not know problems, devices or adapters.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace moat {

/// naive: plain loops, the floor of every comparison.
/// portable: this project's tuned kernels. library: what a vendor brings.
enum class ImplementationFamily : std::uint8_t { naive, portable, library };
[[nodiscard]] std::string_view name(ImplementationFamily family);
[[nodiscard]] std::optional<ImplementationFamily> parse_implementation_family(std::string_view text);

struct ImplementationName {
  ImplementationFamily family = ImplementationFamily::naive;
  std::string name;  // the portable kernels' language ("opencl") or the library ("onednn"); naive has none

  /// As records spell it: "naive", "portable/opencl", "library/onednn".
  [[nodiscard]] std::string text() const;
  friend auto operator<=>(const ImplementationName&, const ImplementationName&) = default;
};

/// Reads what text() wrote: nothing for any other text.
[[nodiscard]] std::optional<ImplementationName> parse_implementation_name(std::string_view text);

/// Of a name as records spell it; nothing for a text that names no implementation.
[[nodiscard]] std::optional<ImplementationFamily> family_of(std::string_view implementation);

// Whether a name as records spell it is of that family.
[[nodiscard]] inline bool is_naive(std::string_view implementation) {
  return family_of(implementation) == ImplementationFamily::naive;
}
[[nodiscard]] inline bool is_portable(std::string_view implementation) {
  return family_of(implementation) == ImplementationFamily::portable;
}
[[nodiscard]] inline bool is_library(std::string_view implementation) {
  return family_of(implementation) == ImplementationFamily::library;
}

}  // namespace moat
