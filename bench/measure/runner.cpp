// One case, start to end, as docs/method.md describes it.
#include "bench/measure/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <new>

#include "base/error.h"
#include "bench/measure/footprint.h"
#include "bench/measure/plausibility.h"
#include "bench/measure/preparation.h"
#include "kernels/inputs.h"
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
  Conditions conditions;
  std::unique_ptr<const Problem> problem;
  std::vector<std::vector<std::byte>> arrays;
  std::unique_ptr<Verifier> verifier;
};

// The state of one case under way.
class Runner::Attempt {
 public:
  Attempt(Runner& runner, const Case& identity, const OnPhase& on_phase, const RunRequest& request,
          Record& record)
      : runner_(runner), identity_(identity), on_phase_(on_phase), request_(request), record_(record) {}

  void run() {
    prepare();
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
    record_.status = Status::ok;
  }

  Effort effort;

 private:
  void prepare() {
    on_phase_("inputs");
    const Stopwatch filling;
    inputs_ = &runner_.inputs(identity_);
    effort.verify_seconds += filling.seconds();
    const Problem& problem = *inputs_->problem;
    record_.operator_name = problem.operator_name();
    record_.types = problem.types();
    record_.work = problem.work();

    if (is_empty(problem) && !runner_.settings_.verify_only) {
      throw Ended{Status::unsupported, "an empty problem has no time to measure; `moat verify` checks it"};
    }

    on_phase_("prepare");
    const Stopwatch preparing;
    auto found = PreparedImplementation::find(runner_.device_, problem, identity_.implementation,
                                              runner_.settings_.kernel_dir, request_.parameters);
    if (const auto* reason = std::get_if<Unsupported>(&found))
      throw Ended{Status::unsupported, reason->reason};
    auto& implementation = std::get<PreparedImplementation>(found);
    record_.parameters = implementation.parameters();
    record_.parameters_source = implementation.parameters_source();
    record_.features = implementation.features();
    record_.library_version = implementation.library_version();
    const Traits& traits = runner_.device_.info().traits;
    const auto copies = buffer_copies(problem, traits, identity_.conditions.cache);
    if (const auto* reason = std::get_if<Unsupported>(&copies))
      throw Ended{Status::unsupported, reason->reason};
    if (const auto reason = implementation.exceeds(traits, std::get<std::size_t>(copies)))
      throw Ended{Status::unsupported, reason->reason};
    for (std::size_t i = 0; i < std::get<std::size_t>(copies); ++i)
      sets_.push_back(implementation.make(inputs_->arrays));
    for (const BufferSet& set : sets_) rotation_.push_back(set.executable.get());
    effort.compile_seconds = preparing.seconds();
  }

  void verify_first() {
    on_phase_("verify");
    const Timing first = time(rotation_.size());
    effort.first_call_seconds = first.host_seconds / static_cast<double>(rotation_.size());
    execution_seconds_ = effort.first_call_seconds;
    check("before timing");
  }

  void measure() {
    const TimeBatch batch = [this](std::size_t executions) { return time(executions); };
    if (!runner_.clock_check_) {
      on_phase_("clock");
      execution_seconds_ = time(1).host_seconds;
      runner_.clock_check_ = check_clock(batch, execution_seconds_);
    }
    on_phase_("sample");
    record_.measurement = take_samples(batch, runner_.device_.info().clock, *runner_.clock_check_, limits());
  }

  [[nodiscard]] SamplingLimits limits() const {
    SamplingLimits limits = runner_.settings_.limits;
    if (!request_.cap_seconds) return limits;
    limits.cap_seconds = *request_.cap_seconds;
    limits.warm_up_seconds = std::min(limits.warm_up_seconds, limits.cap_seconds / 2);
    return limits;
  }

  void verify_again() {
    on_phase_("verify again");
    for (BufferSet& set : sets_) {
      const std::vector<Tensor> tensors = inputs_->problem->tensors();
      for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (tensors[i].role == Role::output) set.tensors[i]->poison();
      }
    }
    time(rotation_.size());
    check("after timing");
  }

  void check(std::string_view when) {
    const Stopwatch verifying;
    const std::vector<Tensor> tensors = inputs_->problem->tensors();
    for (const BufferSet& set : sets_) {
      for (const auto* buffers : {&set.tensors, &set.scratch}) {
        for (const auto& buffer : *buffers) {
          if (const auto damage = buffer->damage())
            throw Ended{Status::wrong, fmt::format("{}: {}", when, *damage)};
        }
      }
      std::vector<std::vector<std::byte>> outputs;
      for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (tensors[i].role == Role::output) outputs.push_back(set.tensors[i]->read());
      }
      record_.verdict = inputs_->verifier->check(spans(outputs));
      if (!record_.verdict->correct)
        throw Ended{Status::wrong, fmt::format("{}: {}", when, record_.verdict->reason)};
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
  const Inputs* inputs_ = nullptr;
  std::vector<BufferSet> sets_;
  std::vector<Executable*> rotation_;
  double execution_seconds_ = 0;
};

Runner::Runner(Device& device, std::string adapter_name, RunnerSettings settings)
    : device_(device), adapter_name_(std::move(adapter_name)), settings_(std::move(settings)) {}
Runner::~Runner() = default;

const Runner::Inputs& Runner::inputs(const Case& identity) {
  if (inputs_ && inputs_->problem_key == identity.problem && inputs_->conditions == identity.conditions)
    return *inputs_;
  inputs_.reset();  // before the next are made: two sets of a large problem need not fit
  auto fresh = std::make_unique<Inputs>();
  fresh->problem_key = identity.problem;
  fresh->conditions = identity.conditions;
  fresh->problem = parse_problem(identity.problem);
  for (const Tensor& tensor : fresh->problem->tensors()) {
    if (tensor.role == Role::input)
      fresh->arrays.push_back(fill(tensor, identity.conditions.data, identity.conditions.seed));
  }
  fresh->verifier = fresh->problem->verifier(spans(fresh->arrays));
  inputs_ = std::move(fresh);
  return *inputs_;
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
      record.log = error.log();
    } catch (const std::exception& error) {
      end(Status::error, error.what());
    }
    effort = attempt.effort;
  }
  effort.total_seconds = total.seconds();
  record.effort = effort;
  return record;
}

}  // namespace moat
