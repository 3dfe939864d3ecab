// Catalogue files for tests: one sound chip whose parts a test replaces.
#pragma once

#include <string>
#include <vector>

#include "adapters/catalogue/catalogue.h"
#include "base/error.h"

namespace moat::test {

inline const std::string evidence = R"(confidence = "A", sources = ["DS"])";

/// One peak on a matrix engine: `rate` as in the file, `more` further fields.
inline std::string peak_text(const std::string& types, const std::string& rate,
                             const std::string& accumulate = "f32", const std::string& more = evidence) {
  return "  { types = [" + types + "], accumulate = \"" + accumulate +
         "\", engine = \"matrix\", operations_per_second = " + rate + ", dense = true, " + more + " },\n";
}

inline std::string figure_text(const std::string& quantity, const std::string& value,
                               const std::string& more = evidence) {
  return "{ " + quantity + " = " + value + ", " + more + " }\n";
}

/// A chip with the id `id`; `fields` are its own (link, power, …), `memory` those of [chip.memory].
inline std::string chip_text(const std::string& id, const std::string& peaks, const std::string& fields = "",
                             const std::string& memory = "") {
  return "[[chip]]\nid = \"" + id + "\"\nname = \"Chip\"\nscope = \"chip\"\n" + fields + "peak = [\n" +
         peaks + "]\n" + (memory.empty() ? "" : "[chip.memory]\n" + memory);
}

inline const std::string file_head = "vendor = \"V\"\n[sources]\nDS = \"the datasheet\"\n";

inline std::string error_of(const std::string& text) {
  try {
    static_cast<void>(parse_chips(text, "c.toml"));
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace moat::test
