// Matrices that a subgroup holds together and multiplies at once, for inclusion after vulkan.glsl: by the extension that
// a module is compiled for, KHR (GL_KHR_cooperative_matrix) or else NV's older one. Elements and sums are those of
// INPUT_TYPE and ACCUMULATE_TYPE; sizes are specialisation constants. Must not know any operator.
#extension GL_KHR_memory_scope_semantics : require
#extension GL_KHR_shader_subgroup_basic : require

#if INPUT_TYPE == I8
#define matrix_element int8_t
#define MATRIX_ELEMENT(array, index) array[index]
#else
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#define matrix_element float16_t
#define MATRIX_ELEMENT(array, index) uint16BitsToHalf(array[index])
#endif

// LOAD_MATRIX and STORE_MATRIX take rows that are `pitch` elements apart, from `at` on in local memory. Each of a
// subgroup's work-items must give the same.
#if KHR
#extension GL_KHR_cooperative_matrix : require
#define LEFT_MATRIX(m, k) coopmat<matrix_element, gl_ScopeSubgroup, m, k, gl_MatrixUseA>
#define RIGHT_MATRIX(k, n) coopmat<matrix_element, gl_ScopeSubgroup, k, n, gl_MatrixUseB>
#define SUM_MATRIX(m, n) coopmat<accumulator, gl_ScopeSubgroup, m, n, gl_MatrixUseAccumulator>
#define LOAD_MATRIX(matrix, array, at, pitch) \
  coopMatLoad(matrix, array, at, pitch, gl_CooperativeMatrixLayoutRowMajor)
#define STORE_MATRIX(matrix, array, at, pitch) \
  coopMatStore(matrix, array, at, pitch, gl_CooperativeMatrixLayoutRowMajor)
#define ADD_MATRICES(left, right, sum) coopMatMulAdd(left, right, sum)
#else
#extension GL_NV_cooperative_matrix : require
#if INPUT_TYPE == I8
#extension GL_NV_integer_cooperative_matrix : require
#define LEFT_MATRIX(m, k) icoopmatNV<8, gl_ScopeSubgroup, m, k>
#define SUM_MATRIX(m, n) icoopmatNV<32, gl_ScopeSubgroup, m, n>
#else
#define LEFT_MATRIX(m, k) fcoopmatNV<16, gl_ScopeSubgroup, m, k>
#define SUM_MATRIX(m, n) fcoopmatNV<32, gl_ScopeSubgroup, m, n>
#endif
#define RIGHT_MATRIX(k, n) LEFT_MATRIX(k, n)
#define LOAD_MATRIX(matrix, array, at, pitch) coopMatLoadNV(matrix, array, at, pitch, false)
#define STORE_MATRIX(matrix, array, at, pitch) coopMatStoreNV(matrix, array, at, pitch, false)
#define ADD_MATRICES(left, right, sum) coopMatMulAddNV(left, right, sum)
#endif
