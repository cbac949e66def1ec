#include "session/search/shot_reader.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/sha256.h"
#include "bitstream/packet.h"
#include "codec/enc/code_frame.h"
#include "codec/enc/encoder.h"
#include "codec/enc/encoders.h"
#include "codec/families/decoders.h"
#include "session/decoded_video.h"
#include "session/encode_run.h"
#include "session/model_store.h"
#include "session/scaled_video.h"
#include "session/trimmed_video.h"

namespace furl::session {
namespace {

// What is encoded on the fly is only looked at coarsely: the longer side of its pictures.
constexpr int kEncodedSide = 320;
constexpr int kLeastSide = 16;  // that the encoder takes
constexpr double kEncodedCrf = 40;

using analysis::LatentFrame;
using analysis::LatentReader;
using analysis::ShotFormat;
using analysis::ShotMaker;

ShotFormat FormatOf(const VideoFormat& video, int gop_length, const VideoPart& part) {
  ShotFormat format;
  format.seconds_per_tick = video.time_base.value();
  format.frames_per_second = std::clamp(video.frame_rate.value(), 0.001, 1000.0);
  format.gop_length = gop_length;
  if (part.start > 0) format.from = part.start;
  if (part.duration > 0) format.to = part.start + part.duration;
  return format;
}

VideoShots ShotsOf(ShotMaker* maker, const ColorTags& color) {
  VideoShots result;
  result.shots = maker->Finish();
  result.color = color;
  for (const analysis::Shot& shot : result.shots)
    result.seconds = std::max(result.seconds, shot.end);
  return result;
}

// The frames of the part of any video, small enough.
Result<std::unique_ptr<media::VideoReader>> OpenSmall(std::unique_ptr<media::VideoReader> video) {
  const media::VideoInfo& info = video->info().video;
  const double shrink = static_cast<double>(kEncodedSide) / std::max(info.width, info.height);
  if (shrink >= 1) return video;
  const auto side = [&](int s) {
    return std::max(kLeastSide, 2 * static_cast<int>(std::lround(s * shrink / 2)));
  };
  const int width = side(info.width);
  const int height = side(info.height);
  return MakeScaledVideo(std::move(video), width, height);
}

// Gives the shots what a packet says. kEndOfStream: a GOP begins that is behind what is wanted.
Status LookAt(std::span<const uint8_t> data, const FrameTag& tag, const ShotFormat& format,
              LatentReader* reader, ShotMaker* shots) {
  FURL_ASSIGN_OR_RETURN(const PacketView view, ParsePacket(data));
  const double time = static_cast<double>(tag.pts) * format.seconds_per_tick;
  if (view.header.key() && time >= format.to) return EndOfStream();
  FURL_ASSIGN_OR_RETURN(const LatentFrame frame, reader->Read(view, tag));
  shots->Add(frame);
  return OkStatus();
}

// Encodes what is sent and gives it to the shots as packets.
class OnTheFly {
 public:
  static Result<std::unique_ptr<OnTheFly>> Create(const media::VideoInfo& video,
                                                  const FamilyEncoderPtr& family,
                                                  const analysis::SketchMaker& sketches,
                                                  const ShotOptions& options) {
    EncodeRequest request;
    request.encoder.preset = Preset::kFast;
    request.encoder.threads = options.threads;
    const EncoderSettings settings = SettingsFor(request, video, kEncodedCrf);
    FURL_ASSIGN_OR_RETURN(auto encoder, Encoder::Create(settings, family));
    FURL_ASSIGN_OR_RETURN(const SequenceHeader header,
                          ParseSequenceHeader(encoder->sequence_header()));
    FURL_ASSIGN_OR_RETURN(auto reader, LatentReader::Create(header, family->family(),
                                                            {options.threads, options.max_memory}));
    return std::make_unique<OnTheFly>(std::move(encoder), std::move(reader), sketches,
                                      FormatOf(video, header.gop_length, {}));
  }
  OnTheFly(std::unique_ptr<Encoder> encoder, std::unique_ptr<LatentReader> reader,
           const analysis::SketchMaker& sketches, const ShotFormat& format)
      : encoder_(std::move(encoder)),
        reader_(std::move(reader)),
        format_(format),
        shots_(sketches, format) {}

  // Null: there are no more.
  Status Send(const ConstFramePtr& frame) {
    return CodeFrame(encoder_.get(), frame, [this](const EncodedPacket& packet) {
      return LookAt(packet.data, {packet.pts, packet.duration}, format_, reader_.get(), &shots_);
    });
  }
  ShotMaker* shots() { return &shots_; }

 private:
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<LatentReader> reader_;
  const ShotFormat format_;
  ShotMaker shots_;
};

}  // namespace

Result<const ShotReader::Prepared*> ShotReader::Prepare(const model::ModelPtr& model) {
  const std::string id = ToHex(model->id());
  const auto found = prepared_.find(id);
  if (found != prepared_.end()) return &found->second;
  Prepared prepared;
  FURL_ASSIGN_OR_RETURN(prepared.family, CreateFamily(model));
  auto sketches = analysis::SketchMaker::Create(*prepared.family);
  if (sketches.ok()) {
    prepared.sketches = std::make_unique<analysis::SketchMaker>(std::move(*sketches));
  } else if (sketches.status().code() != StatusCode::kUnsupported) {
    return sketches.status();
  }
  return &(prepared_[id] = std::move(prepared));
}

Result<const ShotReader::Prepared*> ShotReader::PrepareFor(const SequenceHeader& header) {
  if (header.base.has_value()) return nullptr;
  FURL_ASSIGN_OR_RETURN(const model::ModelPtr model,
                        ModelStore(options_.model).Find(header.model_id));
  FURL_ASSIGN_OR_RETURN(const Prepared* prepared, Prepare(model));
  return prepared->sketches != nullptr ? prepared : nullptr;
}

Result<VideoShots> ShotReader::Read(const std::string& path, const VideoPart& part) {
  Result<VideoShots> shots = ReadAny(path, part);
  if (!shots.ok()) {
    const bool named = shots.status().message().find(path) != std::string::npos;
    return named ? shots.status() : shots.status().WithContext(path);
  }
  if (!shots->shots.empty()) return shots;
  if (!part.whole()) return InvalidArgument(path + ": there is no picture in that part");
  return InvalidStream(path + ": there is no video in it that can be read");
}

Result<VideoShots> ShotReader::ReadAny(const std::string& path, const VideoPart& part) {
  media::CodedReaderOptions options;
  options.other_streams = false;
  options.notice = options_.hooks.notice;
  options.cancelled = options_.hooks.cancelled;
  auto reader = media::OpenCoded(path, options);
  if (!reader.ok()) {
    if (reader.status().code() != StatusCode::kUnsupported) return reader.status();
    return Encode(path, part);
  }
  FURL_ASSIGN_OR_RETURN(const Prepared* prepared, PrepareFor((*reader)->header()));
  if (prepared == nullptr) return Encode(path, part);
  return ReadLatents(reader->get(), *prepared, part);
}

Result<VideoShots> ShotReader::ReadLatents(media::CodedReader* reader, const Prepared& prepared,
                                           const VideoPart& part) {
  const SequenceHeader& header = reader->header();
  FURL_ASSIGN_OR_RETURN(
      auto latents,
      LatentReader::Create(header, prepared.family, {options_.threads, options_.max_memory}));
  const ShotFormat format = FormatOf(reader->info().video, header.gop_length, part);
  ShotMaker maker(*prepared.sketches, format);
  int64_t damaged = 0;
  for (int64_t frames = 0;;) {
    FURL_RETURN_IF_ERROR(options_.hooks.CheckCancelled("interrupted"));
    const Result<media::MediaPacket> packet = reader->Next();
    Status status = packet.status();
    if (packet.ok()) {
      if (packet->stream != media::kVideoStream) continue;
      if (options_.progress) options_.progress(++frames);
      const FrameTag tag = {packet->pts, packet->duration};
      status = LookAt(packet->data, tag, format, latents.get(), &maker);
    }
    if (status.ok()) continue;
    if (status.code() == StatusCode::kEndOfStream) break;
    if (status.code() != StatusCode::kInvalidStream) return status;
    ++damaged;
  }
  VideoShots shots = ShotsOf(&maker, header.color);
  shots.damaged = damaged;
  return shots;
}

Status ShotReader::PrepareEncoder() {
  if (encoder_ != nullptr) return OkStatus();
  FURL_ASSIGN_OR_RETURN(const model::ModelPtr model, ModelStore(options_.model).Default());
  FURL_ASSIGN_OR_RETURN(const Prepared* prepared, Prepare(model));
  if (prepared->sketches == nullptr) {
    return Unsupported("latents of family '" + model->family() +
                       "' make no picture alone; another --model is needed for this video");
  }
  FURL_ASSIGN_OR_RETURN(encoder_, CreateFamilyEncoder(prepared->family));
  sketches_ = prepared->sketches.get();
  return OkStatus();
}

Result<VideoShots> ShotReader::Encode(const std::string& path, const VideoPart& part) {
  DecodedOptions open;
  open.threads = options_.threads;
  open.max_memory = options_.max_memory;
  open.conceal = true;
  open.other_streams = false;
  open.start = part.start;
  open.model = options_.model;
  open.hooks = options_.hooks;
  FURL_ASSIGN_OR_RETURN(auto whole, OpenAnyVideo(path, open));
  std::unique_ptr<media::VideoReader> video = std::move(whole);
  std::unique_ptr<media::VideoReader> source;  // below the trimmed one
  if (!part.whole()) {
    source = std::move(video);
    FURL_ASSIGN_OR_RETURN(video, TrimmedVideo::Open(source.get(), {part.start, part.duration, 0}));
  }
  FURL_ASSIGN_OR_RETURN(video, OpenSmall(std::move(video)));
  FURL_RETURN_IF_ERROR(PrepareEncoder());
  const media::VideoInfo& info = video->info().video;
  FURL_ASSIGN_OR_RETURN(auto coder, OnTheFly::Create(info, encoder_, *sketches_, options_));
  for (int64_t frames = 0;;) {
    FURL_RETURN_IF_ERROR(options_.hooks.CheckCancelled("interrupted"));
    const Result<media::MediaItem> item = video->Next();
    if (item.status().code() == StatusCode::kEndOfStream) break;
    if (!item.ok()) return item.status();
    if (item->frame == nullptr) continue;
    FURL_RETURN_IF_ERROR(coder->Send(item->frame));
    if (options_.progress) options_.progress(++frames);
  }
  FURL_RETURN_IF_ERROR(coder->Send(nullptr));
  VideoShots shots = ShotsOf(coder->shots(), info.color);
  shots.encoded = true;
  // A part's times count from its first frame where there is a start.
  for (analysis::Shot& shot : shots.shots) {
    shot.begin += std::max(part.start, 0.0);
    shot.end += std::max(part.start, 0.0);
  }
  shots.seconds += std::max(part.start, 0.0);
  return shots;
}

}  // namespace furl::session
