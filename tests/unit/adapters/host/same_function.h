// Whether a function that is declared here is called as the public header declares it. Must not know a
// library.
#pragma once

#include <type_traits>

namespace moat::host {

// Passed in the same register or stack slot, with the same meaning of its bits.
template <class Ours, class Theirs>
constexpr bool same_value() {
  if constexpr (std::is_void_v<Ours> || std::is_void_v<Theirs>) {
    return std::is_void_v<Ours> && std::is_void_v<Theirs>;
  } else if constexpr (std::is_pointer_v<Ours> || std::is_pointer_v<Theirs>) {
    return std::is_pointer_v<Ours> && std::is_pointer_v<Theirs>;
  } else {
    return sizeof(Ours) == sizeof(Theirs) &&
           std::is_floating_point_v<Ours> == std::is_floating_point_v<Theirs>;
  }
}

template <class Ours, class Theirs>
struct SameFunction : std::false_type {};
template <class OurResult, class... Ours, class TheirResult, class... Theirs>
requires(sizeof...(Ours) == sizeof...(Theirs)) struct SameFunction<OurResult(Ours...), TheirResult(Theirs...)>
    : std::bool_constant<same_value<OurResult, TheirResult>() && (same_value<Ours, Theirs>() && ...)> {
};
template <class Ours, class TheirResult, class... Theirs>
struct SameFunction<Ours, TheirResult(Theirs...) noexcept> : SameFunction<Ours, TheirResult(Theirs...)> {};

static_assert(SameFunction<int(int*, double), int(char*, double)>::value);
static_assert(!SameFunction<int(int), int(float)>::value);
static_assert(!SameFunction<int(int), int(int, int)>::value);
static_assert(!SameFunction<int(int), int(long)>::value);
static_assert(SameFunction<int(int), int(int) noexcept>::value);

}  // namespace moat::host

/// Of the name of a foreign function and our type of it.
#define MOAT_SAME_FUNCTION(name, type) \
  static_assert(::moat::host::SameFunction<type, decltype(::name)>::value, #name);
