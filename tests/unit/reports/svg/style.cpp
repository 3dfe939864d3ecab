// The palette stands once, in theme.css: a chart that stands alone has its light colours.
#include "reports/svg/style.h"

#include <algorithm>

#include "reports/page/assets.h"
#include "tests/catch.h"

using Catch::Matchers::ContainsSubstring;

TEST_CASE("variables become the light colour that the theme gives them") {
  const std::string theme = ":root { --ink: light-dark(#111, #eee); --c0: light-dark(#00f, #0ff); }";
  CHECK(moat::light_rules(".t{fill:var(--ink)}.f0{fill:var(--c0)}", theme) == ".t{fill:#111}.f0{fill:#00f}");
  CHECK(moat::light_rules(".b{opacity:.1}", theme) == ".b{opacity:.1}");
  CHECK_THROWS_WITH(moat::light_rules("var(--c9)", theme), ContainsSubstring("c9"));
}

TEST_CASE("the style of a chart alone is the page's, resolved") {
  const auto assets = moat::page_assets();
  const auto text = [&](std::string_view name) {
    return std::ranges::find(assets, name, &moat::PageAsset::name)->text;
  };
  const std::string_view rules = text("chart.css");
  CHECK(moat::light_rules(rules.substr(rules.find("*/\n") + 3), text("theme.css")) == moat::chart_style());
  CHECK(moat::chart_style().find("var(") == std::string::npos);
  CHECK_THAT(moat::chart_style(), ContainsSubstring("svg .f0 { fill: #"));
}
