// What the catalogue refuses to believe: the traps that published figures of chips are known for, as
// relations that need no list of chips. Must not know how figures are used.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/catalogue/catalogue.h"

namespace moat {

struct LintRule {
  std::string_view name;
  std::string_view meaning;  // what has to hold, one sentence
};
/// In the order of README.md.
[[nodiscard]] std::span<const LintRule> lint_rules();

struct Finding {
  std::string_view rule;  // a name of lint_rules()
  std::string origin;     // file
  std::uint32_t line = 0;
  std::string chip;      // id
  std::string sentence;  // what is wrong and what to do
};
/// "nvidia.toml:12: h100-sxm: … [sparse]"
[[nodiscard]] std::string finding_text(const Finding& finding);

/// Everything that breaks a rule, in the order of chips and lines; empty for a sound catalogue.
/// `chips` is the whole of it:
/// patterns of one chip are compared with those of all others, and a card's figures with its parts'.
[[nodiscard]] std::vector<Finding> lint(std::span<const Chip> chips);

/// Whether one text could match both patterns (glob_match).
[[nodiscard]] bool patterns_overlap(std::string_view left, std::string_view right);

}  // namespace moat
