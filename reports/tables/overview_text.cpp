// The first screen as text: chooses what there is room for.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/terminal.h"
#include "base/text.h"
#include "reports/findings/overview_words.h"
#include "reports/findings/words.h"
#include "reports/tables/overview.h"

namespace moat {
namespace {

/// Lines of whole words, each at most `width` columns unless a word alone is longer; each ended.
std::string wrapped(std::string_view text, std::size_t width) {
  std::string made, line;
  for (const std::string_view word : split(text, ' ')) {
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
      made += line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + std::string(word);
  }
  return made + line + "\n";
}

/// What there is room for.
struct Screen {
  Overview overview;  // with as many parts
  std::vector<std::size_t> devices;
  std::size_t more_devices = 0, more_parts = 0;
};

std::vector<std::size_t> shown_devices(const Overview& overview, std::size_t targets) {
  std::vector<std::size_t> devices = best_and_worst(overview, targets);
  for (std::size_t i = 0; i < overview.devices.size(); ++i) {
    if (overview.devices[i].is_reference) devices.insert(devices.begin(), i);
  }
  return devices;
}

/// Keeps the parts of the most problems.
void drop_smallest_part(Overview& overview) {
  const auto problems = [](const OverviewPart& part) {
    std::size_t most = 0;
    for (const OverviewRow& row : part.rows) most = std::max(most, row.planned);
    return most;
  };
  const auto last = std::min_element(overview.parts.rbegin(), overview.parts.rend(),
                                     [&](const auto& a, const auto& b) { return problems(a) < problems(b); });
  overview.parts.erase(std::next(last).base());
}

/// First fewer devices, two at least; then fewer parts.
Screen fitted(const Overview& overview, std::size_t rows) {
  constexpr std::size_t most_targets = 7;
  constexpr std::size_t least_targets = 2;
  const std::size_t all = overview.devices.size() - (overview.reference() != nullptr ? 1 : 0);
  Screen screen{overview, {}, 0, 0};
  std::size_t targets = std::min(all, most_targets);
  const auto table_rows = [&] {
    screen.devices = shown_devices(overview, targets);
    return overview_table(screen.overview, screen.devices).rows.size();
  };
  while (table_rows() > rows && targets > least_targets) --targets;
  while (table_rows() > rows && screen.overview.parts.size() > 1) drop_smallest_part(screen.overview);
  screen.more_devices = all - targets;
  screen.more_parts = overview.parts.size() - screen.overview.parts.size();
  return screen;
}

std::string more_text(const Screen& screen) {
  std::vector<std::string> parts;
  if (screen.more_devices > 0)
    parts.push_back(count_text(screen.more_devices, "device") + " between the best and the worst");
  if (screen.more_parts > 0)
    parts.push_back(fmt::format("{} of operator and type", count_text(screen.more_parts, "pair")));
  return parts.empty() ? "" : fmt::format("Not shown: {} (moat gap lists all).", join(parts, " and "));
}

/// How to read the table.
std::string legend(const Overview& overview, const Grid& grid) {
  const bool is_published = std::ranges::any_of(overview.devices, [](const OverviewDevice& device) {
    return device.provenance == Provenance::published;
  });
  const std::string_view ok = is_published
                                  ? "ok: problems with a published result, which nobody here verified"
                                  : "ok: problems with a verified result";
  const OverviewDevice* reference = overview.reference();
  if (reference == nullptr || overview.devices.size() < 2)
    return fmt::format("largest problem: rate in FLOP/s (i8: OP/s). {}.", ok);
  const std::size_t verified = column_place(grid, "verified");
  const bool any_starred =
      std::ranges::any_of(grid.rows, [&](const GridRow& row) { return row[verified].text.ends_with('*'); });
  return fmt::format(
      "ratio: to the library of {}, the geometric mean over the problems that both have, with its interval. "
      "largest "
      "problem: the rate on one problem \"of\" that library's rate, in FLOP/s (i8: OP/s). {}{}.",
      reference->name, ok, any_starred ? " (*: the ratio is over fewer)" : "");
}

}  // namespace

std::string overview_text(const Overview& overview, const OverviewTextOptions& options,
                          const TableOptions& table) {
  const std::size_t width = table.width == 0 ? 80 : std::min<std::size_t>(table.width, 100);
  const Screen screen = fitted(overview, options.rows);
  std::string text;
  const auto add = [&](const std::string& block) {
    text += (text.empty() || block.empty() ? "" : "\n") + block;
  };
  add(options.heading.empty() ? "" : coloured(printable(options.heading), Tone::strong, table.colour) + "\n");
  if (!overview.devices.empty()) {
    add(terminal_table(overview_devices_table(overview, screen.devices), table));
    constexpr std::size_t narrow = 64;
    const Grid grid =
        overview_table(screen.overview, screen.devices, table.width > 0 && table.width < narrow);
    add(terminal_table(grid, table));
    if (!grid.rows.empty())
      text += coloured(wrapped(printable(legend(overview, grid)), width), Tone::faint, table.colour);
  }
  const std::string more = more_text(screen);
  if (!more.empty()) text += wrapped(more, width);
  std::string sentences;
  for (const std::string& sentence : verdict_texts(overview))
    sentences += wrapped(printable(sentence), width);
  for (const std::string& sentence : left_out_texts(overview))
    sentences += wrapped(printable(sentence), width);
  add(sentences);
  std::string commands;
  for (const std::string& command : options.commands) commands += printable(command) + "\n";
  add(commands);
  return text;
}

}  // namespace moat
