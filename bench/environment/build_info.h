// What this binary was built from and with; the text is generated at build time (cmake/build_info.cmake).
#pragma once

#include <string>

namespace moat {

/// Each field is a value, "none" or "unavailable: why".
struct BuildInfo {
  std::string version;     // the project's, e.g. "0.1.0"
  std::string commit;      // full git hash
  std::string tree;        // "clean", or "dirty": tracked files differ from the commit
  std::string compiler;    // "GNU 12.2.0"
  std::string build_type;  // "RelWithDebInfo"
  std::string flags;       // as given to every translation unit
  std::string sanitizers;  // "address,undefined"
};
[[nodiscard]] const BuildInfo& build_info();

/// The linker's digest of the running program (GNU build id, hexadecimal); empty if it was linked without.
[[nodiscard]] std::string build_id();

}  // namespace moat
