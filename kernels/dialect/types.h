// Numbers of element types, which INPUT_TYPE, ACCUMULATE_TYPE and OUTPUT_TYPE hold, for every language of the
// kernels: moat::Type's enumerators. kernels/types.cpp is compiled against this file and
// kernels/shaders.cmake reads it.
#define F64 0
#define F32 1
#define F16 3
#define BF16 4
#define I8 7
#define I32 8

// The names to the numbers, for languages that join words.
#define TYPE_0 f64
#define TYPE_1 f32
#define TYPE_3 f16
#define TYPE_4 bf16
#define TYPE_7 i8
#define TYPE_8 i32
