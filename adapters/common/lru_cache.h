// A cache with a limited number of entries that drops the least recently used one. A sweep over parameters
// makes ever new entries.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>

namespace moat {

template <class Key, class Value>
class LruCache {
 public:
  explicit LruCache(std::size_t capacity) : capacity_(capacity) {}

  /// The value of `key`. If it is not cached, make() provides it, and a full cache drops the entry whose last
  /// use is the longest ago.
  template <class Make>
  Value get(const Key& key, Make make) {
    const auto known = values_.find(key);
    if (known != values_.end()) {
      known->second.last_use = ++uses_;
      return known->second.value;
    }
    Value value = make();
    if (values_.size() >= capacity_) {
      values_.erase(std::min_element(values_.begin(), values_.end(), [](const auto& a, const auto& b) {
        return a.second.last_use < b.second.last_use;
      }));
    }
    values_.emplace(key, Used{value, ++uses_});
    return value;
  }

 private:
  struct Used {
    Value value;
    std::uint64_t last_use = 0;
  };
  std::size_t capacity_;
  std::uint64_t uses_ = 0;
  std::map<Key, Used> values_;
};

}  // namespace moat
