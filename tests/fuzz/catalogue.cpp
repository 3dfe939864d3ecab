// Fuzzes the catalogue's parser and linter: any text is one UsageError that is fit for a terminal, or chips
// whose figures are numbers and of which the linter says where.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "adapters/catalogue/catalogue.h"
#include "adapters/catalogue/lint.h"
#include "base/error.h"
#include "tests/fuzz/property.h"

using moat::require_property;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void check_figure(const moat::Figure& figure) {
  require_property(std::isfinite(figure.low) && figure.low > 0, "a low end is a positive number");
  require_property(std::isfinite(figure.high) && figure.high > 0, "a high end is a positive number");
  require_property(figure.line > 0, "a figure stands on a line");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const std::vector<moat::Chip> chips = moat::parse_chips(text, "fuzz.toml");
    require_property(!chips.empty() && chips.size() <= moat::CatalogueLimits::chips,
                     "as many chips as allowed");
    std::set<std::string> ids;
    for (const moat::Chip& chip : chips) {
      require_property(ids.insert(chip.id).second, "no id is there twice");
      require_property(!chip.name.empty() && !chip.vendor.empty(), "a chip has a name and a vendor");
      require_property(chip.peaks.size() <= moat::CatalogueLimits::peaks, "as many peaks as allowed");
      for (const moat::Peak& peak : chip.peaks) check_figure(peak);
      for (const auto& figure :
           {chip.memory.bytes, chip.memory.bandwidth, chip.link, chip.external_io, chip.power}) {
        if (figure) check_figure(*figure);
      }
    }
    for (const moat::Finding& finding : moat::lint(chips)) {
      require_property(ids.contains(finding.chip) && finding.line > 0, "a finding says where");
      require_property(!finding.sentence.empty(), "a finding says what");
    }
    const moat::Catalogue catalogue(chips);
    for (const moat::Chip& chip : chips)
      require_property(&catalogue.find(chip.id) != nullptr, "an id finds its chip");
  } catch (const moat::UsageError& error) {
    const std::string_view message = error.what();
    require_property(message.starts_with("fuzz.toml:"), "an error names the place");
    for (const char c : message) {
      require_property(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "an error is fit for a terminal");
    }
  }
  return 0;
}
