// Attention in double, and the bound on f32 arithmetic's errors.
#include "kernels/attention/reference.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace moat {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double smallest_normal = 0x1p-126;  // of f32 and bf16
constexpr double v = 0x1p-23;                 // 2u of f32: truncating adders

double real(std::int64_t n) {
  return static_cast<double>(n);
}

double gamma(std::int64_t n) {
  const double unit = static_cast<double>(n) * v;
  return unit < 0.5 ? unit / (1 - unit) : infinity;
}

// What rounding a weight in [0, 1] to the inputs' type may cost: relative, and absolute where it underflows.
struct WeightRounding {
  double relative = 0;
  double absolute = smallest_normal;
};
WeightRounding weight_rounding(Type input) {
  if (input == Type::f32) return {};
  return {unit_roundoff(input), std::max(smallest_normal, smallest_subnormal(input) / 2)};
}

// Scores of one query, and what is known of their errors.
struct Scores {
  std::vector<double> value;
  std::vector<double> error;      // alpha_j
  std::vector<double> deviation;  // of independent roundings
  double most = -infinity;
  double largest = 0;   // absolute, of the finite ones
  bool is_nan = false;  // softmax of these is NaN
  bool all_equal = true;
  bool may_overflow = false;  // in f32, where the exact ones are finite
};

Scores scores_of(const AttentionProblem& problem, std::span<const double> query, const AttentionHead& head,
                 std::int64_t visible) {
  const std::size_t d = query.size();
  const auto scale = static_cast<double>(problem.scale());
  const double relative = gamma(problem.shape().key_dim + 4);
  const double absolute = static_cast<double>(d) * smallest_normal * (1 + head.largest_key);
  const double overflow = largest(Type::f32) / 4;
  Scores scores;
  scores.value.resize(static_cast<std::size_t>(visible));
  scores.error.resize(static_cast<std::size_t>(visible));
  scores.deviation.resize(static_cast<std::size_t>(visible));
  const double of_sum = sum_deviation(problem.shape().key_dim, problem.types()) * std::fabs(scale);
  for (const double x : query) {
    if (std::isfinite(x) && std::fabs(x * scale) > overflow) scores.may_overflow = true;
  }
  for (std::size_t j = 0; j < scores.value.size(); ++j) {
    const double* key = head.keys.data() + j * d;
    double sum = 0;
    double magnitude = 0;
    double energy = 0;
    for (std::size_t p = 0; p < d; ++p) {
      const double product = query[p] * key[p];
      sum += product;
      magnitude += std::fabs(product);
      energy += product * product;
    }
    const double score = scale * sum;
    magnitude *= std::fabs(scale);
    scores.value[j] = score;
    scores.error[j] = relative * magnitude + absolute;
    scores.deviation[j] = of_sum * std::sqrt(sum * sum + energy) + absolute;
    scores.is_nan = scores.is_nan || std::isnan(score);
    scores.most = std::fmax(scores.most, score);
    scores.all_equal = scores.all_equal && score == scores.value[0];
    if (!std::isfinite(score)) continue;
    scores.largest = std::fmax(scores.largest, std::fabs(score));
    if (magnitude > overflow) scores.may_overflow = true;
  }
  scores.is_nan = scores.is_nan || !std::isfinite(scores.most);
  return scores;
}

/// The share of a sum of weights, added one by one, that may be lost because they are smaller than two steps
/// of the sum's last place.
double lost_share(std::span<const double> weights, double total, double u) {
  double lost = 0;
  for (const double weight : weights) lost += weight < 4 * u * total ? weight : 0;
  return lost / total;
}

}  // namespace

AttentionHead attention_head(const AttentionProblem& problem, std::span<const std::byte> k,
                             std::span<const std::byte> v_bytes, std::int64_t head) {
  const AttentionShape& s = problem.shape();
  const Type type = problem.types().input;
  const auto keys = static_cast<std::size_t>(s.keys);
  const auto dim = static_cast<std::size_t>(s.value_dim);
  const auto at = static_cast<std::size_t>(head);
  AttentionHead result;
  result.keys.resize(keys * static_cast<std::size_t>(s.key_dim));
  for (std::size_t i = 0; i < result.keys.size(); ++i) {
    result.keys[i] = load(type, k, at * result.keys.size() + i);
    if (std::isfinite(result.keys[i])) {
      result.largest_key = std::fmax(result.largest_key, std::fabs(result.keys[i]));
    }
  }
  result.values.resize(keys * dim);
  result.least.assign(dim, infinity);
  result.most.assign(dim, -infinity);
  result.magnitude.assign(dim, 0);
  result.squares.assign(dim, 0);
  result.whole_values = true;
  for (std::size_t i = 0; i < result.values.size(); ++i) {
    const double value = load(type, v_bytes, at * result.values.size() + i);
    const std::size_t column = i % dim;
    result.values[i] = value;
    result.least[column] = std::fmin(result.least[column], value);
    result.most[column] = std::fmax(result.most[column], value);
    result.whole_values = result.whole_values && value == std::floor(value);
    if (!std::isfinite(value)) continue;
    result.magnitude[column] += std::fabs(value);
    result.squares[column] += value * value;
  }
  return result;
}

void attention_row(const AttentionProblem& problem, std::span<const std::byte> q, const AttentionHead& head,
                   std::int64_t row, std::span<AttentionOutput> out) {
  const AttentionShape& s = problem.shape();
  const Types types = problem.types();
  std::vector<double> query(static_cast<std::size_t>(s.key_dim));
  for (std::size_t p = 0; p < query.size(); ++p) {
    query[p] = load(types.input, q, static_cast<std::size_t>(row) * query.size() + p);
  }
  const std::int64_t visible = s.visible(row % s.queries);
  const Scores scores = scores_of(problem, query, head, visible);
  for (AttentionOutput& output : out) output = {};
  if (scores.is_nan) {
    for (AttentionOutput& output : out) output.dot.value = std::numeric_limits<double>::quiet_NaN();
    return;
  }
  const double exponential = 4 * v * static_cast<double>(visible + 1);
  const double sum_error = gamma(visible);
  const WeightRounding rounding = weight_rounding(types.input);
  const std::size_t dim = out.size();
  std::vector<double> spread(dim);    // sum of e_j |v_j| rho_j
  std::vector<double> random(dim);    // sum of (e_j v_j r_j)^2
  std::vector<char> fragile(dim, 0);  // an infinite value under a weight that f32 may not hold
  double total = 0;
  double total_error = 0;
  double total_random = 0;  // sum of (e_j r_j)^2
  std::vector<double> weights(scores.value.size());
  for (std::size_t j = 0; j < scores.value.size(); ++j) {
    const double weight = std::exp(scores.value[j] - scores.most);
    const double eta = scores.error[j] + 2 * v * (std::fabs(scores.value[j]) + scores.largest) + exponential;
    // Of a weight that is zero because its score is -infinity, nothing is uncertain.
    const double rho = weight == 0 ? 0 : std::expm1(std::fmin(eta, 700));
    const double r = scores.deviation[j] + v * (std::fabs(scores.value[j]) + scores.largest) + 8 * v;
    weights[j] = weight;
    total += weight;
    total_error += weight * rho;
    total_random += weight == 0 ? 0 : weight * r * (weight * r);
    const double* value = head.values.data() + j * dim;
    for (std::size_t c = 0; c < dim; ++c) {
      const double term = weight * value[c];
      out[c].dot.value += term;
      out[c].dot.magnitude += std::fabs(term);
      out[c].dot.energy += term * term;
      spread[c] += std::fabs(term) * rho;
      random[c] += term == 0 ? 0 : term * r * (term * r);
    }
    if (weight > rounding.absolute * 4 * static_cast<double>(visible)) continue;
    for (std::size_t c = 0; c < dim; ++c) {
      if (std::isinf(value[c]) && std::isfinite(scores.value[j])) fragile[c] = 1;
    }
  }
  const double total_relative = total_error / total * (1 + sum_error) + sum_error;
  const double total_deviation =
      std::sqrt(total_random) / total + lost_share(weights, total, unit_roundoff(types.accumulate));
  const bool exact_sums = head.whole_values && scores.all_equal;
  const double of_sum =
      exact_sums ? unit_roundoff(types.accumulate) * std::sqrt(real(visible)) : sum_deviation(visible, types);
  for (std::size_t c = 0; c < dim; ++c) {
    Dot& dot = out[c].dot;
    dot.value /= total;
    dot.magnitude /= total;
    dot.energy /= total * total;
    spread[c] /= total;
    random[c] = std::sqrt(random[c]) / total;
    if (!std::isfinite(dot.value) && fragile[c] == 0) continue;  // NaN or infinity, exactly
    if (fragile[c] != 0 || scores.may_overflow || !std::isfinite(dot.energy)) {
      out[c].allowance.bound = infinity;
      if (!std::isfinite(dot.value)) dot.value = 0;  // not judged; as it is, only the same would pass
      continue;
    }
    const double size = std::sqrt(dot.value * dot.value + dot.energy);
    // Equal weights are rounded alike.
    const double alike =
        exact_sums ? (rounding.relative + rounding.absolute * real(visible)) * std::fabs(dot.value) : 0;
    const double unlike =
        exact_sums ? 0 : rounding.relative * size + rounding.absolute * std::sqrt(head.squares[c]);
    const double scale =
        random[c] + std::fabs(dot.value) * total_deviation + unlike + of_sum * (size + std::fabs(dot.value));
    double error = most_deviations * scale + alike;
    if (total_relative < 0.5) {
      const double sums = (1 + sum_error) * (spread[c] + rounding.relative * (dot.magnitude + spread[c])) +
                          sum_error * dot.magnitude + rounding.absolute * head.magnitude[c];
      error = std::fmin(error, (sums + std::fabs(dot.value) * total_relative) / (1 - total_relative));
    }
    const double narrow = (unit_roundoff(types.output) + v) * (std::fabs(dot.value) + error) +
                          smallest_subnormal(types.output) / 2;
    out[c].allowance = {.bound = error + narrow, .scale = scale, .rounding = narrow + alike};
  }
}

double attention_range_tolerance(const AttentionProblem& problem, double largest) {
  const Types types = problem.types();
  const auto keys = static_cast<double>(problem.shape().keys);
  const WeightRounding rounding = weight_rounding(types.input);
  const double sum_error = gamma(problem.shape().keys + 4);
  return largest *
             (3 * sum_error + rounding.relative + keys * rounding.absolute + unit_roundoff(types.output)) +
         smallest_subnormal(types.output);
}

}  // namespace moat
