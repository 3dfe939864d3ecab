// Predicts from earlier measurements which cases would take too long.
// Pure; must not know clocks or processes.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "results/record.h"

namespace moat {

struct BudgetLimits {
  double case_seconds = 2;       // sampling cap of one case
  double device_seconds = 3600;  // everything on one device
};

/// One device's budget of wall time.
class Budget {
 public:
  explicit Budget(const BudgetLimits& limits) : limits_(limits) {}

  /// Why the case must not run, or nullopt if it may. The prediction scales the execution time of the latest
  /// measured problem of the same operator, implementation and types by work (the larger of operations and
  /// bytes). That problem must have at least 1/1000 of the work, because a launch-bound case says nothing
  /// about a compute-bound one. A case takes at least six executions: first, clock or warm-up, three samples,
  /// last. A prediction that excludes a case is remembered.
  [[nodiscard]] std::optional<std::string> exceeded_by(const Case& identity, const Types& types,
                                                       const Work& work);

  /// Accounts for a case that was run.
  void add(const Record& record, double wall_seconds);

 private:
  struct Basis {
    double amount = 0;   // of work
    double seconds = 0;  // per execution
  };
  [[nodiscard]] std::optional<double> predicted_execution(const Case& identity, const Types& types,
                                                          const Work& work) const;

  BudgetLimits limits_;
  double spent_ = 0;
  std::map<std::string, Basis> bases_;  // by operator, implementation and types
};

}  // namespace moat
