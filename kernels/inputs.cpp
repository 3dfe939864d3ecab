// Input data from Boost.Random, whose engines and distributions give the same stream on every platform (the
// standard library's distributions do not).
#include "kernels/inputs.h"

#include <algorithm>
#include <array>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <boost/random/uniform_real_distribution.hpp>
#include <cmath>

namespace moat {
namespace {

constexpr std::array<std::string_view, 5> data_names{"normal", "uniform", "zeros", "ones", "integers"};

std::uint64_t mix(std::uint64_t seed, std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U ^ seed;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

}  // namespace

std::string_view name(Data data) {
  return data_names.at(static_cast<std::size_t>(data));
}

std::optional<Data> parse_data(std::string_view text) {
  for (std::size_t i = 0; i < data_names.size(); ++i) {
    if (data_names[i] == text) return static_cast<Data>(i);
  }
  return std::nullopt;
}

std::vector<std::byte> fill(const Tensor& tensor, Data data, std::uint64_t seed) {
  std::vector<std::byte> bytes(tensor.bytes());
  boost::random::mt19937_64 engine(mix(seed, tensor.name));
  const auto each = [&](auto&& draw) {
    const std::size_t elements = tensor.elements();
    for (std::size_t i = 0; i < elements; ++i) store(tensor.type, bytes, i, draw());
  };
  const bool integer = !is_floating(tensor.type);
  switch (data) {
    case Data::normal: {
      boost::random::normal_distribution<double> normal(0.0, integer ? 32.0 : 1.0);
      each([&] { return normal(engine); });
      break;
    }
    case Data::uniform: {
      boost::random::uniform_real_distribution<double> real(-1.0, 1.0);
      boost::random::uniform_int_distribution<int> whole(-128, 127);
      each([&] { return integer ? static_cast<double>(whole(engine)) : real(engine); });
      break;
    }
    case Data::zeros:
      break;
    case Data::ones:
      each([] { return 1.0; });
      break;
    case Data::integers: {
      boost::random::uniform_int_distribution<int> whole(-4, 4);
      each([&] { return static_cast<double>(whole(engine)); });
      break;
    }
  }
  return bytes;
}

std::vector<std::vector<std::byte>> fill_whole(const std::vector<Tensor>& tensors, std::int64_t terms,
                                               const Types& types, std::uint64_t seed) {
  const double u = unit_roundoff(types.accumulate);
  const double most = u > 0 ? 1 / u : 0x1p31;  // whole numbers up to there are exact
  const auto count = static_cast<double>(terms);
  // Products of up to 16 where they fit; else of up to 1, half of which are 0, and one element in `sparsity`.
  const std::int64_t amplitude = 16 * count <= most ? 4 : 1;
  const auto sparsity = static_cast<std::int64_t>(std::ceil(std::sqrt(std::max(1.0, count / 2 / most))));
  std::vector<std::vector<std::byte>> arrays;
  for (const Tensor& tensor : tensors) {
    if (tensor.role != Role::input) continue;
    arrays.emplace_back(tensor.bytes());
    boost::random::mt19937_64 engine(mix(seed, tensor.name));
    boost::random::uniform_int_distribution<std::int64_t> whole(-amplitude, amplitude);
    boost::random::uniform_int_distribution<std::int64_t> chance(1, sparsity);
    for (std::size_t i = 0; i < tensor.elements(); ++i) {
      const bool is_zero = sparsity > 1 && chance(engine) != 1;
      if (!is_zero) store(tensor.type, arrays.back(), i, static_cast<double>(whole(engine)));
    }
  }
  return arrays;
}

}  // namespace moat
