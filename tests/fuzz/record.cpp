// Fuzzes the record parser: any line is a UsageError that begins with its place, or a record that is written
// as strict JSON, and what was written reads back and writes the same.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"
#include "results/json.h"
#include "tests/fuzz/property.h"

using namespace moat;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  Record record;
  try {
    record = parse_record(text, "records.jsonl:1");
  } catch (const UsageError& error) {
    require_property(std::string_view(error.what()).starts_with("records.jsonl:1: "),
                     "an error names the line");
    return 0;
  }
  const std::string line = strict_json(record_json(record));
  require_property(line.find('\n') == std::string::npos, "a record is one line");
  require_property(strict_json(record_json(parse_record(line, "again"))) == line,
                   "what was written reads back");
  const Json shown = parse_json(strict_json(show_json(record, "run")), "shown");
  require_property(shown.at("operations_per_second").is_null() || record.status == Status::ok,
                   "only ok has a rate");
  return 0;
}
