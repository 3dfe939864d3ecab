// Devices, their roofs and where every figure comes from.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "base/units.h"
#include "reports/tables/tables.h"
#include "results/filter.h"

namespace moat {
namespace {

/// Subjects in the order of the first of each physical device, with the number of that device.
struct Placed {
  const Subject* subject = nullptr;
  std::size_t physical = 0;  // from 1
};

std::vector<Placed> by_hardware(const std::vector<Subject>& subjects) {
  std::map<std::string, PhysicalDevices> of_run;
  for (const Subject& subject : subjects)
    of_run.try_emplace(subject.run.id, PhysicalDevices(subject.run.devices));
  std::map<std::pair<std::string, std::string>, std::size_t> numbers;
  std::vector<Placed> placed;
  placed.reserve(subjects.size());
  for (const Subject& subject : subjects) {
    const auto key = std::pair(subject.run.system_id + subject.run.host,
                               of_run.at(subject.run.id).first(subject.device.id));
    placed.push_back({&subject, numbers.try_emplace(key, numbers.size() + 1).first->second});
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const Placed& left, const Placed& right) { return left.physical < right.physical; });
  return placed;
}

std::string or_unknown(const std::string& text) {
  return text.empty() ? "not recorded" : text;
}

std::string role_of(const Findings& findings, const std::string& label) {
  if (!findings.reference) return "";
  return label == *findings.reference ? "reference" : "target";
}

std::string roof_name(const Roof& roof) {
  switch (roof.kind) {
    case RoofKind::arithmetic:
      return fmt::format("arithmetic, {} inputs, accumulated in {}", name(roof.type), name(roof.accumulate));
    case RoofKind::memory:
      return "memory bandwidth";
    case RoofKind::launch:
      break;
  }
  return fmt::format("launches, {} each", seconds_text(1 / roof.rate.value));
}

std::string roof_unit(const Roof& roof) {
  if (roof.kind == RoofKind::memory) return "B/s";
  if (roof.kind == RoofKind::launch) return "launches/s";
  return is_floating(roof.type) ? "FLOP/s" : "OP/s";
}

void add_roofs(Grid& grid, const std::string& subject, const std::optional<Roofs>& roofs) {
  if (!roofs) return;
  for (const Roof& roof : roofs->all) {
    const std::string base = roof_unit(roof);
    const std::string type(roof.kind == RoofKind::arithmetic ? name(roof.type) : "");
    GridCell rate = cell(roof.rate);
    rate.base = base;
    const auto end = [&](double value) {
      GridCell made = cell(value);
      made.base = base;
      return made;
    };
    grid.rows.push_back({cell(subject), cell(type), cell(name(roofs->basis)), cell(roof_name(roof)), rate,
                         end(roof.rate.low), end(roof.rate.high), cell(roofs->chip), cell(roof.source),
                         cell(roof.verified ? "" : "recalled, nobody has looked it up")});
  }
}

/// The run that measured, or the publication.
std::string source_of(const RunInfo& run) {
  if (run.citation) {
    const Citation& cited = *run.citation;
    return fmt::format("{}: {} ({}), {}; {}", or_unknown(cited.authors), cited.title, cited.year,
                       cited.reference, cited.confidence);
  }
  return fmt::format("run {} on {}, system {}, suite {}", run.id, or_unknown(run.host),
                     or_unknown(run.system_id), or_unknown(run.suite));
}

}  // namespace

Grid devices_table(const Findings& findings) {
  constexpr GridShown on_pages = GridShown::on_pages;
  Grid grid{.id = "devices",
            .caption = "Devices; those with one number in the first column are one physical device",
            .columns = {{.key = "physical_device",
                         .title = "hardware",
                         .shown = on_pages,
                         .note = "Devices with the same number are one piece of hardware that several "
                                 "interfaces show"},
                        {.key = "role", .title = "role", .importance = 5},
                        {.key = "device", .title = "device", .importance = 5},
                        {.key = "name",
                         .title = "name",
                         .note = "As its driver says it",
                         .importance = 3,
                         .shortens = true},
                        {.key = "driver", .title = "driver", .importance = 1, .shortens = true},
                        {.key = "provenance", .title = "figures", .importance = 4},
                        {.key = "run", .title = "run", .importance = 2},
                        {.key = "vendor", .title = "vendor", .shown = on_pages},
                        {.key = "platform", .title = "platform", .shown = on_pages},
                        {.key = "architecture", .title = "architecture", .shown = on_pages},
                        {.key = "identities", .title = "identity", .shown = on_pages},
                        {.key = "host", .title = "machine", .shown = on_pages},
                        {.key = "cases", .title = "cases", .kind = GridKind::count, .shown = on_pages},
                        {.key = "ok", .title = "verified", .kind = GridKind::count, .shown = on_pages}},
            .empty = "No device: the selection holds no records."};
  for (const auto& [subject, physical] : by_hardware(findings.subjects)) {
    const RunDevice& device = subject->device;
    const auto ok = std::count_if(subject->records.begin(), subject->records.end(),
                                  [](const Record& record) { return record.status == Status::ok; });
    const bool is_measured = subject->provenance == Provenance::measured;
    grid.rows.push_back(
        {cell(fmt::format("#{}", physical)), cell(role_of(findings, subject->label), Tone::strong),
         cell(subject->label), cell(or_unknown(device.name)), cell(or_unknown(device.driver)),
         cell(name(subject->provenance), is_measured ? Tone::plain : Tone::bad), cell(subject->run.id),
         cell(or_unknown(device.vendor)), cell(device.platform), cell(device.architecture),
         cell(device.identities.empty() ? "none told" : join(device.identities, ", ")),
         cell(subject->run.host), count_cell(subject->records.size()),
         count_cell(static_cast<std::size_t>(ok))});
  }
  return grid;
}

Grid details_table(const Findings& findings) {
  Grid grid{.id = "details",
            .caption = "Facts of each device, as its driver tells them",
            .columns = {{.key = "device", .title = "device"},
                        {.key = "fact", .title = "fact"},
                        {.key = "value", .title = "value", .kind = GridKind::prose}},
            .empty = "No device tells any."};
  for (const Subject& subject : findings.subjects) {
    for (const auto& [fact, value] : subject.device.details)
      grid.rows.push_back({cell(subject.label), cell(fact), cell(value)});
  }
  return grid;
}

Grid roofs_table(const Findings& findings) {
  Grid grid{
      .id = "roofs",
      .caption = "Roofs: the rates that no computation can exceed, from datasheets and as measured",
      .columns =
          {{.key = "device", .title = "device"},
           {.key = "type", .title = "type", .shown = GridShown::as_data},
           {.key = "basis", .title = "basis"},
           {.key = "roof", .title = "roof"},
           {.key = "rate", .title = "rate", .kind = GridKind::rate, .base = "FLOP/s", .interval = true},
           {.key = "low", .title = "low", .kind = GridKind::rate, .base = "FLOP/s"},
           {.key = "high", .title = "high", .kind = GridKind::rate, .base = "FLOP/s"},
           {.key = "chip", .title = "chip in the catalogue"},
           {.key = "source", .title = "source", .kind = GridKind::prose},
           {.key = "remark", .title = "remark", .kind = GridKind::prose}},
      .empty =
          "No roofs: the devices are not in the catalogue, and the operators peak and stream, which measure "
          "roofs, gave no verified result."};
  for (std::size_t i = 0; i < findings.roofs.size(); ++i) {
    const std::string& subject = findings.subjects.at(i).label;
    add_roofs(grid, subject, findings.roofs[i].datasheet);
    add_roofs(grid, subject, findings.roofs[i].measured);
  }
  return grid;
}

Grid provenance_table(const Findings& findings) {
  Grid grid{.id = "provenance",
            .caption = "Where the figures of each device come from",
            .columns = {{.key = "device", .title = "device"},
                        {.key = "provenance", .title = "provenance"},
                        {.key = "source", .title = "source", .kind = GridKind::prose},
                        {.key = "software", .title = "software that ran", .kind = GridKind::prose},
                        {.key = "command", .title = "command", .kind = GridKind::command}},
            .empty = "No figures."};
  for (const Subject& subject : findings.subjects) {
    std::set<std::string> software;
    for (const Record& record : subject.records) {
      if (!record.library_version.empty()) software.insert(record.library_version);
    }
    std::vector<std::string> listed(software.begin(), software.end());
    if (listed.size() > 6) {
      const std::size_t more = listed.size() - 6;
      listed.resize(6);
      listed.push_back(fmt::format("and {} more", more));
    }
    grid.rows.push_back({cell(subject.label), cell(name(subject.provenance)), cell(source_of(subject.run)),
                         cell(join(listed, "; ")), cell(subject.run.command)});
  }
  return grid;
}

}  // namespace moat
