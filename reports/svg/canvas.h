// Draws an SVG picture by classes: a page and a file give it their colours (style.h). Must not know findings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/statistics.h"

namespace moat {

struct Point {
  double x = 0;
  double y = 0;
};

enum class Anchor : unsigned char { start, middle, end };

/// How a series looks. There are eight colours and ten forms; both repeat.
struct Look {
  std::size_t colour = 0;
  std::size_t form = 0;
  bool filled = true;
};

/// What the page's script hides an element by: the row of the table of cases that it draws, or the values
/// that the filters choose from. Empty ones are not written.
struct Tags {
  std::optional<std::size_t> row;
  std::string device{};
  std::string operator_name{};
  std::string type{};
};
/// " data-row=\"3\" data-device=\"cuda:0\"".
[[nodiscard]] std::string tag_attributes(const Tags& tags);

/// Coordinates in pixels from the upper left. Text may be hostile; classes are those of chart.css.
class Canvas {
 public:
  /// `id` is unique in a page. The title names the picture, the description says what it shows in words.
  Canvas(std::string id, double width, std::string title, std::string description);

  void line(Point from, Point to, std::string_view style);
  /// Several lines as one element, pairs of ends.
  void lines(const std::vector<std::pair<Point, Point>>& ends, std::string_view style);
  void box(Point corner, double width, double height, std::string_view style, std::string_view title = "");
  void text(Point at, std::string_view text, std::string_view style = "t", Anchor anchor = Anchor::start);
  void shape(const std::vector<Point>& corners, std::string_view style, bool closed);
  void mark(Point at, const Look& look);
  /// Whiskers from ends.low to ends.high, in pixels.
  void interval(const Interval& ends, double y);

  /// Until close(), elements are one group with these tags and a tooltip, if any.
  void open(const Tags& tags, std::string_view title = "");
  /// Until close(), coordinates count from (0, y), and the script moves the group up when blocks before it in
  /// the same group are hidden. `height` is without that of blocks in it. A block that is `fixed` is never
  /// hidden: it closes the picture.
  void open_block(double y, double height, const Tags& tags = {}, bool fixed = false);
  void close();

  void set_height(double height) { height_ = height; }
  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] double height() const { return height_; }
  [[nodiscard]] const std::string& title() const { return title_; }
  [[nodiscard]] const std::string& description() const { return description_; }
  /// The elements alone.
  [[nodiscard]] const std::string& body() const { return body_; }

  /// An svg element with its title and description, for a page.
  [[nodiscard]] std::string element() const;

 private:
  std::string id_;
  double width_;
  double height_ = 0;
  std::string title_;
  std::string description_;
  std::string body_;
};

/// "f0" to "f7" fill with the colour of a series, "k0" to "k7" stroke with it.
[[nodiscard]] std::string series_style(char kind, std::size_t colour);

/// At most `most` characters, the last "…" where something is cut.
[[nodiscard]] std::string cut(std::string_view text, std::size_t most);

}  // namespace moat
