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
  /// Touches nothing.
  explicit Store(const std::filesystem::path& folder);

  [[nodiscard]] const std::filesystem::path& path() const { return folder_; }
  [[nodiscard]] std::filesystem::path index_path() const { return folder_ / "index.sqlite"; }

  /// Before anything is measured: creates the store if there is none and proves that it can be written and
  /// has at least a megabyte left. Throws UsageError; what it created is then gone again.
  void check_writable() const;
  /// Throws UsageError if there is no store or it is of a newer version.
  void check_readable() const;

  /// Takes the lock; a second run at once is a UsageError with the holder's process id. `id` and the times of
  /// `info` are the store's to fill in.
  [[nodiscard]] RunWriter start_run(RunInfo info) const;
  /// Adds a run that is complete already: all of it or, whatever fails, none. Takes the lock. `id` and the
  /// times of `info` are the store's to fill in, the records' `started_utc` too. Returns the id.
  std::string add_run(RunInfo info, std::span<const Record> records) const;
  /// The same with a run of another store, byte for byte under its own id. Throws UsageError, naming file and
  /// line, for what is malformed, impossible, incomplete or there already.
  std::string add_run(const RunFolder& other) const;
  /// Opens a run to go on with. Takes the lock; run.json stays as it is until RunWriter::mark_resumed.
  [[nodiscard]] RunWriter resume_run(std::string_view id) const;

  /// Oldest first; names that are no run's are passed over.
  [[nodiscard]] std::vector<std::string> run_ids() const;
  /// `text`: an id, the beginning of exactly one, or "latest": the newest that is not of published figures,
  /// if there is one. UsageError with the nearest ids otherwise.
  [[nodiscard]] std::string find_run(std::string_view text) const;
  [[nodiscard]] RunFolder run_folder(std::string_view id) const;
  /// The run for which the lock is held now; empty if none.
  [[nodiscard]] std::string running() const;

 private:
  [[nodiscard]] std::filesystem::path runs_path() const { return folder_ / "runs"; }
  [[nodiscard]] std::filesystem::path lock_path() const { return folder_ / "lock"; }
  [[nodiscard]] std::filesystem::path description_path() const { return folder_ / "store.json"; }
  [[nodiscard]] bool is_store() const;
  [[nodiscard]] bool is_unfinished(const std::filesystem::path& entry) const;
  void remove_leftovers() const;
  /// Whoever calls it holds the lock. The folder appears under its name when it is whole, so that no reader
  /// ever meets half a run.
  void create_run(const std::string& id, std::string_view info, std::string_view records) const;

  std::filesystem::path folder_;
};

/// `running` as Store::running() gives it.
[[nodiscard]] RunState state_of(std::string_view id, bool has_end, std::string_view running);

}  // namespace moat
