// The conversation with a process that may end at any word.
#include "bench/worker/probe.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace moat {
namespace {

std::string death_text(ChildProcess& process, ChildProcess::Reply reply, double patience_seconds) {
  const std::string end = process.end();
  std::string text = reply == ChildProcess::Reply::timed_out
                         ? fmt::format("did not answer within {} s (MOAT_DRIVER_SECONDS allows another time)",
                                       patience_seconds)
                         : fmt::format("ended the process that asked it: {}", end);
  const std::string words = last_line_text(process.last_words());
  return words.empty() ? text : text + "; last words: " + words;
}

}  // namespace

Probe::Probe(std::string executable, std::string adapter, double patience_seconds)
    : executable_(std::move(executable)), adapter_(std::move(adapter)), patience_seconds_(patience_seconds) {}

// Each round but the last avoids one more library, so that there are at most as many as there are files.
template <class Request>
WorkerReply Probe::ask(Request& request, std::vector<AvoidedLibrary>& avoided) {
  constexpr std::size_t most_avoided = 32;
  while (true) {
    avoided = avoided_;
    if (!process_) process_ = std::make_unique<ChildProcess>(std::vector<std::string>{executable_, "worker"});
    process_->send(message_text(request));
    Patience patience(patience_seconds_);
    WorkerReply reply;
    try {
      reply = receive_answer(*process_, patience);
    } catch (const UsageError& error) {  // something else wrote to the descriptor of the replies
      death_ = fmt::format("gave an unexpected reply: {}", error.what());
      process_.reset();
      return {};
    }
    if (reply.reply == ChildProcess::Reply::line) return reply;
    death_ = death_text(*process_, reply.reply, patience_seconds_);
    process_.reset();
    const bool is_known = std::ranges::count(avoided_, reply.loading, &AvoidedLibrary::file) > 0;
    if (reply.loading.empty() || is_known || avoided_.size() == most_avoided) return reply;
    avoided_.push_back({reply.loading, death_});
  }
}

Probe::Files Probe::driver_files() {
  DriverFilesRequest request{adapter_, {}};
  WorkerReply reply = ask(request, request.avoided);
  if (!reply.answer) return {{}, death_};
  if (auto* answer = std::get_if<DriverFilesAnswer>(&*reply.answer)) return {std::move(*answer), ""};
  return {{}, "gave an unexpected reply"};
}

Probe::Devices Probe::devices(const DriverFile& driver, std::span<const DriverFile> without,
                              std::span<const DriverFile> layers) {
  InventoryRequest request{adapter_,
                           {.driver = driver, .without = {without.begin(), without.end()}, .avoided = {}},
                           {layers.begin(), layers.end()}};
  WorkerReply reply = ask(request, request.route.avoided);
  if (!reply.answer) return {{}, death_};
  if (const auto* fault = std::get_if<FaultAnswer>(&*reply.answer)) throw UsageError(fault->reason);
  if (auto* answer = std::get_if<InventoryAnswer>(&*reply.answer)) return {std::move(*answer), ""};
  return {{}, "gave an unexpected reply"};
}

}  // namespace moat
