// What each format asks of text.
#include "reports/format/escape.h"

#include "base/text.h"

namespace moat {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

bool is_harmful(char32_t code) {
  if (code < 0x20 || (code >= 0x7F && code < 0xA0)) return true;
  if (code == 0x061C || code == 0x200E || code == 0x200F) return true;                        // marks
  if ((code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069)) return true;  // overrides
  if (code == 0x2028 || code == 0x2029 || code == 0xFEFF) return true;                        // line ends
  return (code & 0xFFFEU) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF);                    // nothing
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace

std::string clean_text(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint character = first_code_point(text.substr(at));
    if (character.value == '\t' || character.value == '\n' || character.value == '\r') {
      made += ' ';
    } else if (!character.is_valid || is_harmful(character.value)) {
      made += replacement;
    } else {
      made += text.substr(at, character.bytes);
    }
    at += character.bytes;
  }
  return made;
}

std::string html_text(std::string_view text) {
  std::string made;
  for (const char c : clean_text(text)) {
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
  for (const char c : clean_text(text)) {
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
