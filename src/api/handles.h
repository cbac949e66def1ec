// What the opaque handles of furl/furl.h hold, and how calls report errors.

#ifndef FURL_API_HANDLES_H_
#define FURL_API_HANDLES_H_

#include <furl/furl.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>

#include "base/exceptions.h"
#include "base/log.h"
#include "base/status.h"
#include "codec/common/family.h"
#include "image/frame.h"
#include "image/video_format.h"
#include "model/model_file.h"

struct furl_model {
  furl::model::ModelPtr model;
  char id[33];

  // Prepared for the first decoder or encoder, then shared by all of them.
  mutable std::mutex mutex;  // guards both
  mutable furl::FamilyPtr family;
  mutable furl::FamilyEncoderPtr family_encoder;
};

struct furl_frame {
  furl::ConstFramePtr frame;
};

namespace furl::api_internal {

// Remembers the message for furl_last_error() and translates the code. Allocates nothing.
furl_status Report(StatusCode code, const char* message) noexcept;
inline furl_status Report(const Status& status) noexcept {
  return Report(status.code(), status.message().c_str());
}

// The caller's callback (null: an empty function) as the library calls it.
LogFunction LogTo(furl_log_callback callback, void* opaque);

// Tells what a new handle works with: "decoder: model 0123456789abcdef (name), 2 threads, avx2".
void LogOpened(const LogFunction& log, const char* handle, const furl_model& model, int threads);

// kInvalidArgument for a number of threads that no machine needs.
Status CheckThreads(int threads);

// Fills the fields of a video's format, which every struct of the interface that has them calls by
// the same names.
template <typename Struct>
void FormatToC(const VideoFormat& format, Struct* to) {
  const auto ratio = [](const Rational& r) { return furl_rational{r.num, r.den}; };
  const ColorTags& c = format.color;
  to->width = format.width;
  to->height = format.height;
  to->bit_depth = format.bit_depth;
  to->frame_rate = ratio(format.frame_rate);
  to->time_base = ratio(format.time_base);
  to->sample_aspect = ratio(format.sample_aspect);
  to->color = {c.primaries, c.transfer, c.matrix, c.full_range, c.chroma_location};
}

// The format that settings ask for. Nothing is checked.
VideoFormat FormatFromC(const furl_encoder_settings& settings);

// The model's family; several threads may ask at once.
Result<FamilyPtr> SharedFamily(const furl_model& model);

inline furl_status Refuse(const char* message) noexcept {
  return Report(StatusCode::kInvalidArgument, message);
}

// Runs `body`, which returns a Status, at the edge of the C interface: no
// exception leaves it.
template <typename Body>
furl_status Guard(Body&& body) noexcept {
  return Report(CatchExceptions(body));
}

// How much of a sized struct the first callers had: what was appended later may be missing.
template <typename T>
inline constexpr size_t kFirstSize = sizeof(T);

#define FURL_FIRST_FIELDS_END_WITH(type, field) \
  template <>                                   \
  inline constexpr size_t kFirstSize<type> = offsetof(type, field) + sizeof(type::field)
FURL_FIRST_FIELDS_END_WITH(furl_stream_info, color);
FURL_FIRST_FIELDS_END_WITH(furl_picture, duration);
FURL_FIRST_FIELDS_END_WITH(furl_packet, key);
FURL_FIRST_FIELDS_END_WITH(furl_image, duration);
FURL_FIRST_FIELDS_END_WITH(furl_decoder_settings, max_macs_per_pixel);
FURL_FIRST_FIELDS_END_WITH(furl_decoder_statistics, hashes_failed);
FURL_FIRST_FIELDS_END_WITH(furl_encoder_settings, color);
#undef FURL_FIRST_FIELDS_END_WITH

// Reads a sized struct of the caller into `out`, which holds the defaults: a
// caller compiled for an older interface leaves the tail alone. False when it is
// smaller than the first version, so large that it can't be a later one (nothing behind `in` is
// read then), or when an unknown tail is not zero.
template <typename T>
bool ReadSized(const T* in, T* out) {
  if (in == nullptr || in->struct_size < kFirstSize<T>) return false;
  if (in->struct_size >= 4 * sizeof(T)) return false;
  const auto* bytes = reinterpret_cast<const unsigned char*>(in);
  for (size_t i = sizeof(T); i < in->struct_size; ++i) {
    if (bytes[i] != 0) return false;
  }
  std::memcpy(out, in, std::min(in->struct_size, sizeof(T)));
  return true;
}

// Writes `value` to a sized struct of the caller that has `size` bytes: as much of it as he
// knows, and zeros to what only he knows. False, and nothing is written, when it is null or
// `size` is that of no version.
template <typename T>
bool WriteSized(const T& value, size_t size, T* out) {
  if (out == nullptr || size < kFirstSize<T> || size >= 4 * sizeof(T)) return false;
  std::memset(out, 0, size);
  std::memcpy(out, &value, std::min(size, sizeof(T)));
  out->struct_size = size;
  return true;
}

// What furl_*_settings_init do.
template <typename T>
furl_status InitSettings(const T& defaults, size_t size, T* settings) noexcept {
  if (!WriteSized(defaults, size, settings)) {
    return Refuse("settings is NULL or its size is that of no version of the struct");
  }
  return FURL_OK;
}

// Makes the handle that a call gives out: `fill(handle)` returns a Status. On
// failure the caller's pointer is NULL. `name` is the parameter's, for errors.
template <typename Handle, typename Fill>
furl_status Open(Handle** out, const char* name, Fill&& fill) noexcept {
  if (out != nullptr) *out = nullptr;
  return Guard([&]() -> Status {
    if (out == nullptr) return InvalidArgument(std::string(name) + " is NULL");
    auto handle = std::make_unique<Handle>();
    FURL_RETURN_IF_ERROR(fill(*handle));
    *out = handle.release();
    return OkStatus();
  });
}

}  // namespace furl::api_internal

#endif  // FURL_API_HANDLES_H_
