// Targets that reach libav: what it has to say of broken input would drown the fuzzer's own lines.

#include "media/libav/libav_util.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  av_log_set_level(AV_LOG_QUIET);
  return 0;
}
