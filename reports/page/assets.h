// Style and scripts of the page, embedded at build time with their digests (cmake/page_assets.cmake).
#pragma once

#include <span>
#include <string_view>

namespace moat {

struct PageAsset {
  std::string_view name;    // "page.css"
  std::string_view sha256;  // in Base64, as a content security policy has it
  std::string_view text;
};
/// The style first, then the scripts in the order they run.
[[nodiscard]] std::span<const PageAsset> page_assets();

}  // namespace moat
