// The store: the folder of all runs. Layout: store.json (schema), lock, runs/<run id>/{run.json,
// records.jsonl}, index.sqlite (results/store/index.h). Must not know devices or the command line.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "results/store/run.h"

namespace moat {

/// Version of the folder's layout.
inline constexpr int store_schema = 1;

class Store {
 public:
  /// Does not access any file.
  explicit Store(const std::filesystem::path& folder);

  [[nodiscard]] const std::filesystem::path& path() const { return folder_; }
  [[nodiscard]] std::filesystem::path index_path() const { return folder_ / "index.sqlite"; }

  /// Called before anything is measured: creates the store if there is none, and tests that it can be written
  /// and has at least a megabyte of free space. Otherwise removes what it created and throws UsageError.
  void check_writable() const;
  /// Throws UsageError if there is no store, or if its version is newer.
  void check_readable() const;

  /// Takes the lock. If another run holds it, throws UsageError with the holder's process id. The store sets
  /// `id` and the times of `info`.
  [[nodiscard]] RunWriter start_run(RunInfo info) const;
  /// Adds a complete run atomically. Takes the lock. The store sets `id` and the times of `info`, and
  /// `started_utc` of the records. Returns the id.
  std::string add_run(RunInfo info, std::span<const Record> records) const;
  /// Adds a run of another store, byte for byte and under its own id. Throws UsageError with file and line if
  /// it is malformed, impossible, incomplete or already present.
  std::string add_run(const RunFolder& other) const;
  /// Opens a run to continue it. Takes the lock; run.json does not change until RunWriter::mark_resumed.
  [[nodiscard]] RunWriter resume_run(std::string_view id) const;

  /// Oldest first; other names in the folder are ignored.
  [[nodiscard]] std::vector<std::string> run_ids() const;
  /// `text`: an id, the beginning of exactly one id, or "latest", which is the newest measured run or, if
  /// there is none, the newest run. Throws UsageError with the nearest ids otherwise.
  [[nodiscard]] std::string find_run(std::string_view text) const;
  [[nodiscard]] RunFolder run_folder(std::string_view id) const;
  /// The run for which a process holds the lock; empty if none.
  [[nodiscard]] std::string running() const;

 private:
  [[nodiscard]] std::filesystem::path runs_path() const { return folder_ / "runs"; }
  [[nodiscard]] std::filesystem::path lock_path() const { return folder_ / "lock"; }
  [[nodiscard]] std::filesystem::path description_path() const { return folder_ / "store.json"; }
  [[nodiscard]] bool is_store() const;
  [[nodiscard]] bool is_unfinished(const std::filesystem::path& entry) const;
  [[nodiscard]] std::string next_id() const;
  void remove_leftovers() const;
  /// The caller must hold the lock. The folder gets its name only when it is complete, so that no reader ever
  /// sees a part of a run.
  void create_run(const std::string& id, std::string_view info, std::string_view records) const;

  std::filesystem::path folder_;
};

/// `running`: the result of Store::running().
[[nodiscard]] RunState state_of(std::string_view id, bool has_end, std::string_view running);

}  // namespace moat
