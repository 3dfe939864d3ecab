// Proves the project's own kernels on every real device: for one problem, each implementation with the
// parameters that are shipped.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "kernels/implementation.h"
#include "kernels/operator.h"

namespace moat {

/// The bytes of the input tensor that is number `input`.
using MakeInput = std::function<std::vector<std::byte>(const Tensor& tensor, std::size_t input)>;
[[nodiscard]] std::vector<std::byte> normal_input(const Tensor& tensor, std::size_t input);

/// Checks every implementation of `problem` on every device that compiles kernels against the reference, its
/// surroundings and its inputs: with the device's own parameters always, with one of the sets shipped for
/// other devices by `turn`, since compiling all of them takes minutes. Returns how many plans ran; a device
/// that lacks something runs none, but says why.
std::size_t check_everywhere(const Problem& problem, std::size_t turn,
                             const MakeInput& make_input = normal_input);

/// Likewise the portable implementation with these parameters: for what no device is shipped with.
std::size_t check_parameters(const Problem& problem, const Parameters& parameters,
                             const MakeInput& make_input = normal_input);

}  // namespace moat
