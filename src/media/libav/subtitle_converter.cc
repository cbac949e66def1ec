#include "media/libav/subtitle_converter.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace furl::media {
namespace {

// Longer ones are refused: mp4 has no room for them, and libavcodec's time grows
// with the square.
constexpr size_t kMaxPacketBytes = size_t{64} << 10;
constexpr size_t kMaxTextBytes = size_t{1} << 20;

Status OutOfMemory() { return Status(StatusCode::kOutOfMemory, "out of memory"); }

// What a decoder found in a packet.
struct DecodedSubtitle {
  DecodedSubtitle() = default;
  DecodedSubtitle(const DecodedSubtitle&) = delete;
  DecodedSubtitle& operator=(const DecodedSubtitle&) = delete;
  ~DecodedSubtitle() { avsubtitle_free(&value); }
  AVSubtitle value = {};
};

// Whether `codec` finds exactly the text of a packet in it. Captions that build up
// over many packets have times of their own.
bool ReadsPackets(const AVCodec& codec) {
  const AVCodecDescriptor* about = avcodec_descriptor_get(codec.id);
  return about != nullptr && (about->props & AV_CODEC_PROP_TEXT_SUB) != 0 &&
         (codec.capabilities & AV_CODEC_CAP_DELAY) == 0;
}

}  // namespace

Result<std::unique_ptr<SubtitleConverter>> SubtitleConverter::Create(
    const AVCodecParameters& source, AVCodecID target, ConversionBudgetPtr budget,
    NoticeFn notice) {
  std::unique_ptr<SubtitleConverter> converter(
      new SubtitleConverter(std::move(budget), std::move(notice)));
  FURL_RETURN_IF_ERROR(converter->OpenDecoder(source));
  FURL_RETURN_IF_ERROR(converter->OpenEncoder(target));
  return converter;
}

Status SubtitleConverter::OpenDecoder(const AVCodecParameters& source) {
  const std::string name = CodecName(source);
  const AVCodec* codec = avcodec_find_decoder(source.codec_id);
  if (codec == nullptr || !ReadsPackets(*codec)) return Unsupported(name + " can't be kept");
  decoder_.reset(avcodec_alloc_context3(codec));
  if (decoder_ == nullptr) return OutOfMemory();
  int error = avcodec_parameters_to_context(decoder_.get(), &source);
  if (error >= 0) error = avcodec_open2(decoder_.get(), codec, nullptr);
  return error < 0 ? AvStatus(error, name) : OkStatus();
}

Status SubtitleConverter::OpenEncoder(AVCodecID target) {
  const std::string name = avcodec_get_name(target);
  const AVCodec* codec = avcodec_find_encoder(target);
  if (codec == nullptr) return Unsupported("this FFmpeg can't write subtitles as " + name);
  encoder_.reset(avcodec_alloc_context3(codec));
  if (encoder_ == nullptr) return OutOfMemory();
  encoder_->time_base = {1, 1000};
  // The font, size and color that mp4 states for all of its text are the player's
  // choice in SubRip, not tags around every line: no style is handed on.
  const bool styles = target == AV_CODEC_ID_MOV_TEXT && decoder_->subtitle_header != nullptr;
  const int size = styles ? decoder_->subtitle_header_size : 0;
  encoder_->subtitle_header = static_cast<uint8_t*>(av_mallocz(static_cast<size_t>(size) + 1));
  if (encoder_->subtitle_header == nullptr) return OutOfMemory();
  if (size > 0) std::memcpy(encoder_->subtitle_header, decoder_->subtitle_header, size);
  encoder_->subtitle_header_size = size;
  const int error = avcodec_open2(encoder_.get(), codec, nullptr);
  return error < 0 ? AvStatus(error, name) : OkStatus();
}

std::vector<uint8_t> SubtitleConverter::Convert(const std::vector<uint8_t>& data) {
  auto text = Recode(data);
  if (text.ok()) return std::move(*text);
  if (!said_damaged_ && notice_) {
    notice_("a subtitle can't be read and is left out: " + text.status().message());
  }
  said_damaged_ = true;
  return {};
}

Result<std::vector<uint8_t>> SubtitleConverter::Recode(const std::vector<uint8_t>& data) {
  if (data.size() > kMaxPacketBytes) return InvalidStream("it is too long");
  if (!budget_->Take(data.size())) return InvalidStream("there is too much text");
  AvPacketPtr packet(av_packet_alloc());
  if (packet == nullptr || av_new_packet(packet.get(), static_cast<int>(data.size())) < 0) {
    return OutOfMemory();
  }
  std::ranges::copy(data, packet->data);
  DecodedSubtitle subtitle;
  int found = 0;
  const int error = avcodec_decode_subtitle2(decoder_.get(), &subtitle.value, &found, packet.get());
  if (error < 0) return AvStatus(error, avcodec_get_name(decoder_->codec_id));
  if (found == 0 || subtitle.value.num_rects == 0) return std::vector<uint8_t>();
  text_.resize(kMaxTextBytes);
  const int size = avcodec_encode_subtitle(encoder_.get(), text_.data(),
                                           static_cast<int>(text_.size()), &subtitle.value);
  if (size < 0) return AvStatus(size, avcodec_get_name(encoder_->codec_id));
  return std::vector<uint8_t>(text_.begin(), text_.begin() + size);
}

Status SubtitleConverter::FillParameters(AVCodecParameters* params) const {
  return avcodec_parameters_from_context(params, encoder_.get()) < 0 ? OutOfMemory() : OkStatus();
}

}  // namespace furl::media
