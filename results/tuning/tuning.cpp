// Tuning files: JSON with every field checked, paths from names that are not trusted.
#include "results/tuning/tuning.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <system_error>

#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "results/parameters.h"

namespace moat {

template <class Visit, MaybeConst<TunedProblem> T>
void visit_fields(const Visit& visit, T& tuned) {
  auto& [implementation, problem, driver, kernels, parameters, keeps_default, seconds, default_seconds,
         candidates, tuned_utc] = tuned;
  visit("implementation", implementation);
  visit("problem", problem);
  visit("driver", driver);
  visit("kernels", kernels);
  visit("parameters", parameters);
  visit("keeps_default", keeps_default);
  visit("seconds", seconds);
  visit("default_seconds", default_seconds);
  visit("candidates", candidates);
  visit("tuned_utc", tuned_utc);
}

template <class Visit, MaybeConst<TuningFile> T>
void visit_fields(const Visit& visit, T& file) {
  auto& [device, problems] = file;
  auto& [vendor, architecture, name] = device;
  visit("vendor", vendor);
  visit("architecture", architecture);
  visit("device", name);
  visit("problems", problems);
}

namespace {

namespace fs = std::filesystem;

constexpr const char* tuning_kind = "moat tuning";

using NamedText = std::pair<const char*, const std::string*>;

std::optional<FieldFault> fault_of_texts(std::initializer_list<NamedText> texts) {
  for (const auto& [field, text] : texts) {
    if (text->size() > TuningLimits::text_bytes)
      return FieldFault{field, fmt::format("is longer than {} bytes", TuningLimits::text_bytes)};
  }
  return std::nullopt;
}

std::optional<FieldFault> fault_of(const Parameters& parameters) {
  if (parameters.method.size() > TuningLimits::text_bytes)
    return FieldFault{"parameters.METHOD", fmt::format("is longer than {} bytes", TuningLimits::text_bytes)};
  if (parameters.values.size() > TuningLimits::parameters)
    return FieldFault{"parameters", fmt::format("has more than {} entries", TuningLimits::parameters)};
  for (const auto& [name, value] : parameters.values) {
    if (name.size() > TuningLimits::text_bytes)
      return FieldFault{"parameters", "has a name that is too long"};
  }
  return std::nullopt;
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

static std::optional<FieldFault> field_fault(const TunedProblem& tuned) {
  if (auto fault = fault_of_texts({{"implementation", &tuned.implementation},
                                   {"problem", &tuned.problem},
                                   {"driver", &tuned.driver},
                                   {"kernels", &tuned.kernels},
                                   {"tuned_utc", &tuned.tuned_utc}}))
    return fault;
  if (auto fault = fault_of(tuned.parameters)) return fault;
  for (const auto& [field, seconds] :
       {std::pair{"seconds", tuned.seconds}, {"default_seconds", tuned.default_seconds}}) {
    if (!std::isfinite(seconds) || seconds < 0) return FieldFault{field, "is not a duration"};
  }
  if (tuned.candidates < 1) return FieldFault{"candidates", "is less than 1"};
  return std::nullopt;
}

static std::optional<FieldFault> field_fault(const TuningFile& file) {
  const TuningDevice& device = file.device;
  if (auto fault = fault_of_texts(
          {{"vendor", &device.vendor}, {"architecture", &device.architecture}, {"device", &device.device}}))
    return fault;
  if (file.problems.size() > TuningLimits::problems)
    return FieldFault{"problems", fmt::format("has more than {} entries", TuningLimits::problems)};
  return std::nullopt;
}

Json tuning_json(const TuningFile& file) {
  Json object;
  const JsonSink sink(object);
  sink.put_object();
  sink.field("kind").put(tuning_kind);
  sink.field("schema").put(std::int64_t{tuning_schema});
  visit_fields(FieldWriter(sink), file);
  return object;
}

TuningFile parse_tuning(std::string_view text, std::string_view where) {
  if (text.size() > TuningLimits::file_bytes) {
    throw UsageError(
        fmt::format("{}: {} bytes, at most {} are accepted", where, text.size(), TuningLimits::file_bytes));
  }
  const nlohmann::json tree = parse_sorted_json(text, where);
  const JsonSource object(tree, where, "the file");
  object.require_object();
  if (object.field("kind").text() != tuning_kind) object.fail_at("kind", "is not 'moat tuning'");
  read_schema(object, tuning_schema, "a tuning file");
  TuningFile file;
  decode(object, file);
  for (TunedProblem& tuned : file.problems)
    name_method(tuned.parameters, std::string_view(tuned.problem).substr(0, tuned.problem.find(':')));
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
