// Statements as JSON (docs/gap.md): `kind`, the values, and the sentence as `text`.
#pragma once

#include <vector>

#include "base/json.h"
#include "reports/findings/findings.h"
#include "reports/gap/breakeven.h"
#include "reports/portability/metrics_table.h"

namespace moat {

[[nodiscard]] Json means_json(const Means& means);

[[nodiscard]] Json statement_json(const Remark& remark);
[[nodiscard]] Json statement_json(const Conclusion& conclusion);
[[nodiscard]] Json statement_json(const Difference& difference);
[[nodiscard]] Json statement_json(BreakevenRemark remark);
[[nodiscard]] Json statement_json(const LeftOut& left_out);

template <class Statement>
[[nodiscard]] Json statements_json(const std::vector<Statement>& statements) {
  Json array = Json::array();
  for (const Statement& statement : statements) array.push_back(statement_json(statement));
  return array;
}

}  // namespace moat
