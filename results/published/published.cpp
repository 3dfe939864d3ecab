// Where published figures come from: built in, or a file.
#include "results/published/published.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"
#include "base/toml_document.h"

namespace moat {

std::span<const EmbeddedFile> embedded_published_files();  // generated

namespace {

// "published/deepbench.toml" -> "deepbench"
std::string stem(std::string_view file) {
  return std::filesystem::path(file).stem().string();
}

}  // namespace

std::span<const std::string> published_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> found;
    for (const EmbeddedFile& file : embedded_published_files()) found.push_back(stem(file.name));
    std::sort(found.begin(), found.end());
    return found;
  }();
  return names;
}

bool is_published_path(std::string_view name_or_path) {
  return name_or_path.find('/') != std::string_view::npos || name_or_path.ends_with(".toml");
}

Published load_published(const std::string& name_or_path, const std::string& command) {
  const std::string built_in = join(published_names(), ", ");
  for (const EmbeddedFile& file : embedded_published_files()) {
    if (stem(file.name) == name_or_path)
      return parse_published(file.text, file.name, "moat import " + name_or_path);
  }
  if (is_published_path(name_or_path)) {
    const std::string text =
        read_toml_file(name_or_path, "published-figures", PublishedLimits::file_bytes,
                       fmt::format("give the path of an existing file, or one of {}", built_in));
    return parse_published(text, name_or_path, command);
  }
  throw UsageError(
      fmt::format("no published figures '{}'.{} Built in: {}. A file of your own needs a path "
                  "with '/' or the ending .toml.",
                  name_or_path.substr(0, 64), did_you_mean(name_or_path, published_names()), built_in));
}

}  // namespace moat
