// The dialect's words in OpenCL C. Every c_like kernel is written in these words only, so that another
// language needs one more file beside this one and no change to a kernel.
#define KERNEL __kernel
#define GLOBAL __global
#define LOCAL __local
#define RESTRICT restrict
#define GLOBAL_ID(dimension) get_global_id(dimension)
#define GROUP_ID(dimension) get_group_id(dimension)
#define LOCAL_ID(dimension) get_local_id(dimension)
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE)
