# Attention in the build.
moat_operator_files(attention
  SOURCES attention.cpp reference.cpp verify.cpp planning.cpp portable.cpp naive.cpp lanes.cpp grouped.cpp decode.cpp
          fused.cpp
  KERNELS naive.cl fused.cl decode.cl grouped.cl combine.cl
  INCLUDED tensors.glsl)
set(attention f32.f32.f32 f16.f32.f16 bf16.f32.bf16)
moat_kernel_shader(attention/naive ENTRIES scores softmax product TYPES ${attention})
moat_kernel_shader(attention/grouped ENTRIES grouped TYPES ${attention})
moat_kernel_shader(attention/lanes ENTRIES lanes TYPES ${attention})
moat_kernel_shader(attention/combine ENTRIES combine TYPES ${attention})
