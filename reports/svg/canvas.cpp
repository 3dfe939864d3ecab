// SVG as text.
#include "reports/svg/canvas.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/terminal.h"
#include "base/text.h"
#include "reports/format/escape.h"

namespace moat {
namespace {

/// A tenth of a pixel is enough; whole ones are written without a point.
std::string pixels(double value) {
  const double rounded = std::round(value * 10) / 10;
  return fmt::format("{:g}", rounded == 0 ? 0.0 : rounded);
}

std::string place(Point at) {
  return fmt::format("{} {}", pixels(at.x), pixels(at.y));
}

std::string class_attribute(std::string_view style) {
  return fmt::format(" class=\"{}\"", style);
}

std::string title_element(std::string_view title) {
  return title.empty() ? "" : fmt::format("<title>{}</title>", html_text(title));
}

}  // namespace

std::string tag_attributes(const Tags& tags) {
  std::string made = tags.row ? fmt::format(" data-row=\"{}\"", *tags.row) : "";
  const std::array<std::pair<std::string_view, std::string_view>, 3> named{
      {{"device", tags.device}, {"operator", tags.operator_name}, {"type", tags.type}}};
  for (const auto& [name, value] : named) {
    if (!value.empty()) made += fmt::format(" data-{}=\"{}\"", name, html_text(value));
  }
  return made;
}

Canvas::Canvas(std::string id, double width, std::string title, std::string description)
    : id_(std::move(id)), width_(width), title_(std::move(title)), description_(std::move(description)) {}

void Canvas::line(Point from, Point to, std::string_view style) {
  lines({{from, to}}, style);
}

void Canvas::lines(const std::vector<std::pair<Point, Point>>& ends, std::string_view style) {
  if (ends.empty()) return;
  std::string path;
  for (const auto& [from, to] : ends) path += fmt::format("M{}L{}", place(from), place(to));
  body_ += fmt::format("<path{} d=\"{}\"/>\n", class_attribute(style), path);
}

void Canvas::box(Point corner, double width, double height, std::string_view style, std::string_view title) {
  body_ += fmt::format("<rect{} x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", class_attribute(style),
                       pixels(corner.x), pixels(corner.y), pixels(width), pixels(height));
  body_ += title.empty() ? "/>\n" : fmt::format(">{}</rect>\n", title_element(title));
}

void Canvas::text(Point at, std::string_view text, std::string_view style, Anchor anchor) {
  const std::string_view anchored = anchor == Anchor::middle ? " c" : anchor == Anchor::end ? " e" : "";
  body_ += fmt::format("<text class=\"{}{}\" x=\"{}\" y=\"{}\">{}</text>\n", style, anchored, pixels(at.x),
                       pixels(at.y), html_text(text));
}

void Canvas::shape(const std::vector<Point>& corners, std::string_view style, bool closed) {
  if (corners.empty()) return;
  std::string path;
  for (const Point& corner : corners) path += (path.empty() ? "M" : "L") + place(corner);
  body_ += fmt::format("<path{} d=\"{}{}\"/>\n", class_attribute(style), path, closed ? "Z" : "");
}

void Canvas::mark(Point at, const Look& look) {
  static constexpr std::array<std::string_view, 10> forms{
      "m-4 0a4 4 0 1 0 0-.1z",
      "m-3.5-3.5h7v7h-7z",
      "m0-4.5l4.5 8h-9z",
      "m0-5l4 5l-4 5l-4-5z",
      "m0 4.5l4.5-8h-9z",
      "m-4.5-1.5h3v-3h3v3h3v3h-3v3h-3v-3h-3z",
      "m4.5 0l-8-4.5v9z",
      "m-2.2-4.2l2.2 2.2l2.2-2.2l2 2l-2.2 2.2l2.2 2.2l-2 2l-2.2-2.2l-2.2 2.2l-2-2l2.2-2.2l-2.2-2.2z",
      "m-4.5 0l8-4.5v9z",
      "m0-5l1.5 3.2l3.5.4l-2.6 2.4l.7 3.5l-3.1-1.8l-3.1 1.8l.7-3.5l-2.6-2.4l3.5-.4z"};
  const std::string style =
      look.filled ? series_style('f', look.colour) : "o " + series_style('k', look.colour);
  body_ += fmt::format("<path{} d=\"M{}{}\"/>\n", class_attribute(style), place(at),
                       forms.at(look.form % forms.size()));
}

void Canvas::interval(const Interval& ends, double y) {
  const std::string low = pixels(ends.low);
  const std::string high = pixels(ends.high);
  const std::string top = pixels(y - 3);
  body_ +=
      fmt::format("<path class=\"w\" d=\"M{0} {1}H{2}M{0} {3}v6M{2} {3}v6\"/>\n", low, pixels(y), high, top);
}

void Canvas::open(const Tags& tags, std::string_view title) {
  body_ += fmt::format("<g{}>{}\n", tag_attributes(tags), title_element(title));
}

void Canvas::open_block(double y, double height, const Tags& tags, bool fixed) {
  body_ += fmt::format("<g transform=\"translate(0 {})\" data-height=\"{}\"{}{}>\n", pixels(y),
                       pixels(height), fixed ? " data-fixed=\"1\"" : "", tag_attributes(tags));
}

void Canvas::close() {
  body_ += "</g>\n";
}

std::string Canvas::element() const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "role=\"img\" aria-labelledby=\"{2}-title\" aria-describedby=\"{2}-about\"><title id=\"{2}-title\">{3}"
      "</title><desc id=\"{2}-about\">{4}</desc>\n{5}</svg>\n",
      pixels(width_), pixels(height_), html_text(id_), html_text(title_), html_text(description_), body_);
}

std::string series_style(char kind, std::size_t colour) {
  return fmt::format("{}{}", kind, colour % 8);
}

std::string cut(std::string_view text, std::size_t most) {
  return shortened(printable(text), most);
}

}  // namespace moat
