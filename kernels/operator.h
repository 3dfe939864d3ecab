// The interface of an operator: problems with a key, work, tensors and a verifier. Pure mathematics; must not
// know any vendor, device, clock or file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/types.h"

namespace moat {

/// Operations and compulsory traffic of a problem: each input read once, each output written once.
struct Work {
  double operations = 0;
  double bytes_read = 0;
  double bytes_written = 0;
  [[nodiscard]] double bytes() const { return bytes_read + bytes_written; }
  friend bool operator==(const Work&, const Work&) = default;
};

enum class Role : std::uint8_t { input, output };

/// A dense array of a problem.
/// `shape` is outermost first; elements are contiguous, with the last dimension varying fastest.
struct Tensor {
  std::string name;
  Role role = Role::input;
  Type type = Type::f32;
  std::vector<std::int64_t> shape;
  [[nodiscard]] std::size_t elements() const;
  [[nodiscard]] std::size_t bytes() const { return elements() * size_bytes(type); }
};

/// The result of a comparison with the reference, at the output that is worst relative to its own bound.
struct Verdict {
  bool correct = false;
  double max_error = 0;  // |computed - reference| there; infinity if NaN or a wrong infinity was found
  double tolerance = 0;  // the bound there: correct means max_error <= tolerance everywhere that was checked
  double bias = 0;       // mean sign of |computed| - |reference| in [-1, 1]; near -1 means truncation
  std::string
      accumulation;    // implied by the error's size: "f32", "tf32-like", "f16-like", "exact", "unknown"
  std::string method;  // "full", "freivalds+sampled"
  std::uint64_t checked = 0;  // outputs compared one by one
  std::string reason;         // why it is not correct; empty if it is
  /// How likely a result would have passed in which a 64th of the products were missing (Comparison).
  double false_acceptance = 0;
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// The reference of one problem on given inputs. It is computed once and used before and after timing.
class Verifier {
 public:
  Verifier() = default;
  Verifier(const Verifier&) = delete;
  Verifier& operator=(const Verifier&) = delete;
  virtual ~Verifier() = default;
  /// `outputs`: the output tensors' bytes, in the order of Problem::tensors().
  [[nodiscard]] virtual Verdict check(std::span<const std::span<const std::byte>> outputs) const = 0;
};

/// An immutable problem of an operator.
class Problem {
 public:
  Problem() = default;
  Problem(const Problem&) = delete;
  Problem& operator=(const Problem&) = delete;
  virtual ~Problem() = default;

  [[nodiscard]] virtual std::string_view operator_name() const = 0;
  /// Canonical text; parse_problem(key()) gives an equal problem.
  [[nodiscard]] virtual std::string key() const = 0;
  [[nodiscard]] virtual Types types() const = 0;
  [[nodiscard]] virtual Work work() const = 0;
  /// Inputs first, then outputs; implementations take their buffers in this order.
  [[nodiscard]] virtual std::vector<Tensor> tensors() const = 0;
  /// `inputs`: the input tensors' bytes, in the order of tensors(); must outlive the verifier,
  /// as must the problem.
  [[nodiscard]] virtual std::unique_ptr<Verifier> verifier(
      std::span<const std::span<const std::byte>> inputs) const = 0;
  /// Other inputs, whose sums every order of summation gives exactly, so that a result is right or plainly
  /// wrong however long the sums are; each seed gives others. Empty if the operator has none.
  [[nodiscard]] virtual std::vector<std::vector<std::byte>> exact_inputs(std::uint64_t /*seed*/) const {
    return {};
  }
};

/// Whether a tensor of the problem has no element, as at a size of 0.
[[nodiscard]] bool is_empty(const Problem& problem);
/// Whether no output has an element: nothing to compute.
[[nodiscard]] bool writes_nothing(const Problem& problem);

struct Implementation;  // kernels/implementation.h
struct KeyArgument;     // kernels/arguments.h

/// A family of problems, and this project's own implementations for it.
class Operator {
 public:
  Operator() = default;
  Operator(const Operator&) = delete;
  Operator& operator=(const Operator&) = delete;
  virtual ~Operator() = default;

  [[nodiscard]] virtual std::string_view name() const = 0;
  /// For error messages and `moat help`: a key.
  [[nodiscard]] virtual std::string_view key_example() const = 0;
  /// What a key may say (kernels/arguments.h): the parser goes by it, and the help is written from it.
  [[nodiscard]] virtual std::span<const KeyArgument> arguments() const = 0;
  /// Keys without a type that, with every type there is, have among their defaults every method of the
  /// implementations, and every file and branch that is compiled for some device. Lines of kernels are
  /// counted over them (reports/portability/kernel_lines.h).
  [[nodiscard]] virtual std::span<const std::string_view> examples() const = 0;
  /// What Work::operations counts, printed wherever a rate is: "2·M·N·K·batch operations".
  [[nodiscard]] virtual std::string_view convention() const = 0;
  /// `arguments` is the key without "<name>:". Throws UsageError naming the argument and the way out.
  [[nodiscard]] virtual std::unique_ptr<const Problem> parse(std::string_view arguments) const = 0;
  /// Whether it measures the device itself, for which vendors' libraries have no implementation.
  [[nodiscard]] virtual bool is_roof() const { return false; }
  /// Kernels of this project, slowest first: "naive", "portable".
  [[nodiscard]] virtual std::span<const Implementation> implementations() const = 0;
};

/// All operators: the one list, from kernels/CMakeLists.txt.
[[nodiscard]] std::span<const Operator* const> operators();
/// Whether `name` is that of an operator that measures the device itself (Operator::is_roof).
[[nodiscard]] bool is_roof_operator(std::string_view name);
/// Throws UsageError with the nearest names if there is none.
[[nodiscard]] const Operator& find_operator(std::string_view name);
/// Any operator's key, e.g. "gemm:m=64,n=64,k=64,type=f32". Throws UsageError.
[[nodiscard]] std::unique_ptr<const Problem> parse_problem(std::string_view key);

}  // namespace moat
