// Null devices as a run sees them, and settings of workers that open them, for tests. The worker is a program
// of its own (worker_program.cpp), so that it may crash and hang.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/registry.h"
#include "bench/plan/plan.h"
#include "bench/worker/inventory.h"
#include "bench/worker/worker.h"
#include "tests/catch.h"
#include "tests/unit/adapters/environment.h"

namespace moat {

inline std::unique_ptr<Adapter> adapter_named(std::string_view name) {
  for (auto& adapter : make_adapters()) {
    if (adapter->name() == name) return std::move(adapter);
  }
  FAIL("no adapter " << name);
  return nullptr;
}

/// The null devices of a configuration (adapters/null/README.md),
/// which workers started meanwhile see as well.
class NullMachine {
 public:
  explicit NullMachine(const std::string& config) : variable_("MOAT_NULL_CONFIG", config) {
    devices = list_adapter(*adapter_named("null")).devices;
  }
  std::vector<ListedDevice> devices;

 private:
  EnvironmentVariable variable_;
};

inline WorkerSettings brief_worker() {
  WorkerSettings settings;
  settings.executable = MOAT_WORKER_PROGRAM;
  settings.runner.limits = {.warm_up_seconds = 0.001, .cap_seconds = 0.002};
  return settings;
}

inline PlannedCase planned_case(const std::string& problem, const std::string& device = "null:0",
                                const std::string& implementation = "naive") {
  PlannedCase planned;
  planned.problem = parse_problem(problem);
  planned.identity = {device, implementation, planned.problem->key(), {}};
  planned.workload = "a test";
  return planned;
}

}  // namespace moat
