#include "media/libav/sound_encoder.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
}

#include <fmt/format.h>

#include <algorithm>

#include "media/libav/packet_form.h"

namespace furl::media {
namespace {

Status OutOfMemory() { return Status(StatusCode::kOutOfMemory, "out of memory"); }

// The rate nearest to `rate` from above that `codec` takes, else its highest.
int RateFor(const AVCodec& codec, int rate) {
  if (codec.supported_samplerates == nullptr) return rate;
  int best = 0;
  int highest = 0;
  for (const int* r = codec.supported_samplerates; *r != 0; ++r) {
    highest = std::max(highest, *r);
    if (*r >= rate && (best == 0 || *r < best)) best = *r;
  }
  return best != 0 ? best : highest;
}

// The source's own, where the codec takes them.
AVSampleFormat FormatFor(const AVCodec& codec, int format) {
  if (codec.sample_fmts == nullptr) return static_cast<AVSampleFormat>(format);
  for (const AVSampleFormat* f = codec.sample_fmts; *f != AV_SAMPLE_FMT_NONE; ++f) {
    if (*f == format) return *f;
  }
  return codec.sample_fmts[0];
}

std::string LayoutName(const AVChannelLayout& layout) {
  char name[128] = {};
  av_channel_layout_describe(&layout, name, sizeof(name));
  return name;
}

// Whether `codec` can code that many channels in that order.
bool TakesLayout(const AVCodec& codec, const AVChannelLayout& layout) {
  if (codec.ch_layouts == nullptr) return true;
  for (const AVChannelLayout* l = codec.ch_layouts; l->nb_channels != 0; ++l) {
    if (av_channel_layout_compare(l, &layout) == 0) return true;
  }
  return false;
}

}  // namespace

Result<std::unique_ptr<SoundEncoder>> SoundEncoder::Create(const StreamInfo& source,
                                                           const std::string& encoder,
                                                           int64_t bits_per_second) {
  const AVCodec* codec = avcodec_find_encoder_by_name(encoder.c_str());
  if (codec == nullptr) return Unsupported("this FFmpeg has no sound encoder " + encoder);
  std::unique_ptr<SoundEncoder> sound(new SoundEncoder);
  FURL_RETURN_IF_ERROR(sound->OpenDecoder(source));
  FURL_RETURN_IF_ERROR(sound->OpenEncoder(source, *codec, bits_per_second));
  return sound;
}

Status SoundEncoder::OpenDecoder(const StreamInfo& source) {
  const std::string name = CodecName(*source.params);
  const AVCodec* codec = avcodec_find_decoder(source.params->codec_id);
  if (codec == nullptr) return Unsupported("no decoder for " + name + " sound");
  decoder_.reset(avcodec_alloc_context3(codec));
  if (decoder_ == nullptr) return OutOfMemory();
  int error = avcodec_parameters_to_context(decoder_.get(), source.params.get());
  decoder_->pkt_timebase = ToAv(source.time_base);
  if (error >= 0) error = avcodec_open2(decoder_.get(), codec, nullptr);
  return error < 0 ? AvStatus(error, name, StatusCode::kUnsupported) : OkStatus();
}

Status SoundEncoder::OpenEncoder(const StreamInfo& source, const AVCodec& codec,
                                 int64_t bits_per_second) {
  const AVCodecParameters& from = *source.params;
  if (from.sample_rate <= 0 || from.ch_layout.nb_channels <= 0) {
    return Unsupported("sound of unknown rate can't be coded anew");
  }
  encoder_.reset(avcodec_alloc_context3(&codec));
  if (encoder_ == nullptr) return OutOfMemory();
  encoder_->sample_rate = RateFor(codec, from.sample_rate);
  encoder_->sample_fmt = FormatFor(codec, from.format);
  encoder_->time_base = {1, encoder_->sample_rate};
  encoder_->bit_rate = bits_per_second;
  encoder_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  AVChannelLayout usual = {};
  av_channel_layout_default(&usual, from.ch_layout.nb_channels);
  const bool own =
      from.ch_layout.order != AV_CHANNEL_ORDER_UNSPEC && TakesLayout(codec, from.ch_layout);
  int error = av_channel_layout_copy(&encoder_->ch_layout, own ? &from.ch_layout : &usual);
  if (error >= 0) error = avcodec_open2(encoder_.get(), &codec, nullptr);
  if (error < 0) return AvStatus(error, codec.name, StatusCode::kUnsupported);
  AVCodecParameters* params = avcodec_parameters_alloc();
  error =
      params == nullptr ? AVERROR(ENOMEM) : avcodec_parameters_from_context(params, encoder_.get());
  auto copy = error < 0 ? Result<std::shared_ptr<const AVCodecParameters>>(OutOfMemory())
                        : CopyParameters(*params);
  avcodec_parameters_free(&params);
  info_ = source;
  FURL_ASSIGN_OR_RETURN(info_.params, std::move(copy));
  info_.codec = CodecName(*info_.params);
  info_.time_base = FromAv(encoder_->time_base);
  info_.start =
      Rescale(source.start, source.time_base, info_.time_base) - encoder_->initial_padding;
  return OkStatus();
}

Status SoundEncoder::BuildGraph(const AVFrame& first) {
  graph_.reset(avfilter_graph_alloc());
  if (graph_ == nullptr) return OutOfMemory();
  graph_->nb_threads = 1;
  graph_rate_ = first.sample_rate;
  graph_format_ = first.format;
  graph_channels_ = first.ch_layout.nb_channels;
  const std::string input = fmt::format(
      "time_base={}/{}:sample_rate={}:sample_fmt={}:channel_layout={}", decoder_->pkt_timebase.num,
      decoder_->pkt_timebase.den, first.sample_rate, first.format, LayoutName(first.ch_layout));
  std::string steps =
      fmt::format("aresample={},aformat=sample_fmts={}:sample_rates={}:channel_layouts={}",
                  encoder_->sample_rate, av_get_sample_fmt_name(encoder_->sample_fmt),
                  encoder_->sample_rate, LayoutName(encoder_->ch_layout));
  if ((encoder_->codec->capabilities & AV_CODEC_CAP_VARIABLE_FRAME_SIZE) == 0) {
    steps += fmt::format(",asetnsamples=n={}:p=0", encoder_->frame_size);
  }
  int error = avfilter_graph_create_filter(&source_, avfilter_get_by_name("abuffer"), "in",
                                           input.c_str(), nullptr, graph_.get());
  if (error >= 0) {
    error = avfilter_graph_create_filter(&sink_, avfilter_get_by_name("abuffersink"), "out",
                                         nullptr, nullptr, graph_.get());
  }
  if (error < 0) return AvStatus(error, "sound filters", StatusCode::kUnsupported);
  AVFilterInOut* outputs = avfilter_inout_alloc();
  AVFilterInOut* inputs = avfilter_inout_alloc();
  error = AVERROR(ENOMEM);
  if (outputs != nullptr && inputs != nullptr) {
    *outputs = {av_strdup("in"), source_, 0, nullptr};
    *inputs = {av_strdup("out"), sink_, 0, nullptr};
    error = avfilter_graph_parse_ptr(graph_.get(), steps.c_str(), &inputs, &outputs, nullptr);
    if (error >= 0) error = avfilter_graph_config(graph_.get(), nullptr);
  }
  avfilter_inout_free(&inputs);
  avfilter_inout_free(&outputs);
  return error < 0 ? AvStatus(error, "sound filters", StatusCode::kUnsupported) : OkStatus();
}

Status SoundEncoder::Encode(const AVPacket* packet, std::vector<MediaPacket>* out) {
  int error = avcodec_send_packet(decoder_.get(), packet);
  if (error == AVERROR(ENOMEM)) return OutOfMemory();
  AvFramePtr sound(av_frame_alloc());
  if (sound == nullptr) return OutOfMemory();
  for (;;) {
    error = avcodec_receive_frame(decoder_.get(), sound.get());
    if (error == AVERROR(ENOMEM)) return OutOfMemory();
    if (error < 0) break;  // drained, or damaged
    sound->pts = sound->best_effort_timestamp;
    FURL_RETURN_IF_ERROR(Filter(sound.get(), out));
    av_frame_unref(sound.get());
  }
  if (packet != nullptr) return OkStatus();
  if (graph_ != nullptr) FURL_RETURN_IF_ERROR(Filter(nullptr, out));
  return Code(nullptr, out);
}

Status SoundEncoder::Filter(const AVFrame* sound, std::vector<MediaPacket>* out) {
  const bool changed =
      sound != nullptr && (sound->sample_rate != graph_rate_ || sound->format != graph_format_ ||
                           sound->ch_layout.nb_channels != graph_channels_);
  if (changed && graph_ != nullptr) FURL_RETURN_IF_ERROR(Filter(nullptr, out));
  if (changed) FURL_RETURN_IF_ERROR(BuildGraph(*sound));
  AvFramePtr copy(sound != nullptr ? av_frame_clone(sound) : nullptr);
  if (sound != nullptr && copy == nullptr) return OutOfMemory();
  int error = av_buffersrc_add_frame(source_, copy.get());
  if (error < 0) return AvStatus(error, "sound filters");
  for (;;) {
    AvFramePtr piece(av_frame_alloc());
    if (piece == nullptr) return OutOfMemory();
    error = av_buffersink_get_frame(sink_, piece.get());
    if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return OkStatus();
    if (error < 0) return AvStatus(error, "sound filters");
    const int64_t pts =
        piece->pts == AV_NOPTS_VALUE
            ? next_pts_
            : av_rescale_q(piece->pts, av_buffersink_get_time_base(sink_), encoder_->time_base);
    // Encoders count samples: rounded times of containers must not run back.
    piece->pts = std::max(pts, next_pts_);
    if (piece->pts == AV_NOPTS_VALUE) piece->pts = 0;
    next_pts_ = piece->pts + piece->nb_samples;
    FURL_RETURN_IF_ERROR(Code(piece.get(), out));
  }
}

Status SoundEncoder::Code(const AVFrame* sound, std::vector<MediaPacket>* out) {
  int error = avcodec_send_frame(encoder_.get(), sound);
  if (error < 0 && error != AVERROR_EOF) return AvStatus(error, "sound", StatusCode::kInternal);
  AvPacketPtr packet(av_packet_alloc());
  if (packet == nullptr) return OutOfMemory();
  for (;;) {
    error = avcodec_receive_packet(encoder_.get(), packet.get());
    if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return OkStatus();
    if (error < 0) return AvStatus(error, "sound", StatusCode::kInternal);
    out->push_back(PacketFromAv(*packet, /*web_vtt=*/false));
    av_packet_unref(packet.get());
  }
}

}  // namespace furl::media
