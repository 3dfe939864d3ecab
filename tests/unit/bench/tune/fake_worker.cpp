// A worker that measures nothing: a case takes a millisecond with the parameters in MOAT_TEST_FASTEST
// (JSON) and two with any others; with MOAT_TEST_WRONG set, every result is wrong, and the first
// MOAT_TEST_DISTURBED cases are disturbed.
// For tests of who searches parameters.
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

#include "base/json.h"
#include "bench/worker/process.h"
#include "bench/worker/worker_messages.h"
#include "results/parameters.h"

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

void send(const WorkerAnswer& answer) {
  const std::string text = message_text(answer) + "\n";
  if (write(child_reply_fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) _exit(1);
}

Record measured(const CaseRequest& asked) {
  const char* fastest = std::getenv("MOAT_TEST_FASTEST");
  const auto& parameters = asked.request.parameters.values;
  const bool is_fastest =
      fastest != nullptr && parameters && Json::parse(fastest) == parameters_json(*parameters);
  Record record;
  record.identity = asked.identity;
  record.adapter = "fake";
  record.operator_name = "gemm";
  record.status = Status::ok;
  record.measurement.emplace().samples_seconds.assign(3, is_fastest ? 1e-3 : 2e-3);
  if (std::getenv("MOAT_TEST_WRONG") != nullptr) {
    record.status = Status::wrong;
    record.reason = "made so";
  }
  static int cases = 0;
  const char* disturbed = std::getenv("MOAT_TEST_DISTURBED");
  if (disturbed != nullptr && cases++ < std::atoi(disturbed)) {
    record.status = Status::disturbed;
    record.reason = "made so";
  }
  return record;
}

}  // namespace

int main() {
  for (std::string line; receive(line);) {
    const WorkerRequest request = parse_request(line);
    if (const auto* asked = std::get_if<CaseRequest>(&request)) {
      send(RecordAnswer{measured(*asked)});
    } else {
      send(OpenedAnswer{});
    }
  }
}
