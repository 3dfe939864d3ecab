// The messages between coordinator and worker, for both ends: each is one line of JSON, {"open": {…}}. Both
// ends are the same program, so there is no version. Must not know processes.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_value.h"
#include "bench/measure/runner.h"
#include "bench/plan/listed_device.h"
#include "results/record.h"

namespace moat {

// Requests. `word` names each in its line.

// Before its answer, each of the first three may be answered by any number of LoadingAnswer.

/// Which driver files the adapter's loader would use. Answered by DriverFilesAnswer.
struct DriverFilesRequest {
  static constexpr const char* word = "driver_files";
  std::string adapter;
  std::vector<AvoidedLibrary> avoided;
};
/// The devices that the route leads to. Answered by InventoryAnswer, or FaultAnswer where an environment
/// variable of Moat is malformed.
struct InventoryRequest {
  static constexpr const char* word = "inventory";
  std::string adapter;
  DeviceRoute route = {};
  std::vector<DriverFile> layers = {};  // of which the answer says whether they load
};
/// Answered by OpenedAnswer or FaultAnswer.
struct OpenRequest {
  static constexpr const char* word = "open";
  std::string device;  // "opencl:0"
  DeviceRoute route;
  RunnerSettings settings;
};
/// Of the opened device. Answered by any number of PhaseAnswer and a RecordAnswer.
struct CaseRequest {
  static constexpr const char* word = "case";
  Case identity;
  RunRequest request;
};
/// What the process has loaded and obeys. Answered by ProcessAnswer.
struct ProcessRequest {
  static constexpr const char* word = "process";
};
using WorkerRequest =
    std::variant<DriverFilesRequest, InventoryRequest, OpenRequest, CaseRequest, ProcessRequest>;

struct DriverFilesAnswer {
  static constexpr const char* word = "driver_files";
  bool is_divided = false;  // the adapter has a loader that goes by files
  DriverFiles files;
};
struct InventoryAnswer {
  static constexpr const char* word = "inventory";
  ListedAdapter adapter;
  std::string library_file = {};        // what the route's library is loaded from, links resolved
  std::string load_failure = {};        // why it does not load
  std::vector<DriverFile> layers = {};  // those that do not load, each with its fault
};
/// The process is about to open this library; or none, if the last one has been opened.
struct LoadingAnswer {
  static constexpr const char* word = "loading";
  std::string file;
};
struct OpenedAnswer {
  static constexpr const char* word = "opened";
};
/// Why the device did not open, or what is wrong with the environment.
struct FaultAnswer {
  static constexpr const char* word = "fault";
  std::string reason;
};
/// The case's next phase begins.
struct PhaseAnswer {
  static constexpr const char* word = "phase";
  std::string phase;
};
struct RecordAnswer {
  static constexpr const char* word = "record";
  Record record;
};
struct ProcessAnswer {
  static constexpr const char* word = "process";
  JsonValue process;  // bench/environment/environment.h
};
using WorkerAnswer = std::variant<DriverFilesAnswer, InventoryAnswer, LoadingAnswer, OpenedAnswer,
                                  FaultAnswer, PhaseAnswer, RecordAnswer, ProcessAnswer>;

/// A line without its end.
[[nodiscard]] std::string message_text(const WorkerRequest& request);
[[nodiscard]] std::string message_text(const WorkerAnswer& answer);
/// Throw UsageError that begins with the speaker, "coordinator: " or "worker: ", and names the field.
[[nodiscard]] WorkerRequest parse_request(std::string_view line);
[[nodiscard]] WorkerAnswer parse_answer(std::string_view line);

}  // namespace moat
