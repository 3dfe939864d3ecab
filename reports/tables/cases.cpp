// Every case: what came out, how sure it is, and how to do it again.
#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "reports/tables/tables.h"
#include "results/rate.h"

namespace moat {
namespace {

/// What a reader has to know beside the numbers.
std::string note_of(const Record& record) {
  std::vector<std::string> parts;
  if (!record.reason.empty()) parts.push_back(record.reason);
  if (record.verdict && !record.verdict->reason.empty() && record.verdict->reason != record.reason)
    parts.push_back(record.verdict->reason);
  if (record.verdict && record.verdict->accumulation.ends_with("-like")) {
    parts.push_back(
        fmt::format("errors are {}, not {}", record.verdict->accumulation, name(record.types.accumulate)));
  }
  if (record.measurement && record.measurement->stop_reason != "interval") {
    parts.push_back(fmt::format("{} samples, stopped by the {}", record.measurement->samples_seconds.size(),
                                record.measurement->stop_reason));
  }
  if (record.measurement && record.measurement->clock == "host slope")
    parts.emplace_back("timed by the slope of the host's clock");
  if (!record.note.empty()) parts.push_back(record.note);
  if (!record.unstated.empty())
    parts.push_back(fmt::format("the source does not state: {}", join(record.unstated, ", ")));
  return join(parts, "; ");
}

GridCell error_cell(const Record& record) {
  if (!record.verdict) return {};
  const Verdict& verdict = *record.verdict;
  if (verdict.tolerance > 0) return cell(verdict.max_error / verdict.tolerance);
  return verdict.max_error == 0 ? cell(0.0) : GridCell{};
}

/// Rate at the median, with the ends of the median's interval.
GridCell rate_cell(const Record& record, const Figures& derived) {
  const std::optional<Rate> rate = rate_of(shown_work(record), derived);
  if (!rate) return {};
  GridCell made = cell(rate->value);
  made.base = shown_base(record);
  made.ends = rate->ends;
  return made;
}

std::string seed_text(const Conditions& conditions) {
  return conditions.seed == 1 ? "" : fmt::format(", seed {}", conditions.seed);
}

}  // namespace

std::string types_text(const Types& types) {
  if (types.input == types.accumulate && types.input == types.output) return std::string(name(types.input));
  return fmt::format("{}, accumulated in {}, output {}", name(types.input), name(types.accumulate),
                     name(types.output));
}

double shown_work(const Record& record) {
  return shown_base(record) == "B/s" ? record.work.bytes() : record.work.operations;
}

std::string shown_base(const Record& record) {
  return record.operator_name == "stream" ? "B/s" : rate_base(record);
}

std::string rate_base(const Record& record) {
  if (record.work.operations <= 0) return "B/s";
  return is_floating(record.types.input) ? "FLOP/s" : "OP/s";
}

Grid cases_table(const Findings& findings) {
  Grid grid{
      .id = "cases",
      .caption = "Every case, with the command that measures it again",
      .columns =
          {{.key = "device", .title = "device"},
           {.key = "implementation", .title = "implementation"},
           {.key = "operator", .title = "operator", .shown = GridShown::as_data},
           {.key = "type", .title = "type", .shown = GridShown::as_data},
           {.key = "problem", .title = "problem"},
           {.key = "types", .title = "types", .shown = GridShown::as_data},
           {.key = "conditions", .title = "data, cache"},
           {.key = "status", .title = "status", .kind = GridKind::status},
           {.key = "rate",
            .title = "rate",
            .kind = GridKind::rate,
            .base = "FLOP/s",
            .interval = true,
            .note =
                "Operations per second at the median, by the operator's convention; bytes of stream, which "
                "measures bandwidth"},
           {.key = "relative_half_width",
            .title = "±",
            .kind = GridKind::percent,
            .note = "Half the 95 % confidence interval of the median"},
           {.key = "bytes_per_second",
            .title = "bandwidth",
            .kind = GridKind::rate,
            .base = "B/s",
            .note = "Compulsory bytes: each input read once, each output written once"},
           {.key = "median_seconds", .title = "median", .kind = GridKind::seconds},
           {.key = "error_of_bound",
            .title = "error / bound",
            .kind = GridKind::number,
            .note = "The worst error as a share of its bound"},
           {.key = "provenance", .title = "provenance"},
           {.key = "workload", .title = "workload"},
           {.key = "note", .title = "note", .kind = GridKind::prose},
           {.key = "command",
            .title = "command",
            .kind = GridKind::command,
            .pattern = "moat run --device {device} --implementation {implementation} --problem {problem}"}},
      .empty = "No cases."};
  for (const Subject& subject : findings.subjects) {
    for (const Record& record : subject.records) {
      const Figures derived = figures(record);
      const bool is_result = record.status == Status::ok;
      grid.rows.push_back(
          {cell(subject.label), cell(record.identity.implementation), cell(record.operator_name),
           cell(name(record.types.input)), cell(record.identity.problem), cell(types_text(record.types)),
           cell(fmt::format("{}, {}{}", name(record.identity.conditions.data),
                            name(record.identity.conditions.cache), seed_text(record.identity.conditions))),
           cell(name(record.status)), rate_cell(record, derived),
           is_result ? cell(derived.relative_half_width) : GridCell{}, cell(derived.bytes_per_second),
           is_result ? cell(derived.median_seconds) : GridCell{}, error_cell(record),
           cell(name(record.provenance)), cell(record.workload), cell(note_of(record)),
           cell(record.command)});
    }
  }
  return grid;
}

Grid samples_table(const Findings& findings) {
  Grid grid{.id = "samples",
            .caption = "Quantiles of the samples, in seconds of one execution",
            .columns = {{.key = "device", .title = "device"},
                        {.key = "implementation", .title = "implementation"},
                        {.key = "operator", .title = "operator", .shown = GridShown::as_data},
                        {.key = "type", .title = "type", .shown = GridShown::as_data},
                        {.key = "problem", .title = "problem"},
                        {.key = "conditions", .title = "data, cache"},
                        {.key = "samples", .title = "samples", .kind = GridKind::count},
                        {.key = "minimum", .title = "least", .kind = GridKind::seconds},
                        {.key = "quantile_05", .title = "5 %", .kind = GridKind::seconds},
                        {.key = "quantile_25", .title = "25 %", .kind = GridKind::seconds},
                        {.key = "median", .title = "median", .kind = GridKind::seconds},
                        {.key = "quantile_75", .title = "75 %", .kind = GridKind::seconds},
                        {.key = "quantile_95", .title = "95 %", .kind = GridKind::seconds},
                        {.key = "maximum", .title = "most", .kind = GridKind::seconds},
                        {.key = "clock", .title = "clock"}},
            .empty = "No samples: nothing verified was timed."};
  for (const Subject& subject : findings.subjects) {
    for (const Record& record : subject.records) {
      if (record.status != Status::ok || !record.measurement) continue;
      const std::vector<double>& samples = record.measurement->samples_seconds;
      if (!median(samples)) continue;
      GridRow row{
          cell(subject.label),
          cell(record.identity.implementation),
          cell(record.operator_name),
          cell(name(record.types.input)),
          cell(record.identity.problem),
          cell(fmt::format("{}, {}{}", name(record.identity.conditions.data),
                           name(record.identity.conditions.cache), seed_text(record.identity.conditions))),
          count_cell(samples.size())};
      for (const double probability : {0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0})
        row.push_back(cell(quantile(samples, probability)));
      row.push_back(cell(record.measurement->clock));
      grid.rows.push_back(std::move(row));
    }
  }
  return grid;
}

}  // namespace moat
