// The first screen as JSON (docs/report.md).
#include "reports/findings/overview_words.h"
#include "reports/findings/statement_json.h"
#include "reports/format/factor_json.h"
#include "reports/page/findings_json.h"

namespace moat {
namespace {

Json ratio_json(const std::optional<OverviewRatio>& ratio) {
  if (!ratio) return nullptr;
  Json made = factor_json(ratio->value);
  made["problems"] = ratio->problems;
  made["doubts"] = Json::array();
  for (const Doubt doubt : ratio->doubts) made["doubts"].push_back(name(doubt));
  return made;
}

Json roofs_json(const std::optional<Roofs>& roofs) {
  if (!roofs) return nullptr;
  Json all = Json::array();
  for (const Roof& roof : roofs->all) {
    Json made = {{"kind", name(roof.kind)}, {"rate", factor_json(roof.rate)}};
    if (roof.kind == RoofKind::arithmetic) {
      made["type"] = name(roof.type);
      made["accumulate"] = name(roof.accumulate);
    }
    all.push_back(std::move(made));
  }
  return {{"basis", name(roofs->basis)}, {"all", std::move(all)}};
}

Json device_json(const OverviewDevice& device) {
  return {{"label", device.label},
          {"id", device.id},
          {"chip", device.chip},
          {"name", device.name},
          {"is_reference", device.is_reference},
          {"same_hardware", device.same_hardware},
          {"provenance", name(device.provenance)},
          {"roofs", roofs_json(device.roofs)},
          {"library", ratio_json(device.library)},
          {"portable", ratio_json(device.portable)},
          {"refused", device.refused},
          {"refusal", device.refusal ? statement_json(*device.refusal) : Json(nullptr)}};
}

Json part_json(const Overview& overview, const OverviewPart& part) {
  Json rows = Json::array();
  for (const OverviewRow& row : part.rows) {
    rows.push_back({{"device", overview.devices[row.device].label},
                    {"with", name(row.with)},
                    {"rate", factor_json(row.rate)},
                    {"ratio", ratio_json(row.ratio)},
                    {"verified", row.verified},
                    {"planned", row.planned}});
  }
  return {{"operator", part.operator_name},
          {"type", name(part.type)},
          {"problem", part.shown == nullptr ? Json(nullptr) : Json(part.shown->identity.problem)},
          {"reference_rate", factor_json(part.reference_rate)},
          {"reference_problems", part.reference_problems},
          {"rows", std::move(rows)}};
}

}  // namespace

Json overview_json(const Overview& overview) {
  Json devices = Json::array(), parts = Json::array(), left_out = Json::array();
  for (const OverviewDevice& device : overview.devices) devices.push_back(device_json(device));
  for (const OverviewPart& part : overview.parts) parts.push_back(part_json(overview, part));
  for (const OverviewHoles& holes : overview.left_out) {
    left_out.push_back({{"status", name(holes.status)}, {"reason", holes.reason}, {"cases", holes.cases}});
  }
  return {{"devices", std::move(devices)},
          {"parts", std::move(parts)},
          {"reference_problems", overview.reference_problems},
          {"cases", overview.cases},
          {"verified", overview.verified},
          {"unsupported", overview.unsupported},
          {"left_out", std::move(left_out)},
          {"verdict", verdict_texts(overview)}};
}

}  // namespace moat
