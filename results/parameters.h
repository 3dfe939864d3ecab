// Parameters of the project's kernels in JSON: {"METHOD": "packed", "TILE_M": 12}. Must not know files, nor
// what an operator's methods do.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/json_fields.h"
#include "kernels/implementation.h"

namespace moat {

/// METHOD first, where there is one.
void encode(const JsonSink& to, const Parameters& parameters);
/// Files of earlier schemas give METHOD as a number,
/// which is left among the values: name_method knows what it means.
void decode(const JsonSource& from, Parameters& parameters);
[[nodiscard]] Json parameters_json(const Parameters& parameters);

/// What METHOD=`number` meant in records and tuning files of schema 1: gemm 0 tiled, 1 packed, 2 dots, 3
/// lanes, 4 matrices; attention 0 grouped, 1 fused, 2 decode, 3 lanes; convolution 0 tiled, 1 packed, 2
/// direct, 3 lanes. Nothing for any other.
[[nodiscard]] std::optional<std::string_view> method_of_number(std::string_view operator_name,
                                                               std::int64_t number);

/// Gives the method its name if it was read as a number that means one.
void name_method(Parameters& parameters, std::string_view operator_name);

}  // namespace moat
