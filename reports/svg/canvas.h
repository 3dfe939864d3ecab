// Draws an SVG picture that works in a page (styled by its classes) and alone (with its own style). Must not
// know findings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace moat {

struct Point {
  double x = 0;
  double y = 0;
};

enum class Anchor : unsigned char { start, middle, end };

/// Coordinates in pixels from the upper left. Text may be hostile; class names are ours: see the style in
/// canvas.cpp, which page.css repeats for both themes.
class Canvas {
 public:
  /// `id` is unique in a page. The title names the picture, the description says what it shows in words.
  Canvas(std::string id, double width, std::string title, std::string description);

  void line(Point from, Point to, std::string_view style);
  void box(Point corner, double width, double height, std::string_view style, std::string_view title = "");
  void text(Point at, std::string_view text, std::string_view style = "t", Anchor anchor = Anchor::start);
  void shape(const std::vector<Point>& corners, std::string_view style, bool closed);
  /// One of six marks that differ by form, so that they need no colour; filled, or its outline alone.
  void mark(Point at, std::size_t series, std::string_view title = "", bool filled = true);
  void set_height(double height) { height_ = height; }
  [[nodiscard]] double width() const { return width_; }

  /// For a page.
  [[nodiscard]] std::string element() const;
  /// A file of its own, in light colours.
  [[nodiscard]] std::string document() const;

 private:
  [[nodiscard]] std::string opening() const;
  std::string id_;
  double width_;
  double height_ = 0;
  std::string title_;
  std::string description_;
  std::string body_;
};

/// Style of series `i`: "f0" to "f7" fill, "k0" to "k7" stroke; they repeat.
[[nodiscard]] std::string series_style(char kind, std::size_t series);

/// At most `most` characters, the last "…" where something is cut.
[[nodiscard]] std::string cut(std::string_view text, std::size_t most);

}  // namespace moat
