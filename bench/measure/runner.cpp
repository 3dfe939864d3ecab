// One case, start to end, as docs/method.md describes it.
#include "bench/measure/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <new>
#include <numeric>

#include "adapters/common/compiled_kernels.h"
#include "base/error.h"
#include "base/exhaustion.h"
#include "bench/measure/acceptance.h"
#include "bench/measure/footprint.h"
#include "bench/measure/plausibility.h"
#include "bench/measure/preparation.h"
#include "results/store/run.h"

namespace moat {
namespace {

using Seconds = std::chrono::duration<double>;

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const { return Seconds(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::vector<std::span<const std::byte>> spans(const std::vector<std::vector<std::byte>>& arrays) {
  return {arrays.begin(), arrays.end()};
}

// A case that ended early, with the status it ends in.
struct Ended {
  Status status;
  std::string reason;
};

}  // namespace

struct Runner::Inputs {
  std::string problem_key;
  std::size_t bytes = 0;  // about what they take, with the reference
  Conditions conditions;
  std::unique_ptr<const Problem> problem;
  InputArrays arrays;
  std::unique_ptr<Verifier> verifier;
};

// The state of one case under way.
class Runner::Attempt {
 public:
  Attempt(Runner& runner, const Case& identity, const OnPhase& on_phase, const RunRequest& request,
          Record& record)
      : runner_(runner), identity_(identity), on_phase_(on_phase), request_(request), record_(record) {}

  void run() {
    prepare(find());
    verify_first();
    if (!runner_.settings_.verify_only) measure();
    verify_again();
    if (runner_.settings_.verify_only) {
      record_.status = Status::ok;
      return;
    }
    const auto reason =
        implausible(record_.work, *record_.measurement, runner_.device_.ceiling(record_.types));
    if (reason) throw Ended{Status::untrusted, *reason};
    if (disturbance_) throw Ended{Status::disturbed, *disturbance_};
    record_.status = Status::ok;
  }

  Effort effort;

 private:
  /// Before the inputs are made, which take time: what is unsupported needs none.
  PreparedImplementation find() {
    problem_ = parse_problem(identity_.problem);
    record_.operator_name = problem_->operator_name();
    record_.types = problem_->types();
    record_.work = problem_->work();
    if (is_empty(*problem_) && !runner_.settings_.verify_only) {
      throw Ended{Status::unsupported, "an empty problem has no time to measure; `moat verify` checks it"};
    }
    auto found = PreparedImplementation::find(runner_.device_, *problem_, identity_.implementation,
                                              runner_.settings_.kernel_dir, request_.parameters);
    if (const auto* reason = std::get_if<Unsupported>(&found))
      throw Ended{Status::unsupported, reason->reason};
    auto& implementation = std::get<PreparedImplementation>(found);
    record_.parameters = implementation.parameters();
    record_.parameters_source = implementation.parameters_source();
    record_.features = implementation.features();
    record_.library_version = implementation.library_version();
    library_ = implementation.library();
    describe_use();
    const Traits& traits = runner_.device_.info().traits;
    const auto copies = buffer_copies(*problem_, traits, identity_.conditions.cache);
    if (const auto* reason = std::get_if<Unsupported>(&copies))
      throw Ended{Status::unsupported, reason->reason};
    copies_ = std::get<std::size_t>(copies);
    if (const auto reason = implementation.exceeds(traits, copies_))
      throw Ended{Status::unsupported, reason->reason};
    return std::move(implementation);
  }

  void prepare(PreparedImplementation implementation) {
    on_phase_("inputs");
    const Stopwatch filling;
    inputs_ = &runner_.inputs(identity_, *problem_);
    effort.verify_seconds += filling.seconds();
    on_phase_("prepare");
    const Stopwatch preparing;
    for (std::size_t i = 0; i < copies_; ++i) sets_.push_back(implementation.make(inputs_->arrays));
    for (const BufferSet& set : sets_) rotation_.push_back(set.executable.get());
    effort.compile_seconds = preparing.seconds();
  }

  void verify_first() {
    on_phase_("first call");
    const Timing first = time(rotation_.size());
    effort.first_call_seconds = first.host_seconds / static_cast<double>(rotation_.size());
    execution_seconds_ = effort.first_call_seconds;
    if (request_.round > 1) return;
    on_phase_("verify");
    check("before timing");
    accept();
  }

  /// A result whose verdict might have been the same for a wrong one is not accepted yet.
  void accept() {
    const Stopwatch verifying;
    const Conditions& conditions = identity_.conditions;
    const auto acceptance = moat::accept(*problem_, conditions.data, conditions.seed, *record_.verdict,
                                         [this](const InputArrays& inputs) { return verdict_of(inputs); });
    effort.verify_seconds += verifying.seconds();
    if (acceptance.is_refused) {
      record_.verdict = acceptance.refused;
      throw refused("before timing, on " + acceptance.inputs, acceptance.refused.reason);
    }
    if (acceptance.tried > 0) write_inputs(inputs_->arrays);
    false_acceptance_ = acceptance.false_acceptance;
    record_.verdict->false_acceptance = acceptance.false_acceptance;
    if (acceptance.false_acceptance <= most_false_acceptance) return;
    throw Ended{
        Status::unverified,
        fmt::format("nothing tells a right result from a wrong one: with a 64th of its products missing it "
                    "would be accepted with a probability of {:.2g}",
                    acceptance.false_acceptance)};
  }

  /// Runs the first set of buffers once, on other inputs.
  Verdict verdict_of(const InputArrays& inputs) {
    write_inputs(inputs);
    BufferSet& set = sets_.front();
    poison_outputs(set);
    Executable* const executable = set.executable.get();
    effort.kernel_seconds += runner_.device_.time({&executable, 1}, 1).host_seconds;
    return problem_->verifier(spans(inputs))->check(spans(outputs(set)));
  }

  void write_inputs(const InputArrays& inputs) {
    const std::vector<Tensor> tensors = problem_->tensors();
    std::size_t input = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      if (tensors[i].role == Role::input) sets_.front().tensors[i]->write(inputs[input++]);
    }
  }

  void poison_outputs(BufferSet& set) {
    const std::vector<Tensor> tensors = problem_->tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      if (tensors[i].role == Role::output) set.tensors[i]->poison();
    }
  }

  [[nodiscard]] std::vector<std::vector<std::byte>> outputs(const BufferSet& set) const {
    const std::vector<Tensor> tensors = problem_->tensors();
    std::vector<std::vector<std::byte>> outputs;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      if (tensors[i].role == Role::output) outputs.push_back(set.tensors[i]->read());
    }
    return outputs;
  }

  void measure() {
    const TimeBatch batch = [this](std::size_t executions) { return time(executions); };
    if (!runner_.clock_check_) {
      on_phase_("clock");
      execution_seconds_ = time(1).host_seconds;
      runner_.clock_check_ = check_clock(batch, execution_seconds_);
    }
    on_phase_("sample");
    sample(batch);
  }

  /// Again where something else was running, as long as the cap holds.
  void sample(const TimeBatch& batch) {
    constexpr int most_attempts = 4;
    SamplingLimits left = limits();
    Circumstances& circumstances = *record_.circumstances;
    for (int attempt = 1;; ++attempt) {
      const double spent_before = effort.kernel_seconds;
      Counters before;
      record_.measurement = take_samples(batch, runner_.device_.info().clock, *runner_.clock_check_, left,
                                         request_.known_seconds, [&] { before = count(); });
      const Interference seen = between(before, count());
      disturbance_ = bears_on_the_device() ? disturbance(seen, *record_.measurement) : std::nullopt;
      left.cap_seconds -= effort.kernel_seconds - spent_before;
      if (!disturbance_ || attempt == most_attempts || left.cap_seconds <= 0) {
        keep_note(seen, circumstances);
        return;
      }
      ++circumstances.disturbed_attempts;
    }
  }

  [[nodiscard]] Counters count() const {
    return runner_.surroundings_.count ? runner_.surroundings_.count() : Counters{};
  }

  /// A device with processors and a clock of its own does not notice what else this machine computes.
  [[nodiscard]] bool bears_on_the_device() const {
    const DeviceInfo& info = runner_.device_.info();
    if (info.emulated) return false;
    return is_this_processor() || record_.measurement->clock != info.clock.name;
  }
  [[nodiscard]] bool is_this_processor() const {
    return runner_.device_.info().traits.kind == DeviceKind::cpu;
  }

  /// What the library works with at this moment.
  LibraryUse describe_use() {
    Circumstances& made = record_.circumstances ? *record_.circumstances : record_.circumstances.emplace();
    made.remarks.clear();
    if (is_this_processor()) made.remarks = runner_.surroundings_.remarks;
    if (library_ == nullptr) return {};
    LibraryUse use = library_->use();
    made.threads_asked = use.threads_asked;
    made.threads_granted = use.threads_granted;
    made.kernels = use.kernels;
    made.remarks.insert(made.remarks.end(), use.remarks.begin(), use.remarks.end());
    return use;
  }

  /// How a result that is not right ends. A library that lacks threads which it was told of is not to blame.
  [[nodiscard]] Ended refused(const std::string& when, const std::string& why) {
    const LibraryUse use = describe_use();
    if (use.threads_granted >= use.threads_told) return {Status::wrong, fmt::format("{}: {}", when, why)};
    return {
        Status::error,
        fmt::format("{}: the library was told of {} threads and got {}, so its result says nothing of it: {}",
                    when, use.threads_told, use.threads_granted, why)};
  }

  [[nodiscard]] SamplingLimits limits() const {
    SamplingLimits limits = runner_.settings_.limits;
    const std::uint64_t rounds = std::max<std::uint64_t>(request_.rounds, 1);
    if (!request_.cap_seconds && rounds == 1) return limits;
    limits.cap_seconds = request_.cap_seconds.value_or(limits.cap_seconds) / static_cast<double>(rounds);
    limits.least_samples = (limits.least_samples + rounds - 1) / rounds;
    limits.warm_up_seconds = std::min(limits.warm_up_seconds, limits.cap_seconds / 2);
    return limits;
  }

  void verify_again() {
    on_phase_("verify again");
    for (BufferSet& set : sets_) poison_outputs(set);
    time(rotation_.size());
    check("after timing");
  }

  void check(const std::string& when) {
    const Stopwatch verifying;
    for (const BufferSet& set : sets_) {
      for (const auto* buffers : {&set.tensors, &set.scratch}) {
        for (const auto& buffer : *buffers) {
          if (const auto damage = buffer->damage()) throw refused(when, *damage);
        }
      }
      record_.verdict = inputs_->verifier->check(spans(outputs(set)));
      if (!record_.verdict->correct) throw refused(when, record_.verdict->reason);
      if (false_acceptance_) record_.verdict->false_acceptance = *false_acceptance_;
    }
    effort.verify_seconds += verifying.seconds();
  }

  Timing time(std::size_t executions) {
    const Timing timing = runner_.device_.time(rotation_, executions);
    effort.kernel_seconds += timing.host_seconds;
    // The next batch goes on where this one ended: a cold batch of one must not meet the buffers of the last.
    const auto next = static_cast<std::ptrdiff_t>(executions % rotation_.size());
    std::rotate(rotation_.begin(), rotation_.begin() + next, rotation_.end());
    return timing;
  }

  Runner& runner_;
  const Case& identity_;
  const OnPhase& on_phase_;
  const RunRequest& request_;
  Record& record_;
  std::unique_ptr<const Problem> problem_;
  std::size_t copies_ = 1;
  const Inputs* inputs_ = nullptr;
  std::vector<BufferSet> sets_;
  std::vector<Executable*> rotation_;
  double execution_seconds_ = 0;
  std::optional<double> false_acceptance_;  // once accepted, by all inputs together
  const Library* library_ = nullptr;        // of a case that has one
  std::optional<std::string> disturbance_;
};

Runner::Runner(Device& device, std::string adapter_name, RunnerSettings settings, Surroundings surroundings)
    : device_(device),
      adapter_name_(std::move(adapter_name)),
      settings_(std::move(settings)),
      surroundings_(std::move(surroundings)) {}
Runner::~Runner() = default;

/// Two sets of a large problem need not fit into memory: old ones go before new ones are made.
void Runner::make_room(std::size_t bytes) {
  constexpr std::size_t most_bytes = std::size_t{256} << 20U;
  const auto kept = [&] {
    return std::accumulate(inputs_.begin(), inputs_.end(), std::size_t{0},
                           [](std::size_t sum, const auto& set) { return sum + set->bytes; });
  };
  while (!inputs_.empty() && kept() + bytes > most_bytes) inputs_.erase(inputs_.begin());
}

const Runner::Inputs& Runner::inputs(const Case& identity, const Problem& problem) {
  const auto known = std::find_if(inputs_.begin(), inputs_.end(), [&](const auto& set) {
    return set->problem_key == identity.problem && set->conditions == identity.conditions;
  });
  if (known != inputs_.end()) {
    std::rotate(known, known + 1, inputs_.end());
    return *inputs_.back();
  }
  auto fresh = std::make_unique<Inputs>();
  fresh->problem_key = identity.problem;
  fresh->conditions = identity.conditions;
  constexpr std::size_t with_reference = 3;  // the verifier's copies are in wider types
  for (const Tensor& tensor : problem.tensors()) fresh->bytes += with_reference * tensor.bytes();
  make_room(fresh->bytes);
  fresh->problem = parse_problem(identity.problem);  // the verifier refers to it
  fresh->arrays = filled(*fresh->problem, identity.conditions.data, identity.conditions.seed);
  fresh->verifier = fresh->problem->verifier(spans(fresh->arrays));
  inputs_.push_back(std::move(fresh));
  return *inputs_.back();
}

Record Runner::run(const Case& identity, const OnPhase& on_phase, const RunRequest& request) {
  const Stopwatch total;
  Record record;
  record.identity = identity;
  record.adapter = adapter_name_;
  record.device_name = device_.info().name;
  record.driver = device_.info().driver;
  record.provenance = device_.info().emulated ? Provenance::emulated : Provenance::measured;
  record.started_utc = utc_now();
  const auto end = [&record](Status status, std::string reason) {
    record.status = status;
    record.reason = std::move(reason);
  };
  Effort effort;
  {
    Attempt attempt(*this, identity, on_phase, request, record);
    try {
      attempt.run();
    } catch (const Ended& ended) {
      end(ended.status, ended.reason);
    } catch (const OutOfMemory& error) {
      end(Status::out_of_memory, error.what());
    } catch (const std::bad_alloc&) {
      end(Status::out_of_memory, "the host has no memory left for the case's data");
    } catch (const CompileError& error) {
      end(Status::error, error.what());
      // The compiler has nothing to say: what it made is not what it should be.
      if (error.log().empty()) record.reason += compiled_kernels_hint(device_.info());
      record.log = error.log();
    } catch (const std::exception& error) {
      end(Status::error, failure_text(error));
    }
    effort = attempt.effort;
  }
  effort.total_seconds = total.seconds();
  record.effort = effort;
  return record;
}

}  // namespace moat
