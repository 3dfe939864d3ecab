// The rows of a published-figures file: from a key and a number to a record.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "kernels/implementation_name.h"
#include "results/published/parser.h"

namespace moat {
namespace {

using Names = std::vector<std::string>;

constexpr std::array<PublishedMeasure, 3> measures{
    {{"seconds", nullptr},
     {"operations_per_second", [](const Work& work) { return work.operations; }},
     {"bytes_per_second", [](const Work& work) { return work.bytes(); }}}};

/// The problem, with the group's type where the key names none.
std::unique_ptr<const Problem> problem_of(const PublishedFigure& figure, const PublishedGroup& group) {
  const std::vector<std::string_view> parts = split(figure.key, ',');
  const bool typed = std::any_of(parts.begin(), parts.end(), [](std::string_view part) {
    return part.substr(part.find(':') + 1).starts_with("type=");
  });
  if (typed && !group.type.empty()) {
    throw UsageError(fmt::format("{} names its type and type is given too; keep one of them",
                                 moat::quoted_text(figure.key)));
  }
  if (!typed && group.type.empty())
    throw UsageError(
        fmt::format("{} names no type; add type to it or to [[rows]]", moat::quoted_text(figure.key)));
  return parse_problem(typed ? figure.key : fmt::format("{},type={}", figure.key, group.type));
}

/// All that is the same whatever the figure is.
Record blank_record(const Problem& problem, const PublishedFigure& figure, const PublishedGroup& group) {
  Record record;
  record.identity = {group.device->id, group.implementation, problem.key(), group.conditions.conditions};
  record.types = problem.types();
  record.work = problem.work();
  record.adapter = "published";
  record.device_name = group.device->name;
  record.driver = group.device->driver;
  record.operator_name = problem.operator_name();
  record.status = Status::ok;
  record.provenance = Provenance::published;
  record.measurement = Measurement{};
  record.measurement->clock =
      group.conditions.clock.empty() ? "published" : "published: " + group.conditions.clock;
  record.measurement->stop_reason = "published";
  record.unstated = group.conditions.unstated;
  record.note = figure.note.empty() ? group.note : figure.note;
  record.workload = group.workload;
  return record;
}

}  // namespace

const PublishedMeasure& PublishedParser::measure_of(const toml::table& table) const {
  const PublishedMeasure* found = nullptr;
  for (const PublishedMeasure& measure : measures) {
    if (!table.contains(measure.field)) continue;
    if (found != nullptr)
      fail(table, fmt::format("[[rows]] has {} and {}; keep one", found->field, measure.field));
    found = &measure;
  }
  if (found == nullptr)
    fail(table,
         "[[rows]] has none of seconds, operations_per_second, bytes_per_second: a list of [key, number]");
  return *found;
}

PublishedFigure PublishedParser::read_short_figure(const toml::array& entry) const {
  if (entry.size() != 2 && entry.size() != 4)
    fail(entry, "an entry is [key, number], [key, number, low, high] or { key = …, value = … }");
  PublishedFigure made;
  made.key = fields_.document().string_of(entry[0], "the first of an entry, its problem's key,");
  made.value = fields_.positive(entry[1], "the second of an entry");
  if (entry.size() == 4)
    made.ends = Interval{fields_.positive(entry[2], "low"), fields_.positive(entry[3], "high")};
  return made;
}

PublishedFigure PublishedParser::read_long_figure(const toml::table& entry) const {
  static const Names known{"key", "value", "low", "high", "note"};
  const std::string_view place = "an entry of [[rows]]";
  fields_.document().check_fields(entry, place, known);
  PublishedFigure made;
  made.key = fields_.document().string_of(fields_.required(entry, place, "key"), "key");
  made.value = fields_.positive(fields_.required(entry, place, "value"), "value");
  if (entry.contains("low") || entry.contains("high")) {
    made.ends = Interval{fields_.positive(fields_.required(entry, place, "low"), "low"),
                         fields_.positive(fields_.required(entry, place, "high"), "high")};
  }
  made.note = fields_.line(entry, "note");
  return made;
}

PublishedFigure PublishedParser::read_figure(const toml::node& node) const {
  const toml::array* entry = node.as_array();
  PublishedFigure made = entry != nullptr
                             ? read_short_figure(*entry)
                             : read_long_figure(fields_.document().table_of(
                                   node, "an entry is [key, number] or { key = \"…\", value = … }"));
  if (made.ends && (made.ends->low > made.value || made.ends->high < made.value))
    fail(node, "low is at most the number itself, and high at least");
  constexpr double widest = 100;
  if (made.ends && (made.ends->low * widest < made.value || made.ends->high > made.value * widest))
    fail(node, "low and high are within a factor of 100 of the number; check their unit");
  return made;
}

void PublishedParser::add_record(const toml::node& at, const PublishedFigure& figure,
                                 const PublishedGroup& group) {
  if (made_.records.size() == PublishedLimits::rows)
    fail(at, fmt::format("a file holds at most {} rows; split it into several", PublishedLimits::rows));
  std::unique_ptr<const Problem> problem;
  try {
    problem = problem_of(figure, group);
  } catch (const UsageError& error) {
    fail(at, error.what());
  }
  Record record = blank_record(*problem, figure, group);
  once(at, fmt::format("{} of {} on {}", problem->key(), group.implementation, group.device->id),
       record.identity.id());
  const PublishedMeasure& measure = *group.measure;
  const double amount = measure.amount != nullptr ? measure.amount(record.work) : 1;
  if (is_empty(*problem) || amount <= 0)
    fail(at,
         fmt::format("{} has no work that {} could measure", moat::quoted_text(figure.key), measure.field));
  const auto seconds_of = [&](double value) { return measure.amount != nullptr ? amount / value : value; };
  const double seconds = seconds_of(figure.value);
  const bool slow_is_fine = is_naive(group.implementation);
  if (const auto fault =
          implausible_figure(record.work, record.types, seconds, slow_is_fine, group.device->roofs))
    fail(at, fmt::format("{} on {}: {}", problem->key(), group.device->id, *fault));
  record.measurement->samples_seconds = {seconds};
  if (figure.ends) {
    record.stated_interval_seconds = Interval{seconds_of(figure.ends->low), seconds_of(figure.ends->high)};
    if (measure.amount != nullptr)
      std::swap(record.stated_interval_seconds->low, record.stated_interval_seconds->high);
  }
  record.suite = made_.info.suite;
  record.command = command_;
  made_.records.push_back(std::move(record));
}

void PublishedParser::read_rows(const toml::table& table) {
  static const Names known{
      "device",  "implementation",        "workload",        "type", "note", "conditions",
      "seconds", "operations_per_second", "bytes_per_second"};
  const std::string_view place = "[[rows]]";
  fields_.document().check_fields(table, place, known);
  PublishedGroup group;
  group.device = &device_of(table, place);
  group.implementation = fields_.implementation(table, place);
  group.workload = fields_.required_line(table, place, "workload");
  group.note = fields_.line(table, "note");
  if (const toml::node* type = table.get("type")) group.type = fields_.one_of(*type, "type", type_names());
  const toml::node* own = table.get("conditions");
  if (own == nullptr && !conditions_)
    fail(table,
         "neither these [[rows]] nor the file have conditions; write [conditions] before the first table");
  group.conditions = own != nullptr ? read_conditions(*own) : *conditions_;
  group.measure = &measure_of(table);
  const toml::node& list = *table.get(group.measure->field);
  for (const toml::node& entry : fields_.document().array_of(list, group.measure->field))
    add_record(entry, read_figure(entry), group);
}

}  // namespace moat
