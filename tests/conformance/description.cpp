// What an adapter and its devices say of themselves.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "adapters/common/identity.h"
#include "tests/conformance/subject.h"

namespace moat::conformance {
namespace {

bool is_blank(std::string_view text) {
  return text.empty() || text.front() == ' ' || text.back() == ' ';
}

void describes_itself(Subject& subject) {
  const DeviceInfo& info = subject.device->info();
  expect(!is_blank(info.name), fmt::format("the name '{}' is empty or not trimmed", info.name));
  expect(!is_blank(info.vendor), fmt::format("the vendor '{}' is empty or not trimmed", info.vendor));
  expect(!info.driver.empty(), "no driver is named");
  expect(!info.platform.empty(), "no platform is named");
  for (const auto& [key, value] : info.details) {
    expect(!key.empty() && !value.empty(),
           fmt::format("the detail '{}' has the value '{}'; what cannot be read is 'unavailable: why'", key,
                       value));
  }
}

/// One spelling for all adapters, or they would not recognise each other's devices
/// (adapters/common/identity.h).
bool is_identity(const std::string& text) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto is_hexadecimal = [&](std::string_view part) {
    return !part.empty() && part.find_first_not_of(digits) == std::string_view::npos;
  };
  if (text == cpu_identity) return true;
  if (text.starts_with("uuid:")) return text.size() == 37 && is_hexadecimal(std::string_view(text).substr(5));
  if (!text.starts_with("pci:") || text.size() < 16) return false;
  // "0000:65:00.0"; the domain may be longer.
  const std::string_view address = std::string_view(text).substr(4);
  const std::size_t end = address.size();
  return address[end - 2] == '.' && address[end - 5] == ':' && address[end - 8] == ':' &&
         is_hexadecimal(address.substr(0, end - 8)) && is_hexadecimal(address.substr(end - 7, 2)) &&
         is_hexadecimal(address.substr(end - 4, 2)) && is_hexadecimal(address.substr(end - 1));
}

void names_its_physical_device(Subject& subject) {
  const DeviceInfo& info = subject.device->info();
  for (const std::string& identity : info.identities) {
    expect(is_identity(identity),
           fmt::format("the identity '{}' is not spelt as in adapters/common/identity.h", identity));
  }
  expect(!info.emulated || info.identities.empty(), "emulated, and yet a physical device");
  expect(info.identities == subject.discovered.identities, "the identities changed by opening");
}

void has_sane_traits(Subject& subject) {
  const Traits& traits = subject.device->info().traits;
  expect(traits.compute_units >= 1, "no compute unit");
  expect(traits.max_group_size >= 1, "max_group_size is 0");
  for (const std::size_t limit : traits.max_group_shape) expect(limit >= 1, "max_group_shape holds a 0");
  expect(traits.native_vector_f32 >= 1, "native_vector_f32 is 0");
  expect(traits.global_memory_bytes == 0 || traits.max_allocation_bytes <= traits.global_memory_bytes,
         "max_allocation_bytes exceeds global_memory_bytes");
}

void names_its_clock(Subject& subject) {
  const Clock& clock = subject.device->info().clock;
  expect(!clock.name.empty(), "the clock has no name");
  expect(clock.resolution_seconds > 0 && clock.resolution_seconds < 1,
         fmt::format("a clock resolution of {} s", clock.resolution_seconds));
}

void opens_what_it_discovered(Subject& subject) {
  const DeviceInfo& opened = subject.device->info();
  const DeviceInfo& found = subject.discovered;
  expect(opened.name == found.name && opened.driver == found.driver && opened.emulated == found.emulated,
         fmt::format("discovered '{}' ({}), opened '{}' ({})", found.name, found.driver, opened.name,
                     opened.driver));
  expect(opened.traits.language == found.traits.language, "the language changed by opening");
}

void bounds_rates(Subject& subject) {
  for (const Type type : {Type::f64, Type::f32, Type::f16, Type::bf16, Type::i8}) {
    const std::optional<Ceiling> ceiling = subject.device->ceiling(default_types(type));
    if (!ceiling) continue;
    expect(std::isfinite(ceiling->operations_per_second) && ceiling->operations_per_second > 0,
           fmt::format("the ceiling for {} is {}", name(type), ceiling->operations_per_second));
    expect(!ceiling->source.empty(), fmt::format("the ceiling for {} has no derivation", name(type)));
  }
}

constexpr std::array<Requirement, 6> list{{
    {"a device describes itself", no_exemption, describes_itself},
    {"what names the physical device is spelt as everywhere", no_exemption, names_its_physical_device},
    {"traits are possible", no_exemption, has_sane_traits},
    {"a clock has a name and a resolution", no_exemption, names_its_clock},
    {"opening gives the device that was discovered", no_exemption, opens_what_it_discovered},
    {"a ceiling is positive and says where it comes from", no_exemption, bounds_rates},
}};

}  // namespace

std::span<const Requirement> description_requirements() {
  return list;
}

}  // namespace moat::conformance
