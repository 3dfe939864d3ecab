// What adapters share whose loader finds drivers through files: listing and reading them, and which library a
// loader has opened. Must not know any loader's rules.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/implementation.h"

namespace moat {

/// The files of `folder` whose names end with `extension` (".icd"), in the folder's own order, in which
/// loaders read them, too; none if there is no such folder.
[[nodiscard]] std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder,
                                                          std::string_view extension);

/// Why the folder cannot be read; empty if it can.
[[nodiscard]] std::string why_no_folder(const std::filesystem::path& folder);

/// The content, or "cannot be read: REASON".
[[nodiscard]] OrUnsupported<std::string> content_of(const std::filesystem::path& file);

/// Whether the bytes of `file` contain `text`. Which variables a loader obeys is told by their names in it.
[[nodiscard]] bool mentions(const std::filesystem::path& file, std::string_view text);

/// The environment variable's value; nothing if it is unset or empty.
[[nodiscard]] std::optional<std::string> variable(const char* name);
/// Sets it, or removes it.
void set_variable(const char* name, const std::optional<std::string>& value);

/// The file that this process has `library` from, with links resolved; empty if it has not loaded it.
[[nodiscard]] std::string loaded_file(const std::string& library);
/// Nothing if `library` can be loaded, else the dynamic linker's reason. Loads it: only where it was tried
/// before, or in a process that may end.
[[nodiscard]] std::optional<std::string> why_not_loaded(const std::string& library);

}  // namespace moat
