// Where suites come from: built in, a file, or keys on the command line.
#include "bench/plan/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/digest.h"
#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"
#include "base/toml_document.h"

namespace moat {

std::span<const EmbeddedFile> embedded_suite_files();  // generated

namespace {

// "suites/quick.toml" -> "quick"
std::string stem(std::string_view file) {
  return std::filesystem::path(file).stem().string();
}

}  // namespace

std::string Suite::digest() const {
  std::string keys;
  for (const SuiteProblem& entry : problems) keys += entry.problem->key() + '\n';
  return short_digest(keys);
}

std::span<const std::string> suite_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> found;
    for (const EmbeddedFile& file : embedded_suite_files()) found.push_back(stem(file.name));
    std::sort(found.begin(), found.end());
    return found;
  }();
  return names;
}

Suite load_suite(const std::string& name_or_path) {
  for (const EmbeddedFile& file : embedded_suite_files()) {
    if (stem(file.name) != name_or_path) continue;
    Suite suite = parse_suite(file.text, file.name);
    suite.origin = "built in";
    return suite;
  }
  if (name_or_path.find('/') != std::string::npos || name_or_path.ends_with(".toml")) {
    const std::string otherwise =
        fmt::format("give the path of an existing file, or one of {}", join(suite_names(), ", "));
    return parse_suite(read_toml_file(name_or_path, "suite", SuiteLimits::file_bytes, otherwise),
                       name_or_path);
  }
  throw UsageError(fmt::format(
      "unknown suite '{}'.{} Built in: {}. A file of your own needs a path with '/' or "
      "ending in .toml.",
      name_or_path.substr(0, 64), did_you_mean(name_or_path, suite_names()), join(suite_names(), ", ")));
}

Suite suite_of_keys(std::span<const std::string> keys) {
  Suite suite;
  suite.name = "command-line";
  suite.description = "problems named on the command line";
  suite.origin = "command line";
  std::map<std::string, std::string> written_as;
  for (const std::string& key : keys) {
    std::shared_ptr<const Problem> problem = parse_problem(key);
    const auto [first, added] = written_as.emplace(problem->key(), key);
    if (!added) {
      throw UsageError(
          fmt::format("problem {} is named twice: as '{}' and as '{}'", first->first, first->second, key));
    }
    suite.problems.push_back({std::move(problem), suite.origin, 0});
  }
  return suite;
}

}  // namespace moat
