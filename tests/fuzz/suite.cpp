// Fuzzes the suite parser: any text is a suite or one UsageError that is fit for a terminal; what parses has
// distinct problems whose keys parse back.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/error.h"
#include "bench/plan/suite.h"
#include "tests/fuzz/property.h"

using moat::require_property;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const moat::Suite suite = moat::parse_suite(text, "fuzz.toml");
    require_property(!suite.problems.empty() && suite.problems.size() <= moat::SuiteLimits::problems,
                     "as many problems as the limits allow");
    require_property(!suite.name.empty() && !suite.description.empty(), "a suite says what it is");
    std::set<std::string> keys;
    for (const moat::SuiteProblem& entry : suite.problems) {
      const std::string key = entry.problem->key();
      require_property(!entry.workload.empty(), "every problem says where it comes from");
      require_property(keys.insert(key).second, "no problem is there twice");
      require_property(moat::parse_problem(key)->key() == key, "a key parses back to itself");
    }
  } catch (const moat::UsageError& error) {
    const std::string_view message = error.what();
    require_property(message.starts_with("fuzz.toml:"), "an error names the place");
    for (const char c : message) {
      require_property(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "an error is fit for a terminal");
    }
  }
  return 0;
}
