// Fuzzes the suite parser: any text is a suite or one UsageError that is fit for a terminal; what parses has
// distinct problems whose keys parse back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "bench/suite.h"
#include "kernels/error.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const moat::Suite suite = moat::parse_suite(text, "fuzz.toml");
    require(!suite.problems.empty() && suite.problems.size() <= moat::SuiteLimits::problems);
    require(!suite.name.empty() && !suite.description.empty());
    std::set<std::string> keys;
    for (const moat::SuiteProblem& entry : suite.problems) {
      const std::string key = entry.problem->key();
      require(!entry.workload.empty() && keys.insert(key).second);
      require(moat::parse_problem(key)->key() == key);
    }
  } catch (const moat::UsageError& error) {
    const std::string_view message = error.what();
    require(message.starts_with("fuzz.toml:"));
    for (const char c : message) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  }
  return 0;
}
