// What this binary was built from and with; the text is generated at build time (cmake/build_info.cmake).
#pragma once

#include <string>

namespace moat {

/// Each field is a value or "unavailable: why"; none is empty but `sanitizers`.
struct BuildInfo {
  std::string version;     // the project's, e.g. "0.1.0"
  std::string commit;      // full git hash
  std::string tree;        // "clean", "dirty" (tracked files differ from the commit) or "unknown"
  std::string compiler;    // "GNU 12.2.0"
  std::string build_type;  // "RelWithDebInfo"
  std::string flags;       // as given to every translation unit
  std::string sanitizers;  // "address,undefined"; empty without
};
[[nodiscard]] const BuildInfo& build_info();

}  // namespace moat
