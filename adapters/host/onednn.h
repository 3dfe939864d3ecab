// What the uses of oneDNN share, over versions 2.x and 3.x: owned objects, memory descriptors, primitives in
// order. One operator per onednn_*.cpp; library_onednn.cpp makes them a library.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/host/library.h"
#include "adapters/host/symbols.h"

namespace moat::host {

/// An object of the library with its destructor, whose status nobody could act on.
template <class Object>
struct Destroy {
  int (*destroy)(Object*) = nullptr;
  void operator()(Object* object) const { static_cast<void>(destroy(object)); }
};
template <class Object>
using Owned = std::unique_ptr<Object, Destroy<Object>>;

/// Throws OutOfMemory or DeviceError unless `status` is success; `call` names what gave it.
void check_dnnl(int status, std::string_view call);
/// "dnnl_unimplemented (3)".
[[nodiscard]] std::string dnnl_status_text(int status);

/// The loaded library with its CPU engine and a stream.
struct Dnnl {
  DnnlSymbols api;
  unsigned asked = 1;    // threads
  unsigned threads = 1;  // granted
  Owned<DnnlEngineObject> engine;
  Owned<DnnlStreamObject> stream;
};

/// Instruction set for which the library makes its kernels.
[[nodiscard]] std::string instruction_set(const DnnlSymbols& api);

/// Element type in oneDNN's numbering, or what is missing.
[[nodiscard]] OrUnsupported<int> dnnl_type(const DnnlSymbols& api, Type type);

/// How a tensor lies in memory: logical sizes and, per dimension, the elements from one index to the next.
class MemoryDescriptor {
 public:
  MemoryDescriptor(const DnnlSymbols& api, std::span<const std::int64_t> sizes,
                   std::span<const std::int64_t> strides, int type);
  /// Whatever layout the primitive that it is given to likes best.
  [[nodiscard]] static MemoryDescriptor any(const DnnlSymbols& api, std::span<const std::int64_t> sizes,
                                            int type);
  [[nodiscard]] const DnnlMemoryDescriptorV2* v2() const { return &v2_; }
  [[nodiscard]] const DnnlMemoryDescriptorObject* v3() const { return v3_.get(); }
  [[nodiscard]] const void* address() const { return v3_ ? static_cast<const void*>(v3_.get()) : &v2_; }

 private:
  MemoryDescriptor() = default;

  DnnlMemoryDescriptorV2 v2_{};
  Owned<DnnlMemoryDescriptorObject> v3_;
};

using PrimitiveDescriptor = Owned<DnnlPrimitiveDescriptorObject>;

/// A descriptor's creation as the versions' calls gave it.
struct Described {
  int status = 0;
  DnnlPrimitiveDescriptor created = nullptr;
  std::string_view call;  // that gave the status
};
/// What oneDNN itself says to a problem with inputs of `input`;
/// its plain C++ fallback, two orders slower, is no answer.
[[nodiscard]] OrUnsupported<PrimitiveDescriptor> accept(const Dnnl& library, const Described& described,
                                                        Type input);

/// C = A·B of matrices or batches of them, the one place where the versions' calls for a matmul differ.
[[nodiscard]] Described describe_matmul(const Dnnl& library, const MemoryDescriptor& a,
                                        const MemoryDescriptor& b, const MemoryDescriptor& c);

class DnnlExecutable : public HostExecutable {
 public:
  explicit DnnlExecutable(std::shared_ptr<const Dnnl> library) : library_(std::move(library)) {}
  void enter() override;
  [[nodiscard]] std::string_view runtime() const override { return "onednn"; }

 protected:
  [[nodiscard]] const Dnnl& library() const { return *library_; }

 private:
  std::shared_ptr<const Dnnl> library_;
};

/// One argument of a primitive. oneDNN's memory object has one kind of pointer for all roles.
struct Binding {
  int argument = 0;  // DNNL_ARG_SRC …
  const MemoryDescriptor* descriptor = nullptr;
  const std::byte* data = nullptr;
};

/// Primitives that run one after the other.
class DnnlPrimitives final : public DnnlExecutable {
 public:
  using DnnlExecutable::DnnlExecutable;
  /// `name`, of static lifetime, for messages: "matmul".
  void add(std::string_view name, const PrimitiveDescriptor& descriptor, std::span<const Binding> bindings);
  void run() override;

 private:
  struct Call {
    std::string_view name;
    Owned<DnnlPrimitiveObject> primitive;
    std::vector<Owned<DnnlMemoryObject>> memory;
    std::vector<DnnlArgument> arguments;
  };
  std::vector<Call> calls_;
};

/// One operator's use of oneDNN.
struct DnnlUse {
  std::string_view operator_name;
  std::optional<Unsupported> (*supports)(const Dnnl& library, const Problem& problem);
  /// `memory` as tensor_memory() gives it.
  std::unique_ptr<Executable> (*prepare)(const std::shared_ptr<const Dnnl>& library, const Problem& problem,
                                         std::span<std::byte* const> memory);
};
[[nodiscard]] DnnlUse dnnl_convolution();
[[nodiscard]] DnnlUse dnnl_gemm();
[[nodiscard]] DnnlUse dnnl_attention();

}  // namespace moat::host
