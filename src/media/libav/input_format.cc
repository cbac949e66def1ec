#include "media/libav/input_format.h"

#if FURL_AVDEVICE
extern "C" {
#include <libavdevice/avdevice.h>
}
#endif

namespace furl::media {
namespace {

// Devices are known only after this; by then they still are taken by name alone.
const AVInputFormat* Find(const std::string& name) {
#if FURL_AVDEVICE
  avdevice_register_all();
#endif
  return av_find_input_format(name.c_str());
}

}  // namespace

Result<const AVInputFormat*> FindInputFormat(const std::string& name) {
  const AVInputFormat* format = Find(name);
  if (format == nullptr) return InvalidArgument("unknown input format " + name);
  return format;
}

bool IsDevice(const AVInputFormat* format) {
  return format != nullptr && (format->flags & AVFMT_NOFILE) != 0;
}

bool IsDeviceFormat(const std::string& name) { return !name.empty() && IsDevice(Find(name)); }

}  // namespace furl::media
