// The text form of implementations' names: the only place that takes it apart.
#include "kernels/implementation_name.h"

#include <array>

namespace moat {
namespace {

constexpr std::array<std::string_view, 3> family_names{"naive", "portable", "library"};

struct Parts {
  ImplementationFamily family = ImplementationFamily::naive;
  std::string_view name;
};

std::optional<Parts> parts_of(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<ImplementationFamily> family = parse_implementation_family(text.substr(0, slash));
  if (!family) return std::nullopt;
  const std::string_view name = slash == std::string_view::npos ? "" : text.substr(slash + 1);
  const bool has_member = *family != ImplementationFamily::naive;
  if (has_member == name.empty() || (!has_member && slash != std::string_view::npos)) return std::nullopt;
  return Parts{*family, name};
}

}  // namespace

std::string_view name(ImplementationFamily family) {
  return family_names.at(static_cast<std::size_t>(family));
}

std::optional<ImplementationFamily> parse_implementation_family(std::string_view text) {
  for (std::size_t i = 0; i < family_names.size(); ++i) {
    if (family_names[i] == text) return static_cast<ImplementationFamily>(i);
  }
  return std::nullopt;
}

std::string ImplementationName::text() const {
  std::string made(moat::name(family));
  if (family != ImplementationFamily::naive) made += "/" + name;
  return made;
}

std::optional<ImplementationName> parse_implementation_name(std::string_view text) {
  const std::optional<Parts> parts = parts_of(text);
  if (!parts) return std::nullopt;
  return ImplementationName{parts->family, std::string(parts->name)};
}

std::optional<ImplementationFamily> family_of(std::string_view implementation) {
  const std::optional<Parts> parts = parts_of(implementation);
  if (!parts) return std::nullopt;
  return parts->family;
}

}  // namespace moat
