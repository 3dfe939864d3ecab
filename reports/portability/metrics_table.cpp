// Which records count, and for whom.
#include "reports/portability/metrics_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/error.h"
#include "base/terminal.h"
#include "base/text.h"
#include "kernels/implementation_name.h"
#include "kernels/operator.h"
#include "results/figures.h"

namespace moat {
namespace {

/// Hosts, devices and keys come from files: what a table takes for a name.
std::string as_name(std::string_view text) {
  std::string name = printable(text.substr(0, PerformanceTable::Limits::name_bytes));
  const std::size_t begin = name.find_first_not_of(' ');
  if (begin == std::string::npos) return "?";
  return name.substr(begin, name.find_last_not_of(' ') - begin + 1);
}

/// Records that do not count.
struct Uncounted {
  std::size_t conditions = 0;
  std::map<Provenance, std::size_t> provenances;
  std::set<std::string, std::less<>> roofs;  // operators

  [[nodiscard]] std::vector<LeftOut> all() const {
    std::vector<LeftOut> made;
    if (conditions > 0) made.emplace_back(left_out::OtherConditions{conditions});
    for (const auto& [provenance, count] : provenances)
      made.emplace_back(left_out::OtherProvenance{provenance, count});
    if (!roofs.empty()) made.emplace_back(left_out::RoofOperators{{roofs.begin(), roofs.end()}});
    return made;
  }
};

bool counts(const Record& record, const MetricsSelection& selection, Uncounted& left_out) {
  if (record.provenance != selection.provenance) {
    ++left_out.provenances[record.provenance];
  } else if (!selection.roofs && is_roof_operator(record.operator_name)) {
    left_out.roofs.insert(record.operator_name);
  } else if (record.identity.conditions.data != Data::normal ||
             record.identity.conditions.cache != Cache::hot) {
    ++left_out.conditions;
  } else {
    return true;
  }
  return false;
}

/// Nothing unless the record is ok.
std::optional<double> fom_of(const Record& record) {
  const Figures derived = figures(record);
  const std::optional<double>& fom =
      record.work.operations > 0 ? derived.operations_per_second : derived.bytes_per_second;
  return fom && *fom > 0 ? fom : std::nullopt;
}

using Key = std::array<std::string, 3>;  // problem, platform, application
struct Best {
  std::optional<double> fom;
  const MeasuredRun* run = nullptr;
};

struct Gathered {
  std::vector<Key> order;
  std::map<Key, Best> best;

  void add(Key key, const std::optional<double>& fom, const MeasuredRun& run) {
    const auto [at, is_new] = best.emplace(key, Best{fom, &run});
    if (is_new) {
      order.push_back(std::move(key));
      return;
    }
    if (at->second.run != &run) {
      throw UsageError(fmt::format("runs {} and {} both hold {} on {}, for {}: name one of them",
                                   at->second.run->id, run.id, key[2], key[1], key[0]));
    }
    if (fom && (!at->second.fom || *fom > *at->second.fom)) at->second.fom = fom;
  }
};

}  // namespace

MetricsTable metrics_table(std::span<const MeasuredRun> runs, const MetricsSelection& selection) {
  const bool one_host = std::all_of(runs.begin(), runs.end(),
                                    [&](const MeasuredRun& run) { return run.host == runs.front().host; });
  Uncounted left_out;
  Gathered gathered;
  for (const MeasuredRun& run : runs) {
    for (const Record& record : run.records) {
      if (!counts(record, selection, left_out)) continue;
      const std::string& device = record.identity.device;
      const std::string platform = selection.each_device ? device : run.physical.first(device);
      const std::string& implementation = record.identity.implementation;
      const std::optional<ImplementationFamily> family = family_of(implementation);
      gathered.add(
          {as_name(record.identity.problem), as_name(one_host ? platform : run.host + " " + platform),
           as_name(family ? name(*family) : implementation)},
          fom_of(record), run);
    }
  }
  MetricsTable made{{}, left_out.all()};
  for (const Key& key : gathered.order) {
    if (const auto fault = made.table.add({key[0], key[1], key[2], gathered.best.at(key).fom, {}, {}})) {
      throw UsageError(*fault);
    }
  }
  return made;
}

}  // namespace moat
