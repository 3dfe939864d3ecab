// The files of Intel's P3 Analysis Library: one run of an application a row, with a figure of merit, an
// efficiency or both. Pure; must not know where files lie.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reports/portability/metrics.h"

namespace moat {

/// Columns `problem`, `platform`, `application` and at least one of `fom`, `app eff` and `arch eff`, in any
/// order; others are passed over. An empty figure, or an efficiency of 0, did not run. Throws UsageError that
/// begins with `where` and the line for whatever the table refuses, numbers that are none, and a row with a
/// figure of merit but without an efficiency that other rows have.
[[nodiscard]] PerformanceTable parse_p3(std::string_view text, std::string_view where);

/// In that form, with those of the three last columns that some entry has; parse_p3 gives back an equal
/// table. Lines end as RFC 4180 wants it, numbers are the shortest that read back the same, and no text is a
/// formula to a spreadsheet (csv.h).
[[nodiscard]] std::string p3_csv(const PerformanceTable& table);

/// Columns `platform` and `peak`, and `problem` if a platform has one peak for each. Throws as parse_p3 does.
[[nodiscard]] std::vector<PlatformPeak> parse_peaks(std::string_view text, std::string_view where);

/// Columns `application` and `divergence`, from 0 to 1: code divergence by application.
/// Throws as parse_p3 does.
[[nodiscard]] std::map<std::string, double> parse_divergences(std::string_view text, std::string_view where);

}  // namespace moat
