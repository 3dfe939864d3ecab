// Empty files with the names of libraries, and what a search says of them.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/common/library_files.h"
#include "tests/unit/results/scratch.h"

namespace moat::test {

inline void touch(const ScratchFolder& folder, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) write(folder / std::string(name), "");
}

/// Names of the files that were found in folders, in order.
inline std::vector<std::string> found_names(const LibrarySearch& search) {
  std::vector<std::string> names;
  for (const LibraryFile& file : search.files) {
    if (file.path.has_parent_path()) names.push_back(file.path.filename().string());
  }
  return names;
}

}  // namespace moat::test
