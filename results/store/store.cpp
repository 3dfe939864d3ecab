// The folder of all runs.
#include "results/store/store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "results/json.h"

namespace moat {
namespace fs = std::filesystem;
namespace {

/// What the store itself writes under a name of its own before it renames it.
bool is_temporary(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with('.') && name.ends_with(".tmp");
}

/// Creates `folder` and its missing parents; appends those it created to `created`, outermost first.
void create_folders(const fs::path& folder, std::vector<fs::path>& created) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return;
  if (fs::exists(folder, error)) throw UsageError(file_failure("cannot create", folder, ENOTDIR));
  if (folder.has_parent_path() && folder.parent_path() != folder)
    create_folders(folder.parent_path(), created);
  if (fs::create_directory(folder, error)) created.push_back(folder);  // or another process was quicker
  if (error) throw UsageError(file_failure("cannot create", folder, error.value()));
}

/// Writes and syncs a megabyte into a file that has no name any more.
void probe(const fs::path& folder) {
  const fs::path path = folder / fmt::format(".probe.{}.tmp", ::getpid());
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.is_open()) throw UsageError(file_failure("cannot write to", folder, errno));
  ::unlink(path.c_str());
  const std::string block(std::size_t{1} << 20U, '\0');
  std::string_view left = block;
  while (!left.empty()) {  // a short write does not say why; writing the rest does
    const ssize_t written = ::write(file.get(), left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw UsageError(file_failure("cannot write to", folder, written < 0 ? errno : ENOSPC));
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0) throw UsageError(file_failure("cannot write to", folder, errno));
}

fs::path absolute_store(const fs::path& folder) {
  if (folder.empty())
    throw UsageError("the store's folder has an empty name; name one with --store, or leave --store out");
  return absolute_path(folder);
}

/// What cannot be read is not known to be: whoever asked for it is told of the fault.
bool is_published(const RunFolder& run) {
  try {
    return run.read_info().citation.has_value();
  } catch (const UsageError&) {
    return false;
  }
}

}  // namespace

Store::Store(const fs::path& folder) : folder_(absolute_store(folder)) {}

bool Store::is_store() const {
  std::error_code error;
  return fs::exists(description_path(), error);
}

void Store::check_readable() const {
  if (!is_store()) {
    throw UsageError(
        fmt::format("{} is not a store (it has no store.json); `moat run --store {}` creates one",
                    folder_.string(), shell_quoted(absolute_path(folder_).string())));
  }
  const std::string where = description_path().string();
  const Json description = parse_json(read_file(description_path(), 65536), where);
  read_schema(JsonSource(description, where, "the store's description"), store_schema, "a store");
}

// What a process leaves that was killed while it created the store.
bool Store::is_unfinished(const fs::path& entry) const {
  std::error_code error;
  if (entry != runs_path() || !fs::is_directory(entry, error)) return is_temporary(entry);
  const fs::directory_iterator inner(entry, error);
  return std::all_of(begin(inner), end(inner), [](const auto& found) { return is_temporary(found.path()); });
}

void Store::check_writable() const {
  std::error_code error;
  if (is_store()) {
    check_readable();
  } else if (fs::is_directory(folder_, error)) {
    const fs::directory_iterator entries(folder_, error);
    if (error) throw UsageError(file_failure("cannot read", folder_, error.value()));
    if (!std::all_of(begin(entries), end(entries),
                     [this](const auto& entry) { return is_unfinished(entry.path()); })) {
      throw UsageError(fmt::format("{} is neither empty nor a store; choose another folder with --store",
                                   folder_.string()));
    }
  }
  std::vector<fs::path> created;
  try {
    create_folders(runs_path(), created);
    probe(runs_path());
    if (!is_store()) {
      replace_file(description_path(),
                   strict_json(Json{{"kind", "moat store"}, {"schema", store_schema}}, 2) + "\n");
    }
  } catch (...) {
    for (auto folder = created.rbegin(); folder != created.rend(); ++folder) fs::remove(*folder, error);
    try {
      throw;
    } catch (const UsageError& failure) {
      throw UsageError(fmt::format("{} (--store names another place)", failure.what()));
    }
  }
}

RunWriter Store::start_run(RunInfo info) const {
  check_writable();
  info.started_utc = utc_now();
  info.ended_utc.reset();
  info.resumed_utc.clear();
  info.id = next_id();
  FileLock lock(lock_path(), info.id);
  create_run(info.id, run_json_text(info), "");
  return {std::move(lock), run_folder(info.id)};
}

void Store::create_run(const std::string& id, std::string_view info, std::string_view records) const {
  remove_leftovers();
  const RunFolder unnamed(runs_path() / fmt::format(".{}.tmp", id));
  std::error_code error;
  if (!fs::create_directory(unnamed.path(), error)) {
    throw UsageError(file_failure("cannot create", unnamed.path(), error.value()));
  }
  try {
    replace_file(unnamed.info_path(), info);
    replace_file(unnamed.records_path(), records);
    fs::rename(unnamed.path(), run_folder(id).path(), error);  // never onto a run: that folder is not empty
    if (error) throw UsageError(file_failure("cannot create", run_folder(id).path(), error.value()));
  } catch (...) {
    fs::remove_all(unnamed.path(), error);
    throw;
  }
  sync_folder(runs_path());
}

std::string Store::add_run(RunInfo info, std::span<const Record> records) const {
  check_writable();
  info.started_utc = utc_now();
  info.ended_utc = info.started_utc;
  info.resumed_utc.clear();
  info.id = next_id();
  std::string text;
  for (Record record : records) {
    record.started_utc = info.started_utc;
    text += strict_json(record_json(record)) + "\n";
  }
  const FileLock lock(lock_path(), info.id);
  create_run(info.id, run_json_text(info), text);
  return info.id;
}

std::string Store::add_run(const RunFolder& other) const {
  const CompleteRun run = read_complete_run(other);
  check_writable();
  const FileLock lock(lock_path(), run.info.id);
  std::error_code error;
  if (fs::exists(run_folder(run.info.id).path(), error)) {
    throw UsageError(fmt::format("{} is run {}, which {} already contains", other.path().string(),
                                 run.info.id, folder_.string()));
  }
  create_run(run.info.id, run.info_text, run.records_text);
  return run.info.id;
}

RunWriter Store::resume_run(std::string_view id) const {
  check_readable();
  const std::string found = find_run(id);
  check_writable();
  return {FileLock(lock_path(), found), run_folder(found)};
}

void Store::remove_leftovers() const {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(runs_path(), error)) {
    if (is_temporary(entry.path())) fs::remove_all(entry.path(), error);
  }
}

/// The store's ids are in the order in which its runs began, also where the clock was set back between them.
std::string Store::next_id() const {
  const std::vector<std::string> ids = run_ids();
  return run_id_after(ids.empty() ? "" : ids.back(), std::chrono::system_clock::now());
}

std::vector<std::string> Store::run_ids() const {
  check_readable();
  std::error_code error;
  std::vector<std::string> ids;
  for (const fs::directory_entry& entry : fs::directory_iterator(runs_path(), error)) {
    const std::string id = entry.path().filename().string();
    if (is_run_id(id)) ids.push_back(id);
  }
  if (error) throw UsageError(file_failure("cannot read", runs_path(), error.value()));
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::string Store::find_run(std::string_view text) const {
  const std::vector<std::string> ids = run_ids();
  if (ids.empty())
    throw UsageError(fmt::format("{} contains no run yet; `moat run` creates one", folder_.string()));
  if (text == "latest") {
    const auto measured = std::find_if(ids.rbegin(), ids.rend(),
                                       [&](const std::string& id) { return !is_published(run_folder(id)); });
    return measured == ids.rend() ? ids.back() : *measured;
  }
  std::vector<std::string> matching;
  for (const std::string& id : ids) {
    if (id.starts_with(text)) matching.push_back(id);
  }
  if (matching.size() == 1) return matching.front();
  if (!matching.empty() && !text.empty()) {
    throw UsageError(fmt::format("'{}' begins {} runs: {}", text, matching.size(), join(matching, ", ")));
  }
  throw UsageError(fmt::format("no run '{}' in {}.{} `moat runs` lists them.", text.substr(0, 64),
                               folder_.string(), did_you_mean(text, ids)));
}

RunFolder Store::run_folder(std::string_view id) const {
  return RunFolder(runs_path() / std::string(id));
}

std::string Store::running() const {
  const std::optional<FileLock::Holder> holder = FileLock::holder(lock_path());
  return holder ? holder->note : "";
}

RunState state_of(std::string_view id, bool has_end, std::string_view running) {
  if (id == running) return RunState::running;
  return has_end ? RunState::complete : RunState::interrupted;
}

}  // namespace moat
