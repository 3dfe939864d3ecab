// JSON of cases and settings between coordinator and worker; both ends are the same binary, so there is no
// version.
#include "bench/worker/worker_messages.h"

#include "base/error.h"
#include "results/parameters.h"

namespace moat {
namespace {

template <class Value>
Value known(const std::optional<Value>& value) {
  if (!value) throw UsageError("a message between coordinator and worker holds an unknown name");
  return *value;
}

}  // namespace

Json case_json(const Case& identity) {
  return {{"device", identity.device},
          {"implementation", identity.implementation},
          {"problem", identity.problem},
          {"data", name(identity.conditions.data)},
          {"cache", name(identity.conditions.cache)},
          {"seed", identity.conditions.seed}};
}

Case parse_case(const Json& json) {
  Case identity;
  json.at("device").get_to(identity.device);
  json.at("implementation").get_to(identity.implementation);
  json.at("problem").get_to(identity.problem);
  identity.conditions.data = known(parse_data(json.at("data").get<std::string>()));
  identity.conditions.cache = known(parse_cache(json.at("cache").get<std::string>()));
  json.at("seed").get_to(identity.conditions.seed);
  return identity;
}

Json settings_json(const RunnerSettings& settings) {
  const SamplingLimits& limits = settings.limits;
  return {{"warm_up_seconds", limits.warm_up_seconds},
          {"sample_seconds", limits.sample_seconds},
          {"resolutions_per_sample", limits.resolutions_per_sample},
          {"cap_seconds", limits.cap_seconds},
          {"precision", limits.precision},
          {"most_samples", limits.most_samples},
          {"kernel_dir", settings.kernel_dir ? Json(*settings.kernel_dir) : Json(nullptr)},
          {"verify_only", settings.verify_only}};
}

RunnerSettings parse_settings(const Json& json) {
  RunnerSettings settings;
  json.at("warm_up_seconds").get_to(settings.limits.warm_up_seconds);
  json.at("sample_seconds").get_to(settings.limits.sample_seconds);
  json.at("resolutions_per_sample").get_to(settings.limits.resolutions_per_sample);
  json.at("cap_seconds").get_to(settings.limits.cap_seconds);
  json.at("precision").get_to(settings.limits.precision);
  json.at("most_samples").get_to(settings.limits.most_samples);
  if (!json.at("kernel_dir").is_null()) settings.kernel_dir = json.at("kernel_dir").get<std::string>();
  json.at("verify_only").get_to(settings.verify_only);
  return settings;
}

Json request_json(const Case& identity, const RunRequest& request) {
  const std::optional<Parameters>& parameters = request.parameters.values;
  return {{"run", case_json(identity)},
          {"parameters", parameters ? parameters_json(*parameters) : Json(nullptr)},
          {"source", request.parameters.source},
          {"cap_seconds", request.cap_seconds ? Json(*request.cap_seconds) : Json(nullptr)}};
}

RunRequest parse_request(const Json& json) {
  RunRequest request;
  if (!json.at("parameters").is_null()) {
    const JsonSource parameters(json.at("parameters"), "a message from the coordinator", "parameters");
    decode(parameters, request.parameters.values.emplace());
  }
  json.at("source").get_to(request.parameters.source);
  if (!json.at("cap_seconds").is_null()) request.cap_seconds = json.at("cap_seconds").get<double>();
  return request;
}

}  // namespace moat
