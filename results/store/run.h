// One run: a folder with its facts (run.json) and its records (records.jsonl).
// Must not know devices or its callers.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/json_value.h"
#include "results/devices.h"
#include "results/record.h"

namespace moat {

/// Version of run.json; increases by the same rule as record_schema.
inline constexpr int run_schema = 1;

/// complete: run.json contains its end. running: a live process holds the store's lock for it. interrupted:
/// neither; --resume continues it.
enum class RunState : std::uint8_t { running, complete, interrupted };
[[nodiscard]] std::string_view name(RunState state);

/// The content of run.json.
struct RunInfo {
  std::string id;  // set by the store
  std::string suite;
  std::string command;                   // as it was typed
  std::string host;                      // name of the machine
  std::string system_id;                 // digest of the environment
  std::string started_utc;               // ISO 8601, seconds; set by the store
  std::optional<std::string> ended_utc;  // set when the run ends
  std::vector<std::string> resumed_utc;  // when --resume continued the run
  std::vector<RunDevice> devices;        // all usable devices; empty in runs of older versions
  std::optional<Citation> citation;      // only for published figures
  JsonValue environment;                 // describe_environment of the runner; not interpreted here
};

/// "2026-11-21T22:15:30Z".
[[nodiscard]] std::string utc_now();
/// "20261121T221530Z-3fa1": the time to 1/65536 of a second, so that sorted ids are in the order of start.
[[nodiscard]] std::string make_run_id(std::chrono::system_clock::time_point begin);
[[nodiscard]] bool is_run_id(std::string_view text);
/// make_run_id(begin), or if that does not sort behind the id `latest`, the one that follows it.
[[nodiscard]] std::string run_id_after(std::string_view latest, std::chrono::system_clock::time_point begin);

/// A complete line of a file and where it begins.
struct Line {
  std::uint64_t offset = 0;  // bytes
  std::string_view text;     // without its end
};
struct Lines {
  std::vector<Line> lines;
  std::uint64_t complete_bytes = 0;  // followed by an incomplete line, if a writer was killed
};
[[nodiscard]] Lines split_lines(std::string_view text);

/// A run of several rounds writes a case anew after each: the last line that it has counts.
struct StoredRecords {
  std::vector<Record> records;     // one per case, in the order in which the cases were first written
  std::vector<std::size_t> lines;  // from 0: where each of them is
  std::uint64_t complete_bytes = 0;
  std::uint64_t unfinished_bytes = 0;  // of a last line that is not complete (yet) and was left out
};

/// How far the rounds of a case have come.
struct CaseProgress {
  bool is_ok = false;
  std::size_t rounds = 0;     // that count
  bool is_disturbed = false;  // none counts yet
  /// No other case is measured again.
  [[nodiscard]] bool is_open() const { return is_ok || is_disturbed; }
};
[[nodiscard]] CaseProgress progress_of(const Record& record);
/// Whether `later` is what another round made of `earlier`, which was open: it has more rounds, it failed, or
/// both were disturbed.
[[nodiscard]] bool continues(const CaseProgress& later, const CaseProgress& earlier);

/// The files of a run folder. Reading throws UsageError with file and line if they are malformed or newer.
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
  /// `text`: the content of the records file. A second record of a case must continue the first one
  /// (continues()); anything else is an error.
  [[nodiscard]] StoredRecords parse_records(std::string_view text) const;
  [[nodiscard]] StoredRecords read_records() const { return parse_records(read_records_text()); }

 private:
  std::filesystem::path folder_;
};

/// A complete run, with the text of its files.
struct CompleteRun {
  RunInfo info;
  std::vector<Record> records;
  std::string info_text;
  std::string records_text;
};
/// For import: also refuses values that no measurement can have produced (results/store/import_check.h).
/// Throws UsageError with file and line if the run is malformed or not complete.
[[nodiscard]] CompleteRun read_complete_run(const RunFolder& folder);

/// The text of run.json for `info`.
[[nodiscard]] std::string run_json_text(const RunInfo& info);

/// Writes a run. Holds the store's lock; not thread-safe.
class RunWriter {
 public:
  /// Opens a folder that contains run.json, removes an incomplete last record, and reads what is recorded.
  RunWriter(FileLock lock, RunFolder folder);

  [[nodiscard]] const RunInfo& info() const { return info_; }
  /// Whether the case with this id is recorded.
  [[nodiscard]] bool has(const std::string& id) const { return recorded_.contains(id); }
  /// Cases that are recorded.
  [[nodiscard]] std::size_t count() const { return recorded_.size(); }
  /// What was removed on opening, in words; empty if the file was complete.
  [[nodiscard]] const std::string& repair() const { return repair_; }
  /// The record is on disk when the function returns. Throws UsageError if the disk refuses it (earlier
  /// records stay valid) or if the case is recorded already and the record does not continue it.
  void append(const Record& record);
  /// Records that the run is being continued.
  void mark_resumed();
  /// Adds those that the run does not know by their ids; what the others were when it began stays.
  void add_devices(std::span<const RunDevice> devices);
  /// Merges `facts` into the environment (as JSON Merge Patch does, RFC 7396) and writes run.json.
  void add_facts(const Json& facts);
  /// Writes the end into run.json, which makes the run complete.
  void finish();

 private:
  FileLock lock_;
  RunFolder folder_;
  RunInfo info_;
  LineFile file_;
  std::map<std::string, CaseProgress> recorded_;  // by the id of the case
  std::string repair_;
};

}  // namespace moat
