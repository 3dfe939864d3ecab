// oneDNN through its matmul primitive, versions 2.x and 3.x, which differ only in how a primitive is
// described; and through its sgemm for f32 products that are thin, where that is faster (README.md has the
// figures).
#include <fmt/format.h>

#include <array>

#include "adapters/host/library.h"
#include "adapters/host/symbols.h"
#include "kernels/error.h"

namespace moat::host {
namespace {

// An object of the library with its destructor, whose status nobody could act on.
template <class Object>
struct Destroy {
  int (*destroy)(Object*) = nullptr;
  void operator()(Object* object) const { static_cast<void>(destroy(object)); }
};
template <class Object>
using Owned = std::unique_ptr<Object, Destroy<Object>>;

std::string status_text(int status) {
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

void check(int status, std::string_view call) {
  if (status == dnnl_success_value) return;
  const std::string text = fmt::format("{} gave {}", call, status_text(status));
  if (status == dnnl_out_of_memory_value) throw OutOfMemory(text);
  throw DeviceError(text);
}

struct Dnnl {
  DnnlSymbols api;
  unsigned threads = 1;
  Owned<DnnlEngineObject> engine;
  Owned<DnnlStreamObject> stream;
};

// Element type in oneDNN's numbering, if this version has it.
std::optional<int> data_type(const DnnlSymbols& api, Type type) {
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
      return api.major >= 3 ? std::optional(dnnl_f64_value_v3) : std::nullopt;
    default:
      return std::nullopt;
  }
}

// A matrix or a batch of them: logical rows x columns, with strides that say how it is stored.
class MemoryDescriptor {
 public:
  MemoryDescriptor(const DnnlSymbols& api, std::int64_t batch, std::int64_t rows, std::int64_t columns,
                   bool transposed, int type) {
    const std::int64_t row_stride = transposed ? 1 : columns;
    const std::int64_t column_stride = transposed ? rows : 1;
    const bool plain = batch == 1;
    const DnnlDims dims{plain ? rows : batch, plain ? columns : rows, plain ? 0 : columns};
    const DnnlDims strides{plain ? row_stride : rows * columns, plain ? column_stride : row_stride,
                           plain ? 0 : column_stride};
    const int dimensions = plain ? 2 : 3;
    if (api.major == 2) {
      check(api.dnnl_memory_desc_init_by_strides(&v2_, dimensions, dims, type, strides),
            "dnnl_memory_desc_init_by_strides");
    } else {
      DnnlMemoryDescriptorV3 created = nullptr;
      check(api.dnnl_memory_desc_create_with_strides(&created, dimensions, dims, type, strides),
            "dnnl_memory_desc_create_with_strides");
      v3_ = {created, {api.dnnl_memory_desc_destroy}};
    }
  }
  [[nodiscard]] const DnnlMemoryDescriptorV2* v2() const { return &v2_; }
  [[nodiscard]] const DnnlMemoryDescriptorObject* v3() const { return v3_.get(); }
  [[nodiscard]] const void* address() const { return v3_ ? static_cast<const void*>(v3_.get()) : &v2_; }

 private:
  DnnlMemoryDescriptorV2 v2_{};
  Owned<DnnlMemoryDescriptorObject> v3_;
};

struct GemmDescriptors {
  MemoryDescriptor a, b, c;
};

GemmDescriptors describe(const DnnlSymbols& api, const GemmProblem& problem, int input, int output) {
  const GemmShape& s = problem.shape();
  return {MemoryDescriptor(api, s.batch, s.m, s.k, s.transpose_a, input),
          MemoryDescriptor(api, s.batch, s.k, s.n, s.transpose_b, input),
          MemoryDescriptor(api, s.batch, s.m, s.n, false, output)};
}

// The one place where the versions' calls for a matmul differ. `call` names the call that gave the status.
int describe_matmul(const Dnnl& library, const GemmDescriptors& d, DnnlPrimitiveDescriptor& created,
                    std::string_view& call) {
  const DnnlSymbols& api = library.api;
  if (api.major == 2) {
    DnnlMatmulDescriptorV2 matmul{};
    call = "dnnl_matmul_desc_init";
    const int status = api.dnnl_matmul_desc_init(&matmul, d.a.v2(), d.b.v2(), nullptr, d.c.v2());
    if (status != dnnl_success_value) return status;
    call = "dnnl_primitive_desc_create";
    return api.dnnl_primitive_desc_create(&created, &matmul, nullptr, library.engine.get(), nullptr);
  }
  call = "dnnl_matmul_primitive_desc_create";
  return api.dnnl_matmul_primitive_desc_create(&created, library.engine.get(), d.a.v3(), d.b.v3(), nullptr,
                                               d.c.v3(), nullptr);
}

struct Matmul {
  GemmDescriptors descriptors;
  Owned<DnnlPrimitiveDescriptorObject> primitive;
};

std::string instruction_set(const DnnlSymbols& api) {
  const int isa = api.dnnl_get_effective_cpu_isa();
  switch (isa) {
#define MOAT_DNNL_CASE(name, value) \
  case value:                       \
    return #name;
    MOAT_DNNL_ISAS(MOAT_DNNL_CASE)
#undef MOAT_DNNL_CASE
    default:
      return fmt::format("{:#x} of dnnl_cpu_isa_t", isa);
  }
}

// What oneDNN itself says to the problem; its plain C++ fallback, two orders slower, is no answer.
OrUnsupported<Matmul> find_matmul(const Dnnl& library, const GemmProblem& problem) {
  const DnnlSymbols& api = library.api;
  const Types types = problem.types();
  const std::optional<int> input = data_type(api, types.input);
  const std::optional<int> output = data_type(api, types.output);
  if (!input || !output) {
    return Unsupported{
        fmt::format("oneDNN {} has no element type {}", api.major, name(input ? types.output : types.input))};
  }
  Matmul matmul{describe(api, problem, *input, *output), {}};
  DnnlPrimitiveDescriptor created = nullptr;
  std::string_view call;
  const int status = describe_matmul(library, matmul.descriptors, created, call);
  if (status == dnnl_unimplemented_value || status == dnnl_invalid_arguments_value) {
    return Unsupported{fmt::format("{} gave {} for {} inputs on {}", call, status_text(status),
                                   name(types.input), instruction_set(api))};
  }
  check(status, call);
  matmul.primitive = {created, {api.dnnl_primitive_desc_destroy}};
  const char* implementation = nullptr;
  check(api.dnnl_primitive_desc_query(created, dnnl_query_impl_info_str_value, 0, &implementation),
        "dnnl_primitive_desc_query(impl_info_str)");
  if (std::string_view(implementation).starts_with("ref")) {
    return Unsupported{fmt::format("oneDNN has only its reference code ({}) for {} inputs on {}",
                                   implementation, name(types.input), instruction_set(api))};
  }
  return matmul;
}

class DnnlExecutable : public HostExecutable {
 public:
  explicit DnnlExecutable(std::shared_ptr<const Dnnl> library) : library_(std::move(library)) {}
  void enter() override {
    if (library_->api.omp_set_num_threads != nullptr) {
      library_->api.omp_set_num_threads(static_cast<int>(library_->threads));
    }
  }
  [[nodiscard]] std::string_view runtime() const override { return "onednn"; }

 protected:
  [[nodiscard]] const Dnnl& library() const { return *library_; }

 private:
  std::shared_ptr<const Dnnl> library_;
};

class DnnlMatmul final : public DnnlExecutable {
 public:
  DnnlMatmul(const std::shared_ptr<const Dnnl>& library, const Matmul& matmul, const GemmMemory& memory)
      : DnnlExecutable(library) {
    const DnnlSymbols& api = library->api;
    DnnlPrimitive primitive = nullptr;
    check(api.dnnl_primitive_create(&primitive, matmul.primitive.get()), "dnnl_primitive_create");
    primitive_ = {primitive, {api.dnnl_primitive_destroy}};
    // A source is read only; oneDNN's memory object has one kind of pointer for all roles.
    bind(0, dnnl_argument_src, matmul.descriptors.a, const_cast<std::byte*>(memory.a));
    bind(1, dnnl_argument_weights, matmul.descriptors.b, const_cast<std::byte*>(memory.b));
    bind(2, dnnl_argument_dst, matmul.descriptors.c, memory.c);
  }
  void run() override {
    const DnnlSymbols& api = library().api;
    DnnlStream stream = library().stream.get();
    check(api.dnnl_primitive_execute(primitive_.get(), stream, static_cast<int>(arguments_.size()),
                                     arguments_.data()),
          "dnnl_primitive_execute(matmul)");
    check(api.dnnl_stream_wait(stream), "dnnl_stream_wait");
  }

 private:
  void bind(std::size_t position, int index, const MemoryDescriptor& descriptor, std::byte* data) {
    const DnnlSymbols& api = library().api;
    DnnlMemory created = nullptr;
    check(api.dnnl_memory_create(&created, descriptor.address(), library().engine.get(), data),
          "dnnl_memory_create");
    memory_.at(position) = {created, {api.dnnl_memory_destroy}};
    arguments_.at(position) = {index, created};
  }

  std::array<Owned<DnnlMemoryObject>, 3> memory_;
  std::array<DnnlArgument, 3> arguments_{};
  Owned<DnnlPrimitiveObject> primitive_;
};

class DnnlSgemm final : public DnnlExecutable {
 public:
  DnnlSgemm(const std::shared_ptr<const Dnnl>& library, const GemmShape& shape, const GemmMemory& memory)
      : DnnlExecutable(library), shape_(shape), memory_(memory) {}
  void run() override {
    const GemmShape& s = shape_;
    check(library().api.dnnl_sgemm(s.transpose_a ? 'T' : 'N', s.transpose_b ? 'T' : 'N', s.m, s.n, s.k, 1.0F,
                                   reinterpret_cast<const float*>(memory_.a), s.transpose_a ? s.m : s.k,
                                   reinterpret_cast<const float*>(memory_.b), s.transpose_b ? s.k : s.n, 0.0F,
                                   reinterpret_cast<float*>(memory_.c), s.n),
          "dnnl_sgemm");
  }

 private:
  GemmShape shape_;
  GemmMemory memory_;
};

// Where sgemm was measured to be the faster of the two (README.md); batches have no sgemm.
bool sgemm_is_faster(const GemmProblem& problem) {
  const GemmShape& s = problem.shape();
  if (problem.types().input != Type::f32 || s.batch != 1) return false;
  return s.n == 1 || s.m <= 4 || (s.m <= 32 && !s.transpose_b);
}

class Onednn final : public Library {
 public:
  explicit Onednn(std::shared_ptr<const Dnnl> library) : library_(std::move(library)) {}
  [[nodiscard]] std::string implementation() const override { return "library/onednn"; }

  [[nodiscard]] std::string version() const override {
    const DnnlVersion& v = *library_->api.dnnl_version();
    const std::string_view runtime = v.cpu_runtime == dnnl_runtime_openmp       ? "OpenMP"
                                     : v.cpu_runtime == dnnl_runtime_tbb        ? "TBB"
                                     : v.cpu_runtime == dnnl_runtime_sequential ? "no threads"
                                                                                : "its own threads";
    return fmt::format("oneDNN {}.{}.{}, kernels for {}, {} threads by {}, {}", v.major, v.minor, v.patch,
                       instruction_set(library_->api), library_->threads, runtime, library_->api.path);
  }

  [[nodiscard]] std::optional<Unsupported> supports(const Problem& problem) const override {
    const GemmProblem* gemm = as_gemm(problem);
    if (gemm == nullptr) {
      return Unsupported{fmt::format("no use of oneDNN for {} yet", problem.operator_name())};
    }
    const OrUnsupported<Matmul> matmul = find_matmul(*library_, *gemm);
    if (const auto* absent = std::get_if<Unsupported>(&matmul)) return *absent;
    return std::nullopt;
  }

  [[nodiscard]] std::unique_ptr<Executable> prepare(const Problem& problem,
                                                    std::span<Buffer* const> buffers) override {
    const GemmProblem& gemm = supported_gemm(*this, problem);
    const GemmMemory memory = gemm_memory(gemm, buffers);
    if (sgemm_is_faster(gemm)) return std::make_unique<DnnlSgemm>(library_, gemm.shape(), memory);
    return std::make_unique<DnnlMatmul>(library_, std::get<Matmul>(find_matmul(*library_, gemm)), memory);
  }

 private:
  std::shared_ptr<const Dnnl> library_;
};

}  // namespace

OrUnsupported<std::unique_ptr<Library>> make_onednn(unsigned threads) {
  static const std::array<std::string, 2> names{"libdnnl.so.3", "libdnnl.so.2"};
  auto loaded = load_dnnl(names);
  if (const auto* absent = std::get_if<Unsupported>(&loaded)) return *absent;
  auto library = std::make_shared<Dnnl>();
  library->api = std::get<DnnlSymbols>(std::move(loaded));
  library->threads = threads;
  DnnlEngine engine = nullptr;
  int status = library->api.dnnl_engine_create(&engine, dnnl_cpu_value, 0);
  if (status != dnnl_success_value) {
    return Unsupported{
        fmt::format("{}: dnnl_engine_create(cpu, 0) gave {}", library->api.path, status_text(status))};
  }
  library->engine = {engine, {library->api.dnnl_engine_destroy}};
  DnnlStream stream = nullptr;
  status = library->api.dnnl_stream_create(&stream, engine, dnnl_stream_default_flags_value);
  if (status != dnnl_success_value) {
    return Unsupported{fmt::format("{}: dnnl_stream_create gave {}", library->api.path, status_text(status))};
  }
  library->stream = {stream, {library->api.dnnl_stream_destroy}};
  return std::make_unique<Onednn>(std::move(library));
}

}  // namespace moat::host
