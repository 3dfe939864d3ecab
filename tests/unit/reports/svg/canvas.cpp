// A canvas writes elements of SVG, and no text breaks out of them.
#include "reports/svg/canvas.h"

#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

template <class Draw>
std::string body_of(Draw draw) {
  Canvas canvas("id", 100, "title", "about");
  draw(canvas);
  return canvas.body();
}

}  // namespace

TEST_CASE("coordinates are written to a tenth of a pixel, and never as minus zero") {
  CHECK(body_of([](Canvas& canvas) {
          canvas.line({1.26, -0.04}, {3, 4.249}, "g");
        }) == "<path class=\"g\" d=\"M1.3 0L3 4.2\"/>\n");
}

TEST_CASE("a text is anchored at its start, its middle or its end") {
  CHECK(body_of([](Canvas& canvas) {
          canvas.text({1, 2}, "<a>", "s");
        }) == "<text class=\"s\" x=\"1\" y=\"2\">&lt;a&gt;</text>\n");
  CHECK_THAT(body_of([](Canvas& canvas) {
               canvas.text({1, 2}, "a", "s", Anchor::middle);
             }),
             ContainsSubstring("class=\"s c\""));
  CHECK_THAT(body_of([](Canvas& canvas) {
               canvas.text({1, 2}, "a", "s", Anchor::end);
             }),
             ContainsSubstring("class=\"s e\""));
}

TEST_CASE("several lines are one path, and none are nothing") {
  CHECK(body_of([](Canvas& canvas) {
          canvas.lines({{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}}, "g");
        }) == "<path class=\"g\" d=\"M1 2L3 4M5 6L7 8\"/>\n");
  CHECK(body_of([](Canvas& canvas) { canvas.lines({}, "g"); }).empty());
  CHECK(body_of([](Canvas& canvas) { canvas.shape({}, "g", true); }).empty());
}

TEST_CASE("a closed shape returns to where it began, an open one does not") {
  CHECK(body_of([](Canvas& canvas) {
          canvas.shape({{1, 2}, {3, 4}, {5, 6}}, "b", true);
        }) == "<path class=\"b\" d=\"M1 2L3 4L5 6Z\"/>\n");
  CHECK(body_of([](Canvas& canvas) {
          canvas.shape({{1, 2}, {3, 4}}, "r", false);
        }) == "<path class=\"r\" d=\"M1 2L3 4\"/>\n");
}

TEST_CASE("an interval is a line between two whiskers around it") {
  CHECK(body_of([](Canvas& canvas) {
          canvas.interval({10, 20}, 50);
        }) == "<path class=\"w\" d=\"M10 50H20M10 47v6M20 47v6\"/>\n");
}

TEST_CASE("a box has a tooltip if it is given one") {
  CHECK(body_of([](Canvas& canvas) {
          canvas.box({1, 2}, 3, 4, "f0");
        }) == "<rect class=\"f0\" x=\"1\" y=\"2\" width=\"3\" height=\"4\"/>\n");
  CHECK_THAT(body_of([](Canvas& canvas) {
               canvas.box({1, 2}, 3, 4, "f0", "\"&");
             }),
             ContainsSubstring("><title>&quot;&amp;</title></rect>"));
}

TEST_CASE("colours repeat after eight and forms after ten; a hollow mark is stroked") {
  const auto mark = [](const Look& look) {
    return body_of([&](Canvas& canvas) { canvas.mark({1, 2}, look); });
  };
  CHECK(mark({0, 0}) == mark({8, 10}));
  CHECK(mark({0, 0}) != mark({0, 1}));
  CHECK(mark({0, 0}) != mark({1, 0}));
  CHECK(mark({9, 0}).starts_with("<path class=\"f1\" d=\"M1 2m"));
  CHECK(mark({9, 0, false}).starts_with("<path class=\"o k1\" d=\"M1 2m"));
}

TEST_CASE("a group has the tags that it is hidden by, and only these") {
  CHECK(tag_attributes({}) == "");
  CHECK(tag_attributes({3, "x:0", "gemm", "f32"}) ==
        " data-row=\"3\" data-device=\"x:0\" data-operator=\"gemm\" data-type=\"f32\"");
  CHECK(body_of([](Canvas& canvas) {
          canvas.open_block(5, 17, {4});
          canvas.close();
        }) == "<g transform=\"translate(0 5)\" data-height=\"17\" data-row=\"4\">\n</g>\n");
  CHECK_THAT(body_of([](Canvas& canvas) { canvas.open_block(5, 17, {}, true); }),
             ContainsSubstring(" data-fixed=\"1\""));
  CHECK(body_of([](Canvas& canvas) { canvas.open({}, "a<b"); }) == "<g><title>a&lt;b</title>\n");
}
