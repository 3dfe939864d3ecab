// Files by POSIX calls: std::fstream can neither sync nor tell why it failed.
#include "base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/exhaustion.h"

namespace moat {
namespace {

Descriptor open_file(const std::filesystem::path& path, int flags, std::string_view action,
                     std::string_view option = "--store") {
  Descriptor file(::open(path.c_str(), flags | O_CLOEXEC, 0666));
  if (!file.is_open()) throw UsageError(file_failure(action, path, errno, option));
  return file;
}

/// All of `text`; errno of the first failure, 0 if there was none.
int write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

struct flock whole_file(short type) {
  struct flock range {};
  range.l_type = type;
  range.l_whence = SEEK_SET;
  return range;
}

FileLock::Holder read_holder(int file) {
  std::array<char, 512> text{};
  const ssize_t size = ::pread(file, text.data(), text.size(), 0);
  FileLock::Holder holder;
  if (size <= 0) return holder;
  const char* end = text.data() + size;
  const auto [rest, error] = std::from_chars(text.data(), end, holder.pid);
  if (error == std::errc() && rest != end) {
    holder.note = std::string(rest + 1, end);
    while (!holder.note.empty() && holder.note.back() == '\n') holder.note.pop_back();
  }
  return holder;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(value_, other.value_);
  return *this;
}
Descriptor::~Descriptor() {
  if (is_open()) ::close(value_);
}
int Descriptor::release() {
  return std::exchange(value_, -1);
}

std::string file_failure(std::string_view action, const std::filesystem::path& path, int error,
                         std::string_view option) {
  const std::string failure =
      fmt::format("{} {}: {}", action, path.string(), std::generic_category().message(error));
  const bool is_exhausted = error == EMFILE || error == ENFILE || error == ENOMEM || error == EFBIG;
  if (option != "--store" && action != "cannot read" && !is_exhausted)
    return failure + fmt::format("; choose another place with {}", option);
  const std::string_view remedy = way_out(error);
  return remedy.empty() ? failure : fmt::format("{}; {}", failure, remedy);
}

std::filesystem::path absolute_path(const std::filesystem::path& path) {
  if (path.empty()) throw UsageError("an empty path names no file or folder");
  std::error_code error;
  std::filesystem::path whole = std::filesystem::absolute(path, error).lexically_normal();
  if (error) {
    throw UsageError(fmt::format("the working folder, from which {} is looked for, is not there: {}",
                                 path.string(), error.message()));
  }
  return whole.has_filename() || whole == whole.root_path() ? whole : whole.parent_path();
}

std::string read_file(const std::filesystem::path& path, std::uint64_t largest_bytes) {
  const Descriptor file = open_file(path, O_RDONLY | O_NONBLOCK, "cannot read");  // a FIFO must not block
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw UsageError(file_failure("cannot read", path, errno));
  if (!S_ISREG(status.st_mode))
    throw UsageError(fmt::format("cannot read {}: not a regular file", path.string()));
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > largest_bytes) {
    throw UsageError(
        fmt::format("cannot read {}: {} bytes, at most {} are accepted", path.string(), size, largest_bytes));
  }
  std::string text(size, '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw UsageError(file_failure("cannot read", path, errno));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  text.resize(filled);
  return text;
}

Descriptor open_for_writing(const std::filesystem::path& path, std::string_view option) {
  return open_file(path, O_WRONLY | O_CREAT | O_TRUNC, "cannot write", option);
}

void write_to(const Descriptor& file, const std::filesystem::path& path, std::string_view option,
              std::string_view text) {
  const int error = write_all(file.get(), text);
  if (error != 0) throw UsageError(file_failure("cannot write", path, error, option));
}

void sync_folder(const std::filesystem::path& folder) {
  const Descriptor directory = open_file(folder, O_RDONLY | O_DIRECTORY, "cannot open");
  // EINVAL: a file system that has nothing to sync there.
  if (::fsync(directory.get()) != 0 && errno != EINVAL) {
    throw UsageError(file_failure("cannot sync", folder, errno));
  }
}

void replace_file(const std::filesystem::path& path, std::string_view content, std::string_view option) {
  const std::filesystem::path temporary =
      path.parent_path() / fmt::format(".{}.{}.tmp", path.filename().string(), ::getpid());
  int error = 0;
  {
    const Descriptor file = open_file(temporary, O_WRONLY | O_CREAT | O_TRUNC, "cannot write", option);
    error = write_all(file.get(), content);
    if (error == 0 && ::fsync(file.get()) != 0) error = errno;
  }
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    throw UsageError(file_failure("cannot write", path, error, option));
  }
  sync_folder(path.parent_path());
}

LineFile::LineFile(std::filesystem::path path)
    : path_(std::move(path)), file_(open_file(path_, O_WRONLY | O_APPEND | O_CREAT, "cannot write")) {}

void LineFile::truncate(std::uint64_t bytes) {
  if (::ftruncate(file_.get(), static_cast<off_t>(bytes)) != 0 || ::fsync(file_.get()) != 0) {
    throw UsageError(file_failure("cannot shorten", path_, errno));
  }
}

void LineFile::append(std::string_view line) {
  std::string text(line);
  text += '\n';
  write_and_sync(text);
}

void LineFile::write_and_sync(const std::string& text) const {
  struct stat before {};
  if (::fstat(file_.get(), &before) != 0) throw UsageError(file_failure("cannot write", path_, errno));
  ssize_t written = 0;
  do {
    written = ::write(file_.get(), text.data(), text.size());
  } while (written < 0 && errno == EINTR);
  int error = written < 0 ? errno : 0;
  if (written >= 0 && static_cast<std::size_t>(written) < text.size()) {
    // A short write does not say why; writing the rest does.
    error = write_all(file_.get(), std::string_view(text).substr(static_cast<std::size_t>(written)));
  }
  if (error == 0 && ::fdatasync(file_.get()) != 0 && errno != EINVAL) error = errno;
  if (error == 0) return;
  std::string message = file_failure("cannot append to", path_, error);
  if (::ftruncate(file_.get(), before.st_size) != 0)
    message += " (an incomplete line remains until the run is resumed)";
  throw UsageError(message);
}

FileLock::FileLock(const std::filesystem::path& path, std::string_view note)
    : file_(open_file(path, O_RDWR | O_CREAT, "cannot lock")) {
  struct flock range = whole_file(F_WRLCK);
  if (::fcntl(file_.get(), F_OFD_SETLK, &range) != 0) {
    if (errno != EAGAIN && errno != EACCES) throw UsageError(file_failure("cannot lock", path, errno));
    const Holder other = read_holder(file_.get());
    throw UsageError(
        fmt::format("another run is using {}: {}{}; wait for it to end or choose another --store",
                    path.parent_path().string(),
                    other.pid > 0 ? fmt::format("process {}", other.pid) : "a process that has just started",
                    other.note.empty() ? "" : " (" + other.note + ")"));
  }
  const std::string text = fmt::format("{} {}\n", ::getpid(), note);
  if (::ftruncate(file_.get(), 0) != 0 || ::pwrite(file_.get(), text.data(), text.size(), 0) < 0) {
    throw UsageError(file_failure("cannot lock", path, errno));
  }
}

std::optional<FileLock::Holder> FileLock::holder(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return std::nullopt;  // a store that never ran
  struct flock range = whole_file(F_WRLCK);
  if (::fcntl(file.get(), F_OFD_GETLK, &range) != 0 || range.l_type == F_UNLCK) return std::nullopt;
  return read_holder(file.get());
}

}  // namespace moat
