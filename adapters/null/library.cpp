// The null device's "naive" library: GEMM by the reference's own loops, and every fault of the configuration.
// In an adapter of a real machine this file joins the vendor's library to problems.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <limits>
#include <map>
#include <thread>

#include "adapters/null/device.h"
#include "base/error.h"
#include "kernels/gemm/gemm.h"
#include "kernels/gemm/reference.h"

namespace moat::null {
namespace {

constexpr std::uint64_t right_executions = 4;  // of Fault::after
constexpr double noise_share = 0.05;
constexpr double drift_share = 0.01;
constexpr std::chrono::milliseconds first_use(300);
constexpr double clock_error = 20;
constexpr double beyond_ceiling = 10;  // times the rate

// By the signal itself, whatever handlers sanitizers and test frameworks have set.
[[noreturn]] void die(int signal) {
  std::signal(signal, SIG_DFL);
  std::raise(signal);
  std::abort();
}

class NullGemm final : public NullExecutable {
 public:
  NullGemm(const GemmProblem& problem, std::array<Range, 3> buffers, double seconds,
           std::vector<Fault> faults)
      : problem_(problem.shape(), problem.types()),
        buffers_(std::move(buffers)),
        seconds_(seconds),
        faults_(std::move(faults)) {}

  [[nodiscard]] Timing run(std::size_t count) override {
    end_badly();
    executions_ += count;
    if (!has(Fault::unwritten)) compute();
    return virtual_time(count);
  }

 private:
  [[nodiscard]] bool has(Fault fault) const { return std::ranges::count(faults_, fault) != 0; }

  void end_badly() const {
    if (has(Fault::error)) throw DeviceError(fmt::format("null: error configured for {}", problem_.key()));
    if (has(Fault::crash)) die(SIGSEGV);
    if (has(Fault::abort)) die(SIGABRT);
    while (has(Fault::hang)) std::this_thread::sleep_for(std::chrono::hours(1));
  }

  [[nodiscard]] std::uint64_t changes() const {
    std::uint64_t sum = 0;
    for (const Range& buffer : buffers_) sum += buffer.memory->changes;
    return sum;
  }

  // The same inputs give the same outputs: computed again only after someone wrote, or a fault set in.
  void compute() {
    const bool lie = has(Fault::lie) || (has(Fault::after) && executions_ > right_executions);
    if (changes() == computed_at_ && lie == computed_lie_) return;
    const auto& [a, b, c] = buffers_;
    const GemmShape& shape = problem_.shape();
    const Type type = problem_.types().output;
    std::vector<Dot> row(static_cast<std::size_t>(shape.n));
    std::size_t element = 0;
    for (std::int64_t entry = 0; entry < shape.batch; ++entry) {
      GemmOperands operands = gemm_operands(problem_, a.contents(), b.contents(), entry);
      if (has(Fault::cut)) {
        const std::int64_t left_out = std::max<std::int64_t>(1, shape.k / 10) * shape.n;
        std::fill(operands.b.end() - left_out, operands.b.end(), 0.0);
      }
      for (std::int64_t i = 0; i < shape.m; ++i) {
        gemm_row(problem_, operands, i, row);
        for (const Dot& dot : row) store(type, c.contents(), element++, dot.value);
      }
    }
    spoil(c, element / 2, lie);
    c.memory->changes += 1;
    computed_at_ = changes();
    computed_lie_ = lie;
  }

  void spoil(const Range& c, std::size_t element, bool lie) const {
    const Type type = problem_.types().output;
    const std::span<std::byte> outputs = c.contents();
    if (lie) store(type, outputs, element, load(type, outputs, element) + 1000);
    if (has(Fault::nan)) {
      store(type, outputs, element,
            is_floating(type) ? std::numeric_limits<double>::quiet_NaN() : largest(type));
    }
    const std::span<std::byte> memory = c.memory->bytes;
    const std::size_t end = c.offset + problem_.tensors()[2].bytes();
    if (has(Fault::overrun)) touch(memory, end, size_bytes(type));
    if (has(Fault::underrun)) touch(memory, c.offset - 1, 1);
  }

  void touch(std::span<std::byte> memory, std::size_t offset, std::size_t bytes) const {
    if (offset > memory.size() || bytes > memory.size() - offset) {
      throw DeviceError(
          fmt::format("null: no guard zone around the output of {} to write to", problem_.key()));
    }
    for (std::byte& byte : memory.subspan(offset, bytes)) byte ^= std::byte{0x5a};
  }

  Timing virtual_time(std::size_t count) {
    double seconds = seconds_ * static_cast<double>(count);
    batches_ += 1;
    if (has(Fault::noise)) {
      random_ = random_ * 6364136223846793005U + 1442695040888963407U;  // Knuth's MMIX generator
      seconds *= 1 + noise_share * static_cast<double>(random_ >> 32) / 4294967296.0;
    }
    if (has(Fault::drift)) seconds *= 1 + drift_share * static_cast<double>(batches_ - 1);
    if (has(Fault::toofast)) seconds /= beyond_ceiling;
    return {.device_seconds = has(Fault::clock20x) ? seconds / clock_error : seconds,
            .host_seconds = seconds};
  }

  GemmProblem problem_;
  std::array<Range, 3> buffers_;
  double seconds_;
  std::vector<Fault> faults_;
  std::uint64_t executions_ = 0;
  std::uint64_t batches_ = 0;
  std::uint64_t random_ = 1;
  std::uint64_t computed_at_ = std::numeric_limits<std::uint64_t>::max();
  bool computed_lie_ = false;
};

class Naive final : public Library {
 public:
  explicit Naive(Config config) : config_(std::move(config)) {}
  [[nodiscard]] std::string implementation() const override { return "naive"; }
  [[nodiscard]] std::string version() const override { return "the reference's loops"; }

  [[nodiscard]] bool has_operator(std::string_view operator_name) const override {
    return operator_name == "gemm";
  }
  [[nodiscard]] std::optional<Unsupported> supports(const Problem& problem) const override {
    if (dynamic_cast<const GemmProblem*>(&problem) != nullptr) return std::nullopt;
    return Unsupported{fmt::format("the null device has no {}", problem.operator_name())};
  }

 protected:
  [[nodiscard]] std::unique_ptr<Executable> do_prepare(const Problem& problem,
                                                       std::span<Buffer* const> buffers) override {
    const auto& gemm = dynamic_cast<const GemmProblem&>(problem);
    const std::string key = gemm.key();
    std::vector<Fault> faults = faults_of(config_, key);
    if (std::ranges::count(faults, Fault::oom) != 0) {
      throw OutOfMemory(fmt::format("null: out of memory configured for {}", key));
    }
    const std::size_t uses = ++uses_[key];
    if (uses == 1 && std::ranges::count(faults, Fault::slowstart) != 0)
      std::this_thread::sleep_for(first_use);
    if (uses == 2 && std::ranges::count(faults, Fault::second) != 0)
      throw DeviceError(fmt::format("null: error configured for the second use of {}", key));
    std::array<Range, 3> ranges;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      ranges.at(i) = static_cast<const NullBuffer*>(buffers[i])->range();
    }
    return std::make_unique<NullGemm>(
        gemm, std::move(ranges), gemm.work().operations / config_.operations_per_second, std::move(faults));
  }

 private:
  Config config_;
  std::map<std::string, std::size_t> uses_;  // by the problem's key
};

}  // namespace

std::unique_ptr<Library> make_naive(const Config& config) {
  return std::make_unique<Naive>(config);
}

}  // namespace moat::null
