// Fuzzes what coordinator and worker hear: any line is a UsageError that begins with its speaker, or a
// message that is written as one line, and what was written reads back and writes the same.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "bench/worker/worker_messages.h"
#include "tests/fuzz/property.h"

using namespace moat;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

template <class Parse>
void hear(const std::string& line, std::string_view speaker, const Parse& parse) {
  try {
    const std::string written = message_text(parse(line));
    require_property(written.find('\n') == std::string::npos, "a message is one line");
    require_property(message_text(parse(written)) == written, "what was written reads back");
  } catch (const UsageError& error) {
    require_property(std::string_view(error.what()).starts_with(speaker), "an error names the speaker");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string line(data, data + size);
  hear(line, "coordinator: ", parse_request);
  hear(line, "worker: ", parse_answer);
  return 0;
}
