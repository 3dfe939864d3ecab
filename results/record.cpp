// Names of the record's enumerations and the case id.
#include "results/record.h"

#include <fmt/format.h>
#include <array>

namespace moat {
namespace {

template <class Enum, std::size_t size>
std::optional<Enum> find(const std::array<std::string_view, size>& names, std::string_view text) {
  for (std::size_t i = 0; i < size; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, 11> all_status_names{
    "ok",        "unsupported", "skipped",   "wrong",         "untrusted", "unverified",
    "disturbed", "crashed",     "timed-out", "out-of-memory", "error"};
constexpr std::array<std::string_view, 4> provenance_names{"measured", "emulated", "published", "derived"};
constexpr std::array<std::string_view, 2> cache_names{"hot", "cold"};

}  // namespace

std::string_view name(Status status) {
  return all_status_names.at(static_cast<std::size_t>(status));
}
std::span<const std::string_view> status_names() {
  return all_status_names;
}
std::optional<Status> parse_status(std::string_view text) {
  return find<Status>(all_status_names, text);
}

std::string_view name(Provenance provenance) {
  return provenance_names.at(static_cast<std::size_t>(provenance));
}
std::optional<Provenance> parse_provenance(std::string_view text) {
  return find<Provenance>(provenance_names, text);
}

std::string_view name(Cache cache) {
  return cache_names.at(static_cast<std::size_t>(cache));
}
std::optional<Cache> parse_cache(std::string_view text) {
  return find<Cache>(cache_names, text);
}

std::string Case::id() const {
  std::string text = fmt::format("{}/{}/{}/{}/{}", device, implementation, problem, name(conditions.data),
                                 name(conditions.cache));
  if (conditions.seed != 1) text += fmt::format("/seed={}", conditions.seed);
  return text;
}

}  // namespace moat
