// A worker that measures nothing: a case takes a millisecond with the parameters in MOAT_TEST_FASTEST (JSON)
// and two with any others; with MOAT_TEST_WRONG set, every result is wrong. For tests of who searches
// parameters.
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

#include "base/json.h"
#include "bench/worker/process.h"
#include "results/json.h"

using namespace moat;

namespace {

bool receive(std::string& line) {
  line.clear();
  for (char c = 0; read(child_request_fd, &c, 1) == 1;) {
    if (c == '\n') return true;
    line += c;
  }
  return false;
}

void send(const Json& message) {
  const std::string text = strict_json(message) + "\n";
  if (write(child_reply_fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) _exit(1);
}

Record measured(const Json& request) {
  const Json& identity = request.at("run");
  const char* fastest = std::getenv("MOAT_TEST_FASTEST");
  const bool is_fastest = fastest != nullptr && Json::parse(fastest) == request.at("parameters");
  Record record;
  record.identity = {identity.at("device"), identity.at("implementation"), identity.at("problem"), {}};
  record.adapter = "fake";
  record.operator_name = "gemm";
  record.status = Status::ok;
  record.measurement.emplace().samples_seconds.assign(3, is_fastest ? 1e-3 : 2e-3);
  if (std::getenv("MOAT_TEST_WRONG") != nullptr) {
    record.status = Status::wrong;
    record.reason = "made so";
  }
  return record;
}

}  // namespace

int main() {
  for (std::string line; receive(line);) {
    const Json request = Json::parse(line);
    if (request.contains("open")) {
      send({{"opened", true}});
    } else {
      send({{"record", record_json(measured(request))}});
    }
  }
}
