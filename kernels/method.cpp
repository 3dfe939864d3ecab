// Choosing among methods.
#include "kernels/method.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/text.h"

namespace moat {
namespace {

class Methods {
 public:
  explicit Methods(std::vector<AnyMethod> rows) : rows_(std::move(rows)) {}

  [[nodiscard]] Parameters defaults(const Problem& problem, const Traits& traits) const {
    const AnyMethod& method = usual(problem, traits, [](const AnyMethod&) { return true; });
    return {std::string(method.name), method.defaults(problem, traits)};
  }

  [[nodiscard]] OrUnsupported<Plan> plan(const Problem& problem, const Traits& traits,
                                         const Parameters& parameters) const {
    if (auto reason = check_device(problem, traits)) return *reason;
    const auto row = std::find_if(rows_.begin(), rows_.end(),
                                  [&](const AnyMethod& method) { return method.name == parameters.method; });
    if (row == rows_.end()) return no_method(parameters.method);
    if (auto reason = check_ranges(row->ranges, parameters.values)) return *reason;
    auto made = row->plan(problem, traits, parameters.values);
    auto* own = std::get_if<Plan>(&made);
    return own == nullptr ? made : in_device_language(std::move(*own), problem.types(), traits);
  }

  /// Of the default among the usual methods, and of those that are tried beside it.
  [[nodiscard]] std::vector<Candidate> candidates(const Problem& problem, const Traits& traits) const {
    const AnyMethod& default_method =
        usual(problem, traits, [](const AnyMethod& method) { return !method.is_tried_beside; });
    std::vector<const AnyMethod*> tried{&default_method};
    for (const AnyMethod& method : rows_) {
      if (method.is_tried_beside) tried.push_back(&method);
    }
    std::vector<Candidate> all;
    for (const AnyMethod* method : tried) {
      if (!method->candidates) continue;
      std::vector<CandidateValues> own = method->candidates(problem, traits);
      if (tried.size() > 1) use_own_unit(own);
      for (CandidateValues& candidate : own) {
        all.push_back({{std::string(method->name), std::move(candidate.values)}, candidate.cost});
      }
    }
    return all;
  }

 private:
  /// The first of those that `counts` which suits, else the last.
  template <class Counts>
  [[nodiscard]] const AnyMethod& usual(const Problem& problem, const Traits& traits,
                                       const Counts& counts) const {
    const auto row = std::find_if(rows_.begin(), rows_.end() - 1, [&](const AnyMethod& method) {
      return counts(method) && method.suits(problem, traits);
    });
    return *row;
  }

  [[nodiscard]] Unsupported no_method(const std::string& name) const {
    constexpr std::size_t longest_quotation = 40;
    if (rows_.size() == 1 && rows_.front().name.empty()) {
      return {fmt::format("METHOD={}: this implementation has one method, which has no name",
                          name.substr(0, longest_quotation))};
    }
    std::vector<std::string> names;
    for (const AnyMethod& method : rows_) names.emplace_back(method.name);
    if (name.empty()) return {fmt::format("parameter METHOD is missing: it is one of {}", join(names, ", "))};
    return {fmt::format("METHOD={} is none of {}", name.substr(0, longest_quotation), join(names, ", "))};
  }

  /// Gives costs in units of the cheapest: the models of two methods do not compare.
  static void use_own_unit(std::vector<CandidateValues>& candidates) {
    const auto cheapest =
        std::min_element(candidates.begin(), candidates.end(),
                         [](const CandidateValues& a, const CandidateValues& b) { return a.cost < b.cost; });
    if (cheapest == candidates.end() || !(cheapest->cost > 0)) return;
    const double unit = cheapest->cost;
    for (CandidateValues& candidate : candidates) candidate.cost /= unit;
  }

  std::vector<AnyMethod> rows_;
};

}  // namespace

std::string parameters_text(const Parameters& parameters) {
  std::vector<std::string> parts;
  if (!parameters.method.empty()) parts.push_back(fmt::format("{}={}", method_name, parameters.method));
  for (const auto& [name, value] : parameters.values) parts.push_back(fmt::format("{}={}", name, value));
  return join(parts, " ");
}

Implementation implementation_of(std::string_view name, std::vector<AnyMethod> methods,
                                 std::vector<std::string_view> sizes) {
  const bool is_searched = std::any_of(methods.begin(), methods.end(),
                                       [](const AnyMethod& method) { return bool(method.candidates); });
  Implementation made;
  made.name = name;
  for (const AnyMethod& method : methods) made.methods.push_back(method.name);
  const auto rows = std::make_shared<const Methods>(std::move(methods));
  made.defaults = [rows](const Problem& problem, const Traits& traits) {
    return rows->defaults(problem, traits);
  };
  made.plan = [rows](const Problem& problem, const Traits& traits, const Parameters& parameters) {
    return rows->plan(problem, traits, parameters);
  };
  if (is_searched) {
    made.candidates = [rows](const Problem& problem, const Traits& traits) {
      return rows->candidates(problem, traits);
    };
  }
  made.sizes = std::move(sizes);
  return made;
}

}  // namespace moat
