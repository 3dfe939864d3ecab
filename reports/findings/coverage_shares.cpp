// Coverage of subjects: what was verified, and the holes with their reasons.
#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "reports/findings/beside.h"
#include "reports/gap/gap_parts.h"

namespace moat {
namespace {

/// Rows in the order in which their keys first came.
template <class Key, class Row>
class Rows {
 public:
  Row& operator[](const Key& key) {
    const auto [place, is_new] = places_.try_emplace(key, rows_.size());
    if (is_new) rows_.emplace_back();
    return rows_[place->second];
  }
  [[nodiscard]] std::vector<Row> take() && { return std::move(rows_); }

 private:
  std::map<Key, std::size_t> places_;
  std::vector<Row> rows_;
};

using Scope = CoverageShare::Scope;

void count(CoverageShare& share, const std::string& subject, Scope scope, const std::string& name,
           const Record& record) {
  share.subject = subject;
  share.scope = scope;
  share.name = name;
  ++share.cases;
  share.ok += record.status == Status::ok ? 1 : 0;
}

/// Error in units of the bound at the worst output.
double share_of_bound(const Verdict& verdict) {
  return verdict.max_error == 0 ? 0 : verdict.max_error / verdict.tolerance;
}

/// Cells by operator, type, implementation and subject.
using Cells = Rows<std::tuple<std::string, Type, std::string, std::string>, CoverageCell>;

void add(Cells& cells, const std::string& subject, const Record& record) {
  const std::string& implementation = record.identity.implementation;
  CoverageCell& cell = cells[{record.operator_name, record.types.input, implementation, subject}];
  cell.operator_name = record.operator_name;
  cell.type = record.types.input;
  cell.implementation = implementation;
  cell.subject = subject;
  ++cell.cases[record.status];
  if (record.status != Status::ok) {
    ++cell.holes[record.reason];
    cell.not_ok.push_back(&record);
  } else if (record.verdict) {
    const double share = share_of_bound(*record.verdict);
    cell.worst_share_of_bound = std::max(cell.worst_share_of_bound.value_or(share), share);
  }
}

}  // namespace

std::string_view name(CoverageShare::Scope scope) {
  constexpr std::array<std::string_view, 4> names{"all", "family", "operator", "type"};
  return names.at(static_cast<std::size_t>(scope));
}

std::vector<CoverageCell> coverage_cells(std::span<const Subject> subjects) {
  Cells cells;
  for (const Subject& subject : subjects) {
    for (const Record& record : subject.records) add(cells, subject.label, record);
  }
  return std::move(cells).take();
}

std::vector<CoverageCell> coverage_cells(std::span<const Record> records) {
  Cells cells;
  for (const Record& record : records) add(cells, record.identity.device, record);
  return std::move(cells).take();
}

std::vector<CoverageShare> coverage_shares(std::span<const Subject> subjects) {
  std::vector<CoverageShare> all;
  for (const Subject& subject : subjects) {
    if (subject.provenance == Provenance::published) continue;  // nobody here verified them
    std::array<Rows<std::string, CoverageShare>, 4> shares;     // by scope
    const auto add = [&](Scope scope, const std::string& name, const Record& record) {
      count(shares.at(static_cast<std::size_t>(scope))[name], subject.label, scope, name, record);
    };
    for (const Record& record : subject.records) {
      const std::string& implementation = record.identity.implementation;
      const std::optional<ImplementationFamily> family = family_of(implementation);
      if (!family || family == ImplementationFamily::naive) continue;
      add(Scope::all, "all", record);
      add(Scope::family, std::string(name(*family)), record);
      add(Scope::by_operator, record.operator_name, record);
      add(Scope::by_type, std::string(name(record.types.input)), record);
    }
    for (auto& kind : shares) {
      for (CoverageShare& share : std::move(kind).take()) all.push_back(std::move(share));
    }
  }
  return all;
}

}  // namespace moat
