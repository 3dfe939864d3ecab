// The pool's pieces are handed out by one counter; sleeping is std::atomic's wait.
#include "adapters/host/threads.h"

#include <algorithm>

namespace moat::host {

ThreadPool::ThreadPool(unsigned threads) {
  for (unsigned i = 1; i < threads; ++i) workers_.emplace_back([this] { serve(); });
}

ThreadPool::~ThreadPool() {
  stopping_ = true;
  generation_.fetch_add(1);
  generation_.notify_all();
}

void ThreadPool::run(std::size_t count, std::size_t grain,
                     const std::function<void(std::size_t, std::size_t)>& body) {
  grain_ = std::max<std::size_t>(1, grain);
  if (count <= grain_) {  // one piece: nobody needs to wake
    if (count > 0) body(0, count);
    return;
  }
  body_ = &body;
  count_ = count;
  next_ = 0;
  busy_ = static_cast<std::uint32_t>(workers_.size());
  generation_.fetch_add(1);
  generation_.notify_all();
  take_pieces();
  for (std::uint32_t busy = busy_; busy != 0; busy = busy_) busy_.wait(busy);
}

void ThreadPool::serve() {
  for (std::uint32_t seen = 0;;) {
    generation_.wait(seen);
    seen += 1;  // run() returns only when every worker has served: no generation is skipped
    if (stopping_) return;
    take_pieces();
    if (busy_.fetch_sub(1) == 1) busy_.notify_one();
  }
}

void ThreadPool::take_pieces() {
  for (;;) {
    const std::size_t first = next_.fetch_add(grain_);
    if (first >= count_) return;
    (*body_)(first, std::min(count_, first + grain_));
  }
}

}  // namespace moat::host
