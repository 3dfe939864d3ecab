// TOML from outside: what bounds it, what is refused before toml++ sees it, and the errors.
#include "base/toml_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/text.h"

namespace moat {
namespace {

constexpr std::size_t longest_message = 600;

/// Fit for a terminal: control characters become '?', and what is too long is cut between UTF-8 characters.
std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  if (text.size() <= longest_message) return text;
  std::size_t end = longest_message;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

/// Where the text of a line `field = "text"` begins, at its quotation mark; npos if the line is none.
std::size_t start_of_text(std::string_view line) {
  constexpr std::string_view blank = " \t";
  constexpr std::string_view word = "abcdefghijklmnopqrstuvwxyz_";
  const std::size_t field = line.find_first_not_of(blank);
  const std::size_t gap = line.find_first_not_of(word, field);
  const std::size_t equals = line.find_first_not_of(blank, gap);
  if (equals == std::string_view::npos || gap == field || equals == gap || line[equals] != '=') {
    return std::string_view::npos;
  }
  const std::size_t quote = line.find_first_not_of(blank, equals + 1);
  return quote != std::string_view::npos && (line[quote] == '"' || line[quote] == '\'')
             ? quote
             : std::string_view::npos;
}

bool is_refused_by_assertion(std::string_view text) {
  try {
    static_cast<void>(toml::parse(text));
  } catch (const TomlDefect&) {
    return true;
  } catch (const toml::parse_error&) {  // of a text that ends too early
  }
  return false;
}

/// The first line whose parsing violates an assertion of toml++; the whole text does.
toml::source_position place_of_defect(std::string_view text) {
  const std::vector<std::string_view> lines = split(text, '\n');
  const auto whole = std::partition_point(lines.begin(), lines.end(), [&](const std::string_view& line) {
    return !is_refused_by_assertion(text.substr(0, line.data() + line.size() - text.data()));
  });
  return {static_cast<toml::source_index>(whole - lines.begin()) + 1, 1};
}

}  // namespace

std::string quoted_text(std::string_view text) {
  constexpr std::size_t longest = 80;
  return text.size() <= longest ? fmt::format("'{}'", text)
                                : one_line(fmt::format("'{}'…", text.substr(0, longest)));
}

TomlDocument::TomlDocument(std::string_view text, std::string origin, TomlLimits limits)
    : origin_(std::move(origin)), limits_(std::move(limits)) {
  check_extent(text);
  parse(text);
}

void TomlDocument::parse(std::string_view text) {
  try {
    root_ = toml::parse(text, origin_);
  } catch (const toml::parse_error& error) {
    fail(error.source().begin, fmt::format("not TOML here: {}", error.description()));
  } catch (const TomlDefect&) {
    fail(place_of_defect(text),
         "not TOML here: in this line a name or a value is missing, or a bracket stands in its place");
  }
}

void TomlDocument::fail(Position at, const std::string& message) const {
  throw UsageError(one_line(fmt::format("{}:{}:{}: {}", origin_, at.line, at.column, message)));
}

void TomlDocument::fail(const toml::node& at, const std::string& message) const {
  fail(at.source().begin, message);
}

void TomlDocument::check_extent(std::string_view text) const {
  if (text.size() > limits_.file_bytes) {
    throw UsageError(one_line(fmt::format("{}: {} holds at most {} bytes; split it into several files",
                                          origin_, limits_.kind, limits_.file_bytes)));
  }
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  Position at{1, 1};
  for (const std::string_view line : split(text, '\n')) {
    // A line bounds how deep dotted keys can nest; cmake/toml.cmake bounds values.
    if (line.size() > limits_.line_bytes) {
      fail(at, fmt::format("a line holds at most {} bytes; break it", limits_.line_bytes));
    }
    check_characters(line, at);
    ++at.line;
  }
}

/// toml++ (3.3 and 3.4) runs into undefined behaviour when it asks whether a character beyond ASCII is white
/// space, as it does outside texts, in malformed values and in texts of several lines. So such characters
/// stand only where it never asks: in comments, and in the text of a line `field = "text"`.
void TomlDocument::check_characters(std::string_view line, Position at) const {
  const std::size_t free_text = start_of_text(line);
  char quote = '\0';
  bool free = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (static_cast<unsigned char>(c) >= 0x80 && !free) {
      fail(at,
           "a non-ASCII character is allowed only in comments and in the text of a line like name = \"…\"");
    }
    if (quote == '\0') {
      if (c == '#') return;
      if (c == '"' || c == '\'') {
        if (line.substr(i).starts_with(std::string(3, c))) {
          fail(at, "a text must be on one line, between two quotation marks");
        }
        quote = c;
        free = i == free_text;
      }
    } else if (quote == '"' && c == '\\' && line.find_first_of("\"\\", i + 1) == i + 1) {
      ++i;
      ++at.column;
    } else if (c == quote) {
      quote = '\0';
      free = false;
    }
    if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80U) ++at.column;
  }
}

void TomlDocument::check_fields(const toml::table& table, std::string_view place,
                                std::span<const std::string> known) const {
  for (const auto& [key, value] : table) {
    if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
    fail(key.source().begin, fmt::format("unknown field {} in {}.{} Known: {}.", quoted_text(key.str()),
                                         place, did_you_mean(key.str(), known), join(known, ", ")));
  }
}

std::string TomlDocument::string_of(const toml::node& node, std::string_view what) const {
  const auto* value = node.as_string();
  if (value == nullptr) fail(node, fmt::format("{} is a text in quotes", what));
  if (value->get().size() > limits_.text_bytes) {
    fail(node, fmt::format("{} holds at most {} bytes", what, limits_.text_bytes));
  }
  return value->get();
}

std::string TomlDocument::line_of(const toml::node& node, std::string_view what) const {
  std::string text = string_of(node, what);
  const auto control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (text.find_first_not_of(' ') == std::string::npos || std::any_of(text.begin(), text.end(), control)) {
    fail(node, fmt::format("{} is one line of text, not empty and without control characters", what));
  }
  return text;
}

std::string TomlDocument::line_of_text(const toml::table& table, std::string_view field) const {
  const toml::node* node = table.get(field);
  return node == nullptr ? "" : line_of(*node, field);
}

const toml::array& TomlDocument::array_of(const toml::node& node, std::string_view what) const {
  const toml::array* array = node.as_array();
  if (array == nullptr || array->empty()) {
    fail(node, fmt::format("{} is a list in brackets with at least one entry", what));
  }
  return *array;
}

const toml::table& TomlDocument::table_of(const toml::node& node, std::string_view remedy) const {
  const toml::table* table = node.as_table();
  if (table == nullptr) fail(node, std::string(remedy));
  return *table;
}

std::string read_toml_file(const std::string& path, std::string_view what, std::size_t file_bytes,
                           std::string_view otherwise) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    throw UsageError(
        fmt::format("{} file '{}': {}; {}", what, path, error ? error.message() : "no such file", otherwise));
  }
  if (!std::filesystem::is_regular_file(status)) {
    throw UsageError(fmt::format("{} file '{}' is not a regular file", what, path));
  }
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    throw UsageError(fmt::format("{} file '{}' cannot be opened: {}", what, path, std::strerror(errno)));
  }
  // One byte more than allowed tells "too large" apart without reading a huge file.
  std::string text(file_bytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) {
    throw UsageError(fmt::format("{} file '{}' cannot be read: {}", what, path, std::strerror(errno)));
  }
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

}  // namespace moat
