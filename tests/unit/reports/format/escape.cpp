// Hostile text in every format that a report is written in.
#include "reports/format/escape.h"

#include "tests/catch.h"

using Catch::Matchers::ContainsSubstring;

TEST_CASE("text that would be markup stays text") {
  CHECK(moat::html_text("<script>alert(1)</script>") == "&lt;script&gt;alert(1)&lt;/script&gt;");
  CHECK(moat::html_text("\" onload='x' &amp;") == "&quot; onload=&#39;x&#39; &amp;amp;");
}

TEST_CASE("JSON in a script element cannot end it, and reads back as it was") {
  const std::string text = "</script><!-- & \xE2\x80\xA8 \xE2\x80\xA9 \"quoted\"";
  const std::string json = moat::script_json({{"text", text}});
  CHECK(json.find_first_of("<>&") == std::string::npos);
  CHECK(json.find("\xE2\x80\xA8") == std::string::npos);
  CHECK(moat::Json::parse(json).at("text") == text);
}

TEST_CASE("Markdown keeps text out of its markup") {
  const std::string text = moat::markdown_text("a|b *c* [d](javascript:e) <img> `f` https://g www.h @i");
  for (const char* markup : {" *c", "](", "<img", " `f", "https://", "www.", " @i"})
    CHECK(text.find(markup) == std::string::npos);
  CHECK_THAT(text, ContainsSubstring("a\\|b"));
  CHECK(moat::markdown_text("- item").starts_with("\\-"));
}

TEST_CASE("Markdown has entities for what HTML would take for its own") {
  CHECK(moat::markdown_text("a > b & <c>") == "a &gt; b &amp; &lt;c&gt;");
}
