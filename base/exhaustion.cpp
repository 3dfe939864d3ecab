// The resources by their errno.
#include "base/exhaustion.h"

#include <fmt/format.h>

#include <cerrno>
#include <new>
#include <system_error>

namespace moat {

std::string_view way_out(int error) {
  switch (error) {
    case ENOSPC:
      return "free some space";
    case EDQUOT:
      return "free some of the disk quota or have it raised";
    case EFBIG:
      return "raise the file size limit (ulimit -f)";
    case EMFILE:
      return "raise the limit of open files (ulimit -n)";
    case ENFILE:
      return "the whole system has no open files left (fs.file-max)";
    case EAGAIN:
      return "raise the limit of processes and threads (ulimit -u, or pids.max of the control group)";
    case ENOMEM:
      return "free some memory or raise its limit (ulimit -v, or the control group's)";
    case EROFS:
    case EACCES:
    case EPERM:
      return "choose another folder or fix its permissions";
    default:
      return "";
  }
}

int exhausted_in(std::string_view words) {
  for (const int error : {ENOSPC, EDQUOT, EFBIG, EMFILE, ENFILE, ENOMEM, EAGAIN}) {
    if (words.find(std::generic_category().message(error)) != std::string_view::npos) return error;
  }
  for (const std::string_view text : {"std::bad_alloc", "out of memory", "Out of memory"}) {
    if (words.find(text) != std::string_view::npos) return ENOMEM;
  }
  return 0;
}

}  // namespace moat
