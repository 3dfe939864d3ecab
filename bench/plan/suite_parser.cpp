// From a suite's text to problems. The text is hostile until checked, and every message says where.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/error.h"
#include "base/text.h"
#include "base/toml_document.h"
#include "bench/plan/suite.h"

namespace moat {
namespace {

class SuiteParser {
 public:
  SuiteParser(std::string_view text, std::string_view origin)
      : origin_(origin),
        document_(text, origin_,
                  {"a suite", SuiteLimits::file_bytes, SuiteLimits::line_bytes, SuiteLimits::text_bytes}) {}
  Suite parse();

 private:
  using Position = TomlDocument::Position;

  double seconds(const toml::table& table, std::string_view field, double otherwise) const;
  std::uint64_t rounds(const toml::table& table) const;
  std::vector<std::string> types_of(const toml::node& node) const;

  void read_defaults(const toml::table& document);
  void read_problem(const toml::table& table);
  void add_problem(const toml::node& at, const std::string& key, const std::string& workload);

  std::string origin_;
  TomlDocument document_;
  Suite suite_;
  std::string default_workload_;
  std::vector<std::string> default_types_;
  std::unordered_map<std::string, Position> seen_;  // by canonical key
};

double SuiteParser::seconds(const toml::table& table, std::string_view field, double otherwise) const {
  constexpr double longest = 7 * 24 * 3600;
  const toml::node* node = table.get(field);
  if (node == nullptr) return otherwise;
  const double value = node->is_number() ? node->value<double>().value_or(0) : 0;
  if (!std::isfinite(value) || value <= 0 || value > longest) {
    document_.fail(*node, fmt::format("{} is a number of seconds above 0 and at most {}", field, longest));
  }
  return value;
}

std::uint64_t SuiteParser::rounds(const toml::table& table) const {
  const toml::node* node = table.get("rounds");
  if (node == nullptr) return 1;
  const std::int64_t value = node->is_integer() ? node->value<std::int64_t>().value_or(0) : 0;
  if (value < 1 || value > static_cast<std::int64_t>(SuiteLimits::rounds))
    document_.fail(*node, fmt::format("rounds is a whole number from 1 to {}", SuiteLimits::rounds));
  return static_cast<std::uint64_t>(value);
}

std::vector<std::string> SuiteParser::types_of(const toml::node& node) const {
  std::vector<std::string> types;
  for (const toml::node& entry : document_.array_of(node, "types")) {
    std::string type = document_.string_of(entry, "a type");
    if (!parse_type(type)) {
      document_.fail(entry, fmt::format("unknown type {}.{} Known: {}.", quoted_text(type),
                                        did_you_mean(type, type_names()), join(type_names(), ", ")));
    }
    if (std::find(types.begin(), types.end(), type) != types.end()) {
      document_.fail(entry, fmt::format("type {} is listed twice; remove one", type));
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
  if (defaults == nullptr)
    document_.fail(*node, "defaults is a table: write [defaults] on a line of its own");
  document_.check_fields(*defaults, "[defaults]", known);
  default_workload_ = document_.line_of_text(*defaults, "workload");
  if (const toml::node* types = defaults->get("types")) default_types_ = types_of(*types);
}

void SuiteParser::add_problem(const toml::node& at, const std::string& key, const std::string& workload) {
  if (suite_.problems.size() == SuiteLimits::problems) {
    document_.fail(at, fmt::format("a suite holds at most {} problems; split it into several files",
                                   SuiteLimits::problems));
  }
  std::shared_ptr<const Problem> problem;
  try {
    problem = parse_problem(key);
  } catch (const UsageError& error) {
    document_.fail(at, error.what());
  }
  const Position position = at.source().begin;
  const auto [first, added] = seen_.emplace(problem->key(), position);
  if (!added) {
    document_.fail(position, fmt::format("problem {} is listed twice, first at {}:{}; remove one",
                                         first->first, first->second.line, first->second.column));
  }
  suite_.problems.push_back({std::move(problem), workload, position.line});
}

void SuiteParser::read_problem(const toml::table& table) {
  static const std::vector<std::string> known{"workload", "key", "keys", "types"};
  document_.check_fields(table, "[[problem]]", known);
  std::string workload = document_.line_of_text(table, "workload");
  if (workload.empty()) workload = default_workload_;
  if (workload.empty()) {
    document_.fail(table, "this problem has no workload; say in words where it comes from: workload = \"…\"");
  }
  const toml::node* types_node = table.get("types");
  const std::vector<std::string> types = types_node != nullptr ? types_of(*types_node) : default_types_;

  const toml::node* key = table.get("key");
  const toml::node* keys = table.get("keys");
  if ((key == nullptr) == (keys == nullptr)) {
    document_.fail(table, fmt::format("a problem has either key or keys, e.g. key = \"{}\"",
                                      operators()[0]->key_example()));
  }
  const auto expand = [&](const toml::node& node) {
    const std::string text = document_.string_of(node, "key");
    const std::string_view arguments =
        std::string_view(text).substr(std::min(text.find(':') + 1, text.size()));
    const std::vector<std::string_view> parts = split(arguments, ',');
    const bool typed =
        std::any_of(parts.begin(), parts.end(), [](auto part) { return part.starts_with("type="); });
    if (typed && types_node != nullptr) {
      document_.fail(
          node, fmt::format("{} names its type and types is given too; keep one of them", quoted_text(text)));
    }
    if (typed || types.empty()) return add_problem(node, text, workload);
    for (const std::string& type : types) add_problem(node, fmt::format("{},type={}", text, type), workload);
  };
  if (key != nullptr) return expand(*key);
  for (const toml::node& node : document_.array_of(*keys, "keys")) expand(node);
}

Suite SuiteParser::parse() {
  const toml::table& document = document_.root();
  static const std::vector<std::string> known{"name",         "description",    "source",
                                              "case_seconds", "device_seconds", "first_use_seconds",
                                              "rounds",       "defaults",       "problem"};
  document_.check_fields(document, "a suite", known);
  suite_.origin = origin_;
  suite_.name = document_.line_of_text(document, "name");
  suite_.description = document_.line_of_text(document, "description");
  if (suite_.name.empty() || suite_.description.empty()) {
    document_.fail(Position{1, 1}, fmt::format("the suite has no {0}; write {0} = \"…\" at the top",
                                               suite_.name.empty() ? "name" : "description"));
  }
  suite_.source = document_.line_of_text(document, "source");
  suite_.case_seconds = seconds(document, "case_seconds", suite_.case_seconds);
  suite_.device_seconds = seconds(document, "device_seconds", suite_.device_seconds);
  suite_.first_use_seconds = seconds(document, "first_use_seconds", suite_.first_use_seconds);
  suite_.rounds = rounds(document);
  read_defaults(document);
  const toml::node* problems = document.get("problem");
  if (problems == nullptr)
    document_.fail(Position{1, 1}, "the suite has no problems; add a [[problem]] table with a key");
  for (const toml::node& entry : document_.array_of(*problems, "problem")) {
    const toml::table* table = entry.as_table();
    if (table == nullptr)
      document_.fail(entry, "a problem is a table: write [[problem]] on a line of its own");
    read_problem(*table);
  }
  return std::move(suite_);
}

}  // namespace

Suite parse_suite(std::string_view text, std::string_view origin) {
  return SuiteParser(text, origin).parse();
}

}  // namespace moat
