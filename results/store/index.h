// A SQLite index over the run folders, for questions across many runs. It is never the truth: everything in
// it is derived from the folders, and whatever is missing, damaged, stale or of another version is derived
// again.
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
  std::string ended_utc;  // empty while there is no end
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
  /// Brings the store's index up to date. Where it cannot be written (a read-only store), it lives in memory.
  /// Throws UsageError if there is no store.
  explicit Index(Store store);
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;
  ~Index();

  /// Drops the index and derives it from the folders.
  void rebuild();
  /// Looks for runs that changed since. The constructor and every question do it.
  void update();

  /// Oldest first.
  [[nodiscard]] std::vector<RunSummary> runs();
  /// Of one run, in the order they were written. `run` as Store::find_run returns it. UsageError if the run
  /// cannot be read.
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
  std::vector<std::string> notices_;
};

}  // namespace moat
