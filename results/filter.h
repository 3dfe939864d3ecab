// Selects cases by shell patterns, in the same way before a run (which cases to plan) and after it (which
// records to show). Pure; must not know files.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "results/record.h"

namespace moat {

/// Globs. A list matches what any of its patterns matches; an empty list matches everything. A pattern that
/// matches nothing is an error, because it is most likely a typing mistake.
struct Filters {
  std::vector<std::string> devices;          // match the id ("opencl:0") or the adapter ("opencl")
  std::vector<std::string> implementations;  // match the name ("library/onednn") or either part of it
  std::vector<std::string> operators;
  std::vector<std::string>
      problems;                    // match the canonical key; a key in another spelling matches its problem
  std::vector<std::string> types;  // match the input type
  friend bool operator==(const Filters&, const Filters&) = default;
};

using Matches = bool (*)(std::string_view pattern, std::string_view name);
[[nodiscard]] bool matches_device(std::string_view pattern, std::string_view id);
[[nodiscard]] bool matches_implementation(std::string_view pattern, std::string_view name);
[[nodiscard]] bool any_match(const std::vector<std::string>& patterns, std::string_view name,
                             Matches matches);

/// Throws UsageError for the first pattern that matches none of `names`, with the nearest of them. `what`
/// says what the names are ("device"); `hint` may add an explanation for a pattern.
void require_matches(std::string_view what, const std::vector<std::string>& patterns,
                     const std::vector<std::string>& names, Matches matches,
                     const std::function<std::string(const std::string&)>& hint = {});

/// Replaces keys by their canonical spelling; globs are unchanged. Throws UsageError for a malformed key.
[[nodiscard]] std::vector<std::string> canonical_keys(const std::vector<std::string>& patterns);

/// Adds `name` unless it is present already.
void add_once(std::vector<std::string>& names, std::string name);

/// The records that match, in their order. Throws UsageError as require_matches does.
[[nodiscard]] std::vector<Record> select(std::vector<Record> records, const Filters& filters);
/// The same for one of several runs, where a pattern may match nothing. Returns the records without a match.
std::vector<Record> keep_selected(std::vector<Record>& records, const Filters& filters);

}  // namespace moat
