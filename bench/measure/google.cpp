// Cases as Google Benchmark benchmarks. Works with 1.7 to 1.9.
#include "bench/measure/google.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <sstream>
#include <streambuf>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/output.h"
#include "base/text.h"
#include "results/figures.h"

namespace moat {
namespace {

// Its JSON writer prints NaN and infinity bare, which is no JSON: such a counter stays out. So does zero,
// whose coefficient of variation over repetitions would be NaN.
void count(benchmark::State& state, const char* name, double value) {
  if (std::isfinite(value) && value != 0) state.counters[name] = value;
}

void report(benchmark::State& state, const Record& record) {
  const std::string label =
      printable(std::string(name(record.status)) + (record.reason.empty() ? "" : ": " + record.reason));
  const Figures computed = figures(record);
  if (record.status != Status::ok || !computed.median_seconds) {
    state.SkipWithError(label.c_str());
    return;
  }
  state.SetIterationTime(*computed.median_seconds);
  count(state, "operations_per_second", computed.operations_per_second.value_or(0));
  count(state, "bytes_per_second", computed.bytes_per_second.value_or(0));
  count(state, "samples", static_cast<double>(record.measurement->samples_seconds.size()));
  if (computed.relative_half_width) count(state, "relative_half_width", *computed.relative_half_width);
  if (record.verdict) count(state, "max_error", record.verdict->max_error);
}

class SilentReporter final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& /*context*/) override { return true; }
  void ReportRuns(const std::vector<Run>& /*runs*/) override {}
};

/// Standard output for its reporters. What cannot be written is kept until the end: nothing may be thrown
/// through them.
class OutputBuffer final : public std::streambuf {
 public:
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 protected:
  int_type overflow(int_type c) override {
    if (c != traits_type::eof()) text_ += traits_type::to_char_type(c);
    return traits_type::not_eof(c);
  }
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    text_.append(text, static_cast<std::size_t>(size));
    return size;
  }
  int sync() override {
    try {
      if (!failure_) write_own_output(text_);
    } catch (...) {
      failure_ = std::current_exception();
    }
    text_.clear();
    return 0;
  }

 private:
  std::string text_;
  std::exception_ptr failure_;
};

constexpr std::string_view output_option = "--benchmark_out";

/// The file of --benchmark_out. Google Benchmark does not notice that it cannot be written: it writes into
/// memory, from where the file is.
class OutputFile {
 public:
  /// Throws UsageError if `path` cannot be opened for writing.
  explicit OutputFile(const std::string& path)
      : path_(path),
        file_(open_for_writing(path, output_option)),
        memory_(memfd_create("benchmark_out", MFD_CLOEXEC)) {
    if (!memory_.is_open()) throw UsageError(file_failure("cannot prepare", path_, errno));
  }
  [[nodiscard]] std::string collecting_path() const {
    return "/proc/self/fd/" + std::to_string(memory_.get());
  }
  void write() const {
    std::array<char, 65536> chunk{};
    for (off_t at = 0;;) {
      const ssize_t got = pread(memory_.get(), chunk.data(), chunk.size(), at);
      if (got <= 0) break;
      write_to(file_, path_, output_option, {chunk.data(), static_cast<std::size_t>(got)});
      at += got;
    }
  }

 private:
  std::string path_;
  Descriptor file_;
  Descriptor memory_;
};

/// Takes the file's path out of the words; the environment's where they have none.
std::optional<std::string> take_output_path(std::vector<std::string>& words) {
  constexpr std::string_view option = "--benchmark_out=";
  std::optional<std::string> path;
  if (const char* set = std::getenv("BENCHMARK_OUT"); set != nullptr && *set != '\0') path = set;
  std::erase_if(words, [&](const std::string& word) {
    if (!word.starts_with(option)) return false;
    path = word.substr(option.size());
    return true;
  });
  return path && path->empty() ? std::nullopt : path;
}

/// Its messages, line by line; those about the filter in our words.
class MessageBuffer final : public std::streambuf {
 public:
  /// Throws UsageError if the filter was no regular expression.
  void rethrow() const {
    if (!fault_.empty()) throw UsageError(fault_);
  }

 protected:
  int_type overflow(int_type c) override {
    if (c == '\n') {
      tell(std::exchange(line_, {}));
    } else if (c != traits_type::eof()) {
      line_ += traits_type::to_char_type(c);
    }
    return traits_type::not_eof(c);
  }

 private:
  void tell(const std::string& line) {
    if (line.starts_with("Failed to match any benchmarks")) {
      say("moat-bench: no case has a name that --benchmark_filter matches; --benchmark_list_tests lists "
          "them");
    } else if (line.starts_with("Could not compile benchmark re")) {
      fault_ = "--benchmark_filter is no regular expression:" + line.substr(line.find(':') + 1);
    } else {
      say("{}", line);
    }
  }

  std::string line_;
  std::string fault_;
};

/// The words that are none of its flags.
std::vector<std::string> initialize(std::vector<std::string> words) {
  static std::string program;  // it keeps the pointer to its name
  program = words.front();
  std::vector<char*> pointers{program.data()};
  for (std::string& word : std::span(words).subspan(1)) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  int count = static_cast<int>(words.size());
  benchmark::Initialize(&count, pointers.data());
  return {pointers.begin() + 1, pointers.begin() + std::max(1, count)};
}

}  // namespace

GuardedMeasure guarded(MeasureCase measure) {
  const auto broken = std::make_shared<std::exception_ptr>();
  return {[broken, measure = std::move(measure)](std::size_t index) {
            if (*broken) return Record{};
            try {
              return measure(index);
            } catch (...) {
              *broken = std::current_exception();
              return Record{};
            }
          },
          [broken] {
            if (*broken) std::rethrow_exception(*broken);
          }};
}

void register_cases(const std::vector<std::string>& case_ids, const MeasureCase& measure) {
  benchmark::ClearRegisteredBenchmarks();
  for (std::size_t index = 0; index < case_ids.size(); ++index) {
    benchmark::RegisterBenchmark(case_ids[index].c_str(),
                                 [measure, index](benchmark::State& state) {
                                   for (auto _ : state) {
                                     report(state, measure(index));
                                   }
                                 })
        ->Iterations(1)
        ->UseManualTime()
        ->Unit(benchmark::kMicrosecond);
  }
}

void run_registered_cases() {
  // Its own flags can also come from the environment (BENCHMARK_OUT, …): none of them is for a run of ours.
  (void)initialize({"moat", "--benchmark_filter=all", "--benchmark_list_tests=false",
                    "--benchmark_repetitions=1", "--benchmark_enable_random_interleaving=false",
                    "--benchmark_format=console", "--benchmark_out=", "--benchmark_out_format=json"});
  SilentReporter reporter;
  std::ostringstream unheard;
  reporter.SetOutputStream(&unheard);
  reporter.SetErrorStream(&unheard);
  benchmark::RunSpecifiedBenchmarks(&reporter, nullptr, "all");
}

int google_benchmark_main(int argc, char** argv) {
  std::vector<std::string> words(argv, argv + argc);
  std::optional<OutputFile> file;
  if (const std::optional<std::string> path = take_output_path(words)) {
    file.emplace(*path);
    words.push_back("--benchmark_out=" + file->collecting_path());
  }
  for (const std::string& word : initialize(words))
    throw UsageError(fmt::format("unknown option '{}'; --help and --benchmark_help list them", word));
  OutputBuffer buffer;
  std::ostream output(&buffer);
  MessageBuffer messages;
  std::ostream errors(&messages);
  // Its own, made once and never deleted.
  benchmark::BenchmarkReporter* reporter = benchmark::CreateDefaultDisplayReporter();
  reporter->SetOutputStream(&output);
  reporter->SetErrorStream(&errors);
  benchmark::RunSpecifiedBenchmarks(reporter);
  output.flush();
  benchmark::Shutdown();
  messages.rethrow();
  buffer.rethrow();
  if (file) file->write();
  return 0;
}

}  // namespace moat
