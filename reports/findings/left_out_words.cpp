// The sentences of what a table of metrics leaves out.
#include <fmt/format.h>

#include "base/text.h"
#include "reports/findings/words.h"

namespace moat {
namespace {

std::string cases_are(std::size_t cases, std::string_view what) {
  return fmt::format("{} {}{} {} left out.", cases, what, cases == 1 ? "" : "s", cases == 1 ? "is" : "are");
}

std::string sentence(const left_out::OtherConditions& it) {
  return fmt::format("{} with other than normal data and a hot cache {} left out.",
                     count_text(it.cases, "case"), it.cases == 1 ? "is" : "are");
}

std::string sentence(const left_out::OtherProvenance& it) {
  return cases_are(it.cases, fmt::format("{} case", name(it.provenance)));
}

std::string sentence(const left_out::RoofOperators& it) {
  return fmt::format("Operators that measure the device itself are left out: {}.", join(it.operators, ", "));
}

}  // namespace

std::string text(const LeftOut& left_out) {
  return std::visit([](const auto& it) { return sentence(it); }, left_out);
}

}  // namespace moat
