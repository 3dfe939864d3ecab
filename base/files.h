// File operations for the store: read and replace whole files, append lines, lock. Every failure is a
// UsageError that names the file, the cause and a remedy. Must not know records.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace moat {

/// Owns a POSIX file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();
  [[nodiscard]] int get() const { return value_; }
  [[nodiscard]] bool is_open() const { return value_ >= 0; }

 private:
  int release();
  int value_ = -1;
};

/// A message from `action` ("cannot write"), the path, the text of the error and, if there is one, a remedy.
/// `option`: of the command line, by which the place of such a file is chosen.
[[nodiscard]] std::string file_failure(std::string_view action, const std::filesystem::path& path, int error,
                                       std::string_view option = "--store");

/// `path` as it reads from any working folder, without "." and without a slash at its end. UsageError for an
/// empty path, and where the working folder is gone.
[[nodiscard]] std::filesystem::path absolute_path(const std::filesystem::path& path);

/// The content of a regular file of at most `largest_bytes`.
[[nodiscard]] std::string read_file(const std::filesystem::path& path, std::uint64_t largest_bytes);

/// Replaces the content atomically, also in case of a power failure:
/// temporary file, fsync, rename, fsync of the folder.
void replace_file(const std::filesystem::path& path, std::string_view content,
                  std::string_view option = "--store");

/// Opens a file, terminal or pipe of any kind for writing; a file's old content goes.
[[nodiscard]] Descriptor open_for_writing(const std::filesystem::path& path, std::string_view option);
/// All of `text` into `file`, whose name is `path`.
void write_to(const Descriptor& file, const std::filesystem::path& path, std::string_view option,
              std::string_view text);

/// Makes a new name in `folder` durable, so that it survives a power failure.
void sync_folder(const std::filesystem::path& folder);

/// A file that grows by whole lines.
class LineFile {
 public:
  /// Creates the file if it does not exist.
  explicit LineFile(std::filesystem::path path);
  /// Removes everything after the first `bytes`, such as an incomplete line of a killed writer.
  void truncate(std::uint64_t bytes);
  /// `line` without a newline. One write(2), then fdatasync.
  /// If it fails, the file does not change and a UsageError says why.
  void append(std::string_view line);

 private:
  void write_and_sync(const std::string& text) const;
  std::filesystem::path path_;
  Descriptor file_;
};

/// An exclusive lock that is released whenever its holder ends. It is an open file description lock
/// (fcntl(2)): like flock(2), but it can be queried without being taken, so that a reader never disturbs a
/// run. A forked child that does not exec keeps it held.
class FileLock {
 public:
  /// Takes the lock and writes `note` and the process id into the file. If it is held already, throws
  /// UsageError with the note and the process id of the holder.
  FileLock(const std::filesystem::path& path, std::string_view note);

  struct Holder {
    std::int64_t pid = 0;  // 0 if the holder has not written it yet
    std::string note;
  };
  /// nullopt if nobody holds it.
  [[nodiscard]] static std::optional<Holder> holder(const std::filesystem::path& path);

 private:
  Descriptor file_;
};

}  // namespace moat
