// The decoder's side of the C interface.

#include "codec/dec/decoder.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "api/handles.h"
#include "api/images.h"
#include "bitstream/sequence_header.h"
#include "codec/dec/hybrid_decoder.h"

// One of the two decoders.
struct furl_decoder {
  std::unique_ptr<furl::Decoder> decoder;       // of streams that stand alone
  std::unique_ptr<furl::HybridDecoder> hybrid;  // of those with a base
  furl::BaseFormat base;
  std::optional<int64_t> base_pts;  // of its last picture

  // Calls use(decoder), which returns a Status or Result, with the one there is.
  template <typename Use>
  auto With(const Use& use) const {
    return hybrid != nullptr ? use(*hybrid) : use(*decoder);
  }
};

using furl::Status;
using furl::api_internal::CheckThreads;
using furl::api_internal::FrameFromC;
using furl::api_internal::Guard;
using furl::api_internal::InitSettings;
using furl::api_internal::LogOpened;
using furl::api_internal::LogTo;
using furl::api_internal::Open;
using furl::api_internal::ReadSized;
using furl::api_internal::Refuse;
using furl::api_internal::SharedFamily;
using furl::api_internal::WriteSized;

namespace {

static_assert(furl::Decoder::kMaxHeldPictures == FURL_MAX_HELD_PICTURES);
static_assert(furl::kMostBases == FURL_MAX_HELD_BASES);

furl_decoder_settings Defaults() {
  const furl::DecoderSettings d;
  furl_decoder_settings s{};
  s.struct_size = sizeof(s);
  s.threads = d.threads;
  s.conceal = d.conceal;
  s.max_pixels = d.max_pixels;
  s.max_macs_per_pixel = d.max_macs_per_pixel;
  s.max_memory = d.max_memory;
  return s;
}

Status Check(const furl_decoder_settings& s) {
  FURL_RETURN_IF_ERROR(CheckThreads(s.threads));
  if (s.conceal != 0 && s.conceal != 1) return furl::InvalidArgument("conceal is 0 or 1");
  if (s.max_pixels < 1) return furl::InvalidArgument("max_pixels must be positive");
  if (s.max_macs_per_pixel < 1) {
    return furl::InvalidArgument("max_macs_per_pixel must be positive");
  }
  if (s.max_memory < 1) return furl::InvalidArgument("max_memory must be positive");
  if ((s.allocator.allocate == nullptr) != (s.allocator.release == nullptr)) {
    return furl::InvalidArgument("the allocator has one of its two functions");
  }
  return furl::OkStatus();
}

// Memory of the caller.
class CallerMemory : public furl::FrameAllocator {
 public:
  explicit CallerMemory(const furl_allocator& functions) : functions_(functions) {}
  void* Allocate(size_t bytes, size_t alignment) override {
    return functions_.allocate(functions_.opaque, bytes, alignment);
  }
  void Release(void* memory, size_t bytes) override {
    functions_.release(functions_.opaque, memory, bytes);
  }

 private:
  const furl_allocator functions_;
};

furl::DecoderSettings FromC(const furl_decoder_settings& s) {
  furl::DecoderSettings own;
  own.threads = s.threads;
  own.conceal = s.conceal != 0;
  own.max_pixels = s.max_pixels;
  own.max_macs_per_pixel = s.max_macs_per_pixel;
  own.max_memory = s.max_memory;
  own.log = LogTo(s.log, s.log_opaque);
  if (s.allocator.allocate != nullptr) {
    own.allocator = std::make_shared<CallerMemory>(s.allocator);
  }
  return own;
}

Status OpenHandle(std::span<const uint8_t> header, furl::FamilyPtr family,
                  furl::DecoderSettings settings, furl_decoder* handle) {
  const furl::SequenceLimits limits = {settings.max_pixels, settings.max_macs_per_pixel};
  FURL_ASSIGN_OR_RETURN(const furl::SequenceHeader sequence,
                        furl::ParseSequenceHeader(header, limits));
  if (!sequence.base) {
    FURL_ASSIGN_OR_RETURN(handle->decoder,
                          furl::Decoder::Create(header, std::move(family), settings));
    return furl::OkStatus();
  }
  settings.conceal = true;
  FURL_ASSIGN_OR_RETURN(auto decoder, furl::Decoder::Create(header, std::move(family), settings));
  handle->hybrid =
      std::make_unique<furl::HybridDecoder>(std::move(decoder), sequence, 0, settings.allocator);
  handle->base = *sequence.base;
  return furl::OkStatus();
}

Status SendBase(const furl_image& image, bool begins_gop, furl_decoder* decoder) {
  if (decoder->hybrid == nullptr) return furl::InvalidArgument("the stream has no base");
  if (decoder->base_pts && image.pts <= *decoder->base_pts) {
    return furl::InvalidArgument("pts " + std::to_string(image.pts) +
                                 " of the base does not rise: it was " +
                                 std::to_string(*decoder->base_pts) + " before");
  }
  const furl::BaseFormat& base = decoder->base;
  FURL_ASSIGN_OR_RETURN(furl::FramePtr frame,
                        FrameFromC(image, base.width, base.height, base.bit_depth));
  FURL_RETURN_IF_ERROR(decoder->hybrid->SendBase(std::move(frame), begins_gop));
  decoder->base_pts = image.pts;
  return furl::OkStatus();
}

}  // namespace

furl_status furl_decoder_settings_init(furl_decoder_settings* settings, size_t size) {
  return InitSettings(Defaults(), size, settings);
}

furl_status furl_decoder_open(furl_decoder** decoder, const furl_decoder_settings* settings,
                              const furl_model* model, const void* header, size_t header_size) {
  return Open(decoder, "decoder", [&](furl_decoder& handle) -> Status {
    if (model == nullptr || header == nullptr) {
      return furl::InvalidArgument("model or header is NULL");
    }
    furl_decoder_settings s = Defaults();
    if (settings != nullptr && !ReadSized(settings, &s)) {
      return furl::InvalidArgument("settings were not filled by furl_decoder_settings_init");
    }
    FURL_RETURN_IF_ERROR(Check(s));
    const furl::DecoderSettings own = FromC(s);
    FURL_ASSIGN_OR_RETURN(furl::FamilyPtr family, SharedFamily(*model));
    FURL_RETURN_IF_ERROR(OpenHandle({static_cast<const uint8_t*>(header), header_size},
                                    std::move(family), own, &handle));
    LogOpened(own.log, "decoder", *model, s.threads);
    return furl::OkStatus();
  });
}

furl_status furl_decoder_send(furl_decoder* decoder, const furl_packet* packet) {
  if (decoder == nullptr || packet == nullptr) return Refuse("decoder or packet is NULL");
  furl_packet view{};
  if (!ReadSized(packet, &view)) return Refuse("struct_size of furl_packet is not set");
  if (view.data == nullptr && view.size > 0) return Refuse("data of furl_packet is NULL");
  return Guard([&] {
    return decoder->With([&view](auto& d) {
      return d.SendPacket({view.data, view.size}, {view.pts, view.duration, view.user_data});
    });
  });
}

furl_status furl_decoder_send_base(furl_decoder* decoder, const furl_image* picture,
                                   int begins_gop) {
  if (decoder == nullptr || picture == nullptr) return Refuse("decoder or picture is NULL");
  furl_image view{};
  if (!ReadSized(picture, &view)) return Refuse("struct_size of furl_image is not set");
  if (begins_gop != 0 && begins_gop != 1) return Refuse("begins_gop is 0 or 1");
  return Guard([&] { return SendBase(view, begins_gop == 1, decoder); });
}

furl_status furl_decoder_flush(furl_decoder* decoder) {
  if (decoder == nullptr) return Refuse("decoder is NULL");
  return Guard([&] { return decoder->With([](auto& d) { return d.Flush(); }); });
}

furl_status furl_decoder_receive(furl_decoder* decoder, furl_frame** frame) {
  return Open(frame, "frame", [&](furl_frame& handle) -> Status {
    if (decoder == nullptr) return furl::InvalidArgument("decoder is NULL");
    FURL_ASSIGN_OR_RETURN(handle.frame, decoder->With([](auto& d) { return d.ReceiveFrame(); }));
    return furl::OkStatus();
  });
}

furl_status furl_decoder_get_statistics(const furl_decoder* decoder,
                                        furl_decoder_statistics* statistics) {
  if (decoder == nullptr || statistics == nullptr) return Refuse("decoder or statistics is NULL");
  const furl::DecoderStatistics s = decoder->With([](auto& d) { return d.statistics(); });
  const furl_decoder_statistics value = {0,
                                         s.frames,
                                         s.key_frames,
                                         s.damaged_frames,
                                         s.concealed_frames,
                                         s.hashes_checked,
                                         s.hashes_failed,
                                         s.missing_frames};
  if (!WriteSized(value, statistics->struct_size, statistics)) {
    return Refuse("struct_size of furl_decoder_statistics is not set");
  }
  return FURL_OK;
}

void furl_decoder_close(furl_decoder* decoder) { delete decoder; }
