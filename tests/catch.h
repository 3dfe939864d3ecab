// Catch2 v3 or v2 behind one name; tests use only what both have.
#pragma once

#ifdef MOAT_CATCH2_V3
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
namespace Catch::Matchers {
inline auto ContainsSubstring(
    const std::string& text) {  // NOLINT(readability-identifier-naming): Catch2 v3's
  return Contains(text);
}
}  // namespace Catch::Matchers
#endif
