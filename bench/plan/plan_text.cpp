// The dry run: planned cases as a table and as JSON.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json.h"
#include "bench/plan/plan.h"

namespace moat {
namespace {

std::string decimal(double value, std::string_view unit) {
  constexpr std::array<std::string_view, 7> prefixes{"", "k", "M", "G", "T", "P", "E"};
  std::size_t prefix = 0;
  for (; value >= 999.5 && prefix + 1 < prefixes.size(); ++prefix) value /= 1000;
  return fmt::format("{:.3g} {}{}", value, prefixes.at(prefix), unit);
}

double intensity(const Work& work) {
  return work.operations / work.bytes();
}

// As many columns as characters: UTF-8 continuation bytes take none.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xc0U) != 0x80U; }));
}

std::string_view status_of(const PlannedCase& planned) {
  if (planned.unsupported) return "unsupported";
  return planned.left_out.empty() ? "planned" : "left out";
}

}  // namespace

std::string plan_table(std::span<const PlannedCase> cases) {
  using Row = std::array<std::string, 7>;
  std::vector<Row> rows{{"device", "implementation", "problem", "cache", "operations", "bytes", "op/byte"}};
  std::vector<std::string> notes{"note"};
  for (const PlannedCase& planned : cases) {
    const Work work = planned.problem->work();
    const Case& id = planned.identity;
    rows.push_back({id.device, id.implementation, id.problem, std::string(name(id.conditions.cache)),
                    decimal(work.operations, ""), decimal(work.bytes(), "B"),
                    fmt::format("{:.3g}", intensity(work))});
    notes.push_back(planned.unsupported ? "unsupported: " + planned.unsupported->reason : planned.workload);
  }
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths.at(i) = std::max(widths.at(i), width(row.at(i)));
  }
  std::string text;
  constexpr std::size_t first_number = 4;  // numbers stand to the right, words to the left
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string& cell = rows[r].at(i);
      const std::string padding(widths.at(i) - width(cell), ' ');
      text += (i >= first_number ? padding + cell : cell + padding) + "  ";
    }
    text += notes[r] + "\n";
  }
  return text;
}

Json plan_json(std::span<const PlannedCase> cases) {
  Json array = Json::array();
  for (const PlannedCase& planned : cases) {
    const Work work = planned.problem->work();
    const Types types = planned.problem->types();
    const Case& id = planned.identity;
    array.push_back({{"case", id.id()},
                     {"device", id.device},
                     {"adapter", id.device.substr(0, id.device.find(':'))},
                     {"implementation", id.implementation},
                     {"operator", planned.problem->operator_name()},
                     {"problem", id.problem},
                     {"types",
                      {{"input", name(types.input)},
                       {"accumulate", name(types.accumulate)},
                       {"output", name(types.output)}}},
                     {"conditions",
                      {{"data", name(id.conditions.data)},
                       {"cache", name(id.conditions.cache)},
                       {"seed", id.conditions.seed}}},
                     {"workload", planned.workload},
                     {"status", status_of(planned)},
                     {"reason", planned.unsupported ? planned.unsupported->reason : planned.left_out},
                     {"operations", work.operations},
                     {"bytes", work.bytes()},
                     {"operations_per_byte", intensity(work)}});
  }
  return array;
}

}  // namespace moat
