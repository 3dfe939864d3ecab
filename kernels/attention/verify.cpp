// Attention's verifier. Small problems: every output against the reference.
// Large ones: whole queries, spread over all heads, against the reference,
// and every output against the range of its values, of which it is an average.
#include <fmt/format.h>

#include <algorithm>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <cmath>
#include <optional>
#include <set>

#include "kernels/attention/reference.h"
#include "kernels/comparison.h"
#include "kernels/inputs.h"

namespace moat {
namespace {

constexpr double full_limit_products = 1 << 26;    // about a tenth of a second of reference
constexpr double sample_limit_products = 1 << 27;  // in all sampled queries
constexpr std::int64_t full_limit_outputs = 1 << 21;
constexpr std::int64_t least_samples = 32;
constexpr std::int64_t most_samples = 512;

std::int64_t rows_of(const AttentionShape& s) {
  return s.batch * s.query_heads * s.queries;
}

double products_per_row(const AttentionShape& s) {
  return static_cast<double>(s.keys) * static_cast<double>(s.key_dim + s.value_dim);
}

bool small_enough(const AttentionShape& s) {
  const auto rows = static_cast<double>(rows_of(s));
  return rows * static_cast<double>(s.value_dim) <= static_cast<double>(full_limit_outputs) &&
         rows * products_per_row(s) <= full_limit_products;
}

// Every row; or the first and last of the first and last head, where edges are handled, and others drawn
// evenly, head after head. Ascending, so that neighbours share a key-value head.
std::set<std::int64_t> rows_to_check(const AttentionShape& s) {
  const std::int64_t heads = s.batch * s.query_heads;
  std::set<std::int64_t> rows;
  if (small_enough(s)) {
    for (std::int64_t row = 0; row < rows_of(s); ++row) rows.insert(rows.end(), row);
    return rows;
  }
  for (const std::int64_t head : {std::int64_t{0}, heads - 1}) {
    for (const std::int64_t query : {std::int64_t{0}, s.queries - 1}) rows.insert(head * s.queries + query);
  }
  const std::int64_t samples = std::clamp(
      static_cast<std::int64_t>(sample_limit_products / products_per_row(s)), least_samples, most_samples);
  boost::random::mt19937_64 engine(0x6d6f6174);
  const auto draw = [&](std::int64_t extent) {
    return boost::random::uniform_int_distribution<std::int64_t>(0, extent - 1)(engine);
  };
  for (std::int64_t sample = 0; sample < samples; ++sample) {
    const std::int64_t head = heads <= samples ? sample % heads : draw(heads);
    rows.insert(head * s.queries + draw(s.queries));
  }
  return rows;
}

bool all_finite(Type type, std::span<const std::byte> bytes) {
  for (std::size_t i = 0; i < bytes.size() / size_bytes(type); ++i) {
    if (!std::isfinite(load(type, bytes, i))) return false;
  }
  return true;
}

class AttentionVerifier final : public Verifier {
 public:
  AttentionVerifier(const AttentionProblem& problem, std::span<const std::byte> q,
                    std::span<const std::byte> k, std::span<const std::byte> v)
      : problem_(problem), is_full_(small_enough(problem.shape())) {
    const AttentionShape& s = problem.shape();
    const std::set<std::int64_t> rows = rows_to_check(s);
    const auto dim = static_cast<std::size_t>(s.value_dim);
    expected_.resize(rows.size() * dim);
    rows_.assign(rows.begin(), rows.end());
    const bool has_ranges =
        !is_full_ && all_finite(problem.types().input, q) && all_finite(problem.types().input, k);
    std::size_t next = 0;
    for (std::int64_t head = 0; head < s.batch * s.key_value_heads; ++head) {
      const std::int64_t end = (head + 1) * s.rows();
      if (!has_ranges && (next == rows_.size() || rows_[next] >= end)) continue;
      AttentionHead operands = attention_head(problem, k, v, head);
      for (; next < rows_.size() && rows_[next] < end; ++next) {
        attention_row(problem, q, operands, rows_[next], std::span(expected_).subspan(next * dim, dim));
      }
      if (!has_ranges) continue;
      least_.insert(least_.end(), operands.least.begin(), operands.least.end());
      most_.insert(most_.end(), operands.most.begin(), operands.most.end());
    }
  }

  [[nodiscard]] Verdict check(std::span<const std::span<const std::byte>> outputs) const override {
    const AttentionShape& s = problem_.shape();
    const auto dim = static_cast<std::size_t>(s.value_dim);
    Comparison comparison(s.key_dim + s.keys, problem_.types());
    for (std::size_t i = 0; i < expected_.size(); ++i) {
      const std::size_t index = static_cast<std::size_t>(rows_[i / dim]) * dim + i % dim;
      comparison.add(index, expected_[i].dot, expected_[i].allowance, outputs[0]);
    }
    Verdict verdict = comparison.verdict();
    verdict.method = is_full_ ? "full" : "sampled+range";
    if (!verdict.correct) return verdict;
    if (const std::optional<std::string> refuted = outside(outputs[0])) {
      verdict.correct = false;
      verdict.reason = *refuted;
    }
    return verdict;
  }

 private:
  // Which output lies outside the range of its column of values, if ranges are known.
  [[nodiscard]] std::optional<std::string> outside(std::span<const std::byte> output) const {
    const AttentionShape& s = problem_.shape();
    const auto dim = static_cast<std::size_t>(s.value_dim);
    const std::size_t per_head = static_cast<std::size_t>(s.rows()) * dim;
    for (std::size_t i = 0; i < least_.size(); ++i) {
      const double largest = std::fmax(std::fabs(least_[i]), std::fabs(most_[i]));
      if (!std::isfinite(largest)) continue;
      const double tolerance = attention_range_tolerance(problem_, largest);
      const std::size_t first = i / dim * per_head + i % dim;
      for (std::size_t at = first; at < first - i % dim + per_head; at += dim) {
        const double value = load(problem_.types().output, output, at);
        if (value >= least_[i] - tolerance && value <= most_[i] + tolerance) continue;
        return fmt::format("output {} is {:.9g}, but an average of values from {:.9g} to {:.9g}", at, value,
                           least_[i], most_[i]);
      }
    }
    return std::nullopt;
  }

  const AttentionProblem& problem_;
  bool is_full_;
  std::vector<std::int64_t> rows_;
  std::vector<AttentionOutput> expected_;  // of rows_, value_dim each
  std::vector<double> least_;              // per key-value head and column; empty if not to be checked
  std::vector<double> most_;
};

}  // namespace

std::unique_ptr<Verifier> AttentionProblem::verifier(
    std::span<const std::span<const std::byte>> inputs) const {
  return std::make_unique<AttentionVerifier>(*this, inputs[0], inputs[1], inputs[2]);
}

// Of zero queries all weights are equal: an output is the mean of the values that its query sees.
std::vector<std::vector<std::byte>> AttentionProblem::exact_inputs(std::uint64_t seed) const {
  const std::vector<Tensor> all = tensors();
  std::vector<std::vector<std::byte>> inputs{fill(all[0], Data::zeros, seed),
                                             fill(all[1], Data::normal, seed)};
  inputs.push_back(fill_whole({all[2]}, shape_.keys, types_, seed).front());
  return inputs;
}

}  // namespace moat
