// The linter's relations: between a chip's types, between its memory and what is mistaken for it, and between
// a card and its chips. Ratios are taken between the middles of intervals.
#include <algorithm>
#include <array>
#include <cmath>

#include "adapters/catalogue/lint_parts.h"
#include "base/text.h"

namespace moat {
namespace {

/// Ratios are told apart at the middles, in logarithms, between 1, 2 and 4.
constexpr double near_one_below = 1.41;
constexpr double near_two_below = 2.83;

struct Pair {
  Type wide;
  Type narrow;
  double expected;  // dense rate of narrow over that of wide
};
constexpr std::array<Pair, 11> pairs{{{Type::f16, Type::bf16, 1},
                                      {Type::f8e4m3, Type::f8e5m2, 1},
                                      {Type::f8e4m3, Type::i8, 1},
                                      {Type::tf32, Type::f16, 2},
                                      {Type::tf32, Type::bf16, 2},
                                      {Type::f16, Type::f8e4m3, 2},
                                      {Type::f16, Type::f8e5m2, 2},
                                      {Type::bf16, Type::f8e4m3, 2},
                                      {Type::bf16, Type::f8e5m2, 2},
                                      {Type::f16, Type::i8, 2},
                                      {Type::bf16, Type::i8, 2}}};

/// The peak of `type` that a relation is about. Floating types are compared as they sum by default; with i8,
/// whose sums in i32 cost nothing extra, whichever sum is fastest.
const Peak* compared(const Chip& chip, Type type, bool with_integers) {
  const Peak* best = chip.best_peak(type);
  if (!with_integers || !is_floating(type)) return best;
  for (const Peak& peak : chip.peaks) {
    if (peak.type == type && (best == nullptr || peak.middle() > best->middle())) best = &peak;
  }
  return best;
}

bool comparable(const Peak* left, const Peak* right) {
  if (left == nullptr || right == nullptr) return false;
  if (!left->exception.empty() || !right->exception.empty()) return false;
  return left->engine == right->engine || left->engine == Engine::unstated ||
         right->engine == Engine::unstated;
}

void check_equal(const Peak& one, const Peak& other, ChipFindings& findings) {
  const Peak& high = one.middle() > other.middle() ? one : other;
  const Peak& low = &high == &one ? other : one;
  const double ratio = high.middle() / low.middle();
  if (ratio < near_one_below) return;
  if (high.type == Type::f16 && high.accumulate == Type::f32) {
    findings.add("accumulate", high.line,
                 fmt::format("{} is {:.2f} times {}, which has the same width: it is the rate with sums in "
                             "f16 (say accumulate = \"f16\"), or a sparse one (halve it)",
                             peak_name(high), ratio, peak_name(low)));
  } else {
    findings.add(
        "sparse", high.line,
        fmt::format("{} is {:.2f} times {}, which has the same width: it is a sparse rate; halve it, "
                    "or say in `exception` why it is not",
                    peak_name(high), ratio, peak_name(low)));
  }
}

void check_double(const Peak& wide, const Peak& narrow, ChipFindings& findings) {
  const double ratio = narrow.middle() / wide.middle();
  if (ratio >= near_one_below && ratio < near_two_below) return;
  const Peak& suspect = ratio < near_one_below ? wide : narrow;
  const bool sums = suspect.type == Type::f16 && suspect.accumulate == Type::f32;
  findings.add(
      "sparse", suspect.line,
      fmt::format("{} is {:.2f} times {}, where half the width gives 2: {} is a sparse rate{}; store "
                  "the dense one, or say in `exception` why it is right",
                  peak_name(narrow), ratio, peak_name(wide), name(suspect.type),
                  sums ? ", or one with sums in f16" : ""));
}

/// What memory of a kind gives: bits per second on one pin, and bytes per second for each byte of capacity.
struct MemoryKind {
  std::string_view name;
  double pin_low;
  double pin_high;
  double turnover_low;
  double turnover_high;
};
// Pin rates by the JEDEC standards (JESD235, 238, 250, 232, 239, 209) with some room for vendors that go
// beyond; turnovers from the smallest and largest stacks or chips sold.
constexpr std::array<MemoryKind, 15> kinds{{{"HBM", 0.8e9, 1.2e9, 60, 140},
                                            {"HBM2", 1.2e9, 2.5e9, 13, 80},
                                            {"HBM2e", 2.4e9, 3.8e9, 13, 60},
                                            {"HBM3", 4e9, 6.6e9, 20, 60},
                                            {"HBM3e", 6e9, 10e9, 20, 60},
                                            {"GDDR5", 3e9, 9.5e9, 10, 160},
                                            {"GDDR5X", 9e9, 14.5e9, 15, 100},
                                            {"GDDR6", 10e9, 21e9, 8, 90},
                                            {"GDDR6X", 18e9, 25e9, 15, 90},
                                            {"GDDR7", 24e9, 40e9, 15, 120},
                                            {"LPDDR4X", 1.6e9, 4.4e9, 1, 40},
                                            {"LPDDR5", 3.2e9, 6.6e9, 1, 60},
                                            {"LPDDR5X", 6e9, 10.8e9, 1, 60},
                                            {"DDR4", 1.6e9, 3.6e9, 0.03, 10},
                                            {"DDR5", 3.2e9, 9e9, 0.03, 20}}};

void check_kind(const Chip& chip, const MemoryKind& kind, ChipFindings& findings) {
  const Figure& bandwidth = *chip.memory.bandwidth;
  if (chip.memory.bus_bits) {
    const double low = bandwidth.low * 8 / *chip.memory.bus_bits;
    const double high = bandwidth.high * 8 / *chip.memory.bus_bits;
    if (high < kind.pin_low || low > kind.pin_high) {
      findings.add(
          "memory-kind", bandwidth.line,
          fmt::format("memory bandwidth of {:g} bytes per second over {} bits is {:.2f} Gbit/s a pin, "
                      "and {} has {:g} to {:g}: it is another bandwidth (a link's, or external "
                      "I/O), or the kind or width is wrong",
                      bandwidth.middle(), *chip.memory.bus_bits, std::sqrt(low * high) / 1e9, kind.name,
                      kind.pin_low / 1e9, kind.pin_high / 1e9));
    }
  }
  if (!chip.memory.bytes) return;
  const double low = bandwidth.low / chip.memory.bytes->high;
  const double high = bandwidth.high / chip.memory.bytes->low;
  if (high >= kind.turnover_low && low <= kind.turnover_high) return;
  findings.add(
      "memory-kind", bandwidth.line,
      fmt::format("memory bandwidth of {:g} bytes per second reads {:g} bytes {:.1f} times a second, "
                  "and {} is made for {:g} to {:g}: it is another bandwidth (a link's, or one chip's "
                  "of several), or the capacity is wrong",
                  bandwidth.middle(), chip.memory.bytes->middle(), std::sqrt(low * high), kind.name,
                  kind.turnover_low, kind.turnover_high));
}

void compare_with_part(const std::string& what, const Figure* whole, const Figure* part,
                       const ChipParts& parts, ChipFindings& findings) {
  if (whole == nullptr || part == nullptr) return;
  const double least = whole->low / part->high;  // shares the whole may have, at its least
  const double most = whole->high / part->low;
  if (most * near_one_below > parts.count && least < parts.count * near_one_below) return;
  const double shares = std::sqrt(least * most);
  findings.add("parts", whole->line,
               fmt::format("{} is {:.2f} times that of one {}, of which there are {}: {}", what, shares,
                           parts.id, parts.count,
                           shares < near_one_below ? "it is the figure of one part; give that of all together"
                                                   : "one of the two is wrong"));
}

const Figure* pointer(const std::optional<Figure>& figure) {
  return figure ? &*figure : nullptr;
}

}  // namespace

void check_relations(const Chip& chip, ChipFindings& findings) {
  for (const Pair& pair : pairs) {
    const bool integers = !is_floating(pair.narrow);
    // With sums in i32, the fastest 16-bit rate is the measure; bf16 has none with narrower sums.
    if (integers && pair.wide == Type::bf16 && chip.best_peak(Type::f16) != nullptr) continue;
    const Peak* wide = compared(chip, pair.wide, integers);
    const Peak* narrow = compared(chip, pair.narrow, integers);
    if (!comparable(wide, narrow)) continue;
    if (pair.expected == 1) {
      check_equal(*wide, *narrow, findings);
    } else {
      check_double(*wide, *narrow, findings);
    }
  }
  const Peak* in_f16 = chip.best_peak(Type::f16, Type::f16);
  const Peak* in_f32 = chip.best_peak(Type::f16, Type::f32);
  if (in_f16 != nullptr && in_f32 != nullptr && in_f32->low > in_f16->high) {
    findings.add("accumulate", in_f32->line,
                 "f16 with sums in f32 is faster than with sums in f16; the two were exchanged");
  }
}

void check_memory(const Chip& chip, ChipFindings& findings) {
  const std::optional<Figure>& bandwidth = chip.memory.bandwidth;
  if (bandwidth && chip.link && bandwidth->middle() <= chip.link->middle() * 1.03) {
    findings.add("link", bandwidth->line,
                 fmt::format("memory bandwidth of {:g} bytes per second is not above the link's {:g}: the "
                             "link's figure is often printed as the memory's",
                             bandwidth->middle(), chip.link->middle()));
  }
  if (bandwidth && chip.external_io) {
    const double ratio = bandwidth->middle() / chip.external_io->middle();
    if (ratio > 0.97 && ratio < 1.03) {
      findings.add("external-io", bandwidth->line,
                   fmt::format("memory bandwidth of {:g} bytes per second is that of external I/O, all ways "
                               "out of the package together",
                               bandwidth->middle()));
    }
  }
  if (chip.memory.kind.empty()) return;
  const auto* kind = std::find_if(kinds.begin(), kinds.end(),
                                  [&](const MemoryKind& known) { return known.name == chip.memory.kind; });
  if (kind == kinds.end()) {
    std::vector<std::string> names;
    names.reserve(kinds.size());
    for (const MemoryKind& known : kinds) names.emplace_back(known.name);
    findings.add("memory-kind", chip.line,
                 fmt::format("unknown kind of memory '{}'.{} Known: {}.", chip.memory.kind,
                             did_you_mean(chip.memory.kind, names), join(names, ", ")));
  } else if (bandwidth) {
    check_kind(chip, *kind, findings);
  }
}

void check_parts(const Chip& chip, const Chip& parts, ChipFindings& findings) {
  const ChipParts& what = *chip.parts;
  for (const Peak& peak : chip.peaks) {
    const auto same = [&](const Peak& other) {
      return other.type == peak.type && other.accumulate == peak.accumulate && other.engine == peak.engine;
    };
    const auto part = std::find_if(parts.peaks.begin(), parts.peaks.end(), same);
    if (part != parts.peaks.end()) compare_with_part(peak_name(peak), &peak, &*part, what, findings);
  }
  compare_with_part("memory capacity", pointer(chip.memory.bytes), pointer(parts.memory.bytes), what,
                    findings);
  compare_with_part("memory bandwidth", pointer(chip.memory.bandwidth), pointer(parts.memory.bandwidth), what,
                    findings);
}

}  // namespace moat
