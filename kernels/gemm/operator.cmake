# GEMM in the build.
moat_operator_files(gemm
  SOURCES gemm.cpp reference.cpp verify.cpp freivalds.cpp planning.cpp portable.cpp naive.cpp matrices.cpp lanes.cpp
          tiled.cpp dots.cpp packed.cpp
  KERNELS dots.cl naive.cl packed.cl tiled.cl
  INCLUDED product.glsl matrices.glsl)
moat_product_shaders(gemm f64.f64.f64 ${product_types})
moat_kernel_shader(gemm/matrices ENTRIES matrices TYPES f16.f32.f16 f16.f32.f32 i8.i32.i32 MATRICES)
