// Figures that others published, as records of our own: a TOML file that states a citation, devices with
// their roofs, conditions, and rows (docs/published.md). Must not know devices, the chip catalogue or who
// asks.
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

/// What a file may hold at most; more is refused before it costs memory or time.
struct PublishedLimits {
  static constexpr std::size_t file_bytes = std::size_t{4} << 20U;
  static constexpr std::size_t line_bytes = 2000;
  static constexpr std::size_t devices = 200;
  static constexpr std::size_t rows = 20'000;
  static constexpr std::size_t figures = 2'000;  // roofs, and efficiencies, of all devices
  static constexpr std::size_t text_bytes = 1000;
};

/// A file's content: a run that nobody here measured, and its records.
///
/// info: suite "published/<name>", citation, devices "<id>:published" with chip, roofs and efficiencies; the
/// stack as `driver`. The rest is for whoever keeps it.
/// records: status ok, provenance published, adapter "published", one sample, whose clock is "published" or
/// "published: <as stated>"; what the source leaves open is in `unstated` and stands as its usual value in
/// the conditions.
struct Published {
  std::string name;
  std::string title;
  RunInfo info;
  std::vector<Record> records;
};

/// `origin` is named in errors ("paper.toml:12:7: …"), `command` in the records. Throws UsageError with line,
/// column and the way out.
[[nodiscard]] Published parse_published(std::string_view text, std::string_view origin,
                                        const std::string& command = "");

/// Names of the built-in files, sorted.
[[nodiscard]] std::span<const std::string> published_names();

/// A built-in file by name, or a file by path: a path has a '/' or ends in ".toml". `command` as above, for a
/// built-in one `moat import NAME`. Throws UsageError: unknown names with the nearest and the list, the rest
/// as parse_published.
[[nodiscard]] Published load_published(const std::string& name_or_path, const std::string& command = "");

/// Whether the string is such a path.
[[nodiscard]] bool is_published_path(std::string_view name_or_path);

/// Why a published figure cannot be right on a device with these roofs, by its units or its type; nothing if
/// it may be. `seconds` of `work` in `types`; `slow_is_fine`: of an implementation that makes no effort.
[[nodiscard]] std::optional<std::string> implausible_figure(const Work& work, const Types& types,
                                                            double seconds, bool slow_is_fine,
                                                            std::span<const StatedRoof> roofs);

}  // namespace moat
