// Peak as an operator: the problem key, its parser, work and tensors.
#include "kernels/peak/peak.h"

#include <fmt/format.h>

#include <array>

#include "base/error.h"
#include "kernels/arguments.h"

namespace moat {
namespace {

constexpr std::int64_t chain_unit = 64;  // no vector of a kernel lies across the end
constexpr std::int64_t most_chains = (std::int64_t{1} << 30) - chain_unit;
constexpr std::int64_t step_unit = 8;
constexpr std::int64_t most_steps = 1 << 20;

constexpr std::array<KeyArgument, 3> peak_arguments{
    {{.name = "chains",
      .meaning = "chains of multiplications and additions that depend on each other; a multiple of 64",
      .least = chain_unit,
      .most = most_chains},
     {.name = "steps",
      .meaning = "length of a chain; a multiple of 8",
      .least = step_unit,
      .most = most_steps},
     {.name = "type", .meaning = "in which is computed", .kind = KeyArgument::Kind::type, .usual = "f32"}}};

class Peak final : public Operator {
 public:
  [[nodiscard]] std::string_view name() const override { return "peak"; }
  [[nodiscard]] bool is_roof() const override { return true; }
  [[nodiscard]] std::string_view convention() const override { return "2·chains·steps operations"; }
  [[nodiscard]] std::string_view key_example() const override {
    return "peak:chains=1048576,steps=2048,type=f32";
  }
  [[nodiscard]] std::span<const KeyArgument> arguments() const override { return peak_arguments; }
  [[nodiscard]] std::span<const std::string_view> examples() const override {
    static constexpr std::array<std::string_view, 1> keys{"peak:chains=16384,steps=4096"};
    return keys;
  }
  [[nodiscard]] std::unique_ptr<const Problem> parse(std::string_view text) const override {
    const Arguments values(name(), key_example(), peak_arguments, text);
    return std::make_unique<PeakProblem>(values.number("chains"), values.number("steps"),
                                         values.type("type", Type::f32));
  }
  [[nodiscard]] std::span<const Implementation> implementations() const override {
    return peak_implementations();
  }
};

}  // namespace

PeakProblem::PeakProblem(std::int64_t chains, std::int64_t steps, Type type)
    : chains_(chains), steps_(steps), type_(type) {
  if (chains < chain_unit || chains > most_chains || chains % chain_unit != 0) {
    throw UsageError(
        fmt::format("peak: chains={} is no multiple of {} up to {}", chains, chain_unit, most_chains));
  }
  if (steps < step_unit || steps > most_steps || steps % step_unit != 0) {
    throw UsageError(
        fmt::format("peak: steps={} is no multiple of {} up to {}", steps, step_unit, most_steps));
  }
  if (type != Type::f64 && type != Type::f32 && type != Type::f16 && type != Type::i8) {
    throw UsageError(
        fmt::format("peak: type={} has no arithmetic of its own here; there are f64, f32, f16 and i8 (bf16 "
                    "is computed in f32 outside matrix units)",
                    name(type)));
  }
}

std::string PeakProblem::key() const {
  return fmt::format("peak:chains={},steps={},type={}", chains_, steps_, name(type_));
}

Types PeakProblem::types() const {
  if (type_ == Type::i8) return {Type::i8, Type::i32, Type::i32};
  return {type_, type_, type_};
}

Work PeakProblem::work() const {
  const auto chains = static_cast<double>(chains_);
  const double state_bytes = type_ == Type::i8 ? 8 : 2 * static_cast<double>(size_bytes(type_));
  return {.operations = 2 * chains * static_cast<double>(steps_),
          .bytes_read = state_bytes * chains,
          .bytes_written = state_bytes * chains};
}

std::vector<Tensor> PeakProblem::tensors() const {
  if (type_ == Type::i8) {
    return {{"start", Role::input, Type::i8, {2, chains_, 4}},
            {"end", Role::output, Type::i32, {2, chains_}}};
  }
  return {{"start", Role::input, type_, {2, chains_}}, {"end", Role::output, type_, {2, chains_}}};
}

const Operator& peak_operator() {
  static const Peak peak;
  return peak;
}

}  // namespace moat
