// Three plain steps, all scores in memory between them.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "kernels/attention/methods.h"
#include "kernels/attention/planning.h"

namespace moat {
namespace {

constexpr std::array ranges{Range{"GROUP_X", 1, 1024}};

Values defaults(const AttentionProblem&, const Traits& traits) {
  const bool fits = traits.max_group_size >= 64 && traits.max_group_shape[0] >= 64;
  return {{"GROUP_X", fits ? 64 : 1}};
}

OrUnsupported<Plan> plan(const AttentionProblem& attention, const Traits& traits, const Values& values) {
  const std::int64_t x = values.at("GROUP_X");
  if (auto reason = check_group(x, 1, traits)) return *reason;
  const AttentionShape& s = attention.shape();
  const std::int64_t heads = s.batch * s.key_value_heads;
  const double scratch =
      4.0 * static_cast<double>(heads) * static_cast<double>(s.rows()) * static_cast<double>(s.keys);
  std::size_t limit =
      traits.max_allocation_bytes != 0 ? traits.max_allocation_bytes : traits.global_memory_bytes;
  if (traits.max_argument_bytes != 0) limit = std::min(limit, traits.max_argument_bytes);
  if (limit != 0 && scratch > static_cast<double>(limit)) {
    return Unsupported{fmt::format("all scores need {} in one piece; the device gives {}",
                                   bytes_text(scratch), bytes_text(static_cast<double>(limit)))};
  }
  const double rounds = real(std::max(3 * s.keys, s.key_dim)) * real(divide_up(heads, most_in_grid));
  if (auto reason = check_rounds(rounds, traits)) return *reason;
  if (s.rows() > most_in_first / s.keys * x) return Unsupported{"more groups than the device counts"};

  Plan plan;
  plan.scratch_bytes = {4 * static_cast<std::size_t>(heads) * static_cast<std::size_t>(s.rows()) *
                        static_cast<std::size_t>(s.keys)};
  const auto add = [&](std::string_view entry, std::int64_t results, std::vector<Argument> arguments) {
    Step step;
    step.source = "attention/naive.cl";
    step.entry = entry;
    step.constants = common_constants(attention);
    step.constants.emplace_back("GROUP_X", x);
    step.groups = {static_cast<std::size_t>(divide_up(results, x)),
                   static_cast<std::size_t>(std::min(heads, most_in_grid)), 1};
    step.group_shape = {static_cast<std::size_t>(x), 1, 1};
    step.arguments = std::move(arguments);
    for (const std::int64_t value : {heads, s.rows(), s.queries, s.keys}) {
      step.arguments.push_back(integer_argument(value));
    }
    plan.steps.push_back(std::move(step));
  };
  add("scores", s.rows() * s.keys, {tensor_argument(0), tensor_argument(1), scratch_argument(0)});
  plan.steps.back().arguments.push_back(scale_argument(attention));
  add("softmax", s.rows(), {scratch_argument(0)});
  add("product", s.rows() * s.value_dim, {scratch_argument(0), tensor_argument(2), tensor_argument(3)});
  return plan;
}

}  // namespace

constinit const Method<AttentionProblem> attention_naive{
    .name = "", .suits = always_suits, .ranges = ranges, .defaults = defaults, .plan = plan};

}  // namespace moat
