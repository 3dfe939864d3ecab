// A few threads that work on ranges together and sleep in between. Knows no device and no mathematics.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace moat::host {

class ThreadPool {
 public:
  /// `threads` at least 1; the caller of run() is one of them, so threads - 1 are started.
  explicit ThreadPool(unsigned threads);
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  /// Calls body(first, last) on disjoint pieces that cover [0, count), at most `grain` long, and returns when
  /// all are done; a single piece is the caller's own. `body` must not throw. One caller at a time.
  void run(std::size_t count, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& body);

 private:
  void serve();
  void take_pieces();

  const std::function<void(std::size_t, std::size_t)>* body_ = nullptr;
  std::size_t count_ = 0;
  std::size_t grain_ = 1;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::uint32_t> generation_ = 0;  // grows with every run() and once at the end
  std::atomic<std::uint32_t> busy_ = 0;        // workers that have not finished this generation
  bool stopping_ = false;                      // published by generation_
  std::vector<std::jthread> workers_;
};

}  // namespace moat::host
