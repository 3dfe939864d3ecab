// The index in SQL. A run is indexed anew when size or time of one of its two files changed.
#include "results/store/index.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <set>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "results/json.h"

namespace moat {
namespace {

constexpr int index_version = 2;
constexpr int busy_milliseconds = 5000;

constexpr const char* tables = R"(
CREATE TABLE runs(
  id TEXT PRIMARY KEY, stamp TEXT NOT NULL, started_utc TEXT NOT NULL, ended_utc TEXT NOT NULL, suite TEXT NOT NULL,
  host TEXT NOT NULL, system_id TEXT NOT NULL, command TEXT NOT NULL, fault TEXT NOT NULL);
CREATE TABLE records(
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, place INTEGER NOT NULL, line INTEGER NOT NULL, offset INTEGER NOT NULL,
  length INTEGER NOT NULL, case_id TEXT NOT NULL, operator TEXT NOT NULL, device TEXT NOT NULL,
  implementation TEXT NOT NULL, status TEXT NOT NULL, PRIMARY KEY(run, place)) WITHOUT ROWID;
CREATE INDEX records_by_case ON records(case_id);
)";

/// Size and time of a file; "-" if it is not there.
std::string stamp_of(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return "-";
  return fmt::format("{}@{}.{}", status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}
std::string stamp_of(const RunFolder& folder) {
  return stamp_of(folder.info_path()) + " " + stamp_of(folder.records_path());
}

std::unique_ptr<SQLite::Database> open_database(const std::string& path) {
  auto database = std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE,
                                                     busy_milliseconds);
  database->exec("PRAGMA foreign_keys = ON");
  return database;
}

int version_of(SQLite::Database& database) {
  return database.execAndGet("PRAGMA user_version").getInt();
}

/// `place`: of the case in the run; `line`: of its record in the file.
void insert_record(SQLite::Statement& insert, const std::string& run, std::size_t place, std::size_t line,
                   const Line& text, const Record& record) {
  insert.reset();
  insert.bind(1, run);
  insert.bind(2, static_cast<std::int64_t>(place));
  insert.bind(3, static_cast<std::int64_t>(line));
  insert.bind(4, static_cast<std::int64_t>(text.offset));
  insert.bind(5, static_cast<std::int64_t>(text.text.size()));
  insert.bind(6, record.identity.id());
  insert.bind(7, record.operator_name);
  insert.bind(8, record.identity.device);
  insert.bind(9, record.identity.implementation);
  insert.bind(10, std::string(name(record.status)));
  insert.exec();
}

void insert_run(SQLite::Database& database, const RunInfo& info, const std::string& stamp,
                const std::string& fault) {
  SQLite::Statement insert(database, "INSERT INTO runs VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");
  int column = 0;
  for (const std::string& text : {info.id, stamp, info.started_utc, info.ended_utc.value_or(""), info.suite,
                                  info.host, info.system_id, info.command, fault}) {
    insert.bind(++column, text);
  }
  insert.exec();
}

}  // namespace

Index::Index(Store store) : store_(std::move(store)) {
  store_.check_readable();
  std::error_code error;
  const bool existed = std::filesystem::exists(store_.index_path(), error);
  try {
    open_file();
    update();
  } catch (const SQLite::Exception& failure) {
    rebuild();
    if (existed && is_on_disk_)
      notices_.push_back(fmt::format("{}: {}; built anew", store_.index_path().string(), failure.what()));
  }
}

Index::~Index() = default;

void Index::open_file() {
  database_.reset();
  database_ = open_database(store_.index_path().string());
  is_on_disk_ = true;
  database_->exec("PRAGMA journal_mode = WAL");
  const int version = version_of(*database_);
  if (version == index_version) return;
  if (version != 0)
    throw SQLite::Exception(fmt::format("index of version {}, not {}", version, index_version));
  create_tables();
}

void Index::open_memory() {
  database_.reset();
  database_ = open_database(":memory:");
  is_on_disk_ = false;
  create_tables();
}

void Index::create_tables() {
  // Two processes may find no index at once: the second one sees the first one's tables when it has the lock.
  SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
  if (version_of(*database_) == 0) {
    database_->exec(tables);
    database_->exec(fmt::format("PRAGMA user_version = {}", index_version));
  }
  transaction.commit();
}

void Index::remove_file() {
  database_.reset();
  std::error_code error;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::filesystem::remove(store_.index_path().string() + suffix, error);
  }
}

void Index::rebuild() {
  try {
    remove_file();
    open_file();
    update();
  } catch (const SQLite::Exception& failure) {
    notices_.push_back(
        fmt::format("{}: {}; the index is kept in memory", store_.index_path().string(), failure.what()));
    open_memory();
    update();
  }
}

void Index::update() {
  const std::vector<std::string> on_disk = store_.run_ids();
  std::map<std::string, std::string> indexed;
  for (SQLite::Statement rows(*database_, "SELECT id, stamp FROM runs"); rows.executeStep();) {
    indexed[rows.getColumn(0).getString()] = rows.getColumn(1).getString();
  }
  for (const std::string& id : on_disk) {
    const auto known = indexed.find(id);
    if (known == indexed.end() || known->second != stamp_of(store_.run_folder(id))) index_run(id);
    if (known != indexed.end()) indexed.erase(known);
  }
  for (const auto& [gone, stamp] : indexed) {
    SQLite::Statement remove(*database_, "DELETE FROM runs WHERE id = ?");
    remove.bind(1, gone);
    remove.exec();
  }
}

void Index::index_run(const std::string& id) {
  const RunFolder folder = store_.run_folder(id);
  const std::string stamp = stamp_of(folder);  // before reading: what is written meanwhile is a change
  SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
  SQLite::Statement remove(*database_, "DELETE FROM runs WHERE id = ?");
  remove.bind(1, id);
  remove.exec();
  RunInfo info;
  std::string text;
  StoredRecords stored;
  std::string fault;
  try {
    info = folder.read_info();
    if (info.id != id)
      throw UsageError(fmt::format("{}: is of run '{}'", folder.info_path().string(), info.id));
    text = folder.read_records_text();
    stored = folder.parse_records(text);
  } catch (const UsageError& unreadable) {  // one bad folder must not hide the others
    fault = unreadable.what();
    stored = {};
  }
  info.id = id;
  insert_run(*database_, info, stamp, fault);
  SQLite::Statement insert(*database_, "INSERT INTO records VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const std::vector<Line> lines = split_lines(text).lines;
  for (std::size_t i = 0; i < stored.records.size(); ++i) {
    const std::size_t line = stored.lines[i];
    insert_record(insert, id, i, line, lines[line], stored.records[i]);
  }
  transaction.commit();
}

template <class Question>
auto Index::ask(const Question& question) {
  try {
    update();
    return question();
  } catch (const SQLite::Exception& failure) {  // damage that only reading brings to light
    rebuild();
    if (is_on_disk_)
      notices_.push_back(fmt::format("{}: {}; built anew", store_.index_path().string(), failure.what()));
    return question();
  }
}

std::vector<RunSummary> Index::runs() {
  const std::string running = store_.running();
  return ask([&] {
    std::vector<RunSummary> summaries;
    for (SQLite::Statement rows(*database_, "SELECT * FROM runs ORDER BY id"); rows.executeStep();) {
      const auto text = [&](const char* column) { return rows.getColumn(column).getString(); };
      RunSummary summary;
      summary.id = text("id");
      summary.started_utc = text("started_utc");
      summary.ended_utc = text("ended_utc");
      summary.suite = text("suite");
      summary.host = text("host");
      summary.system_id = text("system_id");
      summary.command = text("command");
      summary.fault = text("fault");
      summary.state = state_of(summary.id, !summary.ended_utc.empty(), running);
      SQLite::Statement counts(*database_,
                               "SELECT status, COUNT(*) FROM records WHERE run = ? GROUP BY status");
      counts.bind(1, summary.id);
      while (counts.executeStep()) {
        const std::optional<Status> status = parse_status(counts.getColumn(0).getString());
        if (status) summary.cases[*status] = static_cast<std::uint64_t>(counts.getColumn(1).getInt64());
      }
      summaries.push_back(std::move(summary));
    }
    return summaries;
  });
}

std::vector<Record> Index::records(std::string_view run) {
  return ask([&] {
    const std::string id(run);
    const RunFolder folder = store_.run_folder(id);
    SQLite::Statement faults(*database_, "SELECT fault FROM runs WHERE id = ?");
    faults.bind(1, id);
    if (!faults.executeStep()) throw UsageError(fmt::format("no run '{}' in {}", id, store_.path().string()));
    if (const std::string fault = faults.getColumn(0).getString(); !fault.empty()) throw UsageError(fault);
    const std::string text = folder.read_records_text();
    std::vector<Record> found;
    SQLite::Statement rows(*database_, "SELECT * FROM records WHERE run = ? ORDER BY place");
    rows.bind(1, id);
    while (rows.executeStep()) {
      const auto offset = static_cast<std::size_t>(rows.getColumn("offset").getInt64());
      const auto length = static_cast<std::size_t>(rows.getColumn("length").getInt64());
      const auto line = static_cast<std::size_t>(rows.getColumn("line").getInt64());
      // Not where the index says: an index that lies is a damaged index.
      if (offset + length >= text.size() || text[offset + length] != '\n')
        throw SQLite::Exception("stale offsets");
      Record record = parse_record(std::string_view(text).substr(offset, length), folder.place(line));
      if (record.identity.id() != rows.getColumn("case_id").getString())
        throw SQLite::Exception("stale offsets");
      found.push_back(std::move(record));
    }
    return found;
  });
}

}  // namespace moat
