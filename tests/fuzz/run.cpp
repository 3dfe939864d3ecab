// Fuzzes run.json's parser and that of the selection in it: any text is a UsageError that begins with its
// place, or a run that is written as strict JSON, and what was written reads back and writes the same.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"
#include "bench/plan/selection.h"
#include "results/store/run_json.h"
#include "tests/fuzz/property.h"

using namespace moat;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

/// What `act` gives, or nothing if it throws a UsageError, which begins with `place`.
template <class Act>
auto unless_refused(std::string_view place, const Act& act) -> std::optional<decltype(act())> {
  try {
    return act();
  } catch (const UsageError& error) {
    require_property(std::string_view(error.what()).starts_with(place), "an error names the place");
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto info = unless_refused("run.json: ", [&] { return parse_info(text, "run.json"); });
  if (!info) return 0;
  const std::string written = strict_json(info_json(*info));
  require_property(strict_json(info_json(parse_info(written, "again"))) == written,
                   "what was written reads back");
  const Json& environment = *info->environment;
  if (!environment.is_object() || !environment.contains("selection")) return 0;
  const auto selection = unless_refused(
      "selection: ", [&] { return parse_selection(environment.at("selection"), "selection"); });
  if (!selection) return 0;
  const std::string kept = strict_json(selection_json(*selection));
  require_property(strict_json(selection_json(parse_selection(parse_json(kept, "kept"), "again"))) == kept,
                   "a selection that was written reads back");
  return 0;
}
