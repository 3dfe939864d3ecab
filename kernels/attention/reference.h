// Attention in more than the working precision, with the error that each output may have: the truth that
// every implementation is held to. Must not know devices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/attention/attention.h"
#include "kernels/tolerance.h"

namespace moat {

/// Keys and values of one key-value head as double, row-major.
struct AttentionHead {
  std::vector<double> keys;
  std::vector<double> values;
  std::vector<double> least;      // per column of the values: the least,
  std::vector<double> most;       // the largest,
  std::vector<double> magnitude;  // and the sum of absolute finite values
  std::vector<double> squares;    // and of their squares
  double largest_key = 0;         // absolute and finite
  bool whole_values = false;      // all of them whole numbers
};
/// `head` counts through the batch: batch entry * key_value_heads + key-value head.
[[nodiscard]] AttentionHead attention_head(const AttentionProblem& problem, std::span<const std::byte> k,
                                           std::span<const std::byte> v, std::int64_t head);

/// One output: its value, and sums for the accumulation that errors imply (terms are weight times value).
struct AttentionOutput {
  Dot dot;
  Allowance allowance;  // infinite: f32 arithmetic may overflow or underflow here, which nothing decides
};

/// The outputs of the query in row `row` of {batch * query_heads * queries} rows;
/// `head` is its key-value head. Softmax follows IEEE arithmetic:
/// a NaN, an infinite largest score or nothing but -infinity makes all outputs of the query NaN;
/// a weight of 0 times an infinite value is NaN. Keys that are not visible take no part.
///
/// The bound, with u of f32, v = 2u (truncating adders), gamma_n = n v / (1 - n v), and visible keys j < n:
///   scores      s_j = scale (q·k_j) is off by at most alpha_j = gamma_{d+4} |scale| |q|·|k_j|, the rounding
///               of scale and log2(e) included, plus d 2^-126 (1 + max|k|) where products underflow;
///   weights     e_j = exp(s_j - m) has the relative error rho_j = exp(eta_j) - 1 with
///               eta_j = alpha_j + 2 v (|s_j| + max|s|) + 4 v (n + 1): rounding of the exponent, and the
///               exponential's own error of at most 4 v (OpenCL C: 3 ulp), also in each of n rescalings that
///               an online softmax may make, whatever its blocks;
///   first sum   L = sum e_j is off by the factor 1 + rho_L,
///               rho_L = sum p_j rho_j + gamma_n, p_j = e_j / L;
///   second sum  sum e_j v_j / L is off by sum p_j |v_j| (rho_j + w) + gamma_n sum p_j |v_j|, where
///               w is the unit roundoff of 16-bit inputs, since matrix units take weights of the inputs'
///               type, and 0 for f32;
///   output      (both + |o| rho_L) / (1 - rho_L), then a division and rounding to the output type: v +
///   u_out.
/// Weights below the smallest normal number of their type count as lost.
///
/// Of many keys this says nothing: sums of magnitudes exceed the outputs by sqrt(n). Independent roundings of
/// independent values leave `scale`, with D = sum_deviation (kernels/tolerance.h), t_j = p_j v_j and
/// g = sqrt(o² + sum t_j²):
///   weights     r_j = |scale| D_d sqrt((q·k_j)² + sum (q_p k_jp)²) + 2u (|s_j| + max|s|) + 16u; w for 16-bit
///               inputs;  sqrt(sum (t_j r_j)²) + |o| sqrt(sum (p_j r_j)²) + w g, and sqrt(sum v_j²) times
///               the loss of a weight that underflows;
///   sums        D_n g + D_n |o|, and |o| times the share of weights that are too small beside their sum.
/// Where all weights are equal and all values whole, sums do not truncate, and weights are rounded alike,
/// which is no deviation: it costs w |o| and the loss of n weights. The bound is the lesser of the above and
/// most_deviations · scale + the output's rounding.
void attention_row(const AttentionProblem& problem, std::span<const std::byte> q, const AttentionHead& head,
                   std::int64_t row, std::span<AttentionOutput> out);

/// How far any output may lie outside the range of the visible values of its column, whose largest absolute
/// value is `largest`: outputs are averages.
[[nodiscard]] double attention_range_tolerance(const AttentionProblem& problem, double largest);

}  // namespace moat
