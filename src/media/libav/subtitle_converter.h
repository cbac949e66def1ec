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

// How much work converting may be, for all subtitles of a file together: libavcodec's time grows
// with the square of a text's length, and a small file can name one long text very often. A day
// full of ordinary subtitles takes a hundredth of it.
class ConversionBudget {
 public:
  // False: nothing is left for a text of so many bytes.
  bool Take(size_t bytes) {
    const uint64_t work = uint64_t{bytes} * bytes + kWorkOfAnyText;
    if (work > left_) return false;
    left_ -= work;
    return true;
  }

 private:
  static constexpr uint64_t kWorkOfAnyText = 4096;
  uint64_t left_ = uint64_t{1} << 36;  // some seconds
};
using ConversionBudgetPtr = std::shared_ptr<ConversionBudget>;

class SubtitleConverter {
 public:
  // From the codec and headers of `source` to `target`: AV_CODEC_ID_SUBRIP,
  // AV_CODEC_ID_MOV_TEXT or AV_CODEC_ID_WEBVTT. Markup that the target has no
  // word for is dropped. kUnsupported, naming the codec, if `source` is no text
  // or its packets don't stand for one subtitle each; kInvalidStream if its
  // headers are damaged. `notice` is told once, in Convert(), of text that
  // can't be read, or that is more than `budget`, which other converters share, has left.
  static Result<std::unique_ptr<SubtitleConverter>> Create(const AVCodecParameters& source,
                                                           AVCodecID target,
                                                           ConversionBudgetPtr budget,
                                                           NoticeFn notice);

  // The text of one packet of `source`, at most 64 KiB of it, in the target's
  // form, at most 1 MiB. It is shown at the packet's time for the packet's
  // duration. Empty: there is nothing to show, or it can't be read.
  std::vector<uint8_t> Convert(const std::vector<uint8_t>& data);

  // The target's parameters, with the headers that its container needs.
  Status FillParameters(AVCodecParameters* params) const;

 private:
  SubtitleConverter(ConversionBudgetPtr budget, NoticeFn notice)
      : budget_(std::move(budget)), notice_(std::move(notice)) {}
  Status OpenDecoder(const AVCodecParameters& source);
  Status OpenEncoder(AVCodecID target);
  Result<std::vector<uint8_t>> Recode(const std::vector<uint8_t>& data);

  ConversionBudgetPtr budget_;
  NoticeFn notice_;
  AvCodecContextPtr decoder_;
  AvCodecContextPtr encoder_;
  std::vector<uint8_t> text_;  // room for what the encoder writes
  bool said_damaged_ = false;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_SUBTITLE_CONVERTER_H_
