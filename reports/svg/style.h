// The style of a chart that stands alone. Must not know charts or pages.
#pragma once

#include <string>
#include <string_view>

namespace moat {

/// `rules` with each var(--name) replaced by the light colour that `theme` gives the name
/// ("--name: light-dark(light, dark);"). Throws std::logic_error for a name that the theme has not.
[[nodiscard]] std::string light_rules(std::string_view rules, std::string_view theme);

/// chart.css in theme.css' light colours, as embedded at build time.
[[nodiscard]] const std::string& chart_style();

}  // namespace moat
