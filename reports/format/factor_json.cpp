// The three numbers of a factor.
#include "reports/format/factor_json.h"

namespace moat {

Json factor_json(const std::optional<Factor>& factor) {
  if (!factor) return nullptr;
  return {{"value", factor->value}, {"low", factor->low}, {"high", factor->high}};
}

}  // namespace moat
