// The linter's parts, one function per group of rules. For lint.cpp alone.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/catalogue/lint.h"

namespace moat {

/// Collects what is wrong with one chip.
class ChipFindings {
 public:
  ChipFindings(const Chip& chip, std::vector<Finding>& findings) : chip_(chip), findings_(findings) {}
  /// One finding per rule and line: a wrong figure stands in several relations.
  void add(std::string_view rule, std::uint32_t line, std::string sentence);

 private:
  const Chip& chip_;
  std::vector<Finding>& findings_;
};

/// Calls `visit` with the name of every figure and the figure.
void for_each_figure(const Chip& chip, const std::function<void(const std::string&, const Figure&)>& visit);

/// "f16 accumulated in f32"
[[nodiscard]] std::string peak_name(const Peak& peak);

void check_figures(const Chip& chip, ChipFindings& findings);    // each figure by itself
void check_relations(const Chip& chip, ChipFindings& findings);  // of a chip's peaks to each other
void check_memory(const Chip& chip, ChipFindings& findings);     // of memory to link, I/O and its own kind
/// `parts` is the entry of chip.parts.
void check_parts(const Chip& chip, const Chip& parts, ChipFindings& findings);

}  // namespace moat
