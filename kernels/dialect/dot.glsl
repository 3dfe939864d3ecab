// The sum of four products of signed bytes as one instruction, for inclusion by shaders compiled with DOT. GLSL has no
// word for it that Debian 12's glslc knows, so it is named by its number in SPIR-V.
#extension GL_EXT_spirv_intrinsics : require
// OpSDotKHR with PackedVectorFormat4x8Bit; capabilities DotProductKHR and DotProductInput4x8BitPackedKHR.
spirv_instruction(extensions = ["SPV_KHR_integer_dot_product"], capabilities = [6019, 6018], id = 4450)
int signed_dot(int a, int b, spirv_literal int format);
#define DOT_OF_BYTES(a, b) signed_dot(a, b, 0)
