// Buffers from and to vectors. Must not know any adapter.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "adapters/adapter.h"

template <class T>
std::unique_ptr<moat::Buffer> buffer_of(moat::Device& device, const std::vector<T>& values) {
  auto buffer = device.allocate(values.size() * sizeof(T));
  device.write(*buffer, 0, std::as_bytes(std::span(values)));
  return buffer;
}

template <class T>
std::vector<T> values_of(moat::Device& device, const moat::Buffer& buffer) {
  std::vector<T> values(buffer.bytes() / sizeof(T));
  device.read(buffer, 0, std::as_writable_bytes(std::span(values)));
  return values;
}
