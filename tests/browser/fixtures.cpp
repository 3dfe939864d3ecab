// Writes the pages that the browser tests load: fixtures FOLDER.
// Prints how long each took to write.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "reports/format/grid.h"
#include "reports/page/page.h"
#include "tests/synthetic.h"

namespace {

using moat::Findings;
using moat::test::findings_of;
using moat::test::synthetic_subjects;

/// Each would set window.pwned, call alert or ask a server if it came to life.
std::string attack(std::size_t place) {
  static constexpr std::array<const char*, 8> pieces{
      "</script><script>window.pwned=1</script>",
      "\" onmouseover=\"window.pwned=1\" x=\"",
      "<img src=https://example.invalid/x onerror=window.pwned=1>",
      "<svg/onload=alert(1)>",
      "--><script>window.pwned=1</script><!--",
      "</noscript><script>window.pwned=1</script>",
      "javascript:window.pwned=1",
      "</title></style><iframe src=//example.invalid>"};
  return fmt::format("{} {}{}", place, pieces.at(place % pieces.size()),
                     pieces.at((place / 3) % pieces.size()));
}

Findings hostile() {
  std::vector<moat::Subject> subjects = synthetic_subjects({2, 300, 9});
  for (moat::Subject& subject : subjects) moat::test::make_hostile(subject, attack);
  return findings_of(std::move(subjects), true, attack(0));
}

void write(const std::filesystem::path& path, Findings (*make)(), bool metrics = true) {
  using Clock = std::chrono::steady_clock;
  const Findings findings = metrics ? moat::test::with_portability(make()) : make();
  const auto begin = Clock::now();
  const std::string page = html_page(findings);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::ofstream(path, std::ios::binary) << page;
  fmt::print("{}: {} bytes, made in {:.3f} s\n", path.filename().string(), page.size(), seconds);
}

/// Numbers of every kind, of all sizes and at the edges of rounding,
/// with the text that the program gives them.
void write_numbers(const std::filesystem::path& path) {
  using moat::GridKind;
  moat::Json numbers = moat::Json::array();
  for (const auto& [kind, base] : {std::pair<GridKind, std::string>{GridKind::count, ""},
                                   {GridKind::rate, "FLOP/s"},
                                   {GridKind::seconds, ""},
                                   {GridKind::percent, ""},
                                   {GridKind::factor, ""},
                                   {GridKind::number, ""}}) {
    const moat::GridColumn column{"key", "Title", kind, base};
    for (int power = kind == GridKind::count ? 0 : -12; power <= 15; ++power) {
      for (const double digits : {1.0, 1.2345, 2.5, 4.9996, 9.5, 9.994, 9.9949, 9.9951, 9.9994, 9.9996}) {
        moat::GridCell cell = moat::cell(digits * std::pow(10, power));
        if (kind == GridKind::count) cell = moat::count_cell(static_cast<std::size_t>(*cell.value));
        if (kind == GridKind::factor && power % 2 == 0)
          cell.ends = moat::Interval{*cell.value * 0.9, *cell.value * 1.1};
        numbers.push_back({{"kind", name(kind)},
                           {"base", base},
                           {"value", *cell.value},
                           {"low", cell.ends ? moat::Json(cell.ends->low) : moat::Json(nullptr)},
                           {"high", cell.ends ? moat::Json(cell.ends->high) : moat::Json(nullptr)},
                           {"text", cell_text(column, cell)}});
      }
    }
  }
  std::ofstream(path, std::ios::binary) << numbers.dump();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || argv[1][0] == '-') {
    fmt::print(stderr, "usage: {} FOLDER\n", argv[0]);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  write_numbers(folder / "numbers.json");
  write(folder / "report.html", [] { return findings_of(synthetic_subjects({3, 500, 30})); });
  write(folder / "large.html", [] { return findings_of(synthetic_subjects({3, 10'000, 30})); });
  write(folder / "hostile.html", hostile);
  write(
      folder / "empty.html", [] { return findings_of({}); }, false);
  write(
      folder / "devices.html",
      [] {
        return findings_of(synthetic_subjects({1000, 2000, 9}));
      },
      false);
}
