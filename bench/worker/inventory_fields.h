// The fields of the inventory, each list once: for the pipe between coordinator and worker and for
// `moat devices --json`. The grammar is base/json_fields.h's.
#pragma once

#include "base/json_fields.h"
#include "bench/plan/listed_device.h"
#include "results/record_fields.h"

namespace moat {

template <>
inline constexpr auto parse_word<DeviceKind> = &parse_device_kind;
template <>
inline constexpr auto parse_word<Language> = &parse_language;
template <>
inline constexpr auto parse_word<MatrixExtension> = &parse_matrix_extension;

template <class Visit, MaybeConst<MatrixShape> T>
void visit_fields(const Visit& visit, T& shape) {
  auto& [input, accumulate, m, n, k, extension] = shape;
  visit("input", input);
  visit("accumulate", accumulate);
  visit("m", m);
  visit("n", n);
  visit("k", k);
  visit("extension", extension);
}

template <class Visit, MaybeConst<Traits> T>
void visit_fields(const Visit& visit, T& traits) {
  auto& [kind, language, compute_units, max_group_size, max_group_shape, local_memory_bytes,
         local_memory_is_dedicated, global_memory_bytes, max_allocation_bytes, max_argument_bytes,
         last_level_cache_bytes, native_vector_f32, has_f64, has_f16, has_16_bit_storage, has_8_bit_storage,
         has_i64, has_integer_dot, subgroup_size, max_groups, loop_rounds, matrix_shapes] = traits;
  visit("kind", kind);
  visit("language", language);
  visit("compute_units", compute_units);
  visit("max_group_size", max_group_size);
  visit("max_group_shape", max_group_shape);
  visit("local_memory_bytes", local_memory_bytes);
  visit("local_memory_is_dedicated", local_memory_is_dedicated);
  visit("global_memory_bytes", global_memory_bytes);
  visit("max_allocation_bytes", max_allocation_bytes);
  visit("max_argument_bytes", max_argument_bytes);
  visit("last_level_cache_bytes", last_level_cache_bytes);
  visit("native_vector_f32", native_vector_f32);
  visit("has_f64", has_f64);
  visit("has_f16", has_f16);
  visit("has_16_bit_storage", has_16_bit_storage);
  visit("has_8_bit_storage", has_8_bit_storage);
  visit("has_i64", has_i64);
  visit("has_integer_dot", has_integer_dot);
  visit("subgroup_size", subgroup_size);
  visit("max_groups", max_groups);
  visit("loop_rounds", loop_rounds);
  visit("matrix_shapes", matrix_shapes);
}

template <class Visit, MaybeConst<Clock> T>
void visit_fields(const Visit& visit, T& clock) {
  auto& [name, resolution_seconds] = clock;
  visit("name", name);
  visit("resolution_seconds", resolution_seconds);
}

template <class Visit, MaybeConst<ListedLibrary> T>
void visit_fields(const Visit& visit, T& library) {
  auto& [implementation, version, operators] = library;
  visit("implementation", implementation);
  visit("version", version);
  visit("operators", operators);
}

template <class Visit, MaybeConst<DriverFile> T>
void visit_fields(const Visit& visit, T& driver) {
  auto& [file, library, fault] = driver;
  visit("file", file);
  visit("library", library);
  visit("fault", fault);
}

template <class Visit, MaybeConst<DriverFiles> T>
void visit_fields(const Visit& visit, T& files) {
  auto& [drivers, layers, absence, mending, installing] = files;
  visit("drivers", drivers);
  visit("layers", layers);
  visit("absence", absence);
  visit("mending", mending);
  visit("installing", installing);
}

template <class Visit, MaybeConst<AvoidedLibrary> T>
void visit_fields(const Visit& visit, T& library) {
  auto& [file, reason] = library;
  visit("file", file);
  visit("reason", reason);
}

template <class Visit, MaybeConst<DeviceRoute> T>
void visit_fields(const Visit& visit, T& route) {
  auto& [driver, without, avoided, index] = route;
  visit("driver", driver);
  visit("without", without);
  visit("avoided", avoided);
  visit("index", index);
}

template <class Visit, MaybeConst<ListedDriver> T>
void visit_fields(const Visit& visit, T& driver) {
  auto& [file, library, devices, fault, is_defect] = driver;
  visit("file", file);
  visit("library", library);
  visit("devices", devices);
  visit("fault", fault);
  visit("is_defect", is_defect);
}

// The facts of its DeviceInfo stand among its own.
template <class Visit, MaybeConst<ListedDevice> T>
void visit_fields(const Visit& visit, T& device) {
  auto& [id, adapter, info, libraries, absent_libraries, fault, route] = device;
  auto& [name, vendor, driver, architecture, platform, traits, clock, emulated, identities, rank, details] =
      info;
  visit("id", id);
  visit("adapter", adapter);
  visit("name", name);
  visit("vendor", vendor);
  visit("driver", driver);
  visit("architecture", architecture);
  visit("platform", platform);
  visit("emulated", emulated);
  visit("identities", identities);
  visit("rank", rank);
  visit("clock", clock);
  visit("traits", traits);
  visit("details", details);
  visit("libraries", libraries);
  visit("absent_libraries", absent_libraries);
  visit("fault", fault);
  visit("route", route);
}

template <class Visit, MaybeConst<ListedAdapter> T>
void visit_fields(const Visit& visit, T& adapter) {
  auto& [name, absence, devices, drivers, layers] = adapter;
  visit("name", name);
  visit("absence", absence);
  visit("devices", devices);
  visit("drivers", drivers);
  visit("layers", layers);
}

}  // namespace moat
