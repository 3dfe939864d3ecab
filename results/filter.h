// Choosing cases by shell patterns, the same way before a run (which cases to make) and after it (which
// records to show). Pure; must not know files.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "results/record.h"

namespace moat {

/// Globs; a list of several means any of them, an empty list means all. A pattern that matches nothing is an
/// error: it is a typing mistake more often than a wish for nothing.
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
/// names a thing ("device"); `hint` may say more about a pattern.
void require_matches(std::string_view what, const std::vector<std::string>& patterns,
                     const std::vector<std::string>& names, Matches matches,
                     const std::function<std::string(const std::string&)>& hint = {});

/// A key in any spelling becomes the canonical one; a glob stays what it is. Throws UsageError for a bad key.
[[nodiscard]] std::vector<std::string> canonical_keys(const std::vector<std::string>& patterns);

/// Adds `name` unless it is there.
void add_once(std::vector<std::string>& names, std::string name);

/// The records that match, in their order. Throws UsageError as require_matches does.
[[nodiscard]] std::vector<Record> select(std::vector<Record> records, const Filters& filters);
/// The same where a pattern without a match is no mistake: for one of several runs. Returns the others.
std::vector<Record> keep_selected(std::vector<Record>& records, const Filters& filters);

}  // namespace moat
