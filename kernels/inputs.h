// The input data of problems: bit-identical on every device. Must not know operators or devices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "kernels/operator.h"

namespace moat {

/// Distribution of the inputs; part of a case's identity, since chips run faster on constant data.
enum class Data : std::uint8_t { normal, uniform, zeros, ones, integers };
[[nodiscard]] std::string_view name(Data data);
[[nodiscard]] std::optional<Data> parse_data(std::string_view text);

/// `tensor` filled from `seed` (mixed with the tensor's name, so that two inputs differ).
/// normal: mean 0, variance 1 (i8: standard deviation 32, saturated); uniform: [-1, 1) (i8: all values);
/// integers: small ones in [-4, 4], for which f32 sums are exact. Generators are Boost.Random's, whose
/// streams are fixed across platforms.
[[nodiscard]] std::vector<std::byte> fill(const Tensor& tensor, Data data, std::uint64_t seed);

/// The input tensors of `tensors` filled with small whole numbers of mean 0, such that `terms` products of
/// them add up exactly in the accumulate type in any order: their magnitudes' sum does not exceed its whole
/// numbers. Of very long sums many elements are 0.
[[nodiscard]] std::vector<std::vector<std::byte>> fill_whole(const std::vector<Tensor>& tensors,
                                                             std::int64_t terms, const Types& types,
                                                             std::uint64_t seed);

}  // namespace moat
