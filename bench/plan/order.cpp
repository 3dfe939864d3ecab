// Phases, problems that take turns, and rounds.
#include "bench/plan/order.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <map>
#include <tuple>

#include "kernels/implementation_name.h"

namespace moat {
namespace {

enum class Phase : std::uint8_t { roofs, compared, naive };

Phase phase_of(const PlannedCase& planned) {
  if (is_roof_operator(planned.problem->operator_name())) return Phase::roofs;
  return is_naive(planned.identity.implementation) ? Phase::naive : Phase::compared;
}

/// The cases of a problem in one phase, on all devices and under all conditions.
using Contest = std::vector<std::size_t>;

/// In the order in which the problems first appear.
std::vector<Contest> contests_of(std::span<const PlannedCase> cases, Phase phase) {
  std::vector<Contest> contests;
  std::map<std::string_view, std::size_t> places;  // by the problem's key
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (phase_of(cases[i]) != phase) continue;
    const auto [place, is_new] = places.try_emplace(cases[i].identity.problem, contests.size());
    if (is_new) contests.emplace_back();
    contests[place->second].push_back(i);
  }
  return contests;
}

/// One of each operator and input type in turn, in the order in which these first appear.
std::vector<Contest> in_turns(std::span<const PlannedCase> cases, std::vector<Contest> contests) {
  std::vector<std::vector<Contest*>> kinds;
  std::map<std::pair<std::string_view, Type>, std::size_t> places;
  for (Contest& contest : contests) {
    const Problem& problem = *cases[contest.front()].problem;
    const auto [place, is_new] =
        places.try_emplace({problem.operator_name(), problem.types().input}, kinds.size());
    if (is_new) kinds.emplace_back();
    kinds[place->second].push_back(&contest);
  }
  std::vector<Contest> ordered;
  for (std::size_t turn = 0; ordered.size() < contests.size(); ++turn) {
    for (const std::vector<Contest*>& kind : kinds) {
      if (turn < kind.size()) ordered.push_back(std::move(*kind[turn]));
    }
  }
  return ordered;
}

/// The same on every platform, which std::shuffle is not.
template <class Value>
void shuffle(std::vector<Value>& values, boost::random::mt19937& random) {
  for (std::size_t left = values.size(); left > 1; --left) {
    boost::random::uniform_int_distribution<std::size_t> any(0, left - 1);
    std::swap(values[left - 1], values[any(random)]);
  }
}

class Order {
 public:
  explicit Order(std::span<const PlannedCase> cases) : cases_(cases) {}

  void add(Phase phase, std::uint64_t rounds) {
    std::vector<Contest> contests = in_turns(cases_, contests_of(cases_, phase));
    for (std::uint64_t round = 1; round <= rounds; ++round) {
      if (round > 1) mix(contests, round);
      for (const Contest& contest : contests) {
        for (const std::size_t index : contest)
          turns_.push_back({index, round, group_of(index, phase), phase == Phase::roofs});
      }
    }
  }
  std::vector<Turn> take() { return std::move(turns_); }

 private:
  void mix(std::vector<Contest>& contests, std::uint64_t round) const {
    boost::random::mt19937 random(static_cast<std::uint32_t>(round));
    shuffle(contests, random);
    for (Contest& contest : contests) {
      shuffle(contest, random);
      // A device's cases stay together: each change of device wakes another worker.
      std::map<std::string_view, std::size_t> first;
      for (const std::size_t index : contest) first.try_emplace(cases_[index].identity.device, first.size());
      std::stable_sort(contest.begin(), contest.end(), [&](std::size_t a, std::size_t b) {
        return first.at(cases_[a].identity.device) < first.at(cases_[b].identity.device);
      });
    }
  }

  std::size_t group_of(std::size_t index, Phase phase) {
    const Case& identity = cases_[index].identity;
    return groups_.try_emplace({identity.device, identity.problem, phase}, groups_.size()).first->second;
  }

  std::span<const PlannedCase> cases_;
  std::map<std::tuple<std::string_view, std::string_view, Phase>, std::size_t> groups_;
  std::vector<Turn> turns_;
};

}  // namespace

std::vector<Turn> measuring_order(std::span<const PlannedCase> cases, std::uint64_t rounds) {
  Order order(cases);
  for (const Phase phase : {Phase::roofs, Phase::compared, Phase::naive}) order.add(phase, rounds);
  return order.take();
}

std::vector<Turn> plan_order(std::span<const PlannedCase> cases) {
  std::vector<Turn> turns;
  for (std::size_t i = 0; i < cases.size(); ++i)
    turns.push_back({i, 1, i, is_roof_operator(cases[i].problem->operator_name())});
  return turns;
}

std::string turn_name(const PlannedCase& planned, std::uint64_t round) {
  return round == 1 ? planned.identity.id() : fmt::format("{}#{}", planned.identity.id(), round);
}

}  // namespace moat
