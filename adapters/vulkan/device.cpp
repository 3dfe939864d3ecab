// Opening a device, and the timing of what runs on it.
#include "adapters/vulkan/device.h"

#include <algorithm>
#include <chrono>

#include "adapters/common/ceiling.h"

namespace moat::vulkan {
namespace {

// Launches of one submission; two submissions are under way, so that the device never runs dry and nothing
// grows with the batch.
constexpr std::size_t launches_per_submission = 1024;

/// Adds the commands of execution `number`,
/// or of several where they are one executable's and not more than `most`; how many.
std::size_t add_executions(std::span<VulkanExecutable* const> rotation, std::size_t number, std::size_t most,
                           std::vector<VkCommandBuffer>& commands) {
  const VulkanExecutable& next = *rotation[number % rotation.size()];
  if (next.launch_count() == 0) return 1;
  const bool repeats = rotation.size() == 1 && next.repetitions() > 1 && next.repetitions() <= most;
  commands.push_back(repeats ? next.repeated_commands() : next.commands());
  return repeats ? next.repetitions() : 1;
}

}  // namespace

VulkanDevice::VulkanDevice(const std::shared_ptr<Instance>& instance, const Facts& facts,
                           const Configuration& configuration)
    : Device(describe(instance->symbols().path, facts)),
      session_(std::make_shared<Session>(instance, facts,
                                         CacheFile(configuration.cache_folder, facts.properties))),
      memory_(std::make_shared<Memory>(session_, configuration.always_stages)) {
  add_detail("pipeline cache", session_->cache_file().words());
  add_detail("copies", memory_->stages() ? "through a staging buffer" : "by mapped memory");
}

std::unique_ptr<Buffer> VulkanDevice::do_allocate(std::size_t bytes) {
  session_->require_alive();
  auto buffer = vulkan::allocate(memory_, bytes);
  session_->raise_messages();
  return buffer;
}

std::unique_ptr<Buffer> VulkanDevice::do_view(Buffer& parent, std::size_t offset, std::size_t bytes) {
  return std::make_unique<VulkanBuffer>(own_buffer(parent), offset, bytes);
}

void VulkanDevice::do_write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data) {
  session_->require_alive();
  vulkan::write(*memory_, buffer, offset, data);
  session_->raise_messages();
}

void VulkanDevice::do_read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data) {
  session_->require_alive();
  vulkan::read(*memory_, buffer, offset, data);
  session_->raise_messages();
}

std::shared_ptr<Kernel> VulkanDevice::do_compile(
    const std::string& source, const std::string& entry,
    std::span<const std::pair<std::string, std::int64_t>> constants) {
  session_->require_alive();
  auto kernel = std::make_shared<VulkanKernel>(pipelines_.program(session_, source), entry, constants);
  session_->raise_messages();
  return kernel;
}

std::unique_ptr<Executable> VulkanDevice::do_prepare(std::vector<Launch> launches) {
  session_->require_alive();
  auto executable = std::make_unique<VulkanExecutable>(session_, launches, pipelines_);
  session_->raise_messages();
  return executable;
}

Timing VulkanDevice::do_time(std::span<Executable* const> rotation, std::size_t count) {
  session_->require_alive();
  std::vector<VulkanExecutable*> own;
  own.reserve(rotation.size());
  for (Executable* executable : rotation) own.push_back(static_cast<VulkanExecutable*>(executable));
  try {
    const Timing timing = run(own, count);
    session_->raise_messages();
    return timing;
  } catch (...) {
    session_->drain();  // nothing of this batch may run into the next
    throw;
  }
}

Timing VulkanDevice::run(std::span<VulkanExecutable* const> rotation, std::size_t count) {
  std::size_t most_launches = 0;
  for (const VulkanExecutable* executable : rotation) {
    most_launches = std::max(most_launches, executable->launch_count());
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto host_seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  if (most_launches == 0) return {.device_seconds = 0, .host_seconds = host_seconds()};
  const std::size_t window = std::max<std::size_t>(1, launches_per_submission / most_launches);
  std::size_t submissions = 0;
  for (std::size_t done = 0; done < count; ++submissions) {
    std::vector<VkCommandBuffer> commands;
    if (done == 0) commands.push_back(session_->batch_begin());
    const std::size_t end = done + std::min(window, count - done);
    while (done < end) done += add_executions(rotation, done, end - done, commands);
    if (done == count) commands.push_back(session_->batch_end());
    if (submissions >= 2) session_->wait(submissions % 2);
    session_->submit(commands, submissions % 2);
  }
  for (std::size_t i = submissions > 1 ? submissions - 2 : 0; i < submissions; ++i) session_->wait(i % 2);
  const double seconds = host_seconds();
  const bool has_clock = has_timestamps(session_->facts());
  return {.device_seconds = has_clock ? session_->batch_seconds() : seconds, .host_seconds = seconds};
}

std::optional<Ceiling> VulkanDevice::ceiling(const Types& types) const {
  const bool knows = info().traits.kind == DeviceKind::cpu || session_->facts().compute_units != 0;
  return knows ? ceiling_of(info().traits, 0, types) : std::nullopt;  // Vulkan tells no clock
}

}  // namespace moat::vulkan
