# Peak in the build.
moat_operator_files(peak
  SOURCES peak.cpp reference.cpp verify.cpp portable.cpp
  KERNELS chains.cl)
moat_kernel_shader(peak/chains ENTRIES chains TYPES f64.f64.f64 f32.f32.f32 f16.f16.f16 i8.i32.i32 DOT NO_WORDS)
