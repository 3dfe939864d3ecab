// Variables of CSS, resolved.
#include "reports/svg/style.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <stdexcept>

#include "base/embedded.h"

namespace moat {
std::span<const EmbeddedFile> embedded_chart_styles();  // generated: reports/CMakeLists.txt
namespace {

std::string_view light_colour(std::string_view theme, std::string_view name) {
  const std::string definition = fmt::format("--{}: light-dark(", name);
  const std::size_t at = theme.find(definition);
  const std::size_t begin = at + definition.size();
  if (at == std::string_view::npos) throw std::logic_error(fmt::format("theme.css has no --{}", name));
  return theme.substr(begin, theme.find(',', begin) - begin);
}

std::string_view file(std::string_view name) {
  const std::span<const EmbeddedFile> files = embedded_chart_styles();
  const auto found = std::ranges::find(files, name, &EmbeddedFile::name);
  if (found == files.end()) throw std::logic_error(fmt::format("{} is not embedded", name));
  return found->text;
}

}  // namespace

std::string light_rules(std::string_view rules, std::string_view theme) {
  constexpr std::string_view opening = "var(--";
  std::string made;
  while (true) {
    const std::size_t at = rules.find(opening);
    made += rules.substr(0, at);
    if (at == std::string_view::npos) return made;
    rules.remove_prefix(at + opening.size());
    const std::size_t end = rules.find(')');
    made += light_colour(theme, rules.substr(0, end));
    rules.remove_prefix(end + 1);
  }
}

const std::string& chart_style() {
  static const std::string made = [] {
    const std::string_view rules = file("svg/chart.css");
    // Without its opening comment, which speaks of this.
    return light_rules(rules.substr(rules.find("*/\n") + 3), file("svg/theme.css"));
  }();
  return made;
}

}  // namespace moat
