// Looking chips up, and where their files come from.
#include "adapters/catalogue/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <set>

#include "adapters/catalogue/lint.h"
#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"
#include "base/toml_document.h"

namespace moat {

std::span<const EmbeddedFile> embedded_catalogue_files();  // generated

std::string_view name(Confidence confidence) {
  static constexpr std::array<std::string_view, 6> names{"", "A", "A*", "B", "C", "D"};
  return names.at(static_cast<std::size_t>(confidence));
}

std::string_view name(ChipScope scope) {
  static constexpr std::array<std::string_view, 5> names{"", "die", "chip", "package", "card"};
  return names.at(static_cast<std::size_t>(scope));
}

std::string_view name(Engine engine) {
  static constexpr std::array<std::string_view, 3> names{"", "vector", "matrix"};
  return names.at(static_cast<std::size_t>(engine));
}

const Peak* Chip::best_peak(Type type, Type accumulate) const {
  const Peak* best = nullptr;
  for (const Peak& peak : peaks) {
    if (peak.type != type || peak.accumulate != accumulate) continue;
    if (best == nullptr || peak.middle() > best->middle()) best = &peak;
  }
  return best;
}

const Peak* Chip::best_peak(Type type) const {
  return best_peak(type, default_types(type).accumulate);
}

Catalogue::Catalogue(std::vector<Chip> chips) : chips_(std::move(chips)) {
  std::set<std::string_view> ids;
  for (const Chip& chip : chips_) {
    if (ids.insert(chip.id).second) continue;
    throw UsageError(fmt::format("{}:{}: chip {} is in the catalogue twice; give this one an id of its own",
                                 chip.origin, chip.line, chip.id));
  }
}

const Chip& Catalogue::find(std::string_view id) const {
  std::vector<std::string> ids;
  for (const Chip& chip : chips_) {
    if (chip.id == id) return chip;
    ids.push_back(chip.id);
  }
  std::vector<std::string> beginning;  // "a100" is most likely one of those
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(beginning),
               [&](const std::string& known) { return !id.empty() && known.starts_with(id); });
  const std::string near =
      beginning.empty() ? did_you_mean(id, ids) : fmt::format(" There is {}.", join(beginning, ", "));
  throw UsageError(
      fmt::format("no chip {} in the catalogue.{} `moat chips` lists them all.", quoted_text(id), near));
}

const Chip* Catalogue::match(std::string_view device_name) const {
  // Names from drivers are hostile; none that a pattern could mean is longer.
  constexpr std::size_t longest = 256;
  if (device_name.size() > longest) return nullptr;
  const std::string searched = normal_name(device_name);
  for (const Chip& chip : chips_) {
    const auto fits = [&](const std::string& pattern) { return glob_match(normal_name(pattern), searched); };
    if (std::any_of(chip.matches.begin(), chip.matches.end(), fits)) return &chip;
  }
  return nullptr;
}

std::vector<Chip> read_chips(const std::string& path) {
  return parse_chips(
      read_toml_file(path, "catalogue", CatalogueLimits::file_bytes, "give the path of an existing file"),
      path);
}

const Catalogue& built_in_catalogue() {
  static const Catalogue catalogue = [] {
    std::vector<Chip> chips;
    for (const EmbeddedFile& file : embedded_catalogue_files()) {
      for (Chip& chip : parse_chips(file.text, file.name)) chips.push_back(std::move(chip));
    }
    return Catalogue(std::move(chips));
  }();
  return catalogue;
}

std::vector<Chip> overlaid(std::span<const Chip> chips, std::vector<Chip> added) {
  std::vector<Chip> all(chips.begin(), chips.end());
  for (Chip& chip : added) {
    const auto same = std::find_if(all.begin(), all.end(), [&](const Chip& c) { return c.id == chip.id; });
    if (same == all.end()) {
      all.push_back(std::move(chip));
    } else {
      *same = std::move(chip);
    }
  }
  return all;
}

Catalogue extended_catalogue(const std::string& folder) {
  std::error_code error;
  std::set<std::string> paths;  // sorted: the order must not hang on the file system
  for (auto entry = std::filesystem::directory_iterator(folder, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == ".toml") paths.insert(entry->path().string());
  }
  if (error) throw UsageError(fmt::format("catalogue folder '{}': {}", folder, error.message()));
  if (paths.empty()) throw UsageError(fmt::format("catalogue folder '{}' holds no .toml file", folder));
  std::vector<Chip> added;
  for (const std::string& path : paths) {
    for (Chip& chip : read_chips(path)) added.push_back(std::move(chip));
  }
  const Catalogue distinct(added);  // two files must not mean different things by one id
  std::vector<Chip> all = overlaid(built_in_catalogue().chips(), std::move(added));
  const std::vector<Finding> findings = lint(all);
  if (!findings.empty()) {
    throw UsageError(fmt::format("{}; `moat chips --check {}` lists all {} findings",
                                 finding_text(findings.front()), findings.front().origin, findings.size()));
  }
  return Catalogue(std::move(all));
}

std::string normal_name(std::string_view text) {
  std::string made;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t';
    if (blank && (made.empty() || made.back() == ' ')) continue;
    made += blank ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (!made.empty() && made.back() == ' ') made.pop_back();
  return made;
}

const Chip* match_chip(std::string_view device_name) {
  return built_in_catalogue().match(device_name);
}

}  // namespace moat
