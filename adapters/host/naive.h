// The host's own loops, one operator per naive_*.cpp. Deliberately simple: they are the floor that libraries
// and portable kernels are held against.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "adapters/host/library.h"
#include "kernels/implementation.h"

namespace moat::host {

/// One operator's loops.
struct NaiveLoops {
  std::string_view operator_name;
  /// Whether there are loops for the problem's types.
  bool (*has_loops)(const Problem& problem);
  /// `memory` as tensor_memory() gives it.
  std::unique_ptr<HostExecutable> (*prepare)(const Problem& problem, std::span<std::byte* const> memory,
                                             std::shared_ptr<ThreadPool> threads);
};
[[nodiscard]] NaiveLoops naive_convolution();
[[nodiscard]] NaiveLoops naive_gemm();
[[nodiscard]] NaiveLoops naive_attention();
[[nodiscard]] NaiveLoops naive_stream();
[[nodiscard]] NaiveLoops naive_peak();

/// Shares `count` independent pieces of work among threads.
class NaiveExecutable : public HostExecutable {
 public:
  NaiveExecutable(std::size_t count, std::shared_ptr<ThreadPool> threads)
      : count_(count), threads_(std::move(threads)) {}
  void run() final {
    threads_->run(count_, 1, [this](std::size_t first, std::size_t last) { work(first, last); });
    finish();
  }
  [[nodiscard]] std::string_view runtime() const final { return "naive"; }

 protected:
  /// Pieces [first, last).
  virtual void work(std::size_t first, std::size_t last) const = 0;
  /// After all pieces, on the calling thread.
  virtual void finish() const {}

 private:
  std::size_t count_;
  std::shared_ptr<ThreadPool> threads_;
};

// -- Elements as stored, and the way to and from accumulators.

struct F16 {
  std::uint16_t bits;
};
struct Bf16 {
  std::uint16_t bits;
};

// from_f16 computes powers; looked up once per bit pattern, it costs what a load costs.
inline const std::array<float, 65536>& f16_values() {
  static const auto values = [] {
    auto table = std::make_unique<std::array<float, 65536>>();
    for (std::uint32_t bits = 0; bits < table->size(); ++bits) {
      (*table)[bits] = static_cast<float>(from_f16(static_cast<std::uint16_t>(bits)));
    }
    return table;
  }();
  return *values;
}

// Input to accumulator.
template <class Sum, class T>
Sum widen(T value) {
  return static_cast<Sum>(value);
}
template <>
inline float widen<float, F16>(F16 value) {
  static const std::array<float, 65536>& values = f16_values();
  return values[value.bits];
}
template <>
inline float widen<float, Bf16>(Bf16 value) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value.bits) << 16);
}

// Accumulator to output.
template <class T, class Sum>
T narrow(Sum value) {
  if constexpr (std::is_same_v<T, F16>) {
    return {to_f16(static_cast<double>(value))};
  } else if constexpr (std::is_same_v<T, Bf16>) {
    return {to_bf16(static_cast<double>(value))};
  } else {
    return value;
  }
}

}  // namespace moat::host
