// moat chips: what is published of chips, compared, and other people's catalogue files checked.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/error.h"
#include "base/json.h"
#include "base/output.h"
#include "base/text.h"
#include "commands/chip_text.h"
#include "commands/commands.h"
#include "commands/terminal.h"

namespace moat {
namespace {

constexpr const char* chips_footer =
    R"(Peaks are dense, never sparse. A figure is an interval if sources differ. A '?' marks a figure that nobody
has read in its source. Confidence: A the vendor's datasheet, A* the same from memory, B a vendor's
statement through another source, C one community source, D inferred, or the sources contradict each other.
adapters/catalogue/README.md describes the format of a catalogue file and the errors that --check finds.

Examples:
  moat chips                                 every chip
  moat chips 'ascend*' --type f16            some of them, one type
  moat chips --vendor nvidia --min-memory 80
  moat chips ascend-910c                     every figure of one chip, with its sources
  moat chips --compare a100-40-sxm ascend-910b2
  moat chips --check mine.toml               the errors in a file
  moat chips --catalogue my-chips --json | jq -r '.[].id')";

struct ChipsOptions {
  std::vector<std::string> chips;
  std::vector<std::string> vendors;
  std::vector<std::string> types;
  std::vector<std::string> compared;
  double least_gigabytes = 0;
  double least_bandwidth = 0;
  std::string catalogue;
  std::string checked;
  bool json = false;
};

int check_file(const std::string& path, bool json) {
  std::vector<Chip> chips = read_chips(path);
  const std::size_t count = chips.size();
  std::vector<Finding> findings = lint(overlaid(built_in_catalogue().chips(), std::move(chips)));
  std::erase_if(findings, [&](const Finding& finding) { return finding.origin != path; });
  if (json) {
    Json array = Json::array();
    for (const Finding& finding : findings) array.push_back(finding_json(finding));
    print("{}\n", strict_json(array, 2));
  } else {
    for (const Finding& finding : findings) print("{}\n", printable(finding_text(finding)));
    if (findings.empty()) print("{}: no errors in its {} chips\n", printable(path), count);
  }
  return findings.empty() ? exit_fine : exit_usage;
}

bool matches(const Chip& chip, const ChipsOptions& options) {
  const auto fits = [](const std::vector<std::string>& patterns, const std::string& text) {
    return patterns.empty() || std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
             return glob_match(normal_name(pattern), normal_name(text));
           });
  };
  const auto has_type = [&](const std::string& type) {
    return chip.best_peak(parse_type(type).value()) != nullptr;
  };
  const auto at_least = [](const std::optional<Figure>& figure, double least) {
    return least <= 0 || (figure && figure->low >= least * 1e9);
  };
  return fits(options.chips, chip.id) && fits(options.vendors, chip.vendor) &&
         std::all_of(options.types.begin(), options.types.end(), has_type) &&
         at_least(chip.memory.bytes, options.least_gigabytes) &&
         at_least(chip.memory.bandwidth, options.least_bandwidth);
}

Chips select_chips(const Catalogue& catalogue, const ChipsOptions& options) {
  for (const std::string& id : options.chips) {
    if (id.find_first_of("*?") == std::string::npos) static_cast<void>(catalogue.find(id));
  }
  Chips chosen;
  for (const Chip& chip : catalogue.chips()) {
    if (matches(chip, options)) chosen.push_back(&chip);
  }
  if (chosen.empty()) throw UsageError("no chip matches; `moat chips` lists them all");
  return chosen;
}

std::vector<Type> shown_types(const ChipsOptions& options) {
  if (options.types.empty()) return {Type::f64, Type::f32, Type::f16, Type::bf16, Type::i8};
  std::vector<Type> types;
  for (const std::string& type : options.types) types.push_back(parse_type(type).value());
  return types;
}

void print_comparison(const Catalogue& catalogue, const ChipsOptions& options) {
  if (options.compared.size() < 2)
    throw UsageError("--compare takes at least two chips, the reference first");
  Chips chips;
  for (const std::string& id : options.compared) chips.push_back(&catalogue.find(id));
  if (options.json) {
    print("{}\n", strict_json(comparison_json(chips), 2));
  } else {
    print("{}", comparison_text(chips, table_options()));
  }
}

void print_chips(const Catalogue& catalogue, ChipsOptions options) {
  const bool page = !options.chips.empty() && options.chips.front() == "show";
  if (page) options.chips.erase(options.chips.begin());
  if (page && options.chips.empty()) throw UsageError("name a chip; `moat chips` lists them all");
  const Chips chips = select_chips(catalogue, options);
  const bool by_id =
      options.chips.size() == 1 && chips.size() == 1 && options.chips.front() == chips.front()->id;
  if (options.json) {
    Json array = Json::array();
    for (const Chip* chip : chips) array.push_back(chip_json(*chip));
    print("{}\n", strict_json(array, 2));
  } else if (page || by_id) {
    for (const Chip* chip : chips) {
      print("{}{}", chip == chips.front() ? "" : "\n", chip_page(*chip, table_options()));
    }
  } else {
    print("{}", chips_text(chips, shown_types(options), table_options()));
  }
}

}  // namespace

void add_chips_command(const Command& app, int& exit_code) {
  const auto options = std::make_shared<ChipsOptions>();
  const Command command = app.add_subcommand("chips", "Show and compare published figures of chips");
  command.footer(chips_footer);
  const Option chips = command.add_option("chips", options->chips,
                                          "Ids, with * and ?; a single id shows all figures of that chip");
  command.add_option("--vendor", options->vendors, "Only these vendors, with * and ? (repeatable)")
      .single_values();
  command
      .add_option("--type", options->types,
                  "Only chips with a peak of this type, and only these columns (repeatable)")
      .one_of(std::vector<std::string>(type_names().begin(), type_names().end()))
      .single_values();
  command
      .add_option("--min-memory", options->least_gigabytes,
                  "Only chips with at least this memory capacity in GB")
      .not_negative();
  command
      .add_option("--min-bandwidth", options->least_bandwidth,
                  "Only chips with at least this memory bandwidth in GB/s")
      .not_negative();
  const Option compare = command
                             .add_option("--compare", options->compared,
                                         "Compare these chips side by side; ratios are to the first")
                             .expected(2, 16);
  command.add_option("--catalogue", options->catalogue,
                     "Folder of further .toml files; a chip with a known id replaces the built-in one");
  const Option check = command.add_option(
      "--check", options->checked, "Only check this catalogue file; the exit code is 2 if it has errors");
  command.add_flag("--json", options->json, "Print an array (--compare: an object)");
  compare.excludes(chips);
  check.excludes(chips).excludes(compare);
  command.callback([options, &exit_code] {
    exit_code = exit_fine;
    if (!options->checked.empty()) {
      exit_code = check_file(options->checked, options->json);
      return;
    }
    const Catalogue extended =
        options->catalogue.empty() ? Catalogue() : extended_catalogue(options->catalogue);
    const Catalogue& catalogue = options->catalogue.empty() ? built_in_catalogue() : extended;
    if (!options->compared.empty()) {
      print_comparison(catalogue, *options);
    } else {
      print_chips(catalogue, *options);
    }
  });
}

}  // namespace moat
