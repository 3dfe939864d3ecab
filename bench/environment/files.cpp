// Small text files, and why they cannot be read.
#include "bench/environment/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>

#include "base/json.h"
#include "base/text.h"

namespace moat::environment {
namespace {

// std::ios_base::failure tells nothing of errno on all libraries; the streams' low-level open and read do.
std::string last_error() {
  return errno == 0 ? "cannot be read" : std::strerror(errno);
}

}  // namespace

Json unavailable(std::string_view why) {
  return fmt::format("unavailable: {}", why);
}

std::optional<std::int64_t> integer(std::string_view text) {
  text = trim(text);
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::filesystem::path SystemFiles::at(std::string_view path) const {
  return root_ / std::filesystem::path(path).relative_path();
}

SystemFiles::Text SystemFiles::read(std::string_view path) const {
  constexpr std::size_t most = std::size_t{16} << 20U;
  errno = 0;
  std::ifstream stream(at(path), std::ios::binary);
  std::string text;
  std::string block(std::size_t{1} << 16U, '\0');
  while (stream && text.size() < most) {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    text.append(block, 0, static_cast<std::size_t>(stream.gcount()));
  }
  // A folder opens but does not read; some files of sysfs refuse only when read.
  if (text.empty() && (!stream.eof() || errno != 0))
    return {std::nullopt, fmt::format("{}: {}", path, last_error())};
  return {std::string(trim(text)), ""};
}

Json SystemFiles::text(std::string_view path) const {
  const Text found = read(path);
  if (!found.value) return unavailable(found.absence);
  return found.value->empty() ? "none" : *found.value;
}

Json SystemFiles::number(std::string_view path) const {
  const Text found = read(path);
  if (!found.value) return unavailable(found.absence);
  if (const std::optional<std::int64_t> value = integer(*found.value)) return *value;
  return unavailable(fmt::format("{}: '{}' is not a number", path, found.value->substr(0, 40)));
}

Json SystemFiles::choice(std::string_view path) const {
  const Text found = read(path);
  if (!found.value) return unavailable(found.absence);
  const std::size_t open = found.value->find('[');
  const std::size_t close = found.value->find(']', std::min(open, found.value->size()));
  if (close == std::string::npos) return *found.value;
  return found.value->substr(open + 1, close - open - 1);
}

bool SystemFiles::exists(std::string_view path) const {
  std::error_code ignored;  // what cannot be asked for is not there
  return std::filesystem::exists(at(path), ignored);
}

std::vector<std::string> SystemFiles::names(std::string_view folder) const {
  std::vector<std::string> found;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(at(folder), error), end; !error && entry != end;
       entry.increment(error)) {
    found.push_back(entry->path().filename().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> SystemFiles::numbered(std::string_view folder, std::string_view prefix) const {
  std::vector<std::pair<std::int64_t, std::string>> found;
  for (std::string& name : names(folder)) {
    if (!name.starts_with(prefix)) continue;
    if (const auto number = integer(std::string_view(name).substr(prefix.size()))) {
      found.emplace_back(*number, std::move(name));
    }
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> sorted;
  sorted.reserve(found.size());
  for (auto& [number, name] : found) sorted.push_back(std::move(name));
  return sorted;
}

}  // namespace moat::environment
