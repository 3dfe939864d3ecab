// The tables of a report, each made of findings alone. Pure; must not know the formats they are written in.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/findings/findings.h"
#include "reports/format/grid.h"

namespace moat {

using MakeTable = Grid(const Findings&);

/// What each device reaches in each operator and type: the first screen as rows.
MakeTable summary_table;
/// Who was measured, those of one physical device together; facts of each device as its driver tells them.
MakeTable devices_table, details_table;
/// The means of the factors of every gap by scope, and a row for each problem of each gap.
MakeTable factors_table, gaps_table;
[[nodiscard]] Grid factors_table(std::span<const Gap> gaps);
[[nodiscard]] Grid gaps_table(std::span<const Gap> gaps);
/// Roofs, from datasheets and as measured.
MakeTable roofs_table;
/// Every case, and quantiles of the samples of each case that has some.
MakeTable cases_table, samples_table;
/// A row for each device, implementation and operator, a column for each type; shares of what is ok; what is
/// not ok, by reason.
MakeTable coverage_table, shares_table, holes_table;
MakeTable numerics_table;
/// Of subjects without a name the records' devices stand.
MakeTable sensitivity_table;
[[nodiscard]] Grid sensitivity_table(std::span<const SubjectSensitivity> subjects);
MakeTable first_use_table;
/// Performance portability of what was measured.
MakeTable cascade_table, navigation_table;
/// The runs, facts in which their systems differ, and every fact of the first eight runs' environments.
MakeTable runs_table, differences_table, environment_table;
/// Where the figures of each device come from.
MakeTable provenance_table;

/// A table of a report and the section that it stands in (sections.cpp).
struct ListedTable {
  std::string_view section;
  MakeTable* make;
};
/// All of them, those of one section in their order. A new table is a file beside this one, its declaration
/// above and a row here.
inline constexpr std::array listed_tables{ListedTable{"verdict", summary_table},
                                          ListedTable{"devices", devices_table},
                                          ListedTable{"devices", details_table},
                                          ListedTable{"factors", factors_table},
                                          ListedTable{"gaps", gaps_table},
                                          ListedTable{"roofline", roofs_table},
                                          ListedTable{"rates", cases_table},
                                          ListedTable{"samples", samples_table},
                                          ListedTable{"portability", cascade_table},
                                          ListedTable{"portability", navigation_table},
                                          ListedTable{"coverage", coverage_table},
                                          ListedTable{"coverage", shares_table},
                                          ListedTable{"coverage", holes_table},
                                          ListedTable{"numerics", numerics_table},
                                          ListedTable{"sensitivity", sensitivity_table},
                                          ListedTable{"first_use", first_use_table},
                                          ListedTable{"environment", runs_table},
                                          ListedTable{"environment", differences_table},
                                          ListedTable{"environment", environment_table},
                                          ListedTable{"provenance", provenance_table}};

/// "f32", or "f16, accumulated in f32, output f16" where they differ.
[[nodiscard]] std::string types_text(const Types& types);
/// Unit of a record's rate: of bytes where it has no operations.
[[nodiscard]] std::string rate_base(const Record& record);
/// The same where a rate stands alone: stream measures bandwidth, so its rate is of bytes.
[[nodiscard]] std::string shown_base(const Record& record);
/// Operations or bytes, what shown_base() counts.
[[nodiscard]] double shown_work(const Record& record);

}  // namespace moat
