// The messages between coordinator and worker as JSON, for both ends.
#pragma once

#include "base/json.h"
#include "bench/measure/runner.h"
#include "results/record.h"

namespace moat {

[[nodiscard]] Json case_json(const Case& identity);
[[nodiscard]] Case parse_case(const Json& json);
/// The message that runs a case, and the request that it contains in addition to the case.
[[nodiscard]] Json request_json(const Case& identity, const RunRequest& request);
[[nodiscard]] RunRequest parse_request(const Json& json);
[[nodiscard]] Json settings_json(const RunnerSettings& settings);
[[nodiscard]] RunnerSettings parse_settings(const Json& json);

}  // namespace moat
