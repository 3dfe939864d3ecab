// A SQLite index over the run folders, for queries over many runs. The run folders are authoritative:
// everything in the index is derived from them, and whatever is missing, damaged, outdated or of another
// version is derived again.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "results/store/store.h"

namespace SQLite {  // NOLINT(readability-identifier-naming): the library's
class Database;
}

namespace moat {

struct RunSummary {
  std::string id;
  std::string started_utc;
  std::string ended_utc;  // empty if the run is not complete
  std::string suite;
  std::string host;
  std::string system_id;
  std::string command;
  RunState state = RunState::interrupted;
  std::map<Status, std::uint64_t> cases;  // by status, only those that occur
  std::string fault;                      // why the folder cannot be read; empty if it can
};

class Index {
 public:
  /// Brings the store's index up to date. If it cannot be written (a read-only store), it is kept in memory.
  /// Throws UsageError if there is no store.
  explicit Index(Store store);
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;
  ~Index();

  /// Deletes the index and derives it again from the folders.
  void rebuild();
  /// Whether it is a file. Where that cannot be written, it is kept in memory, which serves a query.
  [[nodiscard]] bool is_on_disk() const { return is_on_disk_; }
  /// Looks for runs that have changed. The constructor and every query call it.
  void update();

  /// Oldest first.
  [[nodiscard]] std::vector<RunSummary> runs();
  /// The records of one run in the order of StoredRecords. `run`: an id from Store::find_run.
  /// Throws UsageError if the run cannot be read.
  [[nodiscard]] std::vector<Record> records(std::string_view run);
  /// What was repaired, in words.
  [[nodiscard]] const std::vector<std::string>& notices() const { return notices_; }

 private:
  template <class Question>
  auto ask(const Question& question);
  void open_file();
  void open_memory();
  void create_tables();
  void remove_file();
  void index_run(const std::string& id);

  Store store_;
  std::unique_ptr<SQLite::Database> database_;
  bool is_on_disk_ = false;
  std::vector<std::string> notices_;
};

}  // namespace moat
