// A method is one way to compute an operator's problems, and an implementation is an array of methods in
// order of preference. What all methods need done (choosing one, finding one by name, checking ranges, the
// device's language) is done here, once. Must not know any operator.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/candidates.h"
#include "kernels/implementation.h"
#include "kernels/planning.h"

namespace moat {

/// One method for problems of type P, defined in a file of its own.
template <class P>
struct Method {
  /// As parameters, files and records call it: "packed". Empty if the implementation has only this one.
  std::string_view name;
  /// Whether it is the default where no method before it is. Of the last method it is not asked.
  bool (*suits)(const P& problem, const Traits& traits);
  /// All of its parameters.
  std::span<const Range> ranges;
  /// Never fails: where the device lacks something, `plan` gives the reason.
  Values (*defaults)(const P& problem, const Traits& traits);
  /// Called with a device that can compute with the problem's types, and values that are within `ranges`.
  /// Steps are c_like kernels; in_device_language follows.
  OrUnsupported<Plan> (*plan)(const P& problem, const Traits& traits, const Values& values);
  /// What a search may try, in any order, valid or not. No function: the defaults alone.
  std::vector<CandidateValues> (*candidates)(const P& problem, const Traits& traits) = nullptr;
  /// Whether a search tries it and the default among the other methods, whichever suits: for hardware that is
  /// not always faster. Where the device lacks it, it has no candidates.
  bool is_tried_beside = false;
};

/// For a method that every problem and device suits.
template <class P>
[[nodiscard]] bool always_suits(const P& /*problem*/, const Traits& /*traits*/) {
  return true;
}

/// A Method of any problem.
struct AnyMethod {
  std::string_view name;
  std::function<bool(const Problem&, const Traits&)> suits;
  std::span<const Range> ranges;
  std::function<Values(const Problem&, const Traits&)> defaults;
  std::function<OrUnsupported<Plan>(const Problem&, const Traits&, const Values&)> plan;
  std::function<std::vector<CandidateValues>(const Problem&, const Traits&)> candidates;
  bool is_tried_beside = false;
};

/// `problem` as a P. Throws UsageError if it is another operator's.
template <class P>
[[nodiscard]] const P& as(const Problem& problem) {
  const auto* own = dynamic_cast<const P*>(&problem);
  if (own == nullptr) throw_other_operator(problem);
  return *own;
}

template <class P>
[[nodiscard]] AnyMethod any_method(const Method<P>& method) {
  AnyMethod any;
  any.name = method.name;
  any.suits = [method](const Problem& problem, const Traits& traits) {
    return method.suits(as<P>(problem), traits);
  };
  any.ranges = method.ranges;
  any.defaults = [method](const Problem& problem, const Traits& traits) {
    return method.defaults(as<P>(problem), traits);
  };
  any.plan = [method](const Problem& problem, const Traits& traits, const Values& values) {
    return method.plan(as<P>(problem), traits, values);
  };
  if (method.candidates != nullptr) {
    any.candidates = [method](const Problem& problem, const Traits& traits) {
      return method.candidates(as<P>(problem), traits);
    };
  }
  any.is_tried_beside = method.is_tried_beside;
  return any;
}

/// The implementation that `methods` make, at least one; `sizes` as in Implementation.
[[nodiscard]] Implementation implementation_of(std::string_view name, std::vector<AnyMethod> methods,
                                               std::vector<std::string_view> sizes = {});

template <class P, std::size_t count>
[[nodiscard]] Implementation implementation_of(std::string_view name,
                                               const std::array<const Method<P>*, count>& methods,
                                               std::vector<std::string_view> sizes = {}) {
  std::vector<AnyMethod> any;
  any.reserve(count);
  for (const Method<P>* method : methods) any.push_back(any_method(*method));
  return implementation_of(name, std::move(any), std::move(sizes));
}

}  // namespace moat
