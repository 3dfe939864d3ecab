// The worker's end: opens one device and runs the cases it is told.
#include "bench/worker/worker.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "adapters/common/driver_files.h"
#include "adapters/common/dynamic_library.h"
#include "adapters/registry.h"
#include "base/error.h"
#include "base/exhaustion.h"
#include "base/json.h"
#include "base/output.h"
#include "bench/environment/environment.h"
#include "bench/worker/inventory.h"
#include "bench/worker/worker_messages.h"

namespace moat {
namespace {

// The conversation's descriptors. Standard output belongs to drivers that print.
class Conversation {
 public:
  bool receive(std::string& text) {
    while (true) {
      if (const std::size_t newline = pending_.find('\n'); newline != std::string::npos) {
        text = pending_.substr(0, newline);
        pending_.erase(0, newline + 1);
        return true;
      }
      std::array<char, 4096> chunk{};
      const ssize_t count = read(child_request_fd, chunk.data(), chunk.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return false;
      pending_.append(chunk.data(), static_cast<std::size_t>(count));
    }
  }

  static void send(const WorkerAnswer& answer) {
    const std::string text = message_text(answer) + "\n";
    std::size_t sent = 0;
    while (sent < text.size()) {
      const ssize_t count = write(child_reply_fd, text.data() + sent, text.size() - sent);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) _exit(0);  // nobody listens any more
      sent += static_cast<std::size_t>(count);
    }
  }

 private:
  std::string pending_;
};

std::unique_ptr<Adapter> adapter_named(const std::string& name) {
  for (auto& adapter : make_adapters()) {
    if (adapter->name() == name) return std::move(adapter);
  }
  throw UsageError(fmt::format("no adapter '{}'", name));
}

Surroundings surroundings() {
  return {[observer = InterferenceObserver::of_this_process()] { return observer.read(); },
          standing_remarks(EnvironmentSources::of_this_process())};
}

class Worker {
 public:
  void operator()(const DriverFilesRequest& request) {
    guard(request.avoided);
    adapter_ = adapter_named(request.adapter);
    const std::optional<DriverFiles> files = adapter_->driver_files();
    Conversation::send(DriverFilesAnswer{files.has_value(), files.value_or(DriverFiles{})});
  }
  void operator()(const InventoryRequest& request) {
    try {
      take_route(request.adapter, request.route);
      InventoryAnswer answer{list_adapter(*adapter_, request.route)};
      look_for(request, answer);
      Conversation::send(answer);
    } catch (const UsageError& error) {
      Conversation::send(FaultAnswer{error.what()});
    }
  }
  void operator()(const OpenRequest& request) {
    try {
      const auto [name, index] = split_device_id(request.device);
      take_route(name, request.route);
      device_ = adapter_->open(request.route.driver.file.empty() ? index : request.route.index);
      runner_ = std::make_unique<Runner>(*device_, name, request.settings, surroundings());
      Conversation::send(OpenedAnswer{});
    } catch (const std::exception& error) {
      Conversation::send(FaultAnswer{failure_text(error)});
    }
  }
  void operator()(const CaseRequest& request) {
    if (!runner_) throw UsageError("coordinator: a case comes before its device is opened");
    const auto say = [](std::string_view phase) { Conversation::send(PhaseAnswer{std::string(phase)}); };
    Conversation::send(RecordAnswer{runner_->run(request.identity, say, request.request)});
  }
  void operator()(const ProcessRequest& /*request*/) {
    Conversation::send(ProcessAnswer{describe_process(EnvironmentSources::of_this_process())});
  }

 private:
  /// So that the coordinator knows which library ended this process.
  static void guard(const std::vector<AvoidedLibrary>& avoided) {
    guard_libraries({avoided, [](const std::string& file) { Conversation::send(LoadingAnswer{file}); }});
  }

  void take_route(const std::string& adapter, const DeviceRoute& route) {
    guard(route.avoided);
    if (!adapter_ || adapter_->name() != adapter) adapter_ = adapter_named(adapter);
    if (!route.driver.file.empty()) adapter_->use_only(route.driver, route.without);
  }

  /// Whether the loader has opened what it was to open; it keeps to itself why not.
  static void look_for(const InventoryRequest& request, InventoryAnswer& answer) {
    const std::string& library = request.route.driver.library;
    if (library.empty()) return;
    answer.library_file = loaded_file(library);
    if (answer.library_file.empty()) answer.load_failure = why_not_loaded(library).value_or("");
    for (DriverFile layer : request.layers) {
      if (!loaded_file(layer.library).empty()) continue;
      layer.fault = why_not_loaded(layer.library).value_or("");
      if (!layer.fault.empty()) answer.layers.push_back(std::move(layer));
    }
  }

  std::unique_ptr<Adapter> adapter_;
  std::unique_ptr<Device> device_;
  std::unique_ptr<Runner> runner_;
};

}  // namespace

int worker_main() {
  if (fcntl(child_request_fd, F_GETFD) < 0 || fcntl(child_reply_fd, F_GETFD) < 0) {
    say("moat worker is started by moat run, not by hand");
    return 2;
  }
  // Compilers that a driver starts must not hold the conversation open after this process.
  for (const int descriptor : {child_request_fd, child_reply_fd}) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  Conversation line;
  Worker worker;
  std::string text;
  try {
    while (line.receive(text)) std::visit(worker, parse_request(text));
  } catch (const std::exception& error) {
    say("{}", failure_text(error));
    return 1;
  }
  // The driver's own exit handlers may hang or crash; everything worth keeping has been said.
  _exit(0);
}

}  // namespace moat
