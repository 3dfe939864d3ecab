// The catalogue of chips: what datasheets and papers say of each, every figure an interval with its source
// (README.md beside this file has the format). Must not know devices' interfaces or how figures are used.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/types.h"

namespace moat {

/// Where a figure comes from: A the vendor's datasheet, read; A* the same, recalled; B a vendor's statement
/// through one secondary source; C one community source; D inferred, or sources in conflict.
enum class Confidence : std::uint8_t { unstated, datasheet, recalled, secondary, community, inferred };
/// "A", "A*", "B", "C", "D"; "" for unstated.
[[nodiscard]] std::string_view name(Confidence confidence);

/// What an entry's figures are of. A driver's device may be less than a card: Chip::parts.
enum class ChipScope : std::uint8_t { unstated, die, chip, package, card };
[[nodiscard]] std::string_view name(ChipScope scope);

/// Which arithmetic units a peak is of.
enum class Engine : std::uint8_t { unstated, vector, matrix };
[[nodiscard]] std::string_view name(Engine engine);

/// One quantity as an interval with its source, in base units (operations or bytes per second, bytes, watts).
/// low < high where sources differ or products of one name do.
struct Figure {
  double low = 0;
  double high = 0;
  Confidence confidence = Confidence::unstated;
  /// False: nobody has read the figure in a source; it is recalled or inferred, and is shown with a mark.
  bool verified = true;
  std::vector<std::string> sources;      // their texts; never empty in a catalogue that passed the linter
  std::vector<std::string> source_keys;  // by which notes name them, in the same order
  std::string note;
  ChipScope scope = ChipScope::unstated;  // only if the source says; then the entry's own
  std::uint32_t line = 0;                 // of the file it was read from

  /// Geometric mean of the ends: the middle in ratios.
  [[nodiscard]] double middle() const { return low == high ? low : std::sqrt(low) * std::sqrt(high); }
  [[nodiscard]] bool is_exact() const { return low == high; }
};

/// Operations per second, dense, multiply and add counted as two.
struct Peak : Figure {
  Type type = Type::f32;        // of the inputs
  Type accumulate = Type::f32;  // of the sums
  Engine engine = Engine::unstated;
  bool dense = false;  // never false in a catalogue that passed the linter
  std::optional<double> clock_hertz;
  /// Why the rate stands in an unusual relation to the chip's other types; empty if it does not.
  std::string exception;
};

struct ChipMemory {
  std::string kind;  // "HBM2e"; empty if unknown
  std::optional<Figure> bytes;
  std::optional<Figure> bandwidth;  // bytes per second
  std::optional<std::uint32_t> bus_bits;
};

/// A card or package made of several entries' chips, each a device of its own to drivers.
struct ChipParts {
  std::string id;
  std::uint32_t count = 0;
};

struct Chip {
  std::string id;  // "h100-sxm"
  std::string name;
  std::string vendor;
  ChipScope scope = ChipScope::unstated;
  std::string process;               // empty if unknown
  std::vector<std::string> matches;  // patterns of device names (glob_match, case ignored)
  std::string note;
  std::vector<Peak> peaks;  // one per type, accumulate type and engine
  ChipMemory memory;
  std::optional<Figure> link;         // bytes per second between chips, both directions together
  std::optional<Figure> external_io;  // all ways out of the package, both directions together
  std::optional<Figure> power;        // watts (TDP)
  std::optional<ChipParts> parts;
  std::string origin;  // file, for messages
  std::uint32_t line = 0;

  /// The highest peak (by its middle) of inputs in `type` accumulated in `accumulate`, on whichever engine:
  /// the chip's roof for that arithmetic. Nothing if the catalogue does not know.
  [[nodiscard]] const Peak* best_peak(Type type, Type accumulate) const;
  /// Accumulated as default_types says: f16 in f32, i8 in i32.
  [[nodiscard]] const Peak* best_peak(Type type) const;
};

/// A set of chips; ids are distinct.
class Catalogue {
 public:
  Catalogue() = default;
  /// Throws UsageError for an id that is there twice.
  explicit Catalogue(std::vector<Chip> chips);

  [[nodiscard]] std::span<const Chip> chips() const { return chips_; }  // in the files' order
  /// Throws UsageError with the nearest ids.
  [[nodiscard]] const Chip& find(std::string_view id) const;
  /// The chip whose patterns match a device's name as its driver prints it; null if none does. The linter
  /// refuses patterns of two chips that one name could match.
  [[nodiscard]] const Chip* match(std::string_view device_name) const;

 private:
  std::vector<Chip> chips_;
};

/// What a catalogue file may hold at most; more is refused before it costs memory or time.
struct CatalogueLimits {
  static constexpr std::size_t file_bytes = std::size_t{1} << 20U;
  static constexpr std::size_t line_bytes = 2000;
  static constexpr std::size_t chips = 1000;
  static constexpr std::size_t peaks = 64;         // of one chip
  static constexpr std::size_t text_bytes = 1000;  // of one string
  static constexpr std::size_t list = 64;          // entries of one list
};

/// Reads a file's text; `origin` is named in errors ("mine.toml:12:7: …"). Refuses what is not of the format;
/// whether the figures can be believed is the linter's question (lint.h). Throws UsageError.
[[nodiscard]] std::vector<Chip> parse_chips(std::string_view text, std::string_view origin);
/// The same from a file. Throws UsageError also for what cannot be read.
[[nodiscard]] std::vector<Chip> read_chips(const std::string& path);

/// `chips` with `added`: one of an id that is there takes that one's place.
[[nodiscard]] std::vector<Chip> overlaid(std::span<const Chip> chips, std::vector<Chip> added);

/// The chips that came with this program.
[[nodiscard]] const Catalogue& built_in_catalogue();
/// Those, overlaid with the ones of every .toml file in `folder`, linted. Throws UsageError.
[[nodiscard]] Catalogue extended_catalogue(const std::string& folder);

/// A device's name or a pattern as matching compares them: small letters, one blank between words.
[[nodiscard]] std::string normal_name(std::string_view text);
/// built_in_catalogue().match(device_name).
[[nodiscard]] const Chip* match_chip(std::string_view device_name);

}  // namespace moat
