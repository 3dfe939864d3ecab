// Guard zones of one page before and after what a kernel may touch.
#include "bench/measure/guarded_buffer.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace moat {
namespace {

constexpr std::size_t guard_bytes = view_alignment;
constexpr std::byte poison_byte{0xff};

}  // namespace

std::size_t guarded_bytes(std::size_t bytes) {
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max() - 2 * guard_bytes;
  return std::min(bytes, most) + 2 * guard_bytes;
}

GuardedBuffer::GuardedBuffer(Device& device, std::string name, std::size_t bytes)
    : device_(device), name_(std::move(name)), bytes_(bytes), whole_(device.allocate(guarded_bytes(bytes))) {
  view_ =
      device.view(*whole_, guard_bytes, std::max<std::size_t>(bytes, 1));  // no buffer is empty everywhere
  device_.write(*whole_, 0, std::vector(guarded_bytes(bytes), poison_byte));
}

void GuardedBuffer::write(std::span<const std::byte> data) {
  device_.write(*view_, 0, data);
}

void GuardedBuffer::poison() {
  write(std::vector(bytes_, poison_byte));
}

std::vector<std::byte> GuardedBuffer::read() const {
  std::vector<std::byte> data(bytes_);
  device_.read(*view_, 0, data);
  return data;
}

std::optional<std::string> GuardedBuffer::damage() const {
  std::vector<std::byte> guard(guard_bytes);
  for (const bool before : {true, false}) {
    device_.read(*whole_, before ? 0 : guard_bytes + bytes_, guard);
    const auto hit = std::find_if(guard.begin(), guard.end(), [](std::byte b) { return b != poison_byte; });
    if (hit == guard.end()) continue;
    const auto at = static_cast<std::size_t>(hit - guard.begin());
    return before ? fmt::format("wrote {} bytes before the start of {}", guard_bytes - at, name_)
                  : fmt::format("wrote {} bytes past the end of {}", at + 1, name_);
  }
  return std::nullopt;
}

}  // namespace moat
