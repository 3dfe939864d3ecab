// Convolution as an operator: the problem key, its parser, work and tensors.
#include "kernels/convolution/convolution.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/error.h"
#include "kernels/arguments.h"

namespace moat {
namespace {

constexpr std::int64_t largest_tensor = std::numeric_limits<std::int32_t>::max();
constexpr std::array<std::string_view, 2> layout_names{"nchw", "nhwc"};  // by Layout

bool supported_triple(const Types& types) {
  switch (types.input) {
    case Type::f32:
    case Type::i8:
      return types == default_types(types.input);
    case Type::f16:
    case Type::bf16:
      return types.accumulate == Type::f32 && (types.output == types.input || types.output == Type::f32);
    default:
      return false;
  }
}

constexpr KeyArgument convolution_size(std::string_view name, std::string_view meaning,
                                       std::int64_t least = 1, std::string_view usual = "") {
  return {.name = name, .meaning = meaning, .usual = usual, .least = least, .most = largest_tensor};
}

constexpr KeyArgument convolution_extent(std::string_view name, std::string_view meaning, std::int64_t least,
                                         std::string_view usual) {
  return {.name = name,
          .meaning = meaning,
          .kind = KeyArgument::Kind::extent,
          .usual = usual,
          .least = least,
          .most = largest_tensor};
}

constexpr KeyArgument convolution_type(std::string_view name, std::string_view meaning,
                                       std::string_view usual) {
  return {.name = name, .meaning = meaning, .kind = KeyArgument::Kind::type, .usual = usual};
}

constexpr std::array<KeyArgument, 15> convolution_arguments{
    {convolution_size("n", "images", 0),
     convolution_size("c", "channels of an image"),
     convolution_size("h", "height of an image"),
     convolution_size("w", "width of an image"),
     convolution_size("k", "filters: channels of the output"),
     convolution_size("r", "height of a filter"),
     convolution_size("s", "width of a filter"),
     convolution_extent("stride", "elements from one output to the next", 1, "1"),
     convolution_extent("pad", "zeros around the image", 0, "0"),
     convolution_extent("dilation", "elements of the image from one of the filter's to the next", 1, "1"),
     convolution_size("groups", "into which channels and filters are divided", 1, "1"),
     {.name = "layout",
      .meaning = "order of the images' dimensions",
      .kind = KeyArgument::Kind::word,
      .usual = "nchw",
      .words = layout_names},
     convolution_type("type", "of images and filters", "f32"),
     convolution_type("accumulate", "in what sums are held", "what is usual with the type"),
     convolution_type("output", "of the output", "what is usual with the type")}};

Extent extent_of(const Arguments& values, std::string_view name) {
  const auto [height, width] = values.extent(name);
  return {height, width};
}

std::string extent_text(const Extent& extent) {
  return extent.h == extent.w ? fmt::format("{}", extent.h) : fmt::format("{}x{}", extent.h, extent.w);
}

class Convolution final : public Operator {
 public:
  [[nodiscard]] std::string_view name() const override { return "convolution"; }
  [[nodiscard]] std::string_view convention() const override { return "2·N·K·P·Q·C·R·S/groups operations"; }
  [[nodiscard]] std::string_view key_example() const override {
    return "convolution:n=1,c=64,h=56,w=56,k=64,r=3,s=3,stride=2x1,pad=1,layout=nhwc,type=f16";
  }
  [[nodiscard]] std::span<const KeyArgument> arguments() const override { return convolution_arguments; }
  [[nodiscard]] std::span<const std::string_view> examples() const override {
    // Filters that are square, pointwise and depthwise, in both layouts.
    static constexpr std::array<std::string_view, 5> keys{
        "convolution:n=1,c=128,h=28,w=28,k=128,r=3,s=3,pad=1",
        "convolution:n=1,c=128,h=28,w=28,k=128,r=3,s=3,pad=1,layout=nhwc",
        "convolution:n=1,c=2048,h=7,w=7,k=512,r=1,s=1",
        "convolution:n=1,c=64,h=56,w=56,k=64,r=3,s=3,pad=1,groups=64",
        "convolution:n=1,c=64,h=56,w=56,k=64,r=3,s=3,pad=1,groups=64,layout=nhwc"};
    return keys;
  }
  [[nodiscard]] std::unique_ptr<const Problem> parse(std::string_view text) const override;
  [[nodiscard]] std::span<const Implementation> implementations() const override {
    return convolution_implementations();
  }
};

std::unique_ptr<const Problem> Convolution::parse(std::string_view text) const {
  const Arguments values(name(), key_example(), convolution_arguments, text);
  ConvolutionShape shape;
  for (const auto& [key, size] :
       std::initializer_list<std::pair<std::string_view, std::int64_t*>>{{"n", &shape.n},
                                                                         {"c", &shape.c},
                                                                         {"h", &shape.h},
                                                                         {"w", &shape.w},
                                                                         {"k", &shape.k},
                                                                         {"r", &shape.r},
                                                                         {"s", &shape.s},
                                                                         {"groups", &shape.groups}}) {
    if (key != "groups" || values.has(key)) *size = values.number(key);
  }
  if (values.has("stride")) shape.stride = extent_of(values, "stride");
  if (values.has("pad")) shape.pad = extent_of(values, "pad");
  if (values.has("dilation")) shape.dilation = extent_of(values, "dilation");
  if (values.has("layout")) shape.layout = static_cast<Layout>(values.word("layout"));
  return std::make_unique<ConvolutionProblem>(shape, values.types());
}

// The filter's last element, and the padded image, along one axis.
void check_axis(std::string_view name, std::int64_t image, std::int64_t filter, std::int64_t stride,
                std::int64_t pad, std::int64_t dilation) {
  if (image < 1 || filter < 1 || stride < 1 || pad < 0 || dilation < 1) {
    throw UsageError(fmt::format(
        "convolution: along the {} a size, stride or dilation is below 1 or the padding negative", name));
  }
  if (pad > (largest_tensor - image) / 2 || filter - 1 > (largest_tensor - 1) / dilation ||
      stride > largest_tensor) {
    throw UsageError(
        fmt::format("convolution: the padded image, dilated filter or stride is beyond {} along the {}",
                    largest_tensor, name));
  }
  if (dilation * (filter - 1) + 1 > image + 2 * pad) {
    throw UsageError(
        fmt::format("convolution: a filter of {} with dilation {} does not fit into an image of {} with "
                    "padding {}; the {} has no output",
                    filter, dilation, image, pad, name));
  }
}

void check_tensor(std::string_view name, const std::array<std::int64_t, 4>& shape) {
  std::int64_t elements = 1;
  for (const std::int64_t extent : shape) {
    if (extent == 0) continue;
    if (extent > largest_tensor / elements) {
      throw UsageError(fmt::format("convolution: the {} has more than {} elements", name, largest_tensor));
    }
    elements *= extent;
  }
}

Strides strides_of(Layout layout, std::int64_t channels, std::int64_t height, std::int64_t width) {
  const std::int64_t image = channels * height * width;
  return layout == Layout::nchw ? Strides{image, height * width, width, 1}
                                : Strides{image, 1, width * channels, channels};
}

}  // namespace

Strides input_strides(const ConvolutionShape& s) {
  return strides_of(s.layout, s.c, s.h, s.w);
}
Strides weights_strides(const ConvolutionShape& s) {
  return strides_of(s.layout, s.group_c(), s.r, s.s);
}
Strides output_strides(const ConvolutionShape& s) {
  return strides_of(s.layout, s.k, s.p(), s.q());
}

ConvolutionProblem::ConvolutionProblem(const ConvolutionShape& shape, const Types& types)
    : shape_(shape), types_(types) {
  if (shape.n < 0 || std::min({shape.c, shape.k, shape.groups}) < 1) {
    throw UsageError("convolution: n is at least 0; c, k and groups are at least 1");
  }
  check_axis("height", shape.h, shape.r, shape.stride.h, shape.pad.h, shape.dilation.h);
  check_axis("width", shape.w, shape.s, shape.stride.w, shape.pad.w, shape.dilation.w);
  if (shape.c % shape.groups != 0 || shape.k % shape.groups != 0) {
    throw UsageError(
        fmt::format("convolution: groups={} divides not both c={} and k={}", shape.groups, shape.c, shape.k));
  }
  check_tensor("input", {shape.n, shape.c, shape.h, shape.w});
  check_tensor("filter", {shape.k, shape.group_c(), shape.r, shape.s});
  check_tensor("output", {shape.n, shape.k, shape.p(), shape.q()});
  constexpr std::int64_t longest_i8 = largest_tensor / (128 * 128);
  if (types.input == Type::i8 && shape.depth() > longest_i8) {
    throw UsageError(fmt::format("convolution: {} i8 products in an output can overflow i32; at most {}",
                                 shape.depth(), longest_i8));
  }
  if (!supported_triple(types)) {
    throw UsageError(fmt::format(
        "convolution: type={},accumulate={},output={} is no supported combination; supported are f32, f16 "
        "and bf16 (accumulate=f32; output as the input or f32) and i8 (accumulate=i32,output=i32)",
        name(types.input), name(types.accumulate), name(types.output)));
  }
}

std::string ConvolutionProblem::key() const {
  const ConvolutionShape& s = shape_;
  std::string text =
      fmt::format("convolution:n={},c={},h={},w={},k={},r={},s={}", s.n, s.c, s.h, s.w, s.k, s.r, s.s);
  if (s.stride != Extent{1, 1}) text += ",stride=" + extent_text(s.stride);
  if (s.pad != Extent{0, 0}) text += ",pad=" + extent_text(s.pad);
  if (s.dilation != Extent{1, 1}) text += ",dilation=" + extent_text(s.dilation);
  if (s.groups != 1) text += fmt::format(",groups={}", s.groups);
  if (s.layout == Layout::nhwc) text += ",layout=nhwc";
  text += fmt::format(",type={}", name(types_.input));
  const Types usual = default_types(types_.input);
  if (types_.accumulate != usual.accumulate) text += fmt::format(",accumulate={}", name(types_.accumulate));
  if (types_.output != usual.output) text += fmt::format(",output={}", name(types_.output));
  return text;
}

Work ConvolutionProblem::work() const {
  const auto elements = [](const Tensor& tensor) { return static_cast<double>(tensor.elements()); };
  const auto bytes = [](const Tensor& tensor) { return static_cast<double>(tensor.bytes()); };
  const std::vector<Tensor> all = tensors();
  return {.operations = 2 * elements(all[2]) * static_cast<double>(shape_.depth()),
          .bytes_read = bytes(all[0]) + bytes(all[1]),
          .bytes_written = bytes(all[2])};
}

std::vector<Tensor> ConvolutionProblem::tensors() const {
  const auto stored = [&](std::int64_t outer, std::int64_t channels, std::int64_t height,
                          std::int64_t width) {
    return shape_.layout == Layout::nchw ? std::vector{outer, channels, height, width}
                                         : std::vector{outer, height, width, channels};
  };
  const ConvolutionShape& s = shape_;
  return {{"input", Role::input, types_.input, stored(s.n, s.c, s.h, s.w)},
          {"weights", Role::input, types_.input, stored(s.k, s.group_c(), s.r, s.s)},
          {"output", Role::output, types_.output, stored(s.n, s.k, s.p(), s.q())}};
}

const Operator& convolution_operator() {
  static const Convolution convolution;
  return convolution;
}

}  // namespace moat
