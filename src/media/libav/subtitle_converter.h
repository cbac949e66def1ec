// SubtitleConverter: text subtitles from one form that containers keep them in
// to another, by libavcodec's decoders and encoders.

#ifndef FURL_MEDIA_LIBAV_SUBTITLE_CONVERTER_H_
#define FURL_MEDIA_LIBAV_SUBTITLE_CONVERTER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "base/status.h"
#include "media/libav/libav_util.h"
#include "media/media_info.h"

namespace furl::media {

class SubtitleConverter {
 public:
  // From the codec and headers of `source` to `target`: AV_CODEC_ID_SUBRIP,
  // AV_CODEC_ID_MOV_TEXT or AV_CODEC_ID_WEBVTT. Markup that the target has no
  // word for is dropped. kUnsupported, naming the codec, if `source` is no text
  // or its packets don't stand for one subtitle each; kInvalidStream if its
  // headers are damaged. `notice` is told once, in Convert(), of text that
  // can't be read.
  static Result<std::unique_ptr<SubtitleConverter>> Create(const AVCodecParameters& source,
                                                           AVCodecID target, NoticeFn notice);

  // The text of one packet of `source`, at most 64 KiB of it, in the target's
  // form, at most 1 MiB. It is shown at the packet's time for the packet's
  // duration. Empty: there is nothing to show, or it can't be read.
  std::vector<uint8_t> Convert(const std::vector<uint8_t>& data);

  // The target's parameters, with the headers that its container needs.
  Status FillParameters(AVCodecParameters* params) const;

 private:
  explicit SubtitleConverter(NoticeFn notice) : notice_(std::move(notice)) {}
  Status OpenDecoder(const AVCodecParameters& source);
  Status OpenEncoder(AVCodecID target);
  Result<std::vector<uint8_t>> Recode(const std::vector<uint8_t>& data);

  NoticeFn notice_;
  AvCodecContextPtr decoder_;
  AvCodecContextPtr encoder_;
  bool said_damaged_ = false;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_SUBTITLE_CONVERTER_H_
