// The files of Intel's P3 Analysis Library: one run of an application a row, with a figure of merit, an
// efficiency or both. Pure; must not know where files lie.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/portability/metrics.h"

namespace moat {

/// How a file is read that is not in the usual form.
struct P3Reading {
  /// "problem", "platform" or "application" -> the columns whose cells, joined by "-", it is made of, as the
  /// library's projection() does; the column of that name where there is none.
  std::map<std::string, std::vector<std::string>, std::less<>> columns;
  /// What figures of merit are; of several rows for one problem, platform and application the best counts.
  std::optional<Better> better;
};

/// Columns `problem`, `platform`, `application` and at least one of `fom`, `app eff` and `arch eff`, in any
/// order; others are passed over. A figure or an efficiency that is empty or 0 did not run. Throws UsageError
/// that begins with `where` and the line for whatever the table refuses, numbers that are none, a row with a
/// figure of merit but without an efficiency that other rows have, and a second figure where nothing says
/// which is better.
[[nodiscard]] PerformanceTable parse_p3(std::string_view text, std::string_view where,
                                        const P3Reading& reading = {});

/// The entries that ran.
[[nodiscard]] PerformanceTable that_ran(const PerformanceTable& table);

/// In that form, with those of the three last columns that some entry has, and without the entries that did
/// not run: the library takes an absent row for that, and refuses an empty efficiency. parse_p3 gives back
/// that_ran(table). Lines end as RFC 4180 wants it, numbers are the shortest that read back the same, and no
/// text is a formula to a spreadsheet (csv.h).
[[nodiscard]] std::string p3_csv(const PerformanceTable& table);

/// Columns `platform` and `peak`, and `problem` if a platform has one peak for each. Throws as parse_p3 does.
[[nodiscard]] std::vector<PlatformPeak> parse_peaks(std::string_view text, std::string_view where);

/// Columns `application` and `divergence`, from 0 to 1: code divergence by application.
/// Throws as parse_p3 does.
[[nodiscard]] std::map<std::string, double> parse_divergences(std::string_view text, std::string_view where);

}  // namespace moat
