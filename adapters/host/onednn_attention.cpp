// Attention as a composition of oneDNN's primitives: matmul, softmax, matmul. Block by block of queries, so
// that the scores in between stay in caches and little of what a causal mask hides is computed. The mask
// itself is written here: oneDNN has only its reference code for adding one to a part of a matrix.
#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <new>

#include "adapters/host/onednn.h"
#include "kernels/attention/attention.h"

namespace moat::host {
namespace {

// Scores of a block: what two cores' second-level caches hold (README.md has the figures).
constexpr std::int64_t most_scores = 2 << 18;
// Half of a masked block's last scores, as many as it has rows, are computed in vain.
constexpr std::int64_t most_masked_rows = 128;

// `rows` neighbouring rows of each of `heads` neighbouring heads, over the first `keys` keys. Under a causal
// mask the block has one head, and its last `rows` keys are seen by some of its rows only.
struct Block {
  std::int64_t key_value_head = 0;
  std::int64_t first_row = 0;  // of batch * query_heads * queries
  std::int64_t heads = 1;
  std::int64_t rows = 1;
  std::int64_t keys = 1;
  bool masked = false;
};

std::vector<Block> cut(const AttentionShape& s) {
  std::vector<Block> blocks;
  const bool masked = s.causal && s.queries > 1;
  const std::int64_t rows = masked ? s.queries : s.rows();  // that lie together and see alike
  const std::int64_t most_rows =
      std::clamp<std::int64_t>(most_scores / s.keys, 1, masked ? std::min(rows, most_masked_rows) : rows);
  const std::int64_t key_value_heads = s.batch * s.key_value_heads;
  const std::int64_t most_heads =
      masked || most_rows < rows
          ? 1
          : std::clamp<std::int64_t>(most_scores / (rows * s.keys), 1, key_value_heads);
  const std::int64_t strips = s.batch * s.query_heads * s.queries / rows;
  for (std::int64_t strip = 0; strip < strips; strip += most_heads) {
    for (std::int64_t row = 0; row < rows; row += most_rows) {
      Block block;
      block.first_row = strip * rows + row;
      block.key_value_head = block.first_row / s.rows();
      block.heads = std::min(most_heads, strips - strip);
      block.rows = std::min(most_rows, rows - row);
      block.keys = masked ? s.visible(row + block.rows - 1) : s.keys;
      block.masked = masked && block.rows > 1;
      blocks.push_back(block);
    }
  }
  return blocks;
}

// heads x rows x columns; a single head is left out.
MemoryDescriptor batch_of(const DnnlSymbols& api, const std::array<std::int64_t, 3>& sizes,
                          const std::array<std::int64_t, 3>& strides, int type) {
  const std::size_t skipped = sizes[0] == 1 ? 1 : 0;
  return {api, std::span(sizes).subspan(skipped), std::span(strides).subspan(skipped), type};
}

// c = a·b element by element, b spread where it has one.
Described describe_product(const Dnnl& library, const MemoryDescriptor& a, const MemoryDescriptor& b,
                           const MemoryDescriptor& c) {
  const DnnlSymbols& api = library.api;
  Described described;
  if (api.major == 2) {
    DnnlBinaryDescriptorV2 binary{};
    described.call = "dnnl_binary_desc_init";
    described.status = api.dnnl_binary_desc_init(&binary, dnnl_binary_mul_value, a.v2(), b.v2(), c.v2());
    if (described.status != dnnl_success_value) return described;
    described.call = "dnnl_primitive_desc_create";
    described.status =
        api.dnnl_primitive_desc_create(&described.created, &binary, nullptr, library.engine.get(), nullptr);
    return described;
  }
  described.call = "dnnl_binary_primitive_desc_create";
  described.status = api.dnnl_binary_primitive_desc_create(
      &described.created, library.engine.get(), dnnl_binary_mul_value, a.v3(), b.v3(), c.v3(), nullptr);
  return described;
}

Described describe_softmax(const Dnnl& library, const MemoryDescriptor& from, const MemoryDescriptor& to,
                           int axis) {
  const DnnlSymbols& api = library.api;
  Described described;
  if (api.major == 2) {
    DnnlSoftmaxDescriptorV2 softmax{};
    described.call = "dnnl_softmax_v2_forward_desc_init";
    described.status = api.dnnl_softmax_v2_forward_desc_init(
        &softmax, dnnl_forward_inference_value, dnnl_softmax_accurate_value, from.v2(), to.v2(), axis);
    if (described.status != dnnl_success_value) return described;
    described.call = "dnnl_primitive_desc_create";
    described.status =
        api.dnnl_primitive_desc_create(&described.created, &softmax, nullptr, library.engine.get(), nullptr);
    return described;
  }
  described.call = "dnnl_softmax_forward_primitive_desc_create";
  described.status = api.dnnl_softmax_forward_primitive_desc_create(
      &described.created, library.engine.get(), dnnl_forward_inference_value, dnnl_softmax_accurate_value,
      from.v3(), to.v3(), axis, nullptr);
  return described;
}

// What blocks of the same sizes share: how their matrices lie, and what works on them.
struct Primitives {
  MemoryDescriptor q, k, scores, weights, v, o;
  PrimitiveDescriptor score, scale, softmax, product;
};

// The scale, in as many dimensions as the scores have.
MemoryDescriptor factor_of(const DnnlSymbols& api, std::int64_t heads) {
  const std::array<std::int64_t, 3> ones{1, 1, 1};
  const auto used = std::span(ones).subspan(heads == 1 ? 1 : 0);
  return {api, used, used, dnnl_f32_value};
}

OrUnsupported<Primitives> find(const Dnnl& library, const AttentionProblem& problem, const Block& block) {
  const DnnlSymbols& api = library.api;
  const AttentionShape& s = problem.shape();
  const Type type = problem.types().input;
  const OrUnsupported<int> known = dnnl_type(api, type);
  if (const auto* absent = std::get_if<Unsupported>(&known)) return *absent;
  const int element = std::get<int>(known);
  const std::int64_t heads = block.heads;
  const std::int64_t rows = block.rows;
  const std::int64_t keys = block.keys;
  const std::int64_t d = s.key_dim;
  const std::int64_t dv = s.value_dim;
  Primitives p{batch_of(api, {heads, rows, d}, {rows * d, d, 1}, element),
               batch_of(api, {heads, d, keys}, {s.keys * d, 1, d}, element),
               batch_of(api, {heads, rows, keys}, {rows * keys, keys, 1}, dnnl_f32_value),
               batch_of(api, {heads, rows, keys}, {rows * keys, keys, 1}, element),
               batch_of(api, {heads, keys, dv}, {s.keys * dv, dv, 1}, element),
               batch_of(api, {heads, rows, dv}, {rows * dv, dv, 1}, element),
               {},
               {},
               {},
               {}};
  std::optional<Unsupported> reason;
  const auto take = [&](PrimitiveDescriptor& to, const Described& described) {
    OrUnsupported<PrimitiveDescriptor> accepted = accept(library, described, type);
    if (const auto* absent = std::get_if<Unsupported>(&accepted)) {
      reason = *absent;
    } else {
      to = std::get<PrimitiveDescriptor>(std::move(accepted));
    }
  };
  take(p.score, describe_matmul(library, p.q, p.k, p.scores));
  if (!reason && type != Type::f32) {
    take(p.scale, describe_product(library, p.scores, factor_of(api, heads), p.scores));
  }
  if (!reason) take(p.softmax, describe_softmax(library, p.scores, p.weights, heads == 1 ? 1 : 2));
  if (!reason) take(p.product, describe_matmul(library, p.weights, p.v, p.o));
  if (reason) return *reason;
  return p;
}

std::optional<Unsupported> supports(const Dnnl& library, const Problem& problem) {
  if (is_empty(problem)) return Unsupported{"the composition is not made for empty tensors"};
  const auto& attention = dynamic_cast<const AttentionProblem&>(problem);
  const OrUnsupported<Primitives> found = find(library, attention, cut(attention.shape()).front());
  if (const auto* absent = std::get_if<Unsupported>(&found)) return *absent;
  return std::nullopt;
}

// Parts of the scratch memory, in floats from its start.
struct Layout {
  std::int64_t scale = 0;
  std::int64_t q = 16;  // times the scale, for f32
  std::int64_t scores = 0;
  std::int64_t weights = 0;  // the scores' own place for f32
  std::int64_t end = 0;
};
Layout layout_of(const AttentionProblem& problem, std::span<const Block> blocks) {
  const auto in_lines = [](std::int64_t floats) { return (floats + 15) / 16 * 16; };
  std::int64_t scores = 0;
  for (const Block& block : blocks) scores = std::max(scores, block.heads * block.rows * block.keys);
  const AttentionShape& s = problem.shape();
  const bool is_f32 = problem.types().input == Type::f32;
  Layout layout;
  layout.scores = layout.q + (is_f32 ? in_lines(s.batch * s.query_heads * s.queries * s.key_dim) : 0);
  layout.weights = is_f32 ? layout.scores : layout.scores + in_lines(scores);
  layout.end = layout.weights + in_lines(scores);
  return layout;
}

struct Free {
  void operator()(float* memory) const { ::operator delete (memory, std::align_val_t{64}); }
};

class Composition final : public DnnlExecutable {
 public:
  Composition(const std::shared_ptr<const Dnnl>& library, const AttentionProblem& problem,
              std::span<std::byte* const> memory)
      : DnnlExecutable(library), start_(library) {
    const std::vector<Block> blocks = cut(problem.shape());
    const Layout layout = layout_of(problem, blocks);
    scratch_.reset(static_cast<float*>(
        ::operator new (static_cast<std::size_t>(layout.end) * sizeof(float), std::align_val_t{64})));
    scratch_.get()[layout.scale] = problem.scale();
    if (problem.types().input == Type::f32) add_scaling(problem, layout, memory[0]);
    std::map<std::array<std::int64_t, 3>, Primitives> known;
    for (const Block& block : blocks) {
      const std::array sizes{block.heads, block.rows, block.keys};
      auto found = known.find(sizes);
      if (found == known.end()) {
        found = known.emplace(sizes, std::get<Primitives>(find(*library, problem, block))).first;
      }
      add_block(library, problem, layout, memory, block, found->second);
    }
  }

  void run() override {
    start_.run();
    for (Part& part : parts_) {
      part.before_mask->run();
      if (part.block.masked) hide(part);
      part.after_mask->run();
    }
  }

 private:
  struct Part {
    Block block;
    float* scores = nullptr;
    std::unique_ptr<DnnlPrimitives> before_mask;
    std::unique_ptr<DnnlPrimitives> after_mask;
  };

  [[nodiscard]] std::byte* at(std::int64_t floats) const {
    return reinterpret_cast<std::byte*>(scratch_.get() + floats);
  }

  // Of a block's last `rows` keys, row i sees the first i + 1.
  static void hide(const Part& part) {
    const Block& block = part.block;
    for (std::int64_t i = 0; i < block.rows; ++i) {
      float* end = part.scores + (i + 1) * block.keys;
      std::fill(end - (block.rows - 1 - i), end, -std::numeric_limits<float>::infinity());
    }
  }

  // Scaling the queries is the least work; those of 16 bits would lose precision by it.
  void add_scaling(const AttentionProblem& problem, const Layout& layout, const std::byte* q) {
    const AttentionShape& s = problem.shape();
    const std::array sizes{s.batch * s.query_heads * s.queries, s.key_dim};
    const std::array strides{s.key_dim, std::int64_t{1}};
    const MemoryDescriptor all(library().api, sizes, strides, dnnl_f32_value);
    const MemoryDescriptor factor = factor_of(library().api, 1);
    const auto product = std::get<PrimitiveDescriptor>(
        accept(library(), describe_product(library(), all, factor, all), Type::f32));
    const std::array bindings{Binding{dnnl_argument_src, &all, q},
                              Binding{dnnl_argument_src_1, &factor, at(layout.scale)},
                              Binding{dnnl_argument_dst, &all, at(layout.q)}};
    start_.add("scale queries", product, bindings);
  }

  void add_block(const std::shared_ptr<const Dnnl>& library, const AttentionProblem& problem,
                 const Layout& layout, std::span<std::byte* const> memory, const Block& block,
                 const Primitives& p) {
    const AttentionShape& s = problem.shape();
    const Type type = problem.types().input;
    const auto size = static_cast<std::int64_t>(size_bytes(type));
    const std::byte* q = type == Type::f32 ? at(layout.q) : memory[0];
    std::byte* scores = at(layout.scores);
    std::byte* weights = at(layout.weights);
    Part part{block, scratch_.get() + layout.scores, std::make_unique<DnnlPrimitives>(library),
              std::make_unique<DnnlPrimitives>(library)};
    const std::array score{
        Binding{dnnl_argument_src, &p.q, q + block.first_row * s.key_dim * size},
        Binding{dnnl_argument_weights, &p.k, memory[1] + block.key_value_head * s.keys * s.key_dim * size},
        Binding{dnnl_argument_dst, &p.scores, scores}};
    part.before_mask->add("scores", p.score, score);
    if (p.scale) {
      const MemoryDescriptor factor = factor_of(library->api, block.heads);
      const std::array scale{Binding{dnnl_argument_src, &p.scores, scores},
                             Binding{dnnl_argument_src_1, &factor, at(layout.scale)},
                             Binding{dnnl_argument_dst, &p.scores, scores}};
      part.before_mask->add("scale", p.scale, scale);
    }
    const std::array softmax{Binding{dnnl_argument_src, &p.scores, scores},
                             Binding{dnnl_argument_dst, &p.weights, weights}};
    part.after_mask->add("softmax", p.softmax, softmax);
    const std::array product{
        Binding{dnnl_argument_src, &p.weights, weights},
        Binding{dnnl_argument_weights, &p.v, memory[2] + block.key_value_head * s.keys * s.value_dim * size},
        Binding{dnnl_argument_dst, &p.o, memory[3] + block.first_row * s.value_dim * size}};
    part.after_mask->add("product", p.product, product);
    parts_.push_back(std::move(part));
  }

  std::unique_ptr<float, Free> scratch_;
  DnnlPrimitives start_;
  std::vector<Part> parts_;
};

std::unique_ptr<Executable> prepare(const std::shared_ptr<const Dnnl>& library, const Problem& problem,
                                    std::span<std::byte* const> memory) {
  return std::make_unique<Composition>(library, dynamic_cast<const AttentionProblem&>(problem), memory);
}

}  // namespace

DnnlUse dnnl_attention() {
  return {"attention", supports, prepare};
}

}  // namespace moat::host
