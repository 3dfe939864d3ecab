// SVG as text.
#include "reports/svg/canvas.h"

#include <fmt/format.h>

#include "base/terminal.h"
#include "reports/format/escape.h"

namespace moat {
namespace {

constexpr std::string_view style_sheet =
    "svg{background:#fff;font:12px system-ui,'Liberation Sans',Arial,sans-serif}"
    ".t{fill:#1b1f24}.h{fill:#1b1f24;font-weight:600}.m{fill:#57606a}.s{fill:#57606a;font-size:11px}"
    ".g{stroke:#d8dee4;fill:none}.z{stroke:#1b1f24;fill:none}.w{stroke:#1b1f24;stroke-width:1.5;fill:none}"
    ".f0{fill:#0b62a8}.f1{fill:#b3500b}.f2{fill:#1a7f4b}.f3{fill:#7a35c9}.f4{fill:#a8003f}.f5{fill:#5b6770}"
    ".f6{fill:#00798a}.f7{fill:#856900}.k0{stroke:#0b62a8}.k1{stroke:#b3500b}.k2{stroke:#1a7f4b}"
    ".k3{stroke:#7a35c9}.k4{stroke:#a8003f}.k5{stroke:#5b6770}.k6{stroke:#00798a}.k7{stroke:#856900}"
    ".r{fill:none;stroke-width:1.75}.d{fill:none;stroke-width:1.75;stroke-dasharray:6 4}.b{opacity:.12}"
    ".full{fill:#dcefe3}.part{fill:#fbeecb}.none{fill:#eef0f2}.bad{fill:#fbdcd9}";

std::string style_attribute(std::string_view style) {
  return fmt::format(" class=\"{}\"", style);
}

std::string title_element(std::string_view title) {
  return title.empty() ? "" : fmt::format("<title>{}</title>", html_text(title));
}

}  // namespace

Canvas::Canvas(std::string id, double width, std::string title, std::string description)
    : id_(std::move(id)), width_(width), title_(std::move(title)), description_(std::move(description)) {}

void Canvas::line(Point from, Point to, std::string_view style) {
  body_ += fmt::format("<path{} d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\"/>\n", style_attribute(style), from.x,
                       from.y, to.x, to.y);
}

void Canvas::box(Point corner, double width, double height, std::string_view style, std::string_view title) {
  body_ += fmt::format("<rect{} x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"",
                       style_attribute(style), corner.x, corner.y, width, height);
  body_ += title.empty() ? "/>\n" : fmt::format(">{}</rect>\n", title_element(title));
}

void Canvas::text(Point at, std::string_view text, std::string_view style, Anchor anchor) {
  static constexpr std::string_view middle = " text-anchor=\"middle\"";
  static constexpr std::string_view end = " text-anchor=\"end\"";
  body_ += fmt::format("<text{}{} x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", style_attribute(style),
                       anchor == Anchor::middle ? middle
                       : anchor == Anchor::end  ? end
                                                : "",
                       at.x, at.y, html_text(text));
}

void Canvas::shape(const std::vector<Point>& corners, std::string_view style, bool closed) {
  if (corners.empty()) return;
  std::string path;
  for (const Point& corner : corners)
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", corner.x, corner.y);
  body_ += fmt::format("<path{} d=\"{}{}\"/>\n", style_attribute(style), path, closed ? "Z" : "");
}

void Canvas::mark(Point at, std::size_t series, std::string_view title, bool filled) {
  static constexpr std::array<std::string_view, 6> forms{"m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
                                                         "m-3.5-3.5h7v7h-7z",
                                                         "m0-4.5l4.5 8h-9z",
                                                         "m0-5l4 5l-4 5l-4-5z",
                                                         "m0 4.5l4.5-8h-9z",
                                                         "m-4.5-1.5h3v-3h3v3h3v3h-3v3h-3v-3h-3z"};
  body_ += fmt::format("<path{} d=\"M{:.1f} {:.1f}{}\"",
                       style_attribute(filled ? series_style('f', series) : "r " + series_style('k', series)),
                       at.x, at.y, forms.at(series % forms.size()));
  body_ += title.empty() ? "/>\n" : fmt::format(">{}</path>\n", title_element(title));
}

std::string Canvas::opening() const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
      "height=\"{1:.0f}\" role=\"img\" aria-labelledby=\"{2}-title {2}-about\"><title id=\"{2}-title\">{3}"
      "</title><desc id=\"{2}-about\">{4}</desc>\n",
      width_, height_, id_, html_text(title_), html_text(description_));
}

std::string Canvas::element() const {
  return opening() + body_ + "</svg>\n";
}

std::string Canvas::document() const {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- moat report -->\n{}<style>{}</style>\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{}</svg>\n",
      opening(), style_sheet, body_);
}

std::string series_style(char kind, std::size_t series) {
  return fmt::format("{}{}", kind, series % 8);
}

std::string cut(std::string_view text, std::size_t most) {
  return shortened(clean_text(text), most);
}

}  // namespace moat
