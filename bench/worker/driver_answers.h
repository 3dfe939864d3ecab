// What the processes that asked one driver each have said, made one adapter's list. Pure: must not know how
// they were asked.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "bench/plan/listed_device.h"
#include "bench/worker/worker_messages.h"

namespace moat {

/// A driver file and what its process said: an answer, or how it ended; neither if the file was not asked.
struct DriverAnswer {
  DriverFile driver;
  InventoryAnswer answer = {};
  std::string death = {};  // "ended the process that asked it: killed by signal 6 (SIGABRT)"
};

/// The answer of a loader that does not go by the files: it offers devices, but has not loaded what it was
/// told to. Null if there is none.
[[nodiscard]] const DriverAnswer* answer_for_all(std::span<const DriverAnswer> answers);

/// The layer as one that was left out; `why` goes on from "which".
[[nodiscard]] ListedDriver layer_left_out(const DriverFile& layer, std::string_view why);

/// Devices in the order of their ranks, those of one library once; each file with its fault; the layers that
/// were left out and those that do not load; and if there is no device, why.
[[nodiscard]] ListedAdapter join_answers(std::string adapter, std::vector<DriverAnswer> answers,
                                         const DriverFiles& files, std::vector<ListedDriver> left_out);

}  // namespace moat
