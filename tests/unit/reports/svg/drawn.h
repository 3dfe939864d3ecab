// What a canvas holds, read back from its SVG: texts, boxes and lines where they stand, so that tests can ask
// whether what is drawn means what the findings say.
#pragma once

#include <algorithm>
#include <regex>
#include <string>
#include <vector>

#include "reports/svg/canvas.h"
#include "tests/catch.h"

namespace moat::test {

/// Any element; coordinates are those of the canvas, whatever blocks it stands in.
struct DrawnElement {
  std::string style;
  std::string title;               // its own, or that of the group around it
  std::string text;                // of a text
  std::vector<Point> points = {};  // a text's and a mark's place, a box's corners, a line's ends
  [[nodiscard]] double x() const { return points.at(0).x; }
  [[nodiscard]] double y() const { return points.at(0).y; }
};

struct Drawn {
  std::vector<DrawnElement> texts;
  std::vector<DrawnElement> boxes;
  std::vector<DrawnElement> paths;

  /// The only text that says this.
  [[nodiscard]] const DrawnElement& text(const std::string& words) const {
    const auto found = std::ranges::find(texts, words, &DrawnElement::text);
    INFO("a text '" << words << "'");
    REQUIRE(found != texts.end());
    return *found;
  }
  /// Paths of a style, in order.
  [[nodiscard]] std::vector<DrawnElement> styled(const std::string& style) const {
    std::vector<DrawnElement> some;
    std::ranges::copy_if(paths, std::back_inserter(some), [&](const auto& it) { return it.style == style; });
    return some;
  }
  /// Elements whose tooltip holds these words.
  [[nodiscard]] static std::vector<DrawnElement> titled(const std::vector<DrawnElement>& all,
                                                        const std::string& words) {
    std::vector<DrawnElement> some;
    std::ranges::copy_if(all, std::back_inserter(some),
                         [&](const auto& it) { return it.title.find(words) != std::string::npos; });
    return some;
  }
};

/// Every element stands on a line of its own.
inline Drawn drawn(const Canvas& canvas) {
  static const std::regex group(
      R"re(<g(?: transform="translate\(0 ([\d.-]+)\)")?.*?>(?:<title>(.*)</title>)?)re");
  static const std::regex text(R"re(<text class="(.*?)" x="(.*?)" y="(.*?)">(.*)</text>)re");
  static const std::regex box(
      R"re(<rect class="(.*?)" x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"(?:/>|>(?:<title>(.*)</title>)?</rect>))re");
  static const std::regex path(R"re(<path class="(.*?)" d="(.*?)"/>)re");
  static const std::regex corner(R"re([ML](-?[\d.]+) (-?[\d.]+))re");
  Drawn made;
  std::vector<std::pair<double, std::string>> groups{{0, ""}};
  std::size_t begin = 0;
  for (std::size_t end = canvas.body().find('\n'); end != std::string::npos;
       begin = end + 1, end = canvas.body().find('\n', begin)) {
    const std::string line = canvas.body().substr(begin, end - begin);
    const auto [down, title] = groups.back();
    std::smatch found;
    if (line == "</g>") {
      groups.pop_back();
    } else if (std::regex_match(line, found, group)) {
      groups.emplace_back(down + (found[1].matched ? std::stod(found[1]) : 0),
                          found[2].matched ? found[2].str() : title);
    } else if (std::regex_match(line, found, text)) {
      made.texts.push_back({found[1], title, found[4], {{std::stod(found[2]), down + std::stod(found[3])}}});
    } else if (std::regex_match(line, found, box)) {
      const Point at{std::stod(found[2]), down + std::stod(found[3])};
      made.boxes.push_back({found[1],
                            found[6].matched ? found[6].str() : title,
                            "",
                            {at, {at.x + std::stod(found[4]), at.y + std::stod(found[5])}}});
    } else if (std::regex_match(line, found, path)) {
      const std::string corners = found[2];
      made.paths.push_back({found[1], title, "", {}});
      for (std::sregex_iterator at(corners.begin(), corners.end(), corner), last; at != last; ++at)
        made.paths.back().points.push_back({std::stod((*at)[1]), down + std::stod((*at)[2])});
    } else {
      FAIL("not understood: " << line);
    }
  }
  return made;
}

/// Nothing is cut off by the edge of the picture, and it has room for its texts' descent.
inline void check_lies_within(const Canvas& canvas) {
  const Drawn all = drawn(canvas);
  for (const auto* elements : {&all.texts, &all.boxes, &all.paths}) {
    for (const DrawnElement& element : *elements) {
      for (const Point& point : element.points) {
        INFO(canvas.title() << ": " << element.style << " '" << element.text << "' at " << point.x << ", "
                            << point.y);
        CHECK((point.x >= 0 && point.x <= canvas.width()));
        CHECK((point.y >= 0 && point.y <= canvas.height()));
      }
    }
  }
}

/// A tenth of a pixel is what coordinates are rounded to.
inline auto near(double value) {
  return Approx(value).margin(0.11).epsilon(0);
}

}  // namespace moat::test
