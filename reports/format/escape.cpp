// What each format asks of text.
#include "reports/format/escape.h"

#include "base/text.h"

namespace moat {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string made;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        made += "&amp;";
        break;
      case '<':
        made += "&lt;";
        break;
      case '>':
        made += "&gt;";
        break;
      case '"':
        made += "&quot;";
        break;
      case '\'':
        made += "&#39;";
        break;
      default:
        made += c;
    }
  }
  return made;
}

std::string script_json(const Json& value) {
  const std::string text = strict_json(value);
  std::string made;
  made.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '<') {
      made += "\\u003c";
    } else if (c == '>') {
      made += "\\u003e";
    } else if (c == '&') {
      made += "\\u0026";
    } else if (text.compare(at, 3, "\xE2\x80\xA8") == 0 || text.compare(at, 3, "\xE2\x80\xA9") == 0) {
      made += text[at + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      at += 2;
    } else {
      made += c;
    }
  }
  return made;
}

std::string markdown_text(std::string_view text) {
  std::string made;
  for (const char c : printable(text)) {
    if (c == '&') {
      made += "&amp;";
    } else if (c == '<') {
      made += "&lt;";
    } else if (c == '>') {
      made += "&gt;";
    } else {
      if (std::string_view("\\`*_{}[]()#!|~").find(c) != std::string_view::npos) made += '\\';
      made += c;
    }
  }
  // Bare addresses would become links.
  replace_all(made, "://", ":&#47;&#47;");
  replace_all(made, "www.", "www&#46;");
  replace_all(made, "@", "&#64;");
  // What would begin a list or a heading at the start of a line.
  if (!made.empty() && (made.front() == '-' || made.front() == '+' || made.front() == '='))
    made.insert(made.begin(), '\\');
  return made;
}

}  // namespace moat
