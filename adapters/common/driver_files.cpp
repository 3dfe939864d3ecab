// Folders, files, the environment and dlopen.
#include "adapters/common/driver_files.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <system_error>

#include "adapters/common/dynamic_library.h"

namespace moat {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator item(folder, error), end; !error && item != end; item.increment(error)) {
    if (item->path().filename().string().ends_with(extension)) files.push_back(item->path());
  }
  return files;
}

std::string why_no_folder(const fs::path& folder) {
  std::error_code error;
  const fs::directory_iterator opened(folder, error);
  return error ? error.message() : "";
}

OrUnsupported<std::string> content_of(const fs::path& file) {
  std::error_code error;
  // Opening a folder succeeds, and a pipe would wait for its writer.
  const fs::file_status status = fs::status(file, error);
  if (!error && fs::exists(status) && !fs::is_regular_file(status)) {
    return Unsupported{"cannot be read: it is not a file"};
  }
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (stream) return text.str();
  const int reason = errno != 0 ? errno : EIO;
  return Unsupported{fmt::format("cannot be read: {}", std::generic_category().message(reason))};
}

bool mentions(const fs::path& file, std::string_view text) {
  const auto content = content_of(file);
  const auto* bytes = std::get_if<std::string>(&content);
  return bytes != nullptr && bytes->find(text) != std::string::npos;
}

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

void set_variable(const char* name, const std::optional<std::string>& value) {
  if (value) {
    setenv(name, value->c_str(), 1);
  } else {
    unsetenv(name);
  }
}

std::string loaded_file(const std::string& library) {
  void* const handle = dlopen(library.c_str(), RTLD_LAZY | RTLD_LOCAL | RTLD_NOLOAD);
  return handle == nullptr ? "" : file_of_handle(handle);
}

std::optional<std::string> why_not_loaded(const std::string& library) {
  if (dlopen(library.c_str(), RTLD_LAZY | RTLD_LOCAL) != nullptr) return std::nullopt;
  const char* reason = dlerror();
  return reason == nullptr ? "the dynamic linker gives no reason" : reason;
}

}  // namespace moat
