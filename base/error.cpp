// The standard library's words put into ours.
#include "base/error.h"

#include <cerrno>
#include <filesystem>
#include <new>
#include <string_view>
#include <system_error>

#include "base/exhaustion.h"

namespace moat {
namespace {

std::string words_of(const std::system_error& error) {
  return error.code().category().message(error.code().value());
}

bool is_permission(int error) {
  return error == EACCES || error == EPERM || error == EROFS;
}

/// "; raise the limit of open files (ulimit -n)", where a resource is exhausted; of files also for
/// permissions.
std::string remedy_of(const std::error_code& code) {
  const bool is_errno =
      code.category() == std::generic_category() || code.category() == std::system_category();
  const std::string_view remedy = is_errno ? way_out(code.value()) : "";
  return remedy.empty() ? "" : "; " + std::string(remedy);
}

}  // namespace

std::string failure_text(const std::exception& error) {
  if (const auto* of_file = dynamic_cast<const std::filesystem::filesystem_error*>(&error)) {
    std::string paths = of_file->path1().string();
    if (!of_file->path2().empty()) paths += " to " + of_file->path2().string();
    return (paths.empty() ? "the working folder" : paths) + ": " + words_of(*of_file) +
           remedy_of(of_file->code());
  }
  if (const auto* of_system = dynamic_cast<const std::system_error*>(&error)) {
    // what() is "<call>: <words>"; the call is the caller's, as in "pipe2".
    const std::string words = words_of(*of_system);
    const std::string whole = of_system->what();
    return (whole == words || whole.empty() ? "the system: " + words : whole) +
           (is_permission(of_system->code().value()) ? "" : remedy_of(of_system->code()));
  }
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return "the host has no memory left";
  // nlohmann-json's: "[json.exception.type_error.302] type must be number, but is null".
  const std::string_view text = error.what();
  const std::size_t end = text.starts_with("[json.exception.") ? text.find("] ") : std::string_view::npos;
  return end == std::string_view::npos
             ? std::string(text)
             : "a JSON document is not as expected: " + std::string(text.substr(end + 2));
}

}  // namespace moat
