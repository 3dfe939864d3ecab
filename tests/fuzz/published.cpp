// Fuzzes the parser of published figures: any text is a run with its records or one UsageError that is fit
// for a terminal; what parses is finite, distinct, marked as published, and reads back from a store's files.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"
#include "results/figures.h"
#include "results/json.h"
#include "results/published/published.h"
#include "results/store/run_json.h"
#include "tests/fuzz/property.h"

using moat::require_property;

namespace {

void check_records(const moat::Published& published) {
  std::set<std::string> devices;
  for (const moat::RunDevice& device : published.info.devices)
    require_property(devices.insert(device.id).second, "no device is there twice");
  std::set<std::string> ids;
  for (const moat::Record& record : published.records) {
    require_property(record.provenance == moat::Provenance::published, "every record is marked");
    require_property(devices.contains(record.identity.device), "a record's device is one of the file's");
    require_property(ids.insert(record.identity.id()).second, "no case is there twice");
    const moat::Figures figures = moat::figures(record);
    require_property(
        figures.bytes_per_second && std::isfinite(*figures.bytes_per_second) && *figures.bytes_per_second > 0,
        "every record has a rate");
    require_property(moat::parse_record(moat::strict_json(moat::record_json(record)), "line") == record,
                     "a record reads back");
  }
}

void check_info(const moat::RunInfo& info) {
  const moat::RunInfo read = moat::parse_info(moat::strict_json(moat::info_json(info)), "run.json");
  require_property(read.devices == info.devices && read.citation == info.citation, "the facts read back");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const moat::Published published = moat::parse_published(text, "fuzz.toml", "moat import fuzz.toml");
    require_property(published.records.size() <= moat::PublishedLimits::rows, "as many rows as are allowed");
    check_info(published.info);
    check_records(published);
  } catch (const moat::UsageError& error) {
    const std::string_view message = error.what();
    require_property(message.starts_with("fuzz.toml:"), "an error names the place");
    for (const char c : message)
      require_property(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "an error is fit for a terminal");
  }
  return 0;
}
