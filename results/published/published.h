// Published figures of others as records: a TOML file with a citation, devices with their roofs, conditions,
// and rows (docs/published.md). Must not know devices, the chip catalogue or its callers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "results/store/run.h"

namespace moat {

/// Version of the file format.
inline constexpr std::int64_t published_schema = 1;

/// The limits of a file, checked before it costs memory or time.
struct PublishedLimits {
  static constexpr std::size_t file_bytes = std::size_t{4} << 20U;
  static constexpr std::size_t line_bytes = 2000;
  static constexpr std::size_t devices = 200;
  static constexpr std::size_t rows = 20'000;
  static constexpr std::size_t figures = 2'000;  // roofs, and efficiencies, of all devices
  static constexpr std::size_t text_bytes = 1000;
};

/// The content of a file as a run that was not measured by Moat, and its records.
///
/// info: suite "published/<name>", citation, devices "<id>:published" with chip, roofs and efficiencies;
/// the stack as `driver`. The store sets the other fields.
/// records: status ok, provenance published, adapter "published", one sample, whose clock is "published" or
/// "published: <as stated>". Conditions that the source does not state are named in `unstated`
/// and have their usual value.
struct Published {
  std::string name;
  std::string title;
  RunInfo info;
  std::vector<Record> records;
};

/// `origin` is named in errors ("paper.toml:12:7: …"), `command` in the records. Throws UsageError with line,
/// column and a remedy.
[[nodiscard]] Published parse_published(std::string_view text, std::string_view origin,
                                        const std::string& command = "");

/// Names of the built-in files, sorted.
[[nodiscard]] std::span<const std::string> published_names();

/// A built-in file by name, or a file by path: a path has a '/' or ends in ".toml".
/// `command` as above, for a built-in one `moat import NAME`.
/// Throws UsageError: unknown names with the nearest and the list, the rest as parse_published.
[[nodiscard]] Published load_published(const std::string& name_or_path, const std::string& command = "");

/// Whether `name_or_path` is a path rather than a name.
[[nodiscard]] bool is_published_path(std::string_view name_or_path);

/// Why a published figure must have a wrong unit or type, given the device's roofs; nullopt if plausible.
/// `seconds` is the time of `work` in `types`. `slow_is_fine`: the implementation need not be fast (naive).
[[nodiscard]] std::optional<std::string> implausible_figure(const Work& work, const Types& types,
                                                            double seconds, bool slow_is_fine,
                                                            std::span<const Roof> roofs);

}  // namespace moat
