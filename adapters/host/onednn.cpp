// What the uses of oneDNN share.
#include "adapters/host/onednn.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace moat::host {

namespace {

std::string_view meaning(int status) {
  switch (status) {
    case dnnl_out_of_memory_value:
      return "it found no memory";
    case dnnl_invalid_arguments_value:
      return "it refuses the arguments";
    case dnnl_unimplemented_value:
      return "it has no kernel for this";
    case dnnl_runtime_error_value:
      return "an error while it ran";
    case dnnl_not_required_value:
      return "there is nothing to do";
    default:
      return "a status that Moat does not know";
  }
}

}  // namespace

std::string dnnl_status_text(int status) {
  switch (status) {
#define MOAT_DNNL_CASE(name, value) \
  case value:                       \
    return "dnnl_" #name " (" #value ")";
    MOAT_DNNL_STATUSES(MOAT_DNNL_CASE)
#undef MOAT_DNNL_CASE
    default:
      return fmt::format("status {}", status);
  }
}

void check_dnnl(int status, std::string_view call) {
  if (status == dnnl_success_value) return;
  const std::string text = fmt::format("{} gave {}: {}", call, dnnl_status_text(status), meaning(status));
  if (status == dnnl_out_of_memory_value) throw OutOfMemory(text);
  throw DeviceError(text);
}

std::string instruction_set(const DnnlSymbols& api) {
  const int isa = api.dnnl_get_effective_cpu_isa();
#define MOAT_DNNL_CASE(name, value) \
  if (isa == (value)) return #name;
  MOAT_DNNL_ISAS(MOAT_DNNL_CASE)
  if (api.major == 2) {
    MOAT_DNNL_ISAS_V2(MOAT_DNNL_CASE)
  } else {
    MOAT_DNNL_ISAS_V3(MOAT_DNNL_CASE)
  }
#undef MOAT_DNNL_CASE
  return fmt::format("an instruction set that Moat has no name for ({:#x})", isa);
}

OrUnsupported<int> dnnl_type(const DnnlSymbols& api, Type type) {
  switch (type) {
    case Type::f32:
      return dnnl_f32_value;
    case Type::f16:
      return dnnl_f16_value;
    case Type::bf16:
      return dnnl_bf16_value;
    case Type::i8:
      return dnnl_s8_value;
    case Type::i32:
      return dnnl_s32_value;
    case Type::f64:
      if (api.major >= 3) return dnnl_f64_value_v3;
      break;
    default:
      break;
  }
  return Unsupported{fmt::format("oneDNN {} has no element type {}", api.major, name(type))};
}

MemoryDescriptor::MemoryDescriptor(const DnnlSymbols& api, std::span<const std::int64_t> sizes,
                                   std::span<const std::int64_t> strides, int type) {
  DnnlDims dims{};
  DnnlDims steps{};
  std::copy(sizes.begin(), sizes.end(), dims);
  std::copy(strides.begin(), strides.end(), steps);
  const auto dimensions = static_cast<int>(sizes.size());
  if (api.major == 2) {
    check_dnnl(api.dnnl_memory_desc_init_by_strides(&v2_, dimensions, dims, type, steps),
               "dnnl_memory_desc_init_by_strides");
  } else {
    DnnlMemoryDescriptorV3 created = nullptr;
    check_dnnl(api.dnnl_memory_desc_create_with_strides(&created, dimensions, dims, type, steps),
               "dnnl_memory_desc_create_with_strides");
    v3_ = {created, {api.dnnl_memory_desc_destroy}};
  }
}

MemoryDescriptor MemoryDescriptor::any(const DnnlSymbols& api, std::span<const std::int64_t> sizes,
                                       int type) {
  DnnlDims dims{};
  std::copy(sizes.begin(), sizes.end(), dims);
  const auto dimensions = static_cast<int>(sizes.size());
  MemoryDescriptor descriptor;
  if (api.major == 2) {
    check_dnnl(
        api.dnnl_memory_desc_init_by_tag(&descriptor.v2_, dimensions, dims, type, dnnl_format_tag_any_value),
        "dnnl_memory_desc_init_by_tag");
  } else {
    DnnlMemoryDescriptorV3 created = nullptr;
    check_dnnl(
        api.dnnl_memory_desc_create_with_tag(&created, dimensions, dims, type, dnnl_format_tag_any_value),
        "dnnl_memory_desc_create_with_tag");
    descriptor.v3_ = {created, {api.dnnl_memory_desc_destroy}};
  }
  return descriptor;
}

OrUnsupported<PrimitiveDescriptor> accept(const Dnnl& library, const Described& described, Type input) {
  const DnnlSymbols& api = library.api;
  if (described.status == dnnl_unimplemented_value || described.status == dnnl_invalid_arguments_value) {
    return Unsupported{fmt::format("oneDNN {} has no kernel for {} inputs on {} ({} gave {})", api.major,
                                   name(input), instruction_set(api), described.call,
                                   dnnl_status_text(described.status))};
  }
  check_dnnl(described.status, described.call);
  PrimitiveDescriptor descriptor{described.created, {api.dnnl_primitive_desc_destroy}};
  const char* implementation = nullptr;
  check_dnnl(
      api.dnnl_primitive_desc_query(descriptor.get(), dnnl_query_impl_info_str_value, 0, &implementation),
      "dnnl_primitive_desc_query(impl_info_str)");
  if (std::string_view(implementation).starts_with("ref")) {
    return Unsupported{fmt::format("oneDNN has only its reference code ({}) for {} inputs on {}",
                                   implementation, name(input), instruction_set(api))};
  }
  return descriptor;
}

Described describe_matmul(const Dnnl& library, const MemoryDescriptor& a, const MemoryDescriptor& b,
                          const MemoryDescriptor& c) {
  const DnnlSymbols& api = library.api;
  Described described;
  if (api.major == 2) {
    DnnlMatmulDescriptorV2 matmul{};
    described.call = "dnnl_matmul_desc_init";
    described.status = api.dnnl_matmul_desc_init(&matmul, a.v2(), b.v2(), nullptr, c.v2());
    if (described.status != dnnl_success_value) return described;
    described.call = "dnnl_primitive_desc_create";
    described.status =
        api.dnnl_primitive_desc_create(&described.created, &matmul, nullptr, library.engine.get(), nullptr);
    return described;
  }
  described.call = "dnnl_matmul_primitive_desc_create";
  described.status = api.dnnl_matmul_primitive_desc_create(&described.created, library.engine.get(), a.v3(),
                                                           b.v3(), nullptr, c.v3(), nullptr);
  return described;
}

void DnnlExecutable::enter() {
  library_->api.openmp.set_threads(library_->threads);
}

void DnnlPrimitives::add(std::string_view name, const PrimitiveDescriptor& descriptor,
                         std::span<const Binding> bindings) {
  const DnnlSymbols& api = library().api;
  Call call;
  call.name = name;
  DnnlPrimitive primitive = nullptr;
  check_dnnl(api.dnnl_primitive_create(&primitive, descriptor.get()), "dnnl_primitive_create");
  call.primitive = {primitive, {api.dnnl_primitive_destroy}};
  for (const Binding& binding : bindings) {
    DnnlMemory created = nullptr;
    check_dnnl(api.dnnl_memory_create(&created, binding.descriptor->address(), library().engine.get(),
                                      const_cast<std::byte*>(binding.data)),
               "dnnl_memory_create");
    call.memory.push_back({created, {api.dnnl_memory_destroy}});
    call.arguments.push_back({binding.argument, created});
  }
  calls_.push_back(std::move(call));
}

void DnnlPrimitives::run() {
  const DnnlSymbols& api = library().api;
  DnnlStream stream = library().stream.get();
  for (const Call& call : calls_) {
    const int status =
        api.dnnl_primitive_execute(call.primitive.get(), stream, static_cast<int>(call.arguments.size()),
                                   const_cast<DnnlArgument*>(call.arguments.data()));
    if (status != dnnl_success_value) {
      check_dnnl(status, fmt::format("dnnl_primitive_execute({})", call.name));
    }
  }
  check_dnnl(api.dnnl_stream_wait(stream), "dnnl_stream_wait");
}

}  // namespace moat::host
