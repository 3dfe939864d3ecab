// From a catalogue file's text to chips: the format of README.md and nothing else. Whether a figure can be
// believed is the linter's question.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "adapters/catalogue/catalogue.h"
#include "base/text.h"
#include "base/toml_document.h"

namespace moat {
namespace {

using Names = std::vector<std::string>;

constexpr std::array confidences{Confidence::datasheet, Confidence::recalled, Confidence::secondary,
                                 Confidence::community, Confidence::inferred};
constexpr std::array scopes{ChipScope::die, ChipScope::chip, ChipScope::package, ChipScope::card};
constexpr std::array engines{Engine::vector, Engine::matrix};

class ChipParser {
 public:
  ChipParser(std::string_view text, std::string_view origin)
      : origin_(origin),
        document_(text, origin_,
                  {"a catalogue file", CatalogueLimits::file_bytes, CatalogueLimits::line_bytes,
                   CatalogueLimits::text_bytes}) {}
  std::vector<Chip> parse();

 private:
  /// The enumerator of a field's text; `otherwise` if the field is absent.
  template <typename Enum, std::size_t size>
  Enum choice(const toml::table& table, std::string_view field, const std::array<Enum, size>& known,
              Enum otherwise) const;
  const toml::array& list(const toml::node& node, std::string_view what) const;
  std::string slug(const toml::table& table, std::string_view field, std::string_view place) const;
  bool truth(const toml::table& table, std::string_view field, bool otherwise) const;
  double number(const toml::node& node, std::string_view what) const;
  std::uint32_t count(const toml::node& node, std::string_view what, std::int64_t least,
                      std::int64_t most) const;
  Type type(const toml::node& node) const;

  void read_sources(const toml::table& root);
  /// The fields that every figure has; its value stands in the field `quantity`.
  Figure read_figure(const toml::table& table, std::string_view quantity) const;
  std::optional<Figure> figure(const toml::table& table, std::string_view field,
                               std::string_view quantity) const;
  void read_peaks(const toml::table& table, Chip& chip) const;
  void read_memory(const toml::table& table, Chip& chip) const;
  Chip read_chip(const toml::table& table) const;

  std::string origin_;
  TomlDocument document_;
  std::string vendor_;
  std::map<std::string, std::string, std::less<>> sources_;
};

template <typename Enum, std::size_t size>
Enum ChipParser::choice(const toml::table& table, std::string_view field, const std::array<Enum, size>& known,
                        Enum otherwise) const {
  const toml::node* node = table.get(field);
  if (node == nullptr) return otherwise;
  const std::string text = document_.string_of(*node, field);
  Names names;
  for (const Enum value : known) {
    if (name(value) == text) return value;
    names.emplace_back(name(value));
  }
  document_.fail(*node, fmt::format("{} is one of {}, not {}", field, join(names, ", "), quoted_text(text)));
}

const toml::array& ChipParser::list(const toml::node& node, std::string_view what) const {
  const toml::array& array = document_.array_of(node, what);
  if (array.size() > CatalogueLimits::list) {
    document_.fail(node, fmt::format("{} holds at most {} entries", what, CatalogueLimits::list));
  }
  return array;
}

std::string ChipParser::slug(const toml::table& table, std::string_view field, std::string_view place) const {
  constexpr std::size_t longest = 40;
  std::string text = document_.line_of_text(table, field);
  const toml::node* node = table.get(field);
  if (node == nullptr) {
    document_.fail(table, fmt::format("this {} has no {}; write {} = \"…\"", place, field, field));
  }
  const bool clean = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (!clean || text.size() > longest || text.front() == '-' || text.back() == '-') {
    document_.fail(*node, fmt::format("{} is at most {} small letters, digits and '-' between them, like "
                                      "h100-sxm; not {}",
                                      field, longest, quoted_text(text)));
  }
  return text;
}

bool ChipParser::truth(const toml::table& table, std::string_view field, bool otherwise) const {
  const toml::node* node = table.get(field);
  if (node == nullptr) return otherwise;
  if (!node->is_boolean()) document_.fail(*node, fmt::format("{} is true or false, without quotes", field));
  return node->value<bool>().value_or(otherwise);
}

double ChipParser::number(const toml::node& node, std::string_view what) const {
  const double value = node.is_number() ? node.value<double>().value_or(0) : 0;
  if (!std::isfinite(value) || value <= 0) {
    document_.fail(node, fmt::format("{} is a number above 0, in the unit of the field's name; leave out "
                                     "what is unknown",
                                     what));
  }
  return value;
}

std::uint32_t ChipParser::count(const toml::node& node, std::string_view what, std::int64_t least,
                                std::int64_t most) const {
  const std::int64_t value = node.is_integer() ? node.value<std::int64_t>().value_or(0) : 0;
  if (value < least || value > most) {
    document_.fail(node, fmt::format("{} is a whole number from {} to {}", what, least, most));
  }
  return static_cast<std::uint32_t>(value);
}

Type ChipParser::type(const toml::node& node) const {
  const std::string text = document_.string_of(node, "a type");
  const std::optional<Type> type = parse_type(text);
  if (!type) {
    document_.fail(node, fmt::format("unknown type {}.{} Known: {}.", quoted_text(text),
                                     did_you_mean(text, type_names()), join(type_names(), ", ")));
  }
  return *type;
}

void ChipParser::read_sources(const toml::table& root) {
  const toml::node* node = root.get("sources");
  if (node == nullptr) return;
  for (const auto& [key, value] :
       document_.table_of(*node, "sources is a table: write [sources] on a line of its own")) {
    sources_.emplace(key.str(), document_.line_of(value, "a source"));
  }
}

Figure ChipParser::read_figure(const toml::table& table, std::string_view quantity) const {
  const toml::node* value = table.get(quantity);
  if (value == nullptr) {
    document_.fail(table, fmt::format("this figure has no {}: a number, "
                                      "or two in brackets where sources differ",
                                      quantity));
  }
  Figure figure;
  figure.line = table.source().begin.line;
  if (const toml::array* ends = value->as_array()) {
    if (ends->size() != 2) {
      document_.fail(*value, fmt::format("{} is a number, or [low, high]", quantity));
    }
    figure.low = number((*ends)[0], quantity);
    figure.high = number((*ends)[1], quantity);
  } else {
    figure.low = figure.high = number(*value, quantity);
  }
  figure.confidence = choice(table, "confidence", confidences, Confidence::unstated);
  figure.verified = truth(table, "verified", true);
  figure.scope = choice(table, "scope", scopes, ChipScope::unstated);
  figure.note = document_.line_of_text(table, "note");
  const toml::node* sources = table.get("sources");
  if (sources == nullptr) return figure;
  Names keys;
  for (const auto& [key, text] : sources_) keys.push_back(key);
  for (const toml::node& entry : list(*sources, "sources")) {
    const std::string key = document_.string_of(entry, "a source's key");
    const auto found = sources_.find(key);
    if (found == sources_.end()) {
      document_.fail(entry, fmt::format("no source {} in this file's [sources].{}", quoted_text(key),
                                        did_you_mean(key, keys)));
    }
    figure.sources.push_back(found->second);
    figure.source_keys.push_back(key);
  }
  return figure;
}

std::optional<Figure> ChipParser::figure(const toml::table& table, std::string_view field,
                                         std::string_view quantity) const {
  const toml::node* node = table.get(field);
  if (node == nullptr) return std::nullopt;
  const toml::table& inner = document_.table_of(
      *node, fmt::format("{0} is a table: {0} = {{ {1} = …, confidence = \"…\", sources = [\"…\"] }}", field,
                         quantity));
  const Names known{std::string(quantity), "confidence", "verified", "scope", "note", "sources"};
  document_.check_fields(inner, field, known);
  return read_figure(inner, quantity);
}

void ChipParser::read_peaks(const toml::table& table, Chip& chip) const {
  static const Names known{"types",    "accumulate", "engine",      "operations_per_second",
                           "dense",    "confidence", "clock_hertz", "exception",
                           "verified", "scope",      "note",        "sources"};
  const toml::node* node = table.get("peak");
  if (node == nullptr) return;
  for (const toml::node& entry : list(*node, "peak")) {
    const toml::table& inner =
        document_.table_of(entry, "a peak is a table: { types = [\"f16\"], accumulate = \"f32\", … }");
    document_.check_fields(inner, "a peak", known);
    Peak peak;
    static_cast<Figure&>(peak) = read_figure(inner, "operations_per_second");
    const toml::node* types = inner.get("types");
    const toml::node* accumulate = inner.get("accumulate");
    if (types == nullptr || accumulate == nullptr) {
      document_.fail(inner,
                     "a peak says of which types it is and in which they are summed: types = "
                     "[\"f16\"], accumulate = \"f32\"");
    }
    peak.accumulate = type(*accumulate);
    peak.engine = choice(inner, "engine", engines, Engine::unstated);
    peak.dense = truth(inner, "dense", false);
    peak.exception = document_.line_of_text(inner, "exception");
    if (const toml::node* clock = inner.get("clock_hertz")) peak.clock_hertz = number(*clock, "clock_hertz");
    for (const toml::node& of : list(*types, "types")) {
      if (chip.peaks.size() == CatalogueLimits::peaks) {
        document_.fail(of, fmt::format("a chip has at most {} peaks", CatalogueLimits::peaks));
      }
      peak.type = type(of);
      chip.peaks.push_back(peak);
    }
  }
}

void ChipParser::read_memory(const toml::table& table, Chip& chip) const {
  static const Names known{"kind", "bus_bits", "capacity", "bandwidth"};
  constexpr std::int64_t widest_bus = 1 << 20;
  const toml::node* node = table.get("memory");
  if (node == nullptr) return;
  const toml::table& inner =
      document_.table_of(*node, "memory is a table: write [chip.memory] on a line of its own");
  document_.check_fields(inner, "memory", known);
  chip.memory.kind = document_.line_of_text(inner, "kind");
  chip.memory.bytes = figure(inner, "capacity", "bytes");
  chip.memory.bandwidth = figure(inner, "bandwidth", "bytes_per_second");
  if (const toml::node* bus = inner.get("bus_bits")) {
    chip.memory.bus_bits = count(*bus, "bus_bits", 1, widest_bus);
  }
}

Chip ChipParser::read_chip(const toml::table& table) const {
  static const Names known{"id",   "name",   "scope", "process",     "matches", "note",
                           "peak", "memory", "link",  "external_io", "power",   "parts"};
  constexpr std::int64_t most_parts = 1024;
  document_.check_fields(table, "[[chip]]", known);
  Chip chip;
  chip.id = slug(table, "id", "chip");
  chip.name = document_.line_of_text(table, "name");
  if (chip.name.empty()) document_.fail(table, "this chip has no name; write name = \"…\"");
  chip.vendor = vendor_;
  chip.origin = origin_;
  chip.line = table.source().begin.line;
  chip.scope = choice(table, "scope", scopes, ChipScope::unstated);
  chip.process = document_.line_of_text(table, "process");
  chip.note = document_.line_of_text(table, "note");
  if (const toml::node* matches = table.get("matches")) {
    for (const toml::node& entry : list(*matches, "matches")) {
      chip.matches.push_back(document_.line_of(entry, "a pattern of matches"));
    }
  }
  read_peaks(table, chip);
  read_memory(table, chip);
  chip.link = figure(table, "link", "bytes_per_second");
  chip.external_io = figure(table, "external_io", "bytes_per_second");
  chip.power = figure(table, "power", "watts");
  if (const toml::node* node = table.get("parts")) {
    static const Names fields{"id", "count"};
    const toml::table& parts =
        document_.table_of(*node, "parts is a table: parts = { id = \"…\", count = 2 }");
    document_.check_fields(parts, "parts", fields);
    const toml::node* how_many = parts.get("count");
    if (how_many == nullptr) document_.fail(parts, "parts says how many: count = 2");
    chip.parts = ChipParts{slug(parts, "id", "parts"), count(*how_many, "count", 2, most_parts)};
  }
  return chip;
}

std::vector<Chip> ChipParser::parse() {
  static const Names known{"vendor", "sources", "chip"};
  const toml::table& root = document_.root();
  document_.check_fields(root, "a catalogue file", known);
  vendor_ = document_.line_of_text(root, "vendor");
  if (vendor_.empty()) document_.fail({1, 1}, "the file has no vendor; write vendor = \"…\" at the top");
  read_sources(root);
  const toml::node* entries = root.get("chip");
  if (entries == nullptr) document_.fail({1, 1}, "the file has no chips; add a [[chip]] table with an id");
  const toml::array& array = document_.array_of(*entries, "chip");
  if (array.size() > CatalogueLimits::chips) {
    document_.fail(array, fmt::format("a catalogue file holds at most {} chips; split it into several files",
                                      CatalogueLimits::chips));
  }
  std::vector<Chip> chips;
  std::map<std::string, std::uint32_t> lines;
  for (const toml::node& entry : array) {
    const toml::table& table =
        document_.table_of(entry, "a chip is a table: write [[chip]] on a line of its own");
    Chip chip = read_chip(table);
    const auto [first, added] = lines.emplace(chip.id, chip.line);
    if (!added) {
      document_.fail(
          table, fmt::format("chip {} appears twice, first on line {}; remove one", chip.id, first->second));
    }
    chips.push_back(std::move(chip));
  }
  return chips;
}

}  // namespace

std::vector<Chip> parse_chips(std::string_view text, std::string_view origin) {
  return ChipParser(text, origin).parse();
}

}  // namespace moat
