// Predicts from earlier measurements which cases would take too long, and keeps a device's account of time.
// Pure; must not know clocks or processes.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "results/record.h"

namespace moat {

struct BudgetLimits {
  double case_seconds = 2;          // sampling cap of one case, all its rounds together
  double device_seconds = 3600;     // everything on one device, except for first uses
  double first_use_seconds = 1800;  // first uses of one implementation on one device
  std::uint64_t rounds = 1;
};

/// One device's budget of wall time. The first use of an implementation (compiling, and tuning of a library)
/// has an account of its own: it is paid once on a machine, and must not cost another case its place.
class Budget {
 public:
  explicit Budget(const BudgetLimits& limits) : limits_(limits) {}

  /// Why the case must not run, or nullopt if it may. The prediction takes the highest rate that any sample
  /// of the same operator, implementation and types has shown, since small problems and disturbed samples are
  /// slower than what is to come. The work is the larger of operations and bytes; one of the problems must
  /// have had at least 1/1000 of it, because a launch-bound case says nothing about a compute-bound one. A
  /// case takes at least six executions: first, clock or warm-up, three samples, last. A prediction that
  /// excludes a case is remembered.
  [[nodiscard]] std::optional<std::string> too_long(const Case& identity, const Types& types,
                                                    const Work& work);

  /// What a round of the case will take, as predicted in the same way; 0 if nothing is known, or if it is
  /// too long to run at all.
  [[nodiscard]] double expected_seconds(const Case& identity, const Types& types, const Work& work) const;

  /// Why `seconds` more do not fit into the device's budget.
  [[nodiscard]] std::optional<std::string> exceeded_by(double seconds) const;

  /// Why the implementation must not be used for the first time again.
  [[nodiscard]] std::optional<std::string> first_uses_exceeded(const std::string& implementation) const;

  /// Accounts for a case that was run: for `seconds` of wall time, and for `first_use_seconds` beside them.
  void add(const Record& record, double seconds, double first_use_seconds);

 private:
  /// What is known of an operator, implementation and types.
  struct Basis {
    double largest = 0;  // amount of work
    double rate = 0;     // amount per second, the highest
  };
  [[nodiscard]] std::optional<double> predicted_execution(const Case& identity, const Types& types,
                                                          const Work& work) const;

  BudgetLimits limits_;
  double spent_ = 0;
  std::map<std::string, double> first_uses_;  // seconds, by implementation
  std::map<std::string, Basis> bases_;        // by operator, implementation and types
};

}  // namespace moat
