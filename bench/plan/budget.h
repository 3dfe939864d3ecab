// Which cases would take too long, by prediction from what has been measured. Pure; must not know clocks or
// processes.
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

  /// Why the case is not to be run, or nothing. Prediction scales the execution time of the latest measured
  /// problem of the same operator, implementation and types by work, the larger of operations and bytes, if
  /// that problem had at least 1/1000 of it: a launch-bound case says nothing about a compute-bound one. A
  /// case is at least six
  /// executions: first, clock or warm-up, three samples, last. A prediction that ends a case is remembered.
  [[nodiscard]] std::optional<std::string> exceeded_by(const Case& identity, const Types& types,
                                                       const Work& work);

  /// Accounts for a case that was run.
  void add(const Record& record, double wall_seconds);

  [[nodiscard]] double spent_seconds() const { return spent_; }

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
