// The fields of every kind of statement. Structured bindings name all of a kind's members, so a forgotten one
// does not compile.
#include "reports/findings/statement_json.h"

#include "reports/findings/words.h"
#include "reports/format/factor_json.h"

namespace moat {
namespace {

// Values of conditions.
Json value_json(const std::string& key) {
  return key;
}
Json value_json(const Types& types) {
  return {
      {"input", name(types.input)}, {"accumulate", name(types.accumulate)}, {"output", name(types.output)}};
}
Json value_json(Data data) {
  return name(data);
}
Json value_json(Cache cache) {
  return name(cache);
}
Json value_json(const ClockUsed& clock) {
  const auto& [kind, stated] = clock;
  return {{"kind", name(kind)}, {"stated", stated}};
}
Json value_json(const CountedWork& work) {
  const auto& [operations, bytes] = work;
  return {{"operations", operations}, {"bytes", bytes}};
}
Json value_json(const ImpliedAccumulation& accumulation) {
  const auto& [lower] = accumulation;
  return lower ? Json(name(*lower)) : Json(nullptr);
}

Json fields(const UnequalCondition& it) {
  const auto value = [](const ConditionValue& of) {
    return std::visit([](const auto& known) { return value_json(known); }, of);
  };
  const auto& [of_denominator, of_numerator] = it;
  return {
      {"kind", "unequal"}, {"of_denominator", value(of_denominator)}, {"of_numerator", value(of_numerator)}};
}

Json fields(const UnstatedCondition& it) {
  const auto& [part, implementation, device] = it;
  return {{"kind", "unstated"}, {"part", part}, {"implementation", implementation}, {"device", device}};
}

Json fields(const remark::PublishedSubject& it) {
  const auto& [subject, citation] = it;
  Json source = nullptr;
  if (citation) {
    source = {{"title", citation->title},
              {"authors", citation->authors},
              {"year", citation->year},
              {"reference", citation->reference}};
  }
  return {{"subject", subject}, {"citation", source}};
}

Json fields(const remark::EmulatedSubject& it) {
  const auto& [subject] = it;
  return {{"subject", subject}};
}

Json fields(const remark::Baseline& it) {
  const auto& [reference, is_best, libraries] = it;
  Json list = Json::array();
  for (const auto& [library, problems] : libraries)
    list.push_back({{"library", library}, {"problems", problems}});
  return {{"reference", reference}, {"is_best", is_best}, {"libraries", list}};
}

Json fields(const remark::BaselineDecides& it) {
  const auto& [reference, library, problems, factor, with_library, as_chosen] = it;
  return {{"reference", reference},
          {"library", library},
          {"problems", problems},
          {"factor", name(factor)},
          {"with_library", factor_json(with_library)},
          {"as_chosen", factor_json(as_chosen)}};
}

Json fields(const remark::SoftwareUndecided& it) {
  const auto& [target, factor, value] = it;
  return {{"target", target}, {"factor", name(factor)}, {"value", factor_json(value)}};
}

Json fields(const remark::OtherRoofs& it) {
  const auto& [basis, hardware, factor, value, decides_sign] = it;
  return {{"roofs", name(basis)},
          {"hardware", factor_json(hardware)},
          {"factor", name(factor)},
          {"value", factor_json(value)},
          {"decides_sign", decides_sign}};
}

Json fields(const remark::RecalledRoof&) {
  return Json::object();
}

Json fields(const remark::LaunchLatency& it) {
  const auto& [reference, target, reference_seconds, target_seconds, problems, limited_on_reference,
               limited_on_target, same_hardware] = it;
  return {{"reference", reference},
          {"target", target},
          {"reference_seconds", factor_json(reference_seconds)},
          {"target_seconds", factor_json(target_seconds)},
          {"problems", problems},
          {"limited_on_reference", limited_on_reference},
          {"limited_on_target", limited_on_target},
          {"same_hardware", same_hardware}};
}

Json fields(const remark::LaunchLatencyUnknown&) {
  return Json::object();
}

Json fields(const remark::LowerPrecision& it) {
  const auto& [subject, implementation, accumulate, implied, cases] = it;
  return {{"subject", subject},
          {"implementation", implementation},
          {"accumulate", name(accumulate)},
          {"implied", name(implied)},
          {"cases", cases}};
}

Json fields(const remark::RanWith& it) {
  const auto& [subject, implementation, remark, cases] = it;
  return {{"subject", subject}, {"implementation", implementation}, {"remark", remark}, {"cases", cases}};
}

Json fields(const remark::Configuration& it) {
  const auto& [fact, of_reference, of_target] = it;
  return {{"fact", fact}, {"of_reference", of_reference}, {"of_target", of_target}};
}

Json fields(const remark::Missing& it) {
  const auto& [part, subject, problems, of] = it;
  return {{"part", remark::name(part)}, {"subject", subject}, {"problems", problems}, {"of", of}};
}

Json fields(const remark::Refused& it) {
  const auto& [difference, problems, of] = it;
  return {{"difference", statement_json(difference)}, {"problems", problems}, {"of", of}};
}

Json fields(const remark::Forgivable& it) {
  const auto& [conditions] = it;
  Json names = Json::array();
  for (const Condition condition : conditions) names.push_back(name(condition));
  return {{"conditions", names}};
}

Json fields(const remark::Marked& it) {
  const auto& [difference, problems, of] = it;
  return {{"difference", statement_json(difference)}, {"problems", problems}, {"of", of}};
}

Json fields(const conclusion::NothingChosen&) {
  return Json::object();
}

Json fields(const conclusion::NoReference&) {
  return Json::object();
}

Json fields(const conclusion::OnlyDevice& it) {
  const auto& [subject] = it;
  return {{"subject", subject}};
}

Json fields(const conclusion::Reached& it) {
  const auto& [reference, target, reference_provenance, target_provenance, with, means, largest_loss] = it;
  return {{"reference", reference},
          {"target", target},
          {"reference_provenance", name(reference_provenance)},
          {"target_provenance", name(target_provenance)},
          {"with", conclusion::name(with)},
          {"means", means_json(means)},
          {"largest_loss", largest_loss ? Json(name(*largest_loss)) : Json(nullptr)}};
}

Json fields(const conclusion::NoRatio& it) {
  const auto& [reference, target] = it;
  return {{"reference", reference}, {"target", target}};
}

Json fields(const conclusion::Coverage& it) {
  const auto& [subject, ok, cases, most_frequent] = it;
  Json hole = nullptr;
  if (most_frequent) hole = {{"reason", most_frequent->reason}, {"cases", most_frequent->cases}};
  return {{"subject", subject}, {"ok", ok}, {"cases", cases}, {"most_frequent_hole", hole}};
}

Json fields(const conclusion::Failed& it) {
  const auto& [subject, status, cases] = it;
  return {{"subject", subject}, {"status", name(status)}, {"cases", cases}};
}

Json fields(const conclusion::LowerPrecision& it) {
  const auto& [subject, implementation, operator_name, accumulate, accumulations] = it;
  return {{"subject", subject},
          {"implementation", implementation},
          {"operator", operator_name},
          {"accumulate", name(accumulate)},
          {"accumulations", accumulations}};
}

Json fields(const conclusion::RanWith& it) {
  const auto& [subject, implementation, remark, cases] = it;
  return {{"subject", subject}, {"implementation", implementation}, {"remark", remark}, {"cases", cases}};
}

Json fields(const left_out::OtherConditions& it) {
  const auto& [cases] = it;
  return {{"cases", cases}};
}

Json fields(const left_out::OtherProvenance& it) {
  const auto& [provenance, cases] = it;
  return {{"provenance", name(provenance)}, {"cases", cases}};
}

Json fields(const left_out::RoofOperators& it) {
  const auto& [operators] = it;
  return {{"operators", operators}};
}

template <class Statement>
Json json_of(const Statement& statement) {
  return std::visit(
      [&](const auto& it) {
        Json json = {{"kind", it.kind}};
        json.update(fields(it));
        json["text"] = text(statement);
        return json;
      },
      statement);
}

}  // namespace

Json means_json(const Means& means) {
  return {{"problems", means.problems},
          {"total", factor_json(means.total)},
          {"hardware", factor_json(means.hardware)},
          {"stack", factor_json(means.stack)},
          {"portability", factor_json(means.portability)},
          {"software", factor_json(means.software)}};
}

Json statement_json(const Remark& remark) {
  return json_of(remark);
}

Json statement_json(const Conclusion& conclusion) {
  return json_of(conclusion);
}

Json statement_json(BreakevenRemark remark) {
  return {{"kind", name(remark)}, {"text", text(remark)}};
}

Json statement_json(const LeftOut& left_out) {
  return json_of(left_out);
}

Json statement_json(const Difference& difference) {
  Json json = {{"condition", name(difference.condition)}};
  json.update(std::visit([](const auto& how) { return fields(how); }, difference.how));
  json["text"] = text(difference);
  return json;
}

}  // namespace moat
