// The two error rates of acceptance: plausible wrong results of every operator, type and length of sums must
// be refused, and what correct implementations compute must be accepted. Implementations are simulated here,
// in the stated arithmetic, for no device computes wrong results on demand.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "bench/measure/acceptance.h"
#include "kernels/attention/attention.h"
#include "kernels/convolution/convolution.h"
#include "kernels/gemm/gemm.h"
#include "kernels/peak/peak.h"
#include "kernels/peak/reference.h"
#include "kernels/stream/stream.h"
#include "tests/catch.h"

using namespace moat;

namespace {

enum class Order { sequential, fused, lanes, pairwise, truncated };
enum class Fault { none, zeros, nan, infinity, tenth_missing, lane_missing, one_lane, half, stale };

constexpr std::pair<Fault, const char*> faults[] = {{Fault::zeros, "zeros"},
                                                    {Fault::nan, "NaN"},
                                                    {Fault::infinity, "infinity"},
                                                    {Fault::tenth_missing, "a tenth missing"},
                                                    {Fault::lane_missing, "a lane of 64 missing"},
                                                    {Fault::one_lane, "one lane of 64 alone"},
                                                    {Fault::half, "half of the loop"},
                                                    {Fault::stale, "the last problem's"}};

/// How an implementation computes: its order of summation and its fault.
struct How {
  Order order = Order::sequential;
  Fault fault = Fault::none;
};

bool is_counted(std::size_t i, std::size_t n, Fault fault) {
  constexpr std::size_t lanes = 64;
  switch (fault) {
    case Fault::tenth_missing:
      return i < n - (n + 9) / 10;
    case Fault::lane_missing:
      return n >= lanes ? i % lanes != 7 : i + 1 != n;
    case Fault::one_lane:
      return n >= lanes ? i % lanes == 7 : i == 0 && n > 1;
    case Fault::half:
      return i < n / 2;
    default:
      return true;
  }
}

float truncated(double value) {
  const auto nearest = static_cast<float>(value);
  const bool away = std::fabs(static_cast<double>(nearest)) > std::fabs(value);
  return away ? std::nextafter(nearest, 0.0F) : nearest;
}

/// Sum of a[i]·b[i] as `how` says, in T; truncated: four products at once, as matrix units have it.
template <class T>
T sum(const std::vector<T>& a, const std::vector<T>& b, const How& how) {
  const std::size_t n = a.size();
  const auto term = [&](std::size_t i) { return is_counted(i, n, how.fault) ? a[i] * b[i] : T{0}; };
  T total = 0;
  switch (how.order) {
    case Order::sequential:
      for (std::size_t i = 0; i < n; ++i) total += term(i);
      return total;
    case Order::fused:
      for (std::size_t i = 0; i < n; ++i) {
        if (is_counted(i, n, how.fault)) total = std::fma(a[i], b[i], total);
      }
      return total;
    case Order::lanes: {
      std::vector<T> lane(64);
      for (std::size_t i = 0; i < n; ++i) lane[i % 64] += term(i);
      return std::accumulate(lane.begin(), lane.end(), T{0});
    }
    case Order::pairwise: {
      constexpr std::size_t block = 128;
      std::vector<T> sums((n + block - 1) / block);
      for (std::size_t i = 0; i < n; ++i) sums[i / block] += term(i);
      for (std::size_t count = sums.size(); count > 1; count = (count + 1) / 2) {
        for (std::size_t i = 0; i < count / 2; ++i) sums[i] = sums[2 * i] + sums[2 * i + 1];
        if (count % 2 == 1) sums[count / 2] = sums[count - 1];
      }
      return sums.empty() ? T{0} : sums[0];
    }
    case Order::truncated:
      for (std::size_t i = 0; i < n; i += 4) {
        double exact = static_cast<double>(total);
        for (std::size_t j = i; j < std::min(n, i + 4); ++j) {
          if (is_counted(j, n, how.fault)) exact += static_cast<double>(a[j]) * static_cast<double>(b[j]);
        }
        total = static_cast<T>(truncated(exact));
      }
      return total;
  }
  return total;
}

template <class T>
std::vector<T> decoded(Type type, const std::vector<std::byte>& bytes) {
  std::vector<T> values(bytes.size() / size_bytes(type));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<T>(load(type, bytes, i));
  return values;
}

using Bytes = std::vector<std::byte>;

/// Every output is the sum of the products of a column of `b`, `n` columns of k, with `a`.
template <class T>
void products(const Problem& problem, std::size_t k, std::size_t n, bool by_rows, const InputArrays& inputs,
              const How& how, Bytes& output) {
  const Types types = problem.types();
  const std::vector<T> a = decoded<T>(types.input, inputs[0]);
  const std::vector<T> b = decoded<T>(types.input, inputs[1]);
  std::vector<T> column(k);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i < k; ++i) column[i] = by_rows ? b[i * n + j] : b[j * k + i];
    store(types.output, output, j, static_cast<double>(sum(a, column, how)));
  }
}

/// One query per head and batch entry; of one head.
void attend(const AttentionProblem& problem, const InputArrays& inputs, const How& how, Bytes& output) {
  const AttentionShape& s = problem.shape();
  const Types types = problem.types();
  const auto keys = static_cast<std::size_t>(s.keys);
  const auto d = static_cast<std::size_t>(s.key_dim);
  const auto dv = static_cast<std::size_t>(s.value_dim);
  const std::vector<float> q = decoded<float>(types.input, inputs[0]);
  const std::vector<float> k = decoded<float>(types.input, inputs[1]);
  const std::vector<float> v = decoded<float>(types.input, inputs[2]);
  std::vector<float> weights(keys);
  float most = -std::numeric_limits<float>::infinity();
  for (std::size_t j = 0; j < keys; ++j) {
    float score = 0;
    for (std::size_t p = 0; p < d; ++p) score += q[p] * k[j * d + p];
    weights[j] = score * problem.scale();
    most = std::max(most, weights[j]);
  }
  const std::vector<float> ones(keys, 1.0F);
  Bytes narrow(size_bytes(types.input));
  for (float& weight : weights) {
    weight = std::exp(weight - most);
    store(types.input, narrow, 0, static_cast<double>(weight));
    weight = static_cast<float>(load(types.input, narrow, 0));
  }
  const float total = sum(weights, ones, how);
  std::vector<float> column(keys);
  for (std::size_t c = 0; c < dv; ++c) {
    for (std::size_t j = 0; j < keys; ++j) column[j] = v[j * dv + c];
    store(types.output, output, c, static_cast<double>(sum(weights, column, how) / total));
  }
}

template <class T>
void chain(const PeakProblem& problem, const InputArrays& inputs, const How& how, Bytes& output) {
  const Type type = problem.types().input;
  const auto chains = static_cast<std::size_t>(problem.chains());
  const auto pairs = static_cast<std::size_t>(problem.pairs());
  const T e = static_cast<T>(peak_coefficient(type));
  for (std::size_t i = 0; i < chains; ++i) {
    T x = static_cast<T>(load(type, inputs[0], i));
    T y = static_cast<T>(load(type, inputs[0], chains + i));
    for (std::size_t pair = 0; pair < pairs; ++pair) {
      if (!is_counted(pair, pairs, how.fault)) continue;
      x = how.order == Order::fused ? std::fma(e, y, x) : x + e * y;
      y = how.order == Order::fused ? std::fma(-e, x, y) : y - e * x;
    }
    store(type, output, i, static_cast<double>(x));
    store(type, output, chains + i, static_cast<double>(y));
  }
}

/// Elements of which each is one of `counted` lanes' share.
void stream(const StreamProblem& problem, const InputArrays& inputs, const How& how, Bytes& output) {
  const Type type = problem.types().input;
  const auto n = static_cast<std::size_t>(problem.n());
  const double scalar = stream_scalar(type);
  for (std::size_t i = 0; i < n; ++i) {
    const double a = load(type, inputs[0], i);
    const double b = problem.has_b() ? load(type, inputs[1], i) : 0;
    double c = a;
    if (problem.op() == StreamOp::mul) c = scalar * a;
    if (problem.op() == StreamOp::add) c = a + b;
    if (problem.op() == StreamOp::triad) c = a + scalar * b;
    store(type, output, i, is_counted(i, n, how.fault) ? c : 0);
  }
}

/// What the implementation leaves in the output.
Bytes computed(const Problem& problem, const InputArrays& inputs, const How& how) {
  const Tensor output = problem.tensors().back();
  const Types types = problem.types();
  Bytes bytes(output.bytes());
  if (how.fault == Fault::zeros) return bytes;
  if (how.fault == Fault::nan || how.fault == Fault::infinity) {
    const double value = how.fault == Fault::nan ? std::numeric_limits<double>::quiet_NaN()
                                                 : std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < output.elements(); ++i) store(output.type, bytes, i, value);
    return bytes;
  }
  if (how.fault == Fault::stale) return computed(problem, filled(problem, Data::normal, 77), {how.order});
  const bool is_double = types.accumulate != Type::f32 && types.accumulate != Type::f16;
  if (const auto* gemm = dynamic_cast<const GemmProblem*>(&problem)) {
    const auto k = static_cast<std::size_t>(gemm->shape().k);
    is_double ? products<double>(problem, k, output.elements(), true, inputs, how, bytes)
              : products<float>(problem, k, output.elements(), true, inputs, how, bytes);
  } else if (const auto* convolution = dynamic_cast<const ConvolutionProblem*>(&problem)) {
    const auto k = static_cast<std::size_t>(convolution->shape().depth());
    is_double ? products<double>(problem, k, output.elements(), false, inputs, how, bytes)
              : products<float>(problem, k, output.elements(), false, inputs, how, bytes);
  } else if (const auto* attention = dynamic_cast<const AttentionProblem*>(&problem)) {
    attend(*attention, inputs, how, bytes);
  } else if (const auto* peak = dynamic_cast<const PeakProblem*>(&problem)) {
    is_double ? chain<double>(*peak, inputs, how, bytes) : chain<float>(*peak, inputs, how, bytes);
  } else if (const auto* given = dynamic_cast<const StreamProblem*>(&problem)) {
    if (given->op() != StreamOp::dot) {
      stream(*given, inputs, how, bytes);
    } else if (is_double) {
      products<double>(problem, static_cast<std::size_t>(given->n()), 1, false, inputs, how, bytes);
    } else {
      products<float>(problem, static_cast<std::size_t>(given->n()), 1, false, inputs, how, bytes);
    }
  }
  return bytes;
}

Verdict judged(const Problem& problem, const InputArrays& inputs, const Bytes& output) {
  const std::vector<std::span<const std::byte>> spans(inputs.begin(), inputs.end());
  const std::span<const std::byte> outputs[] = {output};
  return problem.verifier(spans)->check(outputs);
}

/// Why the result is not accepted, or nothing. `verifier`: of `inputs`, made once.
std::string refusal(const Problem& problem, const Verifier& verifier, const InputArrays& inputs,
                    std::uint64_t seed, const How& how) {
  const Bytes output = computed(problem, inputs, how);
  const std::span<const std::byte> outputs[] = {output};
  const Verdict first = verifier.check(outputs);
  if (!first.correct) return first.reason;
  const Acceptance acceptance = accept(problem, Data::normal, seed, first, [&](const InputArrays& others) {
    return judged(problem, others, computed(problem, others, how));
  });
  if (acceptance.is_refused) return acceptance.refused.reason;
  if (acceptance.false_acceptance > most_false_acceptance)
    return fmt::format("unverified: {:.2g}", acceptance.false_acceptance);
  return "";
}

struct Rates {
  int wrong = 0;
  int accepted = 0;
  int right = 0;
  int refused = 0;
};

/// All faults, and the correct orders of summation, on `seeds` sets of inputs.
void try_all(const std::string& key, std::initializer_list<Order> orders, std::uint64_t seeds, Rates& rates) {
  const auto problem = parse_problem(key);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const InputArrays inputs = filled(*problem, Data::normal, seed);
    const std::vector<std::span<const std::byte>> spans(inputs.begin(), inputs.end());
    const auto verifier = problem->verifier(spans);
    for (const auto& [fault, name] : faults) {
      ++rates.wrong;
      const bool is_refused = !refusal(*problem, *verifier, inputs, seed, {*orders.begin(), fault}).empty();
      if (!is_refused) ++rates.accepted;
      INFO(key << ", seed " << seed << ": " << name << " is accepted");
      CHECK(is_refused);
    }
    for (const Order order : orders) {
      ++rates.right;
      const std::string reason = refusal(*problem, *verifier, inputs, seed, {order});
      if (!reason.empty()) ++rates.refused;
      INFO(key << ", seed " << seed << ", order " << static_cast<int>(order) << ": " << reason);
      CHECK(reason.empty());
    }
  }
}

void report(const char* operator_name, const Rates& rates) {
  fmt::print("{:<12} wrong results accepted: {} of {}; right results refused: {} of {}\n", operator_name,
             rates.accepted, rates.wrong, rates.refused, rates.right);
}

constexpr auto all_orders = {Order::lanes, Order::sequential, Order::fused, Order::pairwise};
constexpr auto matrix_unit_orders = {Order::truncated, Order::lanes, Order::sequential, Order::fused,
                                     Order::pairwise};
constexpr auto few_orders = {Order::lanes, Order::fused};

/// A vector times a matrix: `n` sums of `k` products.
void try_products(const std::string& type, std::int64_t k, std::int64_t n, std::uint64_t seeds,
                  std::initializer_list<Order> orders, Rates& gemm, Rates& convolution) {
  try_all(fmt::format("gemm:m=1,n={},k={},type={}", n, k, type), orders, seeds, gemm);
  if (type == "f64") return;  // which convolution does not have
  try_all(fmt::format("convolution:n=1,c={},h=1,w=1,k={},r=1,s=1,type={}", k, n, type), orders, seeds,
          convolution);
}

}  // namespace

TEST_CASE("plausible wrong products are refused, and right ones accepted, from one output on") {
  Rates gemm;
  Rates convolution;
  for (const std::string type : {"f64", "f32", "f16", "bf16", "i8", "f16,output=f32", "bf16,output=f32"}) {
    const bool is_narrow = type[0] == 'b' || type.starts_with("f16");
    const auto orders = is_narrow ? matrix_unit_orders : all_orders;
    for (const std::int64_t n : {1, 3, 64}) {
      for (const std::int64_t k : {1, 2, 7, 64, 1000}) try_products(type, k, n, 2, orders, gemm, convolution);
    }
    try_products(type, 4096, 256, 1, orders, gemm, convolution);
    try_products(type, 65536, 1, 2, orders, gemm, convolution);
  }
  for (const std::string type : {"f32", "bf16", "f16,output=f32"}) {
    try_products(type, 1'000'000, 3, 1, few_orders, gemm, convolution);
  }
  for (const std::string type : {"f32", "bf16"})
    try_all(fmt::format("gemm:m=1,n=1,k={},type={}", 1 << 24, type), few_orders, 1, gemm);
  report("gemm", gemm);
  report("convolution", convolution);
}

TEST_CASE("plausible wrong dot products and elements are refused, and right ones accepted") {
  Rates rates;
  for (const std::string type : {"f64", "f32"}) {
    for (const std::int64_t n : {1, 3, 64, 1000, 65536})
      try_all(fmt::format("stream:op=dot,n={},type={}", n, type), all_orders, 3, rates);
    try_all(fmt::format("stream:op=dot,n={},type={}", 1 << 24, type), few_orders, 1, rates);
    for (const std::string op : {"copy", "mul", "add", "triad"}) {
      for (const std::int64_t n : {1, 2, 100, 5000})
        try_all(fmt::format("stream:op={},n={},type={}", op, n, type), {Order::sequential}, 3, rates);
    }
  }
  report("stream", rates);
}

TEST_CASE("attention over plausible wrong keys is refused, and right attention accepted") {
  Rates rates;
  for (const std::string type : {"f32", "f16", "bf16"}) {
    const auto orders = type == "f32" ? all_orders : matrix_unit_orders;
    for (const std::int64_t keys : {2, 7, 64, 1000}) {
      for (const std::int64_t d : {1, 4, 64})
        try_all(fmt::format("attention:hq=1,sq=1,skv={},d={},type={}", keys, d, type), orders, 2, rates);
    }
    for (const std::int64_t d : {1, 4})
      try_all(fmt::format("attention:hq=1,sq=1,skv=131072,d={},type={}", d, type), orders, 1, rates);
    // In f16 a mean over as many keys has equal weights that are subnormal.
    if (type != "f16")
      try_all(fmt::format("attention:hq=1,sq=1,skv={},d=1,type={}", 1 << 22, type), few_orders, 1, rates);
  }
  report("attention", rates);
}

TEST_CASE("chains that are too short are refused, and whole ones accepted") {
  Rates rates;
  for (const std::string type : {"f64", "f32"}) {
    for (const std::int64_t steps : {8, 64, 4096, 1 << 20})
      try_all(fmt::format("peak:chains=64,steps={},type={}", steps, type), {Order::sequential, Order::fused},
              2, rates);
  }
  report("peak", rates);
}

TEST_CASE("where rounding hides whatever may be missing, nothing is accepted") {
  // Half-precision chains of a million steps: the errors of correct ones are as large as their state.
  const auto problem = parse_problem("peak:chains=64,steps=1048576,type=f16");
  const InputArrays inputs = filled(*problem, Data::normal, 1);
  const Verdict zeros = judged(*problem, inputs, Bytes(problem->tensors().back().bytes()));
  CHECK((!zeros.correct || zeros.false_acceptance > most_false_acceptance));
  const auto try_none = [](const InputArrays&) { return Verdict{}; };
  Verdict hidden;
  hidden.correct = true;
  hidden.false_acceptance = 0.5;
  CHECK(accept(*problem, Data::normal, 1, hidden, try_none).false_acceptance == 0.5);
}
