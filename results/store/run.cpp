// run.json and records.jsonl.
#include "results/store/run.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "base/error.h"
#include "base/json.h"
#include "results/figures.h"
#include "results/json.h"
#include "results/store/import_check.h"
#include "results/store/run_json.h"

namespace moat {
namespace {

constexpr std::uint64_t largest_info_bytes = std::uint64_t{16} << 20;
constexpr std::uint64_t largest_records_bytes = std::uint64_t{2} << 30;

}  // namespace

std::string_view name(RunState state) {
  static constexpr std::array<std::string_view, 3> names{"running", "complete", "interrupted"};
  return names.at(static_cast<std::size_t>(state));
}

std::string utc_now() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
}

std::string make_run_id(std::chrono::system_clock::time_point begin) {
  using namespace std::chrono;
  const auto second = floor<seconds>(begin);
  const auto fraction = duration_cast<nanoseconds>(begin - second).count() * 65536 / 1'000'000'000;
  return fmt::format("{:%Y%m%dT%H%M%SZ}-{:04x}", fmt::gmtime(system_clock::to_time_t(second)), fraction);
}

bool is_run_id(std::string_view text) {
  constexpr std::string_view pattern = "dddddddd_dddddd_-xxxx";
  constexpr std::string_view exact = "20261121T221530Z-3fa1";
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    const bool letter = text[i] >= 'a' && text[i] <= 'f';
    const bool fits = pattern[i] == 'd' ? digit : pattern[i] == 'x' ? digit || letter : text[i] == exact[i];
    if (!fits) return false;
  }
  return true;
}

std::string run_id_after(std::string_view latest, std::chrono::system_clock::time_point begin) {
  using namespace std::chrono;
  std::string made = make_run_id(begin);
  if (!is_run_id(latest) || made > latest) return made;
  std::tm utc{};
  unsigned fraction = 0;
  if (std::sscanf(std::string(latest).c_str(), "%4d%2d%2dT%2d%2d%2dZ-%4x", &utc.tm_year, &utc.tm_mon,
                  &utc.tm_mday, &utc.tm_hour, &utc.tm_min, &utc.tm_sec, &fraction) != 7)
    return made;
  utc.tm_year -= 1900;
  utc.tm_mon -= 1;
  const auto second = system_clock::from_time_t(timegm(&utc));
  // Rounded up, so that make_run_id's rounding down gives the next fraction.
  const auto nanoseconds_behind = (static_cast<std::int64_t>(fraction + 1) * 1'000'000'000 + 65535) / 65536;
  return make_run_id(second + duration_cast<system_clock::duration>(nanoseconds(nanoseconds_behind)));
}

Lines split_lines(std::string_view text) {
  Lines found;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1)) {
    found.lines.push_back(
        {found.complete_bytes, text.substr(found.complete_bytes, end - found.complete_bytes)});
    found.complete_bytes = end + 1;
  }
  return found;
}

std::string RunFolder::place(std::size_t index) const {
  return fmt::format("{}:{}", records_path().string(), index + 1);
}

std::string run_json_text(const RunInfo& info) {
  return strict_json(info_json(info), 2) + "\n";
}

std::string RunFolder::read_info_text() const {
  return read_file(info_path(), largest_info_bytes);
}

RunInfo RunFolder::read_info() const {
  return parse_info(read_info_text(), info_path().string());
}

void RunFolder::write_info(const RunInfo& info) const {
  replace_file(info_path(), run_json_text(info));
}

std::string RunFolder::read_records_text() const {
  return read_file(records_path(), largest_records_bytes);
}

CaseProgress progress_of(const Record& record) {
  const bool is_measured = record.measurement && !record.measurement->samples_seconds.empty();
  if (record.status == Status::disturbed) return {false, 0, true};
  return {record.status == Status::ok, is_measured ? rounds_of(*record.measurement).size() : 0};
}

bool continues(const CaseProgress& later, const CaseProgress& earlier) {
  if (earlier.is_disturbed) return true;
  return earlier.is_ok && (!later.is_open() || later.rounds > earlier.rounds);
}

StoredRecords RunFolder::parse_records(std::string_view text) const {
  const Lines found = split_lines(text);
  StoredRecords stored{{}, {}, found.complete_bytes, text.size() - found.complete_bytes};
  std::map<std::string, std::size_t> places;  // by the id of the case
  for (std::size_t line = 0; line < found.lines.size(); ++line) {
    const std::string where = place(line);
    Record record = parse_record(found.lines[line].text, where);
    const auto [known, is_new] = places.try_emplace(record.identity.id(), stored.records.size());
    if (is_new) {
      stored.records.push_back(std::move(record));
      stored.lines.push_back(line);
      continue;
    }
    Record& earlier = stored.records[known->second];
    if (!continues(progress_of(record), progress_of(earlier)))
      throw UsageError(fmt::format("{}: case {} is recorded twice", where, known->first));
    earlier = std::move(record);
    stored.lines[known->second] = line;
  }
  return stored;
}

CompleteRun read_complete_run(const RunFolder& folder) {
  CompleteRun run;
  run.info_text = folder.read_info_text();
  run.info = parse_info(run.info_text, folder.info_path().string());
  if (!is_run_id(run.info.id)) {
    throw UsageError(fmt::format("{}: '{}' is not the id of a run", folder.info_path().string(),
                                 run.info.id.substr(0, 64)));
  }
  if (!run.info.ended_utc) {
    throw UsageError(
        fmt::format("{}: the run is not complete: it is running or was interrupted; continue it "
                    "where it began, with `moat run --resume {}`",
                    folder.info_path().string(), run.info.id));
  }
  run.records_text = folder.read_records_text();
  const std::vector<Line> lines = split_lines(run.records_text).lines;
  for (std::size_t i = 0; i < lines.size(); ++i) check_imported_line(lines[i].text, folder.place(i));
  StoredRecords stored = folder.parse_records(run.records_text);
  for (std::size_t i = 0; i < stored.records.size(); ++i)
    check_imported_record(stored.records[i], folder.place(stored.lines[i]));
  if (stored.unfinished_bytes > 0)
    throw UsageError(fmt::format("{}: the line is incomplete", folder.place(lines.size())));
  run.records = std::move(stored.records);
  return run;
}

RunWriter::RunWriter(FileLock lock, RunFolder folder)
    : lock_(std::move(lock)),
      folder_(std::move(folder)),
      info_(folder_.read_info()),
      file_(folder_.records_path()) {
  const StoredRecords stored = folder_.read_records();
  for (const Record& record : stored.records) recorded_[record.identity.id()] = progress_of(record);
  if (stored.unfinished_bytes == 0) return;
  file_.truncate(stored.complete_bytes);
  repair_ = fmt::format("{}: removed {} bytes of an incomplete record that a killed run left",
                        folder_.records_path().string(), stored.unfinished_bytes);
}

void RunWriter::append(const Record& record) {
  const std::string id = record.identity.id();
  const auto earlier = recorded_.find(id);
  if (earlier != recorded_.end() && !continues(progress_of(record), earlier->second)) {
    throw UsageError(fmt::format("{}: case {} is recorded already", folder_.records_path().string(), id));
  }
  try {
    file_.append(strict_json(record_json(record)));
  } catch (const UsageError& failure) {
    throw UsageError(fmt::format("{} (moat run --resume continues the run)", failure.what()));
  }
  recorded_[id] = progress_of(record);
}

void RunWriter::mark_resumed() {
  info_.ended_utc.reset();
  info_.resumed_utc.push_back(utc_now());
  folder_.write_info(info_);
}

void RunWriter::add_devices(std::span<const RunDevice> devices) {
  for (const RunDevice& device : devices) {
    const auto known = std::find_if(info_.devices.begin(), info_.devices.end(),
                                    [&](const RunDevice& earlier) { return earlier.id == device.id; });
    if (known == info_.devices.end()) info_.devices.push_back(device);
  }
  folder_.write_info(info_);
}

void RunWriter::add_facts(const Json& facts) {
  info_.environment->merge_patch(facts);
  folder_.write_info(info_);
}

void RunWriter::finish() {
  info_.ended_utc = utc_now();
  folder_.write_info(info_);
}

}  // namespace moat
