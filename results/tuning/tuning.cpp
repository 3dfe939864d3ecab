// Tuning files: JSON with every field checked, paths from names that are not trusted.
#include "results/tuning/tuning.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <system_error>

#include "base/error.h"
#include "base/files.h"

namespace moat {
namespace {

namespace fs = std::filesystem;
using ReadJson = nlohmann::json;

/// The fields of one object; errors say "where: 'problems[3].driver' …".
class Fields {
 public:
  /// `name` is the object's own: "problems[3]"; empty for the file.
  Fields(const ReadJson& object, std::string_view where, const std::string& name)
      : object_(object), where_(where), prefix_(name.empty() ? "" : name + ".") {
    if (!object.is_object())
      throw UsageError(fmt::format("{}: {} is not an object", where, name.empty() ? "the file" : name));
  }

  [[noreturn]] void fail(std::string_view field, std::string_view fault) const {
    throw UsageError(fmt::format("{}: '{}{}' {}", where_, prefix_, field, fault));
  }
  [[nodiscard]] const ReadJson& at(const char* field) const {
    const auto found = object_.find(field);
    if (found == object_.end()) fail(field, "is missing");
    return *found;
  }
  [[nodiscard]] std::string text(const char* field) const {
    const ReadJson& value = at(field);
    if (!value.is_string()) fail(field, "is not text");
    auto text = value.get<std::string>();
    if (text.size() > TuningLimits::text_bytes)
      fail(field, fmt::format("is longer than {} bytes", TuningLimits::text_bytes));
    return text;
  }
  [[nodiscard]] std::int64_t integer(const ReadJson& value, std::string_view field) const {
    const bool too_large =
        value.is_number_unsigned() &&
        value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!value.is_number_integer() || too_large) fail(field, "is not a whole number of 64 bits");
    return value.get<std::int64_t>();
  }
  [[nodiscard]] double seconds(const char* field) const {
    const ReadJson& value = at(field);
    if (!value.is_number()) fail(field, "is not a number");
    const auto seconds = value.get<double>();
    if (!std::isfinite(seconds) || seconds < 0) fail(field, "is no duration");
    return seconds;
  }
  [[nodiscard]] bool flag(const char* field) const {
    const ReadJson& value = at(field);
    if (!value.is_boolean()) fail(field, "is neither true nor false");
    return value.get<bool>();
  }
  [[nodiscard]] Parameters parameters(const char* field) const {
    const ReadJson& value = at(field);
    if (!value.is_object()) fail(field, "is not an object");
    if (value.size() > TuningLimits::parameters)
      fail(field, fmt::format("has more than {} entries", TuningLimits::parameters));
    Parameters parameters;
    for (const auto& [name, number] : value.items()) {
      if (name.size() > TuningLimits::text_bytes) fail(field, "has a name that is too long");
      parameters[name] = integer(number, fmt::format("{}.{}", field, name));
    }
    return parameters;
  }

 private:
  const ReadJson& object_;
  std::string_view where_;
  std::string prefix_;
};

TunedProblem parse_problem_entry(const ReadJson& json, std::string_view where, std::size_t index) {
  const Fields fields(json, where, fmt::format("problems[{}]", index));
  TunedProblem tuned;
  tuned.implementation = fields.text("implementation");
  tuned.problem = fields.text("problem");
  tuned.driver = fields.text("driver");
  tuned.kernels = fields.text("kernels");
  tuned.parameters = fields.parameters("parameters");
  tuned.keeps_default = fields.flag("keeps_default");
  tuned.seconds = fields.seconds("seconds");
  tuned.default_seconds = fields.seconds("default_seconds");
  const std::int64_t candidates = fields.integer(fields.at("candidates"), "candidates");
  if (candidates < 1) fields.fail("candidates", "is less than 1");
  tuned.candidates = static_cast<std::uint64_t>(candidates);
  tuned.tuned_utc = fields.text("tuned_utc");
  return tuned;
}

/// Every .json file below, sorted; not through links, which could lead anywhere.
std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (files.size() >= TuningLimits::files) break;
    std::error_code ignored;
    if (entry->path().extension() == ".json" &&
        entry->symlink_status(ignored).type() == fs::file_type::regular)
      files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

TuningFile read_file_at(const fs::path& path) {
  return parse_tuning(read_file(path, TuningLimits::file_bytes), path.string());
}

}  // namespace

void TuningFile::put(const TunedProblem& tuned) {
  const auto same = [&](const TunedProblem& other) {
    return other.implementation == tuned.implementation && other.problem == tuned.problem &&
           other.driver == tuned.driver;
  };
  std::erase_if(problems, same);
  problems.push_back(tuned);
}

Json tuning_json(const TuningFile& file) {
  Json problems = Json::array();
  for (const TunedProblem& tuned : file.problems) {
    Json parameters = Json::object();
    for (const auto& [name, value] : tuned.parameters) parameters[name] = value;
    problems.push_back({{"implementation", tuned.implementation},
                        {"problem", tuned.problem},
                        {"driver", tuned.driver},
                        {"kernels", tuned.kernels},
                        {"parameters", parameters},
                        {"keeps_default", tuned.keeps_default},
                        {"seconds", tuned.seconds},
                        {"default_seconds", tuned.default_seconds},
                        {"candidates", tuned.candidates},
                        {"tuned_utc", tuned.tuned_utc}});
  }
  return {{"kind", "moat tuning"},        {"schema", tuning_schema},
          {"vendor", file.device.vendor}, {"architecture", file.device.architecture},
          {"device", file.device.device}, {"problems", problems}};
}

TuningFile parse_tuning(std::string_view text, std::string_view where) {
  if (text.size() > TuningLimits::file_bytes) {
    throw UsageError(
        fmt::format("{}: {} bytes, at most {} make sense", where, text.size(), TuningLimits::file_bytes));
  }
  const ReadJson json = parse_sorted_json(text, where);
  const Fields fields(json, where, "");
  if (fields.text("kind") != "moat tuning") fields.fail("kind", "is not 'moat tuning'");
  check_schema(fields.integer(fields.at("schema"), "schema"), tuning_schema, "a tuning file", where);
  TuningFile file;
  file.device = {fields.text("vendor"), fields.text("architecture"), fields.text("device")};
  const ReadJson& problems = fields.at("problems");
  if (!problems.is_array()) fields.fail("problems", "is not an array");
  if (problems.size() > TuningLimits::problems)
    fields.fail("problems", fmt::format("has more than {} entries", TuningLimits::problems));
  file.problems.reserve(problems.size());
  for (const ReadJson& problem : problems)
    file.problems.push_back(parse_problem_entry(problem, where, file.problems.size()));
  return file;
}

std::string slug(std::string_view text) {
  constexpr std::size_t longest = 80;
  std::string made;
  for (const char c : text) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_kept = is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (made.size() >= longest) break;
    if (is_kept) {
      made += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!made.empty() && made.back() != '-') {
      made += '-';
    }
  }
  if (!made.empty() && made.back() == '-') made.pop_back();
  return made.empty() ? "unknown" : made;
}

fs::path tuning_path(const fs::path& folder, const TuningDevice& device) {
  return folder / slug(device.vendor) / slug(device.architecture) / (slug(device.device) + ".json");
}

TuningFile read_tuning(const fs::path& folder, const TuningDevice& device) {
  const fs::path path = tuning_path(folder, device);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return {device, {}};
  TuningFile file = read_file_at(path);
  if (file.device != device) {
    throw UsageError(fmt::format("{} is about another device ({}, {}, {}); move it away", path.string(),
                                 file.device.vendor, file.device.architecture, file.device.device));
  }
  return file;
}

void write_tuning(const fs::path& folder, const TuningFile& file) {
  const fs::path path = tuning_path(folder, file.device);
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) throw UsageError(file_failure("cannot create", path.parent_path(), error.value()));
  replace_file(path, strict_json(tuning_json(file), 1) + "\n");
}

VendorTuning read_vendor_tuning(const fs::path& folder, const TuningDevice& device) {
  VendorTuning tuning;
  const fs::path own = tuning_path(folder, device);
  for (const fs::path& path : files_below(folder / slug(device.vendor))) {
    try {
      TuningFile file = read_file_at(path);
      // A file that was copied under another device's name must not speak for that device.
      if (path != tuning_path(folder, file.device)) {
        tuning.notices.push_back(
            fmt::format("{} is not used: it is about another device ({}, {}, {}) than its path says",
                        path.string(), file.device.vendor, file.device.architecture, file.device.device));
        continue;
      }
      tuning.files.insert(path == own ? tuning.files.begin() : tuning.files.end(), std::move(file));
    } catch (const UsageError& fault) {
      tuning.notices.push_back(fmt::format("a tuning file is not used: {}", fault.what()));
    }
  }
  return tuning;
}

}  // namespace moat
