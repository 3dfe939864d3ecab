// A prepared GEMM on a null device, for tests of what comes of it.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "adapters/null/device.h"
#include "kernels/gemm/gemm.h"
#include "kernels/inputs.h"

namespace moat {

/// Buffers with a page of guard before and after each tensor, outputs and guards poisoned with 0xee.
class NullRun {
 public:
  explicit NullRun(const std::string& config, const std::string& key = "gemm:m=3,n=4,k=5,type=f32")
      : device(null::parse_config(config), 0), problem(parse_problem(key)) {
    for (const Tensor& tensor : problem->tensors()) {
      parents.push_back(device.allocate(tensor.bytes() + 2 * view_alignment));
      buffers.push_back(device.view(*parents.back(), view_alignment, tensor.bytes()));
      pointers.push_back(buffers.back().get());
      device.write(*parents.back(), 0, poison(parents.back()->bytes()));
      if (tensor.role == Role::input) {
        inputs.push_back(fill(tensor, Data::normal, 1));
        device.write(*buffers.back(), 0, inputs.back());
      }
    }
  }

  static std::vector<std::byte> poison(std::size_t bytes) {
    return std::vector<std::byte>(bytes, std::byte{0xee});
  }
  void prepare() { executable = device.libraries()[0]->prepare(*problem, pointers); }
  Timing time(std::size_t count = 1) {
    if (!executable) prepare();
    const std::array<Executable*, 1> rotation{executable.get()};
    return device.time(rotation, count);
  }
  std::vector<std::byte> output() {
    std::vector<std::byte> bytes(buffers[2]->bytes());
    device.read(*buffers[2], 0, bytes);
    return bytes;
  }
  Verdict verdict() {
    const std::array<std::span<const std::byte>, 2> in{inputs[0], inputs[1]};
    const std::vector<std::byte> bytes = output();
    const std::array<std::span<const std::byte>, 1> out{bytes};
    return problem->verifier(in)->check(out);
  }
  /// Bytes outside the output tensor that are no longer poison, by offset from its begin.
  std::vector<std::int64_t> broken_guard() {
    std::vector<std::byte> all(parents[2]->bytes());
    device.read(*parents[2], 0, all);
    std::vector<std::int64_t> broken;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool inside = i >= view_alignment && i < view_alignment + buffers[2]->bytes();
      if (!inside && all[i] != std::byte{0xee}) {
        broken.push_back(static_cast<std::int64_t>(i) - static_cast<std::int64_t>(view_alignment));
      }
    }
    return broken;
  }

  null::NullDevice device;
  std::unique_ptr<const Problem> problem;
  std::vector<std::unique_ptr<Buffer>> parents;
  std::vector<std::unique_ptr<Buffer>> buffers;
  std::vector<Buffer*> pointers;
  std::vector<std::vector<std::byte>> inputs;
  std::unique_ptr<Executable> executable;
};

}  // namespace moat
