# Stream in the build.
moat_operator_files(stream
  SOURCES stream.cpp reference.cpp verify.cpp portable.cpp
  KERNELS naive.cl portable.cl
  INCLUDED arrays.glsl)
set(stream f64.f64.f64 f32.f32.f32)
moat_kernel_shader(stream/naive ENTRIES copy mul add triad dot_parts dot_total TYPES ${stream})
moat_kernel_shader(stream/portable ENTRIES copy mul add triad dot_parts TYPES ${stream} PAIRS)
moat_kernel_shader(stream/portable ENTRIES dot_total TYPES ${stream})
