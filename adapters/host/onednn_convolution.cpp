// Convolution through oneDNN's convolution primitive in the layouts of its choice.
// In a network its activations stay in them from layer to layer,
// and weights are brought into theirs once: so both are reordered outside of what is timed,
// before the first and after the last of a series of executions (README.md).
#include <array>

#include "adapters/host/onednn.h"
#include "kernels/convolution/convolution.h"

namespace moat::host {
namespace {

// A tensor as the problem has it, with the group as a dimension of its own where weights need that.
MemoryDescriptor stored(const DnnlSymbols& api, std::array<std::int64_t, 4> sizes, const Strides& strides,
                        std::int64_t groups, int type) {
  if (groups == 1) return {api, sizes, strides, type};
  const std::int64_t filters = sizes[0] / groups;
  const std::array sizes5{groups, filters, sizes[1], sizes[2], sizes[3]};
  const std::array strides5{filters * strides[0], strides[0], strides[1], strides[2], strides[3]};
  return {api, sizes5, strides5, type};
}

// The same in whatever layout the primitive likes best.
MemoryDescriptor any(const DnnlSymbols& api, std::array<std::int64_t, 4> sizes, std::int64_t groups,
                     int type) {
  if (groups == 1) return MemoryDescriptor::any(api, sizes, type);
  const std::array sizes5{groups, sizes[0] / groups, sizes[1], sizes[2], sizes[3]};
  return MemoryDescriptor::any(api, sizes5, type);
}

struct DnnlConvolution {
  std::array<MemoryDescriptor, 3> stored;  // input, weights, output
  PrimitiveDescriptor primitive;
};

Described describe(const Dnnl& library, const ConvolutionShape& s,
                   const std::array<MemoryDescriptor, 3>& liked) {
  const DnnlSymbols& api = library.api;
  const DnnlDims strides{s.stride.h, s.stride.w};
  const DnnlDims dilations{s.dilation.h - 1, s.dilation.w - 1};
  const DnnlDims pads{s.pad.h, s.pad.w};
  Described described;
  if (api.major == 2) {
    DnnlConvolutionDescriptorV2 convolution{};
    described.call = "dnnl_dilated_convolution_forward_desc_init";
    described.status = api.dnnl_dilated_convolution_forward_desc_init(
        &convolution, dnnl_forward_inference_value, dnnl_convolution_direct_value, liked[0].v2(),
        liked[1].v2(), nullptr, liked[2].v2(), strides, dilations, pads, pads);
    if (described.status != dnnl_success_value) return described;
    described.call = "dnnl_primitive_desc_create";
    described.status = api.dnnl_primitive_desc_create(&described.created, &convolution, nullptr,
                                                      library.engine.get(), nullptr);
    return described;
  }
  described.call = "dnnl_convolution_forward_primitive_desc_create";
  described.status = api.dnnl_convolution_forward_primitive_desc_create(
      &described.created, library.engine.get(), dnnl_forward_inference_value, dnnl_convolution_direct_value,
      liked[0].v3(), liked[1].v3(), nullptr, liked[2].v3(), strides, dilations, pads, pads, nullptr);
  return described;
}

OrUnsupported<DnnlConvolution> find_convolution(const Dnnl& library, const ConvolutionProblem& problem) {
  const DnnlSymbols& api = library.api;
  const Types types = problem.types();
  const OrUnsupported<int> input = dnnl_type(api, types.input);
  const OrUnsupported<int> output = dnnl_type(api, types.output);
  for (const auto* type : {&input, &output}) {
    if (const auto* absent = std::get_if<Unsupported>(type)) return *absent;
  }
  const int in = std::get<int>(input);
  const int out = std::get<int>(output);
  const ConvolutionShape& s = problem.shape();
  const std::array image{s.n, s.c, s.h, s.w};
  const std::array filters{s.k, s.group_c(), s.r, s.s};
  const std::array result{s.n, s.k, s.p(), s.q()};
  const std::array liked{any(api, image, 1, in), any(api, filters, s.groups, in), any(api, result, 1, out)};
  OrUnsupported<PrimitiveDescriptor> accepted = accept(library, describe(library, s, liked), types.input);
  if (const auto* absent = std::get_if<Unsupported>(&accepted)) return *absent;
  return DnnlConvolution{
      {stored(api, image, input_strides(s), 1, in), stored(api, filters, weights_strides(s), s.groups, in),
       stored(api, result, output_strides(s), 1, out)},
      std::get<PrimitiveDescriptor>(std::move(accepted))};
}

using Memory = Owned<DnnlMemoryObject>;
using Primitive = Owned<DnnlPrimitiveObject>;

Memory make_memory(const Dnnl& library, const void* descriptor, const void* data) {
  DnnlMemory created = nullptr;
  check_dnnl(
      library.api.dnnl_memory_create(&created, descriptor, library.engine.get(), const_cast<void*>(data)),
      "dnnl_memory_create");
  return {created, {library.api.dnnl_memory_destroy}};
}

Primitive make_primitive(const Dnnl& library, const PrimitiveDescriptor& descriptor) {
  DnnlPrimitive created = nullptr;
  check_dnnl(library.api.dnnl_primitive_create(&created, descriptor.get()), "dnnl_primitive_create");
  return {created, {library.api.dnnl_primitive_destroy}};
}

// A tensor where the problem has it and where the primitive wants it, with the way between them: nothing if
// both lie alike, and then they are the same memory.
class Place {
 public:
  Place(const Dnnl& library, const MemoryDescriptor& stored, const void* liked, std::byte* data,
        bool is_output)
      : stored_(make_memory(library, stored.address(), data)) {
    const DnnlSymbols& api = library.api;
    const void* plain = stored.address();
    if (api.dnnl_memory_desc_equal(plain, liked) != 0) return;
    liked_ = make_memory(library, liked, dnnl_memory_allocate());
    DnnlPrimitiveDescriptor created = nullptr;
    check_dnnl(
        api.dnnl_reorder_primitive_desc_create(&created, is_output ? liked : plain, library.engine.get(),
                                               is_output ? plain : liked, library.engine.get(), nullptr),
        "dnnl_reorder_primitive_desc_create");
    reorder_ = make_primitive(library, {created, {api.dnnl_primitive_desc_destroy}});
    arguments_ = {DnnlArgument{dnnl_argument_src, is_output ? liked_.get() : stored_.get()},
                  DnnlArgument{dnnl_argument_dst, is_output ? stored_.get() : liked_.get()}};
  }
  [[nodiscard]] DnnlMemory memory() const { return liked_ ? liked_.get() : stored_.get(); }
  void reorder(const Dnnl& library) const {
    if (!reorder_) return;
    check_dnnl(library.api.dnnl_primitive_execute(reorder_.get(), library.stream.get(), 2, arguments_.data()),
               "dnnl_primitive_execute(reorder)");
    check_dnnl(library.api.dnnl_stream_wait(library.stream.get()), "dnnl_stream_wait");
  }

 private:
  Memory stored_;
  Memory liked_;
  Primitive reorder_;
  std::array<DnnlArgument, 2> arguments_{};
};

class Convolution final : public DnnlExecutable {
 public:
  Convolution(const std::shared_ptr<const Dnnl>& library, const DnnlConvolution& found,
              std::span<std::byte* const> memory)
      : DnnlExecutable(library),
        input_(*library, found.stored[0], liked(*library, found, dnnl_query_src_md_value), memory[0], false),
        weights_(*library, found.stored[1], liked(*library, found, dnnl_query_weights_md_value), memory[1],
                 false),
        output_(*library, found.stored[2], liked(*library, found, dnnl_query_dst_md_value), memory[2], true),
        primitive_(make_primitive(*library, found.primitive)),
        arguments_{DnnlArgument{dnnl_argument_src, input_.memory()},
                   DnnlArgument{dnnl_argument_weights, weights_.memory()},
                   DnnlArgument{dnnl_argument_dst, output_.memory()}} {}
  void load() override {
    input_.reorder(library());
    weights_.reorder(library());
  }
  void run() override {
    DnnlStream stream = library().stream.get();
    check_dnnl(library().api.dnnl_primitive_execute(primitive_.get(), stream, 3, arguments_.data()),
               "dnnl_primitive_execute(convolution)");
    check_dnnl(library().api.dnnl_stream_wait(stream), "dnnl_stream_wait");
  }
  void leave() override { output_.reorder(library()); }

 private:
  static const void* liked(const Dnnl& library, const DnnlConvolution& found, int what) {
    return library.api.dnnl_primitive_desc_query_md(found.primitive.get(), what, 0);
  }

  Place input_;
  Place weights_;
  Place output_;
  Primitive primitive_;
  std::array<DnnlArgument, 3> arguments_;
};

std::optional<Unsupported> supports(const Dnnl& library, const Problem& problem) {
  const auto found = find_convolution(library, dynamic_cast<const ConvolutionProblem&>(problem));
  if (const auto* absent = std::get_if<Unsupported>(&found)) return *absent;
  return std::nullopt;
}

std::unique_ptr<Executable> prepare(const std::shared_ptr<const Dnnl>& library, const Problem& problem,
                                    std::span<std::byte* const> memory) {
  const auto& convolution = dynamic_cast<const ConvolutionProblem&>(problem);
  return std::make_unique<Convolution>(
      library, std::get<DnnlConvolution>(find_convolution(*library, convolution)), memory);
}

}  // namespace

DnnlUse dnnl_convolution() {
  return {"convolution", supports, prepare};
}

}  // namespace moat::host
