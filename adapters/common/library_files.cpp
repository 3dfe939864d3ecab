// Reading folders and the dynamic loader's configuration; versions in file names.
#include "adapters/common/library_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <system_error>
#include <tuple>

#include "base/text.h"

namespace moat {
namespace {

namespace fs = std::filesystem;

std::optional<std::vector<int>> parse_version(std::string_view text) {
  std::vector<int> version;
  for (const std::string_view part : split(text, '.')) {
    const bool is_number = !part.empty() && part.size() < 9 &&
                           std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number) return std::nullopt;
    version.push_back(std::stoi(std::string(part)));
  }
  return version;
}

/// The version in a name of this stem; empty if it has none; nothing if the name is another's.
/// Releases of OpenBLAS are named libopenblasp-r0.3.29.so.
std::optional<std::vector<int>> version_in(std::string_view name, std::string_view stem) {
  if (!name.starts_with(stem)) return std::nullopt;
  std::string_view rest = name.substr(stem.size());
  if (rest == ".so") return std::vector<int>{};
  if (rest.starts_with(".so.")) return parse_version(rest.substr(4));
  if (rest.starts_with("-r") && rest.ends_with(".so")) return parse_version(rest.substr(2, rest.size() - 5));
  return std::nullopt;
}

struct Named {
  std::size_t stem = 0;  // its place in the row
  std::vector<int> version;
};

std::optional<Named> named(const std::string& name, const LibraryFiles& library) {
  for (std::size_t i = 0; i < library.stems.size(); ++i) {
    if (auto version = version_in(name, library.stems[i])) return Named{i, std::move(*version)};
  }
  return std::nullopt;
}

/// "2 to 3".
std::string interfaces_text(const LibraryFiles& library) {
  return library.oldest == library.newest ? fmt::format("{}", library.newest)
                                          : fmt::format("{} to {}", library.oldest, library.newest);
}

/// A file of the library with what orders it.
struct Found {
  LibraryFile file;
  std::size_t stem = 0;
};

class Search {
 public:
  explicit Search(const LibraryFiles& library) : library_(library) {}

  void read(const fs::path& place, bool is_own) {
    std::error_code error;
    if (!fs::is_directory(place, error)) {
      consider(place, is_own);
      return;
    }
    // /lib and /usr/lib are often one folder, and large.
    if (const fs::path real = fs::canonical(place, error); !is_own && !folders_.insert(real).second) return;
    std::vector<fs::path> names;
    for (const auto& item : fs::directory_iterator(place, error)) {
      if (may_be_named(item.path().native())) names.push_back(item.path());
    }
    std::ranges::sort(names);
    for (const fs::path& path : names) consider(path, is_own);
  }

  /// Moves what was found since the last time, in order, to `files`.
  void finish_place(std::vector<LibraryFile>& files) {
    std::ranges::stable_sort(found_, [](const Found& a, const Found& b) {
      return std::tie(a.stem, b.file.version) < std::tie(b.stem, a.file.version);
    });
    for (Found& found : found_) {
      std::error_code error;
      const fs::path real = fs::canonical(found.file.path, error);
      if (!seen_.insert(error ? found.file.path : real).second) continue;
      files.push_back(std::move(found.file));
    }
    found_.clear();
  }

  [[nodiscard]] std::vector<std::string> take_refused() { return std::move(refused_); }

 private:
  [[nodiscard]] bool may_be_named(std::string_view path) const {
    path.remove_prefix(path.rfind('/') + 1);
    const auto begins = [&](std::string_view stem) { return path.starts_with(stem); };
    return std::ranges::any_of(library_.stems, begins) ||
           std::ranges::any_of(library_.refused, begins, &RefusedStem::stem);
  }

  void consider(const fs::path& path, bool is_own) {
    const std::string name = path.filename().string();
    std::error_code error;
    for (const RefusedStem& refused : library_.refused) {
      if (!name.starts_with(refused.stem) || name.find(".so") == std::string::npos) continue;
      refused_.push_back(fmt::format("{}: {}", path.string(), refused.reason));
      return;
    }
    std::optional<Named> own = named(name, library_);
    if (!own || !fs::is_regular_file(path, error)) return;
    // libdnnl.so.3 links to libdnnl.so.3.6, and says less.
    if (const auto linked = named(fs::canonical(path, error).filename().string(), library_);
        linked && linked->version.size() > own->version.size()) {
      own->version = linked->version;
    }
    if (!own->version.empty() && (own->version[0] < library_.oldest || own->version[0] > library_.newest)) {
      refused_.push_back(fmt::format("{}: its interface is {}; Moat knows {}", path.string(), own->version[0],
                                     interfaces_text(library_)));
      return;
    }
    found_.push_back({{path, std::move(own->version), is_own}, own->stem});
  }

  const LibraryFiles& library_;
  std::vector<Found> found_;
  std::set<fs::path> seen_;
  std::set<fs::path> folders_;
  std::vector<std::string> refused_;
};

/// The folders of a file like /etc/ld.so.conf, and of those that it includes.
void read_loader_configuration(const fs::path& file, const fs::path& root, int depth,
                               std::vector<fs::path>& folders) {
  std::ifstream stream(file);
  std::string line;
  while (depth < 8 && std::getline(stream, line)) {
    line.erase(std::min(line.find('#'), line.size()));
    const auto first = line.find_first_not_of(" \t");
    if (first == std::string::npos) continue;
    line = line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
    if (line.starts_with('/')) {
      folders.push_back(root / line.substr(1));
    } else if (line.starts_with("include ") || line.starts_with("include\t")) {
      fs::path pattern = line.substr(line.find_first_not_of(" \t", 7));
      pattern = pattern.is_absolute() ? root / pattern.relative_path() : file.parent_path() / pattern;
      std::vector<fs::path> included;
      std::error_code error;
      for (const auto& item : fs::directory_iterator(pattern.parent_path(), error)) {
        if (glob_match(pattern.filename().string(), item.path().filename().string())) {
          included.push_back(item.path());
        }
      }
      std::ranges::sort(included);
      for (const fs::path& path : included) read_loader_configuration(path, root, depth + 1, folders);
    }
  }
}

}  // namespace

LibraryPlaces library_places() {
  return library_places(std::getenv("MOAT_LIBRARY_PATH"), std::getenv("LD_LIBRARY_PATH"), "/");
}

LibraryPlaces library_places(const char* moat, const char* loader, const fs::path& root) {
  LibraryPlaces places;
  std::error_code error;
  for (const std::string_view entry : split(moat == nullptr ? "" : moat, ':')) {
    const fs::path path(entry);
    if (entry.empty()) continue;
    if (!path.is_absolute()) {
      places.refused.push_back(fmt::format("MOAT_LIBRARY_PATH: {} is not an absolute path", entry));
    } else if (!fs::exists(path, error)) {
      places.refused.push_back(fmt::format("MOAT_LIBRARY_PATH: {} does not exist", entry));
    } else {
      places.own.push_back(path);
    }
  }
  for (const std::string_view entry : split(loader == nullptr ? "" : loader, ':')) {
    if (entry.starts_with('/')) places.system.emplace_back(entry);
  }
  read_loader_configuration(root / "etc/ld.so.conf", root, 0, places.system);
  for (const char* usual : {"lib64", "usr/lib64", "lib", "usr/lib", "usr/local/lib"}) {
    places.system.push_back(root / usual);
  }
  return places;
}

LibrarySearch find_library(const LibraryFiles& library, const LibraryPlaces& places) {
  LibrarySearch result;
  Search search(library);
  for (const fs::path& place : places.own) {
    search.read(place, true);
    search.finish_place(result.files);
  }
  for (const fs::path& place : places.system) {
    std::error_code error;
    if (fs::is_directory(place, error)) search.read(place, false);
  }
  search.finish_place(result.files);
  result.refused = search.take_refused();
  std::ranges::sort(result.refused);
  result.refused.erase(std::unique(result.refused.begin(), result.refused.end()), result.refused.end());
  for (const std::string_view stem : library.stems) {
    for (int version = library.newest; version >= library.oldest; --version) {
      result.files.push_back({fmt::format("{}.so.{}", stem, version), {version}, false});
    }
    result.files.push_back({fmt::format("{}.so", stem), {}, false});
  }
  return result;
}

std::string patterns_text(const LibraryFiles& library) {
  const std::vector<std::string> stems(library.stems.begin(), library.stems.end());
  return fmt::format("{}.so with a version of {}, or none", join(stems, ".so, "), interfaces_text(library));
}

}  // namespace moat
