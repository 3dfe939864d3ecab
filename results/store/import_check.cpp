// A line is walked as it stands, since a parsed object holds each name once; a record by its fields.
#include "results/store/import_check.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace moat {
namespace {

[[noreturn]] void refuse(std::string_view where, std::string_view field, std::string_view fault) {
  throw UsageError(fmt::format("{}: '{}' {}", where, field, fault));
}

/// Hears what the parser meets.
class LineCheck : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit LineCheck(std::string_view where) : where_(where) {}

  bool null() override { return element(); }
  bool boolean(bool /*value*/) override { return element(); }
  bool number_integer(number_integer_t /*value*/) override { return element(); }
  bool number_unsigned(number_unsigned_t /*value*/) override { return element(); }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return element(); }
  bool binary(binary_t& /*value*/) override { return element(); }
  bool string(string_t& value) override {
    const bool is_log = levels_.size() == 1 && levels_.back().name == "log";
    check_text(value, is_log ? ImportLimits::log_bytes : ImportLimits::text_bytes);
    return element();
  }
  bool start_object(std::size_t /*elements*/) override { return enter(false); }
  bool start_array(std::size_t /*elements*/) override { return enter(true); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }
  bool key(string_t& name) override {
    Level& level = levels_.back();
    level.name = name.substr(0, 64);
    check_text(name, ImportLimits::text_bytes);
    if (!level.names.insert(name).second) refuse(where_, field(), "appears twice");
    return true;
  }
  /// parse_record says what is no JSON, with its place.
  bool parse_error(std::size_t /*byte*/, const std::string& /*token*/,
                   const nlohmann::json::exception& /*error*/) override {
    return false;
  }

 private:
  struct Level {
    bool is_array = false;
    std::size_t elements = 0;     // met so far, of an array
    std::set<std::string> names;  // met so far, of an object
    std::string name;             // the last of them, its beginning
  };

  bool element() {
    if (levels_.empty() || !levels_.back().is_array) return true;
    if (++levels_.back().elements > ImportLimits::elements)
      refuse(where_, field(), fmt::format("has more than {} elements", ImportLimits::elements));
    return true;
  }
  bool enter(bool is_array) {
    constexpr std::size_t deepest = 80;  // beyond what parse_record takes
    element();
    levels_.push_back({is_array, 0, {}, {}});
    return levels_.size() < deepest;
  }
  bool leave() {
    levels_.pop_back();
    return true;
  }
  void check_text(const std::string& text, std::size_t most) const {
    if (text.size() > most) refuse(where_, field(), fmt::format("has text of more than {} bytes", most));
  }
  [[nodiscard]] std::string field() const {
    std::string path;
    for (const Level& level : levels_) {
      if (!level.is_array) path += (path.empty() ? "" : ".") + level.name;
    }
    return path.empty() ? "record" : path;
  }

  std::string_view where_;
  std::vector<Level> levels_;
};

/// The fields of one record.
class RecordCheck {
 public:
  RecordCheck(const Record& record, std::string_view where) : record_(record), where_(where) {}

  void run() const {
    check_problem();
    if (record_.measurement) check_measurement(*record_.measurement);
    if (record_.status == Status::ok && (!record_.measurement || samples().empty()))
      refuse(where_, "measurement", "has no samples although the status is ok");
    if (record_.circumstances) check_circumstances(*record_.circumstances);
    if (record_.verdict) check_verdict(*record_.verdict);
    if (record_.effort) check_effort(*record_.effort);
    if (const auto& stated = record_.stated_interval_seconds) {
      const bool fits = std::isfinite(stated->high) && stated->low > 0 && stated->low <= stated->high;
      if (!fits) refuse(where_, "stated_interval_seconds", "is not two times, 0 < low <= high");
    }
  }

 private:
  [[nodiscard]] const std::vector<double>& samples() const { return record_.measurement->samples_seconds; }

  void finite_from_zero(std::string_view field, double value) const {
    if (!std::isfinite(value) || value < 0) refuse(where_, field, "is not a number from 0");
  }

  void check_problem() const {
    const Work& work = record_.work;
    const std::unique_ptr<const Problem> problem = parsed_problem();
    // A case that ran out of memory while its inputs were made ended before it knew its problem.
    const bool knows_problem =
        record_.status == Status::ok || !record_.operator_name.empty() || work != Work{};
    if (knows_problem && record_.operator_name != problem->operator_name())
      refuse(where_, "operator", fmt::format("is not the problem's, {}", problem->operator_name()));
    if (knows_problem && record_.types != problem->types()) refuse(where_, "types", "are not the problem's");
    const Work own = knows_problem ? problem->work() : Work{};
    check_amount("work.operations", work.operations, own.operations);
    check_amount("work.bytes_read", work.bytes_read, own.bytes_read);
    check_amount("work.bytes_written", work.bytes_written, own.bytes_written);
  }

  [[nodiscard]] std::unique_ptr<const Problem> parsed_problem() const {
    try {
      return parse_problem(record_.identity.problem);
    } catch (const UsageError& error) {
      refuse(where_, "problem", fmt::format("is none: {}", error.what()));
    }
  }

  void check_amount(std::string_view field, double value, double of_problem) const {
    constexpr double rounding = 1e-9;
    finite_from_zero(field, value);
    if (value > ImportLimits::amount) refuse(where_, field, fmt::format("is above {}", ImportLimits::amount));
    if (std::fabs(value - of_problem) > rounding * of_problem)
      refuse(where_, field, fmt::format("is {}, but {} of the problem", value, of_problem));
  }

  void check_measurement(const Measurement& measurement) const {
    check_samples(measurement);
    if (measurement.batch < 1) refuse(where_, "measurement.batch", "is below 1");
    finite_from_zero("measurement.clock_resolution_seconds", measurement.clock_resolution_seconds);
    finite_from_zero("measurement.warm_up_seconds", measurement.warm_up_seconds);
  }

  /// A case is untrusted, among other reasons, because of samples that cannot be. A single slope of host time
  /// may be negative, where the host was interrupted; the median of an ok case may not
  /// (bench/measure/plausibility.h).
  void check_samples(const Measurement& measurement) const {
    if (record_.status == Status::untrusted) return;
    const bool slopes = measurement.clock == "host slope";
    for (std::size_t i = 0; i < samples().size(); ++i) {
      const double seconds = samples()[i];
      if (!std::isfinite(seconds) || (seconds <= 0 && !slopes))
        refuse(where_, fmt::format("measurement.samples_seconds[{}]", i), "is not a time above 0");
    }
    if (record_.status == Status::ok && median(samples()).value_or(1) <= 0)
      refuse(where_, "measurement.samples_seconds", "has no median above 0");
  }

  void check_circumstances(const Circumstances& circumstances) const {
    const auto check = [&](std::string_view field, const std::optional<double>& share) {
      if (share) finite_from_zero(field, *share);
    };
    check("circumstances.waited", circumstances.waited);
    check("circumstances.stolen", circumstances.stolen);
    check("circumstances.throttled", circumstances.throttled);
    check("circumstances.pressure", circumstances.pressure);
  }

  /// An infinite error is one of NaN or of a wrong infinity.
  void check_verdict(const Verdict& verdict) const {
    if (std::isnan(verdict.max_error) || verdict.max_error < 0)
      refuse(where_, "verdict.max_error", "is below 0 or not a number");
  }

  void check_effort(const Effort& effort) const {
    finite_from_zero("effort.compile_seconds", effort.compile_seconds);
    finite_from_zero("effort.first_call_seconds", effort.first_call_seconds);
    finite_from_zero("effort.verify_seconds", effort.verify_seconds);
    finite_from_zero("effort.kernel_seconds", effort.kernel_seconds);
    finite_from_zero("effort.total_seconds", effort.total_seconds);
  }

  const Record& record_;
  std::string_view where_;
};

}  // namespace

void check_imported_line(std::string_view line, std::string_view where) {
  LineCheck check(where);
  static_cast<void>(nlohmann::json::sax_parse(line, &check));
}

void check_imported_record(const Record& record, std::string_view where) {
  RecordCheck(record, where).run();
}

}  // namespace moat
