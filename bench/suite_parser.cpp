// From a suite's text to problems. The text is hostile until checked: its size, line length and nesting are
// bounded before TOML is parsed, and every message says where.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "bench/suite.h"
#include "kernels/error.h"
#include "kernels/text.h"

namespace moat {
namespace {

constexpr std::size_t longest_message = 600;

/// Fit for a terminal: control characters become '?', and what is too long is cut between UTF-8 characters.
std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  if (text.size() <= longest_message) return text;
  std::size_t end = longest_message;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 80;
  return text.size() <= longest ? fmt::format("'{}'", text)
                                : printable(fmt::format("'{}'…", text.substr(0, longest)));
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

class SuiteParser {
 public:
  SuiteParser(std::string_view text, std::string_view origin) : text_(text), origin_(origin) {}
  Suite parse();

 private:
  using Position = toml::source_position;

  [[noreturn]] void fail(Position at, const std::string& message) const {
    throw UsageError(printable(fmt::format("{}:{}:{}: {}", origin_, at.line, at.column, message)));
  }
  [[noreturn]] void fail(const toml::node& at, const std::string& message) const {
    fail(at.source().begin, message);
  }

  void check_extent() const;
  void check_characters(std::string_view line, Position at) const;
  void check_fields(const toml::table& table, std::string_view place,
                    std::span<const std::string> known) const;
  std::string string_of(const toml::node& node, std::string_view what) const;
  std::string line_of_text(const toml::table& table, std::string_view field) const;
  double seconds(const toml::table& table, std::string_view field, double otherwise) const;
  const toml::array& array_of(const toml::node& node, std::string_view what) const;
  std::vector<std::string> types_of(const toml::node& node) const;

  void read_defaults(const toml::table& document);
  void read_problem(const toml::table& table);
  void add_problem(const toml::node& at, const std::string& key, const std::string& workload);

  std::string_view text_;
  std::string origin_;
  Suite suite_;
  std::string default_workload_;
  std::vector<std::string> default_types_;
  std::unordered_map<std::string, Position> seen_;  // by canonical key
};

void SuiteParser::check_extent() const {
  if (text_.size() > SuiteLimits::file_bytes) {
    throw UsageError(printable(fmt::format("{}: a suite holds at most {} bytes; split it into several files",
                                           origin_, SuiteLimits::file_bytes)));
  }
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  std::string_view text = text_;
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  Position at{1, 1};
  for (const std::string_view line : split(text, '\n')) {
    // A line bounds how deep dotted keys can nest; cmake/toml.cmake bounds values.
    if (line.size() > SuiteLimits::line_bytes) {
      fail(at, fmt::format("a line holds at most {} bytes; break it", SuiteLimits::line_bytes));
    }
    check_characters(line, at);
    ++at.line;
  }
}

/// toml++ (3.3 and 3.4) runs into undefined behaviour when it asks whether a character beyond ASCII is white
/// space, as it does outside texts, in malformed values and in texts of several lines. So such characters
/// stand only where it never asks: in comments, and in the text of a line `field = "text"`.
void SuiteParser::check_characters(std::string_view line, Position at) const {
  const std::size_t free_text = start_of_text(line);
  char quote = '\0';
  bool free = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (static_cast<unsigned char>(c) >= 0x80 && !free) {
      fail(at,
           "a character beyond ASCII stands only in comments and in the text of a line like name = \"…\"");
    }
    if (quote == '\0') {
      if (c == '#') return;
      if (c == '"' || c == '\'') {
        if (line.substr(i).starts_with(std::string(3, c))) {
          fail(at, "a text stands on one line, between two quotation marks");
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

void SuiteParser::check_fields(const toml::table& table, std::string_view place,
                               std::span<const std::string> known) const {
  for (const auto& [key, value] : table) {
    if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
    fail(key.source().begin, fmt::format("unknown field {} in {}.{} Known: {}.", quoted(key.str()), place,
                                         did_you_mean(key.str(), known), join(known, ", ")));
  }
}

std::string SuiteParser::string_of(const toml::node& node, std::string_view what) const {
  const auto* value = node.as_string();
  if (value == nullptr) fail(node, fmt::format("{} is a text in quotes", what));
  if (value->get().size() > SuiteLimits::text_bytes) {
    fail(node, fmt::format("{} holds at most {} bytes", what, SuiteLimits::text_bytes));
  }
  return value->get();
}

/// Text that goes into tables and records: one line, not blank. Empty if the field is absent.
std::string SuiteParser::line_of_text(const toml::table& table, std::string_view field) const {
  const toml::node* node = table.get(field);
  if (node == nullptr) return "";
  std::string text = string_of(*node, field);
  const auto control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (text.find_first_not_of(' ') == std::string::npos || std::any_of(text.begin(), text.end(), control)) {
    fail(*node, fmt::format("{} is one line of text, not empty and without control characters", field));
  }
  return text;
}

double SuiteParser::seconds(const toml::table& table, std::string_view field, double otherwise) const {
  constexpr double longest = 7 * 24 * 3600;
  const toml::node* node = table.get(field);
  if (node == nullptr) return otherwise;
  const double value = node->is_number() ? node->value<double>().value_or(0) : 0;
  if (!std::isfinite(value) || value <= 0 || value > longest) {
    fail(*node, fmt::format("{} is a number of seconds above 0 and at most {}", field, longest));
  }
  return value;
}

const toml::array& SuiteParser::array_of(const toml::node& node, std::string_view what) const {
  const toml::array* array = node.as_array();
  if (array == nullptr || array->empty()) {
    fail(node, fmt::format("{} is a list in brackets with at least one entry", what));
  }
  return *array;
}

std::vector<std::string> SuiteParser::types_of(const toml::node& node) const {
  static const std::vector<std::string> known = [] {
    std::vector<std::string> names;
    for (auto type = Type::f64; type <= Type::i32; type = static_cast<Type>(static_cast<int>(type) + 1)) {
      names.emplace_back(name(type));
    }
    return names;
  }();
  std::vector<std::string> types;
  for (const toml::node& entry : array_of(node, "types")) {
    std::string type = string_of(entry, "a type");
    if (!parse_type(type)) {
      fail(entry, fmt::format("unknown type {}.{} Known: {}.", quoted(type), did_you_mean(type, known),
                              join(known, ", ")));
    }
    if (std::find(types.begin(), types.end(), type) != types.end()) {
      fail(entry, fmt::format("type {} is listed twice; remove one", type));
    }
    types.push_back(std::move(type));
  }
  return types;
}

void SuiteParser::read_defaults(const toml::table& document) {
  static const std::vector<std::string> known{"workload", "types"};
  const toml::node* node = document.get("defaults");
  if (node == nullptr) return;
  const toml::table* defaults = node->as_table();
  if (defaults == nullptr) fail(*node, "defaults is a table: write [defaults] on a line of its own");
  check_fields(*defaults, "[defaults]", known);
  default_workload_ = line_of_text(*defaults, "workload");
  if (const toml::node* types = defaults->get("types")) default_types_ = types_of(*types);
}

void SuiteParser::add_problem(const toml::node& at, const std::string& key, const std::string& workload) {
  if (suite_.problems.size() == SuiteLimits::problems) {
    fail(at, fmt::format("a suite holds at most {} problems; split it into several files",
                         SuiteLimits::problems));
  }
  std::shared_ptr<const Problem> problem;
  try {
    problem = parse_problem(key);
  } catch (const UsageError& error) {
    fail(at, error.what());
  }
  const Position position = at.source().begin;
  const auto [first, added] = seen_.emplace(problem->key(), position);
  if (!added) {
    fail(position, fmt::format("problem {} is listed twice, first at {}:{}; remove one", first->first,
                               first->second.line, first->second.column));
  }
  suite_.problems.push_back({std::move(problem), workload, position.line});
}

void SuiteParser::read_problem(const toml::table& table) {
  static const std::vector<std::string> known{"workload", "key", "keys", "types"};
  check_fields(table, "[[problem]]", known);
  std::string workload = line_of_text(table, "workload");
  if (workload.empty()) workload = default_workload_;
  if (workload.empty()) {
    fail(table, "this problem has no workload; say in words where it comes from: workload = \"…\"");
  }
  const toml::node* types_node = table.get("types");
  const std::vector<std::string> types = types_node != nullptr ? types_of(*types_node) : default_types_;

  const toml::node* key = table.get("key");
  const toml::node* keys = table.get("keys");
  if ((key == nullptr) == (keys == nullptr)) {
    fail(table,
         fmt::format("a problem has either key or keys, e.g. key = \"{}\"", operators()[0]->key_example()));
  }
  const auto expand = [&](const toml::node& node) {
    const std::string text = string_of(node, "key");
    const std::string_view arguments =
        std::string_view(text).substr(std::min(text.find(':') + 1, text.size()));
    const std::vector<std::string_view> parts = split(arguments, ',');
    const bool typed =
        std::any_of(parts.begin(), parts.end(), [](auto part) { return part.starts_with("type="); });
    if (typed && types_node != nullptr) {
      fail(node, fmt::format("{} names its type and types is given too; keep one of them", quoted(text)));
    }
    if (typed || types.empty()) return add_problem(node, text, workload);
    for (const std::string& type : types) add_problem(node, fmt::format("{},type={}", text, type), workload);
  };
  if (key != nullptr) return expand(*key);
  for (const toml::node& node : array_of(*keys, "keys")) expand(node);
}

Suite SuiteParser::parse() {
  check_extent();
  toml::table document;
  try {
    document = toml::parse(text_, origin_);
  } catch (const toml::parse_error& error) {
    fail(error.source().begin, fmt::format("not TOML here: {}", error.description()));
  }
  static const std::vector<std::string> known{"name",           "description", "source", "case_seconds",
                                              "device_seconds", "defaults",    "problem"};
  check_fields(document, "a suite", known);
  suite_.origin = origin_;
  suite_.name = line_of_text(document, "name");
  suite_.description = line_of_text(document, "description");
  if (suite_.name.empty() || suite_.description.empty()) {
    fail(Position{1, 1}, fmt::format("the suite has no {0}; write {0} = \"…\" at the top",
                                     suite_.name.empty() ? "name" : "description"));
  }
  suite_.source = line_of_text(document, "source");
  suite_.case_seconds = seconds(document, "case_seconds", suite_.case_seconds);
  suite_.device_seconds = seconds(document, "device_seconds", suite_.device_seconds);
  read_defaults(document);
  const toml::node* problems = document.get("problem");
  if (problems == nullptr)
    fail(Position{1, 1}, "the suite has no problems; add a [[problem]] table with a key");
  for (const toml::node& entry : array_of(*problems, "problem")) {
    const toml::table* table = entry.as_table();
    if (table == nullptr) fail(entry, "a problem is a table: write [[problem]] on a line of its own");
    read_problem(*table);
  }
  return std::move(suite_);
}

}  // namespace

Suite parse_suite(std::string_view text, std::string_view origin) {
  return SuiteParser(text, origin).parse();
}

}  // namespace moat
