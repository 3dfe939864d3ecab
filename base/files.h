// The effects that the store is made of: whole files read and replaced, lines appended, a lock. Every failure
// is a UsageError that names the file, the cause and what to do. Must not know records.
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

/// `action` ("cannot write"), the path, the error's text and, where there is one, the way out.
[[nodiscard]] std::string file_failure(std::string_view action, const std::filesystem::path& path, int error);

/// The whole file. Only regular files, and at most `largest_bytes`.
[[nodiscard]] std::string read_file(const std::filesystem::path& path, std::uint64_t largest_bytes);

/// Old content or new content at any moment, also after a power cut: temporary file, fsync, rename, fsync of
/// the folder.
void replace_file(const std::filesystem::path& path, std::string_view content);

/// Makes a name that was created in `folder` survive a power cut.
void sync_folder(const std::filesystem::path& folder);

/// A file that grows by whole lines.
class LineFile {
 public:
  /// Creates the file if it is not there.
  explicit LineFile(std::filesystem::path path);
  /// Cuts everything after the first `bytes`: what a killed writer left unfinished.
  void truncate(std::uint64_t bytes);
  /// `line` without its end. One write(2), then fdatasync. If it fails, the file is as before and a
  /// UsageError says why.
  void append(std::string_view line);
  /// Wall time of all append() calls.
  [[nodiscard]] double seconds_spent() const { return seconds_spent_; }

 private:
  void write_and_sync(const std::string& text) const;
  std::filesystem::path path_;
  Descriptor file_;
  double seconds_spent_ = 0;
};

/// An exclusive lock that ends with its holder, however that ends. It is an open file description lock
/// (fcntl(2)): as flock(2), but it can be asked for without being taken, so that a reader never disturbs a
/// run. A forked child that does not exec keeps it alive.
class FileLock {
 public:
  /// Takes the lock and writes `note` and the process id into the file, or says who holds it: the note and id
  /// found there.
  FileLock(const std::filesystem::path& path, std::string_view note);

  struct Holder {
    std::int64_t pid = 0;  // 0 if the holder has not written it yet
    std::string note;
  };
  /// Nothing if nobody holds it.
  [[nodiscard]] static std::optional<Holder> holder(const std::filesystem::path& path);

 private:
  Descriptor file_;
};

}  // namespace moat
