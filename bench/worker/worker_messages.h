// The messages between coordinator and worker, for both ends: each is one line of JSON, {"open": {…}}. Both
// ends are the same program, so there is no version. Must not know processes.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/json_value.h"
#include "bench/measure/runner.h"
#include "bench/plan/listed_device.h"
#include "results/record.h"

namespace moat {

// Requests. `word` names each in its line.

/// Answered by InventoryAnswer.
struct InventoryRequest {
  static constexpr const char* word = "inventory";
  std::string adapter;
};
/// Answered by OpenedAnswer or FaultAnswer.
struct OpenRequest {
  static constexpr const char* word = "open";
  std::string device;  // "opencl:0"
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
using WorkerRequest = std::variant<InventoryRequest, OpenRequest, CaseRequest, ProcessRequest>;

struct InventoryAnswer {
  static constexpr const char* word = "inventory";
  ListedAdapter adapter;
};
struct OpenedAnswer {
  static constexpr const char* word = "opened";
};
/// Why the device did not open.
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
using WorkerAnswer =
    std::variant<InventoryAnswer, OpenedAnswer, FaultAnswer, PhaseAnswer, RecordAnswer, ProcessAnswer>;

/// A line without its end.
[[nodiscard]] std::string message_text(const WorkerRequest& request);
[[nodiscard]] std::string message_text(const WorkerAnswer& answer);
/// Throw UsageError that begins with the speaker, "coordinator: " or "worker: ", and names the field.
[[nodiscard]] WorkerRequest parse_request(std::string_view line);
[[nodiscard]] WorkerAnswer parse_answer(std::string_view line);

}  // namespace moat
