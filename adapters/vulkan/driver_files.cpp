// Manifests, read as the loader reads them. Loads no library.
#include "adapters/vulkan/driver_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/common/driver_files.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

namespace moat::vulkan {
namespace {

namespace fs = std::filesystem;

/// A path that has a folder but is not absolute begins at the manifest; a name alone is the dynamic linker's.
std::string library_path(const std::string& library, const fs::path& manifest) {
  if (library.find('/') == std::string::npos || library.front() == '/') return library;
  return (manifest.parent_path() / library).string();
}

std::string text_at(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

/// The manifest, or why it cannot be read.
OrUnsupported<Json> read_manifest(const fs::path& file) {
  auto content = content_of(file);
  if (const auto* refused = std::get_if<Unsupported>(&content)) return *refused;
  try {
    Json json = parse_json(std::get<std::string>(content), "it");
    if (json.is_object()) return json;
  } catch (const UsageError& error) {
    return Unsupported{fmt::format("is no manifest: {}", error.what())};
  }
  return Unsupported{"is no manifest: it holds no object"};
}

DriverFile read_driver(const fs::path& file) {
  DriverFile made{.file = file.string(), .library = {}, .fault = {}};
  const auto manifest = read_manifest(file);
  if (const auto* refused = std::get_if<Unsupported>(&manifest)) {
    made.fault = refused->reason;
    return made;
  }
  const auto& json = std::get<Json>(manifest);
  const auto icd = json.find("ICD");
  if (icd != json.end() && icd->is_object()) made.library = text_at(*icd, "library_path");
  if (made.library.empty()) {
    made.fault = "names no library";
  } else {
    made.library = library_path(made.library, file);
  }
  return made;
}

/// The variable that such a condition of a layer names, with the value that it asks for.
std::optional<std::pair<std::string, std::string>> condition_of(const Json& layer, const char* name) {
  const auto found = layer.find(name);
  if (found == layer.end() || !found->is_object() || found->empty()) return std::nullopt;
  const auto first = found->begin();
  return std::pair(first.key(), first->is_string() ? first->get<std::string>() : "1");
}

std::string lower(std::string_view text) {
  std::string made(text);
  std::ranges::transform(made, made.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return made;
}

/// Whether a list like "*radv*,~implicit~" names it.
bool is_listed(const char* variable_name, std::string_view name, std::string_view kind) {
  const std::string listed = lower(variable(variable_name).value_or(""));
  return std::ranges::any_of(split(listed, ','), [&](std::string_view pattern) {
    return pattern == "~all~" || pattern == kind || (!pattern.empty() && glob_match(pattern, lower(name)));
  });
}

/// As the loader decides (loader_implicit_layer_is_enabled).
bool is_wanted_layer(const Json& layer) {
  const std::string name = text_at(layer, "name");
  const auto disabling = condition_of(layer, "disable_environment");
  if (disabling && std::getenv(disabling->first.c_str()) != nullptr) return false;
  if (is_listed("VK_LOADER_LAYERS_ENABLE", name, "*")) return true;
  if (is_listed("VK_LOADER_LAYERS_DISABLE", name, "~implicit~") &&
      !is_listed("VK_LOADER_LAYERS_ALLOW", name, "*"))
    return false;
  const auto enabling = condition_of(layer, "enable_environment");
  return !enabling || variable(enabling->first.c_str()) == enabling->second;
}

/// A layer as it is told: "/usr/share/…/x.json (VK_LAYER_X)". Its name is how it is left out.
void add_layer(const Json& layer, const fs::path& file, std::vector<DriverFile>& layers) {
  const std::string library = text_at(layer, "library_path");
  if (library.empty()) return;  // a group of others
  layers.push_back({.file = fmt::format("{} ({})", file.string(), text_at(layer, "name")),
                    .library = library_path(library, file),
                    .fault = {}});
}

/// Folders or files, separated by colons.
void add_places(std::string_view list, std::string_view below, std::vector<fs::path>& places) {
  for (const std::string_view entry : split(list, ':')) {
    if (!entry.empty()) places.push_back(below.empty() ? fs::path(entry) : fs::path(entry) / below);
  }
}

/// The usual folders, in the loader's order, each with "vulkan/icd.d" or "vulkan/implicit_layer.d" below it.
std::vector<fs::path> usual_places(const fs::path& root, std::string_view below) {
  std::vector<fs::path> places;
  const auto home = variable("HOME");
  const auto add_own = [&](const char* name, const char* in_home) {
    if (const auto own = variable(name)) {
      places.push_back(fs::path(*own) / below);
    } else if (home) {
      places.push_back(fs::path(*home) / in_home / below);
    }
  };
  const auto at = [&](const char* folder) { return (root / folder).string(); };
  add_own("XDG_CONFIG_HOME", ".config");
  add_places(variable("XDG_CONFIG_DIRS").value_or(at("etc/xdg")), below, places);
  places.push_back(root / "etc" / below);
  add_own("XDG_DATA_HOME", ".local/share");
  add_places(variable("XDG_DATA_DIRS").value_or(at("usr/local/share") + ":" + at("usr/share")), below,
             places);
  return places;
}

std::vector<fs::path> manifests_in(const std::vector<fs::path>& places) {
  std::vector<fs::path> files;
  std::set<fs::path> seen;
  const auto add = [&](const fs::path& file) {
    std::error_code error;
    const fs::path real = fs::canonical(file, error);
    if (seen.insert(error ? file : real).second) files.push_back(file);
  };
  for (const fs::path& place : places) {
    std::error_code error;
    if (place.extension() == ".json" && !fs::is_directory(place, error)) {
      add(place);
    } else {
      for (const fs::path& file : files_in(place, ".json")) add(file);
    }
  }
  return files;
}

struct Search {
  std::vector<fs::path> files;
  std::vector<fs::path> places;
};

/// The variables that the loader obeys: older ones know fewer.
struct Variables {
  std::vector<const char*> only;  // the first that is set replaces the usual places
  const char* also;               // what comes before them
};

Search search(const ManifestPlaces& places, std::string_view below, const Variables& variables) {
  const auto value_of = [&](const char* name) {
    return places.loader.empty() || mentions(places.loader, name) ? std::getenv(name) : nullptr;
  };
  Search made;
  for (const char* name : variables.only) {
    const char* chosen = value_of(name);
    if (chosen == nullptr) continue;
    add_places(chosen, "", made.places);
    made.files = manifests_in(made.places);
    return made;
  }
  if (const char* more = value_of(variables.also)) add_places(more, "", made.places);
  for (fs::path& place : usual_places(places.root, below)) made.places.push_back(std::move(place));
  made.files = manifests_in(made.places);
  return made;
}

bool is_wanted_driver(const fs::path& file) {
  const std::string name = file.filename().string();
  const bool is_selected = is_listed("VK_LOADER_DRIVERS_SELECT", name, "*");
  if (is_listed("VK_LOADER_DRIVERS_DISABLE", name, "*")) return is_selected;
  return is_selected || !variable("VK_LOADER_DRIVERS_SELECT");
}

std::string absence_of(const Search& found) {
  if (!found.files.empty())
    return "VK_LOADER_DRIVERS_SELECT and VK_LOADER_DRIVERS_DISABLE leave none of the drivers' manifests";
  std::vector<std::string> names;
  for (const fs::path& place : found.places) names.push_back(place.string());
  return fmt::format("no driver's manifest in {}: {}",
                     names.empty() ? "VK_DRIVER_FILES, which is set and names none" : join(names, ", "),
                     way_out);
}

/// What stands under "layer" or "layers".
std::vector<Json> layers_in(const Json& manifest) {
  std::vector<Json> layers;
  if (const auto one = manifest.find("layer"); one != manifest.end()) layers.push_back(*one);
  if (const auto several = manifest.find("layers"); several != manifest.end() && several->is_array())
    layers.insert(layers.end(), several->begin(), several->end());
  std::erase_if(layers, [](const Json& layer) { return !layer.is_object(); });
  return layers;
}

std::vector<Json> layers_of(const fs::path& file) {
  const auto manifest = read_manifest(file);
  const auto* json = std::get_if<Json>(&manifest);
  return json == nullptr ? std::vector<Json>{} : layers_in(*json);
}

void add_layers(const fs::path& file, std::vector<DriverFile>& layers) {
  const auto manifest = read_manifest(file);
  if (const auto* refused = std::get_if<Unsupported>(&manifest)) {
    layers.push_back({.file = file.string(), .library = {}, .fault = refused->reason});
    return;
  }
  for (const Json& layer : layers_in(std::get<Json>(manifest))) {
    if (is_wanted_layer(layer)) add_layer(layer, file, layers);
  }
}

constexpr const char* asked_layers = "VK_INSTANCE_LAYERS";

/// Explicit layers that the environment asks for are loaded with every driver, too.
void add_asked_layers(const ManifestPlaces& places, std::vector<DriverFile>& layers) {
  const std::string asked = variable(asked_layers).value_or("");
  if (asked.empty()) return;
  for (const fs::path& file :
       search(places, "vulkan/explicit_layer.d", {{"VK_LAYER_PATH"}, "VK_ADD_LAYER_PATH"}).files) {
    for (const Json& layer : layers_of(file)) {
      if (std::ranges::count(split(asked, ':'), text_at(layer, "name")) > 0) add_layer(layer, file, layers);
    }
  }
}

void ask_no_more(const std::string& layer) {
  const auto asked = variable(asked_layers);
  if (!asked) return;
  std::vector<std::string> kept;
  for (const std::string_view name : split(*asked, ':')) {
    if (name != layer) kept.emplace_back(name);
  }
  set_variable(asked_layers, kept.empty() ? std::nullopt : std::optional(join(kept, ":")));
}

}  // namespace

DriverFiles find_driver_files(const ManifestPlaces& places) {
  DriverFiles files;
  files.installing = way_out;
  files.mending = "reinstall its driver, remove the file, or name those to use in VK_DRIVER_FILES";
  const Search found =
      search(places, "vulkan/icd.d", {{"VK_DRIVER_FILES", "VK_ICD_FILENAMES"}, "VK_ADD_DRIVER_FILES"});
  for (const fs::path& file : found.files) {
    if (is_wanted_driver(file)) files.drivers.push_back(read_driver(file));
  }
  if (files.drivers.empty()) files.absence = absence_of(found);
  const Search layers =
      search(places, "vulkan/implicit_layer.d", {{"VK_IMPLICIT_LAYER_PATH"}, "VK_ADD_IMPLICIT_LAYER_PATH"});
  for (const fs::path& file : layers.files) add_layers(file, files.layers);
  add_asked_layers(places, files.layers);
  return files;
}

// Loaders before 1.3.207 know only VK_ICD_FILENAMES, and those before 1.3.234 no VK_LOADER_LAYERS_DISABLE:
// there a layer is left out by the variable that its manifest names.
void make_loader_use(const DriverFile& driver, std::span<const DriverFile> without) {
  set_variable("VK_ADD_DRIVER_FILES", std::nullopt);
  set_variable("VK_DRIVER_FILES", driver.file);
  set_variable("VK_ICD_FILENAMES", driver.file);
  std::string disabled = variable("VK_LOADER_LAYERS_DISABLE").value_or("");
  for (const DriverFile& layer : without) {
    const std::size_t at = layer.file.rfind(" (");
    if (at == std::string::npos) continue;
    const std::string name = layer.file.substr(at + 2, layer.file.size() - at - 3);
    disabled += (disabled.empty() ? "" : ",") + name;
    ask_no_more(name);
    for (const Json& each : layers_of(layer.file.substr(0, at))) {
      const auto disabling = condition_of(each, "disable_environment");
      if (disabling && text_at(each, "name") == name)
        set_variable(disabling->first.c_str(), disabling->second);
    }
  }
  if (!disabled.empty()) set_variable("VK_LOADER_LAYERS_DISABLE", disabled);
}

}  // namespace moat::vulkan
