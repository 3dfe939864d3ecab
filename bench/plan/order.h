// The order in which the cases of a run are measured, with its rounds. Pure; must not know clocks or devices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "bench/plan/plan.h"

namespace moat {

/// A case in a round. The cases of one problem on one device whose results will be compared with each other
/// form a group: what a budget leaves out, it leaves out for all of them.
struct Turn {
  std::size_t index = 0;    // of the case in the plan
  std::uint64_t round = 1;  // from 1
  std::size_t group = 0;    // the same in every round
  bool is_roof = false;     // what bounds every rate of the device; a budget never leaves it out
};

/// Every case once per round:
/// - roofs first;
/// - then libraries and portable kernels, in rounds, of one problem after another. Operators and input types
///   take turns, so that whatever time there is covers all of them, and within each the plan's order is kept
///   (small problems first, which predict the larger ones). The implementations of a problem follow each
///   other on all devices, so that a drift of the machine's speed does not look like a difference between
///   them;
/// - the naive implementations last, in rounds of their own.
/// Later rounds are in another order, the same one every time: problems, devices and implementations are
/// shuffled, with the round as the seed.
[[nodiscard]] std::vector<Turn> measuring_order(std::span<const PlannedCase> cases, std::uint64_t rounds);

/// The cases in the plan's order, once.
[[nodiscard]] std::vector<Turn> plan_order(std::span<const PlannedCase> cases);

/// A name for a turn: the case's id, and "#2" in round 2.
[[nodiscard]] std::string turn_name(const PlannedCase& planned, std::uint64_t round);

}  // namespace moat
