// The encoder's side of the C interface.

#include "codec/enc/encoder.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "api/handles.h"
#include "api/images.h"
#include "base/error_latch.h"
#include "codec/enc/encoders.h"

struct furl_encoder {
  std::unique_ptr<furl::Encoder> encoder;
  furl::EncoderSettings settings;
  furl::EncodedPacket packet;       // the one given out last
  std::optional<int64_t> last_pts;  // of the pictures taken
  bool flushed = false;
  furl::ErrorLatch latch;  // also of what happens before the encoder gets a picture
};

using furl::Status;
using furl::api_internal::CheckThreads;
using furl::api_internal::FormatFromC;
using furl::api_internal::FormatToC;
using furl::api_internal::FrameFromC;
using furl::api_internal::InitSettings;
using furl::api_internal::LogOpened;
using furl::api_internal::LogTo;
using furl::api_internal::Open;
using furl::api_internal::ReadSized;
using furl::api_internal::Refuse;
using furl::api_internal::Report;
using furl::api_internal::SharedFamily;
using furl::api_internal::WriteSized;

namespace {

furl_encoder_settings Defaults() {
  const furl::EncoderSettings d;
  furl_encoder_settings s{};
  s.struct_size = sizeof(s);
  FormatToC(d, &s);
  s.crf = d.crf;
  s.gop_seconds = d.gop_seconds;
  s.low_delay = d.low_delay;
  s.preset = static_cast<int>(d.preset);
  s.threads = d.threads;
  return s;
}

furl::Result<furl::EncoderSettings> FromC(const furl_encoder_settings& s) {
  if (s.low_delay != 0 && s.low_delay != 1) return furl::InvalidArgument("low_delay is 0 or 1");
  if (s.preset < FURL_PRESET_FAST || s.preset > FURL_PRESET_SLOW) {
    return furl::InvalidArgument("unknown preset");
  }
  FURL_RETURN_IF_ERROR(CheckThreads(s.threads));
  if (s.color.full_range > 1) return furl::InvalidArgument("full_range is 0 or 1");
  furl::EncoderSettings own;
  own.format() = FormatFromC(s);
  own.crf = s.crf;
  own.rate.bits_per_second = s.bitrate;
  own.rate.most_per_second = s.max_bitrate != 0 ? s.max_bitrate : s.bitrate;
  own.rate.buffer_bits = s.buffer_bits != 0 ? s.buffer_bits : own.rate.most_per_second;
  own.gop_seconds = s.gop_seconds;
  own.low_delay = s.low_delay != 0;
  own.preset = static_cast<furl::Preset>(s.preset);
  own.threads = s.threads;
  return own;
}

// What encoders share of a model; several threads may ask at once.
furl::Result<furl::FamilyEncoderPtr> SharedEncoder(const furl_model& model) {
  FURL_ASSIGN_OR_RETURN(furl::FamilyPtr family, SharedFamily(model));
  const std::lock_guard<std::mutex> lock(model.mutex);
  if (model.family_encoder == nullptr) {
    FURL_ASSIGN_OR_RETURN(model.family_encoder, furl::CreateFamilyEncoder(std::move(family)));
  }
  return model.family_encoder;
}

}  // namespace

furl_status furl_encoder_settings_init(furl_encoder_settings* settings, size_t size) {
  return InitSettings(Defaults(), size, settings);
}

furl_status furl_encoder_open(furl_encoder** encoder, const furl_encoder_settings* settings,
                              const furl_model* model) {
  return Open(encoder, "encoder", [&](furl_encoder& handle) -> Status {
    if (settings == nullptr || model == nullptr) {
      return furl::InvalidArgument("settings or model is NULL");
    }
    furl_encoder_settings s = Defaults();
    if (!ReadSized(settings, &s)) {
      return furl::InvalidArgument("settings were not filled by furl_encoder_settings_init");
    }
    FURL_ASSIGN_OR_RETURN(handle.settings, FromC(s));
    FURL_ASSIGN_OR_RETURN(furl::FamilyEncoderPtr family, SharedEncoder(*model));
    FURL_ASSIGN_OR_RETURN(handle.encoder,
                          furl::Encoder::Create(handle.settings, std::move(family)));
    LogOpened(LogTo(s.log, s.log_opaque), "encoder", *model, s.threads);
    return furl::OkStatus();
  });
}

furl_status furl_encoder_sequence_header(const furl_encoder* encoder, const uint8_t** data,
                                         size_t* size) {
  if (encoder == nullptr || data == nullptr || size == nullptr) {
    return Refuse("encoder, data or size is NULL");
  }
  const std::span<const uint8_t> header = encoder->encoder->sequence_header();
  *data = header.data();
  *size = header.size();
  return FURL_OK;
}

furl_status furl_encoder_send(furl_encoder* encoder, const furl_image* image) {
  if (encoder == nullptr || image == nullptr) return Refuse("encoder or image is NULL");
  furl_image view{};
  if (!ReadSized(image, &view)) return Refuse("struct_size of furl_image is not set");
  return Report(encoder->latch.Run([&]() -> Status {
    if (encoder->flushed) return furl::InvalidArgument("pictures after the end of the stream");
    const furl::EncoderSettings& s = encoder->settings;
    FURL_ASSIGN_OR_RETURN(furl::FramePtr frame, FrameFromC(view, s.width, s.height, s.bit_depth));
    if (encoder->last_pts.has_value() && view.pts <= *encoder->last_pts) {
      return furl::InvalidArgument("pts " + std::to_string(view.pts) + " does not rise: it was " +
                                   std::to_string(*encoder->last_pts) + " before");
    }
    FURL_RETURN_IF_ERROR(encoder->encoder->SendFrame(std::move(frame), {nullptr, view.key != 0}));
    encoder->last_pts = view.pts;
    return furl::OkStatus();
  }));
}

furl_status furl_encoder_flush(furl_encoder* encoder) {
  if (encoder == nullptr) return Refuse("encoder is NULL");
  return Report(encoder->latch.Run([&] {
    if (encoder->flushed) return furl::OkStatus();
    encoder->flushed = true;
    return encoder->encoder->SendFrame(nullptr);
  }));
}

furl_status furl_encoder_receive(furl_encoder* encoder, furl_packet* packet) {
  if (encoder == nullptr || packet == nullptr) return Refuse("encoder or packet is NULL");
  if (!WriteSized(furl_packet{}, packet->struct_size, packet)) {
    return Refuse("struct_size of furl_packet is not set");
  }
  return Report(encoder->latch.Run([&]() -> Status {
    FURL_ASSIGN_OR_RETURN(encoder->packet, encoder->encoder->ReceivePacket());
    const furl::EncodedPacket& p = encoder->packet;
    const furl_packet value = {0,          p.data.data(),  p.data.size(), p.pts,
                               p.duration, p.decode_order, p.key,         p.user_data};
    WriteSized(value, packet->struct_size, packet);
    return furl::OkStatus();
  }));
}

void furl_encoder_close(furl_encoder* encoder) { delete encoder; }
