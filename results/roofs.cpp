// Roofs found among records.
#include "results/roofs.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "base/error.h"
#include "kernels/stream/stream.h"
#include "results/figures.h"
#include "results/rate.h"

namespace moat {
namespace {

constexpr double launch_bytes = 1024;  // take 0.1 µs at 10 GB/s: the time is that of a launch

bool counts(const Record& record) {
  return record.status == Status::ok && record.provenance == Provenance::measured &&
         record.identity.conditions.data == Data::normal && record.identity.conditions.cache == Cache::hot;
}

/// How well a stream problem tells the bandwidth: triad before others, then the longest arrays in bytes.
using Standing = std::tuple<bool, std::size_t>;

/// Nothing for a key that this version does not know.
std::optional<Standing> standing_of(const Record& record) {
  try {
    const auto problem = parse_problem(record.identity.problem);
    const auto* stream = dynamic_cast<const StreamProblem*>(problem.get());
    if (stream == nullptr) return std::nullopt;
    return Standing{stream->op() == StreamOp::triad,
                    static_cast<std::size_t>(stream->n()) * size_bytes(stream->types().input)};
  } catch (const UsageError&) {
    return std::nullopt;
  }
}

/// The record with the best rate, in units of what is counted per second.
struct Best {
  double rate = 0;
  const Record* record = nullptr;
  void consider(double other, const Record& of) {
    if (other > rate) *this = {other, &of};
  }
};

/// What is being found of one device.
struct Search {
  std::string device;
  std::map<Type, Best> arithmetic;  // by input type
  std::optional<Best> memory;
  Standing standing;           // of the stream problem that gives `memory`
  bool moves_nothing = false;  // whether any stream problem is as small as a launch
  Best quickest;               // in executions per second, of all cases
};

void consider_stream(Search& search, const Record& record, double rate) {
  if (record.work.bytes() <= launch_bytes) {
    search.moves_nothing = true;
    return;
  }
  const std::optional<Standing> standing = standing_of(record);
  if (!standing) return;
  if (search.memory &&
      (*standing < search.standing || (*standing == search.standing && rate <= search.memory->rate)))
    return;
  search.standing = *standing;
  search.memory = Best{rate, &record};
}

/// `work` is what one execution of the record counts of its rate: operations, bytes or launches.
Roof roof_of(RoofKind kind, const Best& best, double work) {
  const Record& record = *best.record;
  const std::optional<Rate> rate = rate_of(work, figures(record));
  Roof roof;
  roof.kind = kind;
  if (kind == RoofKind::arithmetic) {
    roof.type = record.types.input;
    roof.accumulate = record.types.accumulate;
  }
  roof.rate = rate ? rate->factor() : exactly(best.rate);
  roof.source = record.identity.problem + " by " + record.identity.implementation;
  roof.record = &record;
  return roof;
}

Roofs roofs_of(const Search& search) {
  Roofs roofs{RoofBasis::measured, search.device, "", {}};
  for (const auto& [type, best] : search.arithmetic)
    roofs.all.push_back(roof_of(RoofKind::arithmetic, best, best.record->work.operations));
  if (search.memory)
    roofs.all.push_back(roof_of(RoofKind::memory, *search.memory, search.memory->record->work.bytes()));
  if (search.moves_nothing) roofs.all.push_back(roof_of(RoofKind::launch, search.quickest, 1));
  return roofs;
}

}  // namespace

std::vector<Roofs> measured_roofs(std::span<const Record> records, std::span<const Record> more) {
  std::vector<Search> all;
  const auto consider = [&](const Record& record) {
    if (!counts(record)) return;
    const Figures derived = figures(record);
    if (!derived.median_seconds || !derived.operations_per_second || !derived.bytes_per_second) return;
    auto at = std::ranges::find(all, record.identity.device, &Search::device);
    if (at == all.end()) {
      all.emplace_back().device = record.identity.device;
      at = all.end() - 1;
    }
    at->quickest.consider(1 / *derived.median_seconds, record);
    if (record.operator_name == "peak")
      at->arithmetic[record.types.input].consider(*derived.operations_per_second, record);
    if (record.operator_name == "stream") consider_stream(*at, record, *derived.bytes_per_second);
  };
  for (const Record& record : records) consider(record);
  for (const Record& record : more) consider(record);
  std::vector<Roofs> found;
  for (const Search& search : all) {
    Roofs roofs = roofs_of(search);
    if (!roofs.all.empty()) found.push_back(std::move(roofs));
  }
  return found;
}

std::optional<double> ridge_intensity(const Roofs& roofs, Type input) {
  const Roof* arithmetic = roofs.arithmetic(input);
  const Roof* memory = roofs.memory();
  if (arithmetic == nullptr || memory == nullptr) return std::nullopt;
  return arithmetic->rate.value / memory->rate.value;
}

}  // namespace moat
