# Convolution in the build.
moat_operator_files(convolution
  SOURCES convolution.cpp reference.cpp verify.cpp freivalds.cpp planning.cpp portable.cpp naive.cpp lanes.cpp tiled.cpp
          direct.cpp packed.cpp
  KERNELS naive.cl packed.cl pixels.cl direct.cl depthwise.cl tiled.cl shape.cl stage.cl
  INCLUDED product.glsl shape.glsl)
moat_product_shaders(convolution ${product_types})
