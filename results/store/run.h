// One run: its facts (run.json) and its records (records.jsonl) in a folder of their own. Must not know
// devices or who asks.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "results/devices.h"
#include "results/json.h"
#include "results/record.h"

namespace moat {

/// Version of run.json; raised as record_schema is.
inline constexpr int run_schema = 1;

/// complete: its end is written in run.json. running: a live process holds the store's lock for it.
/// interrupted: neither; --resume goes on with it.
enum class RunState : std::uint8_t { running, complete, interrupted };
[[nodiscard]] std::string_view name(RunState state);

/// What run.json holds.
struct RunInfo {
  std::string id;  // given by the store
  std::string suite;
  std::string command;                   // as it was typed
  std::string host;                      // name of the machine
  std::string system_id;                 // digest of the environment
  std::string started_utc;               // ISO 8601, seconds; given by the store
  std::optional<std::string> ended_utc;  // set when the run came to its end
  std::vector<std::string> resumed_utc;  // when --resume went on with it
  std::vector<RunDevice> devices;        // all that could be used; none in runs of versions before there were
  std::optional<Citation> citation;      // of published figures
  Json environment = Json::object();     // what the runner says of the machine; not interpreted here
};

/// "2026-11-21T22:15:30Z".
[[nodiscard]] std::string utc_now();
/// "20261121T221530Z-3fa1": the time, to 1/65536 of a second, so that ids sort as runs began.
[[nodiscard]] std::string make_run_id(std::chrono::system_clock::time_point begin);
[[nodiscard]] bool is_run_id(std::string_view text);

/// A complete line of a file and where it begins.
struct Line {
  std::uint64_t offset = 0;  // bytes
  std::string_view text;     // without its end
};
struct Lines {
  std::vector<Line> lines;
  std::uint64_t complete_bytes = 0;  // what follows is the unfinished line of a killed writer
};
[[nodiscard]] Lines split_lines(std::string_view text);

struct StoredRecords {
  std::vector<Record> records;  // in the order they were written
  std::uint64_t complete_bytes = 0;
  std::uint64_t unfinished_bytes = 0;  // of a last line that its writer did not finish (yet); left out
};

/// The files of a run folder. Reading throws UsageError naming file and line for what is malformed or newer.
class RunFolder {
 public:
  explicit RunFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}
  [[nodiscard]] const std::filesystem::path& path() const { return folder_; }
  [[nodiscard]] std::filesystem::path info_path() const { return folder_ / "run.json"; }
  [[nodiscard]] std::filesystem::path records_path() const { return folder_ / "records.jsonl"; }
  /// "<folder>/records.jsonl:17", `index` from 0.
  [[nodiscard]] std::string place(std::size_t index) const;

  [[nodiscard]] std::string read_info_text() const;
  [[nodiscard]] RunInfo read_info() const;
  void write_info(const RunInfo& info) const;
  [[nodiscard]] std::string read_records_text() const;
  /// `text` is the records file's. Two records of one case are an error.
  [[nodiscard]] StoredRecords parse_records(std::string_view text) const;
  [[nodiscard]] StoredRecords read_records() const { return parse_records(read_records_text()); }

 private:
  std::filesystem::path folder_;
};

/// A run that came to its end, with its files' text.
struct CompleteRun {
  RunInfo info;
  std::vector<Record> records;
  std::string info_text;
  std::string records_text;
};
/// For import: also refuses what no measurement can have given (results/store/import_check.h). Throws
/// UsageError, naming file and line, for what is malformed, and for a run without its end.
[[nodiscard]] CompleteRun read_complete_run(const RunFolder& folder);

/// What run.json holds for `info`.
[[nodiscard]] std::string run_json_text(const RunInfo& info);

/// A run that is being written. Holds the store's lock; one thread at a time.
class RunWriter {
 public:
  /// Opens a folder that has its run.json: repairs the records' end, then knows what is there.
  RunWriter(FileLock lock, RunFolder folder);

  [[nodiscard]] const RunInfo& info() const { return info_; }
  /// Ids of the cases that are recorded.
  [[nodiscard]] const std::set<std::string>& recorded() const { return recorded_; }
  /// What opening cut off, in words; empty if the file was whole.
  [[nodiscard]] const std::string& repair() const { return repair_; }
  /// On disk when it returns. Throws UsageError if the disk refuses (the records before stay valid) or if the
  /// case is recorded already.
  void append(const Record& record);
  /// What appending cost so far, in seconds of wall time: to keep outside whatever is timed.
  [[nodiscard]] double seconds_spent() const { return file_.seconds_spent(); }
  /// Notes that an earlier run is gone on with.
  void mark_resumed();
  /// Takes over what is known of the devices now; those of an earlier part that are gone stay.
  void add_devices(std::span<const RunDevice> devices);
  /// Merges `facts` into the environment (as JSON Merge Patch does, RFC 7396) and writes run.json.
  void add_facts(const Json& facts);
  /// Writes the end into run.json: from now on the run is complete.
  void finish();

 private:
  FileLock lock_;
  RunFolder folder_;
  RunInfo info_;
  LineFile file_;
  std::set<std::string> recorded_;
  std::string repair_;
};

}  // namespace moat
