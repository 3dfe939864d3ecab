// dlopen, dlsym and dladdr.
#include "adapters/common/dynamic_library.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/text.h"

namespace moat {
namespace {

namespace fs = std::filesystem;

std::string resolved(const char* path) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  return error ? path : real.string();
}

struct Opened {
  void* handle = nullptr;
  std::string failure;
};

Opened open_file(const std::string& file) {
  void* const handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle != nullptr) return {handle, {}};
  return {nullptr, dlerror()};
}

/// Opens a file of MOAT_LIBRARY_PATH, and first what it needs that lies in `folders`: wheels leave that to
/// LD_LIBRARY_PATH. The linker's message begins with the name of what it misses.
Opened open_with_needed(const fs::path& file, const std::vector<fs::path>& folders, int depth = 0) {
  constexpr int most_files = 64;
  constexpr int most_depth = 8;
  Opened opened = open_file(file.string());
  for (int i = 0; opened.handle == nullptr && i < most_files && depth < most_depth; ++i) {
    const std::string needed = opened.failure.substr(0, opened.failure.find(':'));
    if (needed.find('/') != std::string::npos) break;  // its own name: the file itself is at fault
    std::error_code error;
    const auto folder = std::ranges::find_if(
        folders, [&](const fs::path& place) { return fs::is_regular_file(place / needed, error); });
    if (folder == folders.end()) break;
    const Opened below = open_with_needed(*folder / needed, folders, depth + 1);
    if (below.handle == nullptr) return {nullptr, fmt::format("{} needs {}", opened.failure, below.failure)};
    opened = open_file(file.string());
  }
  return opened;
}

Opened open(const LibraryFile& file, const LibraryPlaces& places) {
  if (!file.path.has_parent_path()) return open_file(file.path.string());
  if (!file.is_own) {
    // One that is in the process already, as when it was preloaded, is the one that is meant.
    const std::string name = file.path.filename().string();
    if (void* loaded = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD)) return {loaded, {}};
    return open_file(file.path.string());
  }
  std::vector<fs::path> folders{file.path.parent_path()};
  folders.insert(folders.end(), places.own.begin(), places.own.end());
  return open_with_needed(file.path, folders);
}

/// "/x/libdnnl.so.3: libtbb.so.12: cannot open ...": the file first, once.
std::string failure_text(const LibraryFile& file, const std::string& failure) {
  const std::string path = file.path.string();
  return failure.find(path) == std::string::npos ? fmt::format("{}: {}", path, failure) : failure;
}

LibraryGuard& guard() {
  static LibraryGuard one;
  return one;
}

/// "libdnnl" of "/usr/lib/libdnnl.so.3".
std::string stem_of(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.substr(0, name.find(".so"));
}

/// Why the file is avoided; null if it is not. A name without a folder leads to whichever file of its stem
/// the dynamic loader finds.
const AvoidedLibrary* avoided(const LibraryFile& file) {
  const auto& all = guard().avoided;
  const auto found = std::ranges::find_if(all, [&](const AvoidedLibrary& library) {
    return library.file == file.path.string() ||
           (!file.path.has_parent_path() && stem_of(library.file) == stem_of(file.path));
  });
  return found == all.end() ? nullptr : &*found;
}

void tell(const std::string& file) {
  if (guard().on_open) guard().on_open(file);
}

/// Nothing if the file serves, else why it does not.
std::optional<std::string> try_file(const LibraryFile& file, const LibraryPlaces& places,
                                    const TakeLibrary& take) {
  if (const AvoidedLibrary* known = avoided(file)) return known->reason;
  tell(file.path.string());
  Opened opened = open(file, places);
  if (opened.handle != nullptr) {
    const std::optional<Unsupported> refusal = take(opened.handle);
    opened.failure = refusal ? refusal->reason : "";
  }
  tell("");
  return opened.failure.empty() ? std::nullopt : std::optional(std::move(opened.failure));
}

Unsupported absent(const LibraryFiles& library, const LibraryPlaces& places, const LibrarySearch& search,
                   const std::vector<std::string>& failures) {
  std::vector<std::string> parts;
  if (failures.empty()) {
    parts.push_back(fmt::format("not found: {}, in {}the loader's folders", patterns_text(library),
                                places.own.empty() ? "" : "MOAT_LIBRARY_PATH and "));
  }
  parts.insert(parts.end(), failures.begin(), failures.end());
  parts.insert(parts.end(), search.refused.begin(), search.refused.end());
  if (!library.way_out.empty()) parts.emplace_back(library.way_out);
  return {join(parts, "; ")};
}

}  // namespace

void guard_libraries(LibraryGuard guarding) {
  guard() = std::move(guarding);
}

OrUnsupported<PassedOver> open_library(const LibraryFiles& library, const LibraryPlaces& places,
                                       const TakeLibrary& take) {
  if (!places.refused.empty()) return Unsupported{join(places.refused, "; ")};
  const LibrarySearch search = find_library(library, places);
  std::vector<std::string> failures;
  bool failed_own = false;
  for (const LibraryFile& file : search.files) {
    if (failed_own && !file.is_own) break;
    const std::optional<std::string> failure = try_file(file, places, take);
    if (!failure) return failures;
    // One of the names that were tried in case the loader knew them.
    if (failure->starts_with(file.path.string() + ": cannot open") && !file.path.has_parent_path()) continue;
    failed_own = failed_own || file.is_own;
    failures.push_back(failure_text(file, *failure));
  }
  return absent(library, places, search, failures);
}

OrUnsupported<PassedOver> open_library(const LibraryFiles& library, const TakeLibrary& take) {
  return open_library(library, library_places(), take);
}

std::string passed_over_text(const PassedOver& passed_over) {
  return passed_over.empty() ? "" : ", passed over: " + join(passed_over, "; ");
}

std::string file_of(const void* address) {
  Dl_info info{};
  if (dladdr(address, &info) == 0 || info.dli_fname == nullptr) return "unknown file";
  return resolved(info.dli_fname);
}

std::string file_of_handle(void* handle) {
  link_map* map = nullptr;
  if (dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0 || map == nullptr) return "unknown file";
  return resolved(map->l_name);
}

void announce_opencl_runtimes() {
  constexpr const char* variable = "OCL_ICD_FILENAMES";
  LibraryPlaces places = library_places();
  places.system.clear();
  const char* const set = std::getenv(variable);
  std::string names = set == nullptr ? "" : set;
  for (const LibraryFile& file : find_library(opencl_runtime_files(), places).files) {
    // One of each folder, and none that is announced already.
    if (!file.is_own || names.find(file.path.parent_path().string() + "/") != std::string::npos) continue;
    names += (names.empty() ? "" : ":") + file.path.string();
  }
  if (!names.empty()) setenv(variable, names.c_str(), 1);
}

void* symbol(void* handle, const std::string& name) {
  return dlsym(handle, name.c_str());
}

}  // namespace moat
