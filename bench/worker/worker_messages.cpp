// The fields of messages, and the line that holds one.
#include "bench/worker/worker_messages.h"

#include "base/json.h"
#include "bench/worker/inventory_fields.h"
#include "results/record_fields.h"

namespace moat {

template <class Visit, MaybeConst<SamplingLimits> T>
void visit_fields(const Visit& visit, T& limits) {
  auto& [warm_up_seconds, sample_seconds, resolutions_per_sample, cap_seconds, precision, least_samples,
         most_samples] = limits;
  visit("warm_up_seconds", warm_up_seconds);
  visit("sample_seconds", sample_seconds);
  visit("resolutions_per_sample", resolutions_per_sample);
  visit("cap_seconds", cap_seconds);
  visit("precision", precision);
  visit("least_samples", least_samples);
  visit("most_samples", most_samples);
}

template <class Visit, MaybeConst<RunnerSettings> T>
void visit_fields(const Visit& visit, T& settings) {
  auto& [limits, kernel_dir, verify_only] = settings;
  visit("limits", limits);
  visit("kernel_dir", kernel_dir);
  visit("verify_only", verify_only);
}

template <class Visit, MaybeConst<CaseParameters> T>
void visit_fields(const Visit& visit, T& parameters) {
  auto& [values, source] = parameters;
  visit("values", values);
  visit("source", source);
}

template <class Visit, MaybeConst<RunRequest> T>
void visit_fields(const Visit& visit, T& request) {
  auto& [parameters, cap_seconds, round, rounds, known_seconds] = request;
  visit("parameters", parameters);
  visit("cap_seconds", cap_seconds);
  visit("round", round);
  visit("rounds", rounds);
  visit("known_seconds", known_seconds);
}

template <class Visit, MaybeConst<DriverFilesRequest> T>
void visit_fields(const Visit& visit, T& request) {
  auto& [adapter, avoided] = request;
  visit("adapter", adapter);
  visit("avoided", avoided);
}

template <class Visit, MaybeConst<InventoryRequest> T>
void visit_fields(const Visit& visit, T& request) {
  auto& [adapter, route, layers] = request;
  visit("adapter", adapter);
  visit("route", route);
  visit("layers", layers);
}

template <class Visit, MaybeConst<OpenRequest> T>
void visit_fields(const Visit& visit, T& request) {
  auto& [device, route, settings] = request;
  visit("device", device);
  visit("route", route);
  visit("settings", settings);
}

template <class Visit, MaybeConst<CaseRequest> T>
void visit_fields(const Visit& visit, T& message) {
  auto& [identity, request] = message;
  visit("identity", identity);
  visit("request", request);
}

template <class Visit, MaybeConst<ProcessRequest> T>
void visit_fields(const Visit& /*visit*/, T& /*request*/) {}

template <class Visit, MaybeConst<DriverFilesAnswer> T>
void visit_fields(const Visit& visit, T& answer) {
  auto& [is_divided, files] = answer;
  visit("is_divided", is_divided);
  visit("files", files);
}

template <class Visit, MaybeConst<InventoryAnswer> T>
void visit_fields(const Visit& visit, T& answer) {
  auto& [adapter, library_file, load_failure, layers] = answer;
  visit("adapter", adapter);
  visit("library_file", library_file);
  visit("load_failure", load_failure);
  visit("layers", layers);
}

template <class Visit, MaybeConst<LoadingAnswer> T>
void visit_fields(const Visit& visit, T& answer) {
  auto& [file] = answer;
  visit("file", file);
}

template <class Visit, MaybeConst<OpenedAnswer> T>
void visit_fields(const Visit& /*visit*/, T& /*answer*/) {}

template <class Visit, MaybeConst<FaultAnswer> T>
void visit_fields(const Visit& visit, T& answer) {
  auto& [reason] = answer;
  visit("reason", reason);
}

template <class Visit, MaybeConst<PhaseAnswer> T>
void visit_fields(const Visit& visit, T& answer) {
  auto& [phase] = answer;
  visit("phase", phase);
}

template <class Visit, MaybeConst<RecordAnswer> T>
void visit_fields(const Visit& visit, T& answer) {
  auto& [record] = answer;
  visit("record", record);
}

template <class Visit, MaybeConst<ProcessAnswer> T>
void visit_fields(const Visit& visit, T& answer) {
  auto& [process] = answer;
  visit("process", process);
}

namespace {

template <class Message>
std::string text_of(const Message& message) {
  Json line;
  const JsonSink sink(line);
  sink.put_object();
  std::visit([&](const auto& kind) { encode(sink.field(kind.word), kind); }, message);
  return strict_json(line);
}

/// The alternative of `Message` whose word the line has.
template <class Message, std::size_t index = 0>
Message message_in(const JsonSource& line) {
  if constexpr (index == std::variant_size_v<Message>) {
    line.fail("is none of the known messages");
  } else {
    std::variant_alternative_t<index, Message> made;
    if (!line.has(made.word)) return message_in<Message, index + 1>(line);
    decode(line.field(made.word), made);
    return made;
  }
}

template <class Message>
Message parse_message(std::string_view text, std::string_view speaker) {
  const Json tree = parse_json(text, speaker);
  const JsonSource line(tree, speaker, "the line");
  line.require_object();
  return message_in<Message>(line);
}

}  // namespace

std::string message_text(const WorkerRequest& request) {
  return text_of(request);
}
std::string message_text(const WorkerAnswer& answer) {
  return text_of(answer);
}
WorkerRequest parse_request(std::string_view line) {
  return parse_message<WorkerRequest>(line, "coordinator");
}
WorkerAnswer parse_answer(std::string_view line) {
  return parse_message<WorkerAnswer>(line, "worker");
}

}  // namespace moat
