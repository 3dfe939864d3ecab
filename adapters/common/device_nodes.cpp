// Reading /dev.
#include "adapters/common/device_nodes.h"

#include <fmt/format.h>
#include <unistd.h>

#include <system_error>

#include "base/text.h"

namespace moat {

std::vector<std::filesystem::path> device_nodes() {
  std::vector<std::filesystem::path> nodes{"/dev/kfd", "/dev/nvidiactl"};
  std::error_code error;
  for (const auto& item : std::filesystem::directory_iterator("/dev/dri", error)) {
    if (item.path().filename().string().starts_with("renderD")) nodes.push_back(item.path());
  }
  return nodes;
}

std::string explain_permissions(std::span<const std::filesystem::path> nodes) {
  std::vector<std::string> closed;
  for (const auto& node : nodes) {
    if (access(node.c_str(), F_OK) == 0 && access(node.c_str(), R_OK | W_OK) != 0) {
      closed.push_back(node.string());
    }
  }
  if (closed.empty()) return {};
  return fmt::format("no permission for {}: join the group that owns it (usually render or video)",
                     join(closed, ", "));
}

}  // namespace moat
