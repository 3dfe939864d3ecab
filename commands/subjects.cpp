// Resolves "[RUN/]DEVICE" to subjects.
#include "commands/subjects.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/output.h"
#include "base/text.h"
#include "bench/environment/build_info.h"
#include "commands/commands.h"
#include "commands/named_devices.h"
#include "commands/selection_options.h"
#include "kernels/implementation_name.h"
#include "reports/gap/comparable.h"
#include "results/published/published.h"
#include "results/store/index.h"
#include "results/store/store.h"

namespace moat {
namespace {

struct Spec {
  std::string run;     // as typed; empty: the default
  std::string device;  // id or pattern
};

Spec parse_spec(const std::string& text) {
  const std::size_t slash = text.rfind('/');
  if (slash == std::string::npos) return {"", text};
  return {text.substr(0, slash), text.substr(slash + 1)};
}

/// Runs of a store, each read once, with what the filters select.
class Sources {
 public:
  explicit Sources(const SubjectOptions& options) : options_(options) {}

  /// `text` as typed; empty: the default run.
  const std::vector<Subject>& subjects(const std::string& text) {
    const std::string& asked = text.empty() ? options_.run : text;
    const auto known = by_name_.find(asked);
    if (known != by_name_.end()) return known->second;
    return by_name_[asked] = read(asked);
  }
  /// Names in --op, --type and the like that match nothing in any run are mistakes.
  void require_matches() const { (void)select(all_, options_.filters); }
  [[nodiscard]] Store store() const { return Store(options_.store); }
  /// For standard error.
  [[nodiscard]] const std::vector<std::string>& notices() const { return notices_; }

 private:
  std::vector<Subject> read(const std::string& name) {
    const std::span<const std::string> published = published_names();
    if (std::ranges::find(published, name) != published.end()) return read_published(name);
    const Store store(options_.store);
    const std::string run = store.find_run(name);
    if (!index_) index_.emplace(store);
    std::vector<Record> records = index_->records(run);
    all_.insert(all_.end(), records.begin(), records.end());
    return selected(store.run_folder(run).read_info(), std::move(records));
  }

  std::vector<Subject> read_published(const std::string& name) {
    Published found = load_published(name);
    found.info.id = name;
    all_.insert(all_.end(), found.records.begin(), found.records.end());
    return selected(found.info, std::move(found.records));
  }

  /// A publication may give shares of roofs without any problem.
  void say_what_is_stated(const RunInfo& info) {
    std::size_t roofs = 0, shares = 0;
    for (const RunDevice& device : info.devices) {
      roofs += device.roofs.size();
      shares += device.efficiencies.size();
    }
    if (roofs + shares > 0) {
      notices_.push_back(
          fmt::format("{} has no rows that are chosen; "
                      "its {} stated roofs and {} shares of them are for moat breakeven",
                      info.id, roofs, shares));
    }
  }

  [[nodiscard]] std::vector<Subject> selected(const RunInfo& info, std::vector<Record> records) {
    std::vector<Record> others = keep_selected(records, options_.filters);
    std::vector<Subject> subjects = subjects_of(info, records);
    for (Record& other : others) {
      const auto same = std::ranges::find_if(subjects, [&](const Subject& subject) {
        return subject.device.id == other.identity.device && subject.provenance == other.provenance;
      });
      if (same != subjects.end()) same->unselected.push_back(std::move(other));
    }
    if (subjects.empty()) say_what_is_stated(info);
    return subjects;
  }

  const SubjectOptions& options_;
  std::optional<Index> index_;
  std::map<std::string, std::vector<Subject>> by_name_;
  std::vector<Record> all_;
  std::vector<std::string> notices_;
};

bool same_source(const Subject& left, const Subject& right) {
  return left.run.id == right.run.id && left.device.id == right.device.id &&
         left.provenance == right.provenance;
}

std::string available(const std::vector<Subject>& subjects) {
  std::vector<std::string> names;
  names.reserve(subjects.size());
  for (const Subject& subject : subjects) names.push_back(subject.device.id);
  return names.empty() ? "no device with a selected record" : join(names, ", ");
}

std::vector<Subject> subjects_named(Sources& sources, const std::string& run, const std::string& device) {
  std::vector<Subject> found;
  for (const Subject& subject : sources.subjects(run)) {
    if (matches_device(device, subject.device.id)) found.push_back(subject);
  }
  return found;
}

/// A device that no run was named for: by its name in the one run of the store that has results of it.
std::vector<Subject> find_anywhere(Sources& sources, const std::string& text, std::string_view option) {
  std::vector<NamedDevice> stored = stored_devices(sources.store());
  std::vector<NamedDevice> candidates = named(stored, text);
  constexpr std::size_t most_read = 20;
  if (candidates.size() <= most_read) {
    std::erase_if(candidates, [&](const NamedDevice& device) {
      return subjects_named(sources, device.run, device.id).empty();
    });
  }
  if (candidates.size() == 1) return subjects_named(sources, candidates.front().run, candidates.front().id);
  if (candidates.size() > 1) {
    throw UsageError(fmt::format("{} {}: {} devices have that name; name one: {}", option, text,
                                 candidates.size(), candidates_text(candidates)));
  }
  const std::vector<NamedDevice> built_in = built_in_devices();
  const std::vector<NamedDevice> published = named(built_in, text);
  if (!published.empty()) {
    throw UsageError(fmt::format("{} {}: no run of the store has that device; published figures have it: {}",
                                 option, text, candidates_text(published)));
  }
  stored.insert(stored.begin(), built_in.begin(), built_in.end());
  throw UsageError(
      fmt::format("{} {}: no such device in that run; it has {}. No other run of the store has it, either.{}",
                  option, text, available(sources.subjects("")), nearest_device(stored, text)));
}

std::vector<Subject> find_subjects(Sources& sources, const std::string& text, std::string_view option) {
  const Spec spec = parse_spec(text);
  std::vector<Subject> found = subjects_named(sources, spec.run, spec.device);
  if (!found.empty()) return found;
  const bool is_pattern = text.find_first_of("*?") != std::string::npos;
  if (spec.run.empty() && !is_pattern) return find_anywhere(sources, text, option);
  throw UsageError(fmt::format("{} {}: no such device in that run; it has {}", option, text,
                               available(sources.subjects(spec.run))));
}

void add_new(std::vector<Subject>& chosen, const std::vector<Subject>& found) {
  for (const Subject& subject : found) {
    if (std::ranges::none_of(chosen, [&](const Subject& known) { return same_source(known, subject); })) {
      chosen.push_back(subject);
    }
  }
}

bool ran_a_library(const Subject& subject) {
  return std::ranges::any_of(subject.records, [](const Record& record) {
    return record.status == Status::ok && is_library(record.identity.implementation);
  });
}

/// The place of the reference among `subjects` where none is named.
std::optional<std::size_t> usual_reference(const std::vector<Subject>& subjects) {
  for (const bool only_cuda : {true, false}) {
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      const bool fits = !only_cuda || subjects[i].device.id.starts_with("cuda:");
      if (fits && ran_a_library(subjects[i])) return i;
    }
  }
  return std::nullopt;
}

void drop_emulated(std::vector<Subject>& subjects, std::vector<std::string>& notices) {
  const std::size_t dropped = std::erase_if(
      subjects, [](const Subject& subject) { return subject.provenance == Provenance::emulated; });
  if (dropped > 0) {
    notices.push_back(fmt::format("left out {} emulated device{}: --emulated includes them, marked", dropped,
                                  dropped == 1 ? "" : "s"));
  }
}

struct ChosenSubjects {
  std::vector<Subject> subjects;  // the reference first
  std::optional<std::string> reference;
  std::vector<std::string> notices;
};

ChosenSubjects choose_subjects(const SubjectOptions& options) {
  ChosenSubjects chosen;
  Sources sources(options);
  std::vector<Subject>& subjects = chosen.subjects;
  if (options.reference) {
    const std::vector<Subject> found = find_subjects(sources, *options.reference, "--reference");
    if (found.size() > 1) {
      throw UsageError(fmt::format("--reference {} matches {} devices; name one: {}", *options.reference,
                                   found.size(), available(found)));
    }
    subjects.push_back(found.front());
  }
  for (const std::string& target : options.targets)
    add_new(subjects, find_subjects(sources, target, "--target"));
  if (options.targets.empty()) {
    const std::string run = options.reference ? parse_spec(*options.reference).run : "";
    add_new(subjects, sources.subjects(run));
  }
  sources.require_matches();
  chosen.notices = sources.notices();
  if (!options.emulated) {
    if (options.reference && subjects.front().provenance == Provenance::emulated) {
      throw UsageError(
          fmt::format("--reference {} is emulated, so its times are meaningless; "
                      "--emulated accepts it nevertheless, marked",
                      *options.reference));
    }
    drop_emulated(subjects, chosen.notices);
  }
  if (!options.reference) {
    if (const std::optional<std::size_t> usual = usual_reference(subjects)) {
      std::rotate(subjects.begin(), subjects.begin() + static_cast<std::ptrdiff_t>(*usual),
                  subjects.begin() + static_cast<std::ptrdiff_t>(*usual) + 1);
      chosen.notices.push_back(
          fmt::format("the reference is {}; --reference selects another", subjects.front().device.id));
    }
  }
  make_labels_unique(subjects);
  const bool has_reference = options.reference || (!subjects.empty() && ran_a_library(subjects.front()));
  if (has_reference && !subjects.empty()) chosen.reference = subjects.front().label;
  return chosen;
}

std::vector<std::string> forgivable_names() {
  std::vector<std::string> names;
  for (const Condition condition : forgivable_conditions()) names.emplace_back(name(condition));
  return names;
}

GapOptions gap_options(const SubjectOptions& options) {
  const auto data = parse_data(options.data);
  const auto cache = parse_cache(options.cache);
  if (!data || !cache) {
    throw UsageError(fmt::format("unknown conditions: --data {} --cache {}", options.data, options.cache));
  }
  GapOptions gap;
  gap.data = *data;
  gap.cache = *cache;
  gap.baseline = options.baseline;
  for (const std::string& condition : options.despite)
    gap.despite.push_back(parse_condition(condition).value());
  if (options.roofs == "datasheet") gap.basis = RoofBasis::datasheet;
  if (options.roofs == "measured") gap.basis = RoofBasis::measured;
  return gap;
}

}  // namespace

void add_subject_options(const Command& command, SubjectOptions& options) {
  options.store = default_store();
  command.add_option("--store", options.store, "Folder of all runs").capture_default_str();
  command
      .add_option("--run", options.run,
                  "Run of the devices that are given without one: an id, the beginning of one, or latest")
      .capture_default_str();
  command.add_option(
      "--reference", options.reference,
      "[RUN/]DEVICE to compare with; RUN may be a publication listed by moat import --list; without "
      "RUN a device of --run, else the one of that name in the store "
      "(default: a CUDA device with a library result, else the first device with one)");
  command
      .add_option("--target", options.targets,
                  "[RUN/]DEVICE or pattern (repeatable; default: every other device of the run)")
      .single_values();
  add_filter_options(command, options.filters);
  command.add_option("--roofs", options.roofs, "Roofs from which the hardware factor is computed")
      .one_of({"auto", "datasheet", "measured"})
      .capture_default_str();
  command.add_option(
      "--baseline", options.baseline,
      "Library of the reference, e.g. library/openblas (default: its best library for each problem)");
  command.add_option("--data", options.data, "Input data of the compared cases").capture_default_str();
  command.add_option("--cache", options.cache, "Cache condition of the compared cases").capture_default_str();
  command
      .add_option("--despite", options.despite,
                  "Compare even if this condition differs, and mark the result (repeatable)")
      .one_of(forgivable_names())
      .single_values();
  command.add_flag("--emulated", options.emulated, "Include results of emulated devices, and mark them");
}

Findings find_chosen(const SubjectOptions& options, std::string title) {
  ChosenSubjects chosen = choose_subjects(options);
  for (const std::string& notice : options.is_silent ? std::vector<std::string>{} : chosen.notices)
    say("moat: {}", notice);
  FindingsRequest request;
  request.subjects = std::move(chosen.subjects);
  request.reference = std::move(chosen.reference);
  request.options = gap_options(options);
  request.title = std::move(title);
  request.generated_utc = utc_now();
  request.version = build_info().version;
  request.command = this_command_line();
  return find(std::move(request));
}

}  // namespace moat
