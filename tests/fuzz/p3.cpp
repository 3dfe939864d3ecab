// Fuzzes the reader of P3 files: any text is a UsageError that begins with file and line and is fit for a
// terminal, or a table whose metrics are what they must be and that writes and reads back the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "reports/portability/metrics.h"
#include "reports/portability/p3.h"
#include "tests/fuzz/property.h"

using namespace moat;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void check_metrics(const PerformanceTable& table, Efficiency kind) {
  for (const Portability& entry : portability(table, kind)) {
    require_property(entry.pp >= 0 && entry.pp <= 1, "PP is a ratio");
    require_property(entry.supported <= entry.pairs, "no more is supported than there is");
    require_property(entry.pp == 0 || entry.supported == entry.pairs, "PP needs every platform");
  }
  for (const Cascade& cascade : cascades(table, kind)) {
    require_property(cascade.steps.size() == table.platforms().size(), "a cascade has every platform");
  }
}

template <class Parse>
void check_refusal(std::string_view text, const Parse& parse) {
  try {
    parse(text);
  } catch (const UsageError& error) {
    const std::string_view message = error.what();
    require_property(message.starts_with("fuzz.csv:"), "an error names the file");
    for (const char c : message) {
      require_property(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "an error is fit for a terminal");
    }
  }
}

void check_table(std::string_view text) {
  const PerformanceTable table = parse_p3(text, "fuzz.csv");
  check_metrics(table, Efficiency::application);
  check_metrics(table, Efficiency::architectural);
  check_metrics(with_application_efficiency(table, Better::higher), Efficiency::application);
  check_metrics(with_application_efficiency(table, Better::lower), Efficiency::application);
  const PerformanceTable ran = that_ran(table);
  if (ran.entries().empty()) return;
  require_property(parse_p3(p3_csv(table), "again") == ran, "what was written reads back");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_refusal(text, check_table);
  check_refusal(text, [](std::string_view peaks) { (void)parse_peaks(peaks, "fuzz.csv"); });
  check_refusal(text, [](std::string_view divergences) { (void)parse_divergences(divergences, "fuzz.csv"); });
  return 0;
}
