#include "session/latents/latent_video.h"

#include <algorithm>
#include <cmath>
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

using analysis::LatentFrame;
using analysis::LatentReader;

constexpr int kLeastSide = 16;  // that the encoder takes

// The frames of any video, at most so large.
Result<std::unique_ptr<media::VideoReader>> OpenSmall(std::unique_ptr<media::VideoReader> video,
                                                      int longer_side) {
  const media::VideoInfo& info = video->info().video;
  const double shrink = static_cast<double>(longer_side) / std::max(info.width, info.height);
  if (shrink >= 1) return video;
  const auto side = [&](int s) {
    return std::max(kLeastSide, 2 * static_cast<int>(std::lround(s * shrink / 2)));
  };
  const int width = side(info.width);
  const int height = side(info.height);
  return MakeScaledVideo(std::move(video), width, height);
}

Status LookAt(std::span<const uint8_t> data, const FrameTag& tag, LatentReader* reader,
              LatentVisitor* visitor) {
  FURL_ASSIGN_OR_RETURN(const PacketView view, ParsePacket(data));
  FURL_ASSIGN_OR_RETURN(const LatentFrame frame, reader->Read(view, tag));
  return visitor->Visit(frame);
}

// Encodes what is sent and has its packets visited.
class OnTheFly {
 public:
  static Result<std::unique_ptr<OnTheFly>> Create(const media::VideoInfo& video,
                                                  const FamilyEncoderPtr& family,
                                                  const LatentVideoOptions& options,
                                                  LatentVisitor* visitor) {
    EncodeRequest request;
    request.encoder.preset = Preset::kFast;
    request.encoder.threads = options.threads;
    const EncoderSettings settings = SettingsFor(request, video, options.encoded_crf);
    FURL_ASSIGN_OR_RETURN(auto encoder, Encoder::Create(settings, family));
    FURL_ASSIGN_OR_RETURN(const SequenceHeader header,
                          ParseSequenceHeader(encoder->sequence_header()));
    FURL_ASSIGN_OR_RETURN(auto reader, LatentReader::Create(header, family->family(),
                                                            {options.threads, options.max_memory}));
    return std::make_unique<OnTheFly>(std::move(encoder), std::move(reader), header.gop_length,
                                      visitor);
  }
  OnTheFly(std::unique_ptr<Encoder> encoder, std::unique_ptr<LatentReader> reader, int gop_length,
           LatentVisitor* visitor)
      : encoder_(std::move(encoder)),
        reader_(std::move(reader)),
        gop_length_(gop_length),
        visitor_(visitor) {}

  int gop_length() const { return gop_length_; }
  // Null: there are no more.
  Status Send(const ConstFramePtr& frame) {
    return CodeFrame(encoder_.get(), frame, [this](const EncodedPacket& packet) {
      return LookAt(packet.data, {packet.pts, packet.duration}, reader_.get(), visitor_);
    });
  }

 private:
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<LatentReader> reader_;
  const int gop_length_;
  LatentVisitor* const visitor_;
};

}  // namespace

Result<int64_t> LatentVideoReader::Read(const std::string& path, const VideoPart& part,
                                        LatentVisitor* visitor) {
  Result<int64_t> damaged = ReadAny(path, part, visitor);
  if (damaged.ok() || damaged.status().message().find(path) != std::string::npos) return damaged;
  return damaged.status().WithContext(path);
}

Result<FamilyPtr> LatentVideoReader::Prepare(const model::ModelPtr& model) {
  const std::string id = ToHex(model->id());
  const auto found = prepared_.find(id);
  if (found != prepared_.end()) return found->second;
  FURL_ASSIGN_OR_RETURN(FamilyPtr family, CreateFamily(model));
  return prepared_[id] = std::move(family);
}

Result<FamilyPtr> LatentVideoReader::PrepareFor(const SequenceHeader& header,
                                                LatentVisitor* visitor) {
  if (header.base.has_value()) return FamilyPtr();
  FURL_ASSIGN_OR_RETURN(const model::ModelPtr model,
                        ModelStore(options_.model).Find(header.model_id));
  FURL_ASSIGN_OR_RETURN(FamilyPtr family, Prepare(model));
  FURL_ASSIGN_OR_RETURN(const bool takes, visitor->Takes(family, model->id()));
  return takes ? family : FamilyPtr();
}

Result<int64_t> LatentVideoReader::ReadAny(const std::string& path, const VideoPart& part,
                                           LatentVisitor* visitor) {
  media::CodedReaderOptions options;
  options.other_streams = false;
  options.notice = options_.hooks.notice;
  options.cancelled = options_.hooks.cancelled;
  auto reader = media::OpenCoded(path, options);
  FamilyPtr family;
  if (reader.ok()) {
    FURL_ASSIGN_OR_RETURN(family, PrepareFor((*reader)->header(), visitor));
  } else if (reader.status().code() != StatusCode::kUnsupported) {
    return reader.status();
  }
  if (family != nullptr) return ReadLatents(reader->get(), family, visitor);
  FURL_RETURN_IF_ERROR(Encode(path, part, visitor));
  return 0;
}

Result<int64_t> LatentVideoReader::ReadLatents(media::CodedReader* reader, const FamilyPtr& family,
                                               LatentVisitor* visitor) {
  const SequenceHeader& header = reader->header();
  FURL_ASSIGN_OR_RETURN(
      auto latents, LatentReader::Create(header, family, {options_.threads, options_.max_memory}));
  LatentStream stream = {reader->info().video.format(),
                         header.width,
                         header.height,
                         header.gop_length,
                         family,
                         header.model_id};
  stream.format.color = header.color;
  FURL_RETURN_IF_ERROR(visitor->Begin(stream));
  int64_t damaged = 0;
  for (int64_t frames = 0;;) {
    FURL_RETURN_IF_ERROR(options_.hooks.CheckCancelled("interrupted"));
    const Result<media::MediaPacket> packet = reader->Next();
    Status status = packet.status();
    if (packet.ok()) {
      if (packet->stream != media::kVideoStream) continue;
      if (options_.progress) options_.progress(++frames);
      status = LookAt(packet->data, {packet->pts, packet->duration}, latents.get(), visitor);
    }
    if (status.ok()) continue;
    if (status.code() == StatusCode::kEndOfStream) return damaged;
    if (status.code() != StatusCode::kInvalidStream) return status;
    ++damaged;
  }
}

Status LatentVideoReader::PrepareEncoder(LatentVisitor* visitor) {
  if (encoder_ != nullptr) return OkStatus();
  FURL_ASSIGN_OR_RETURN(const model::ModelPtr model, ModelStore(options_.model).Default());
  FURL_ASSIGN_OR_RETURN(const FamilyPtr family, Prepare(model));
  FURL_ASSIGN_OR_RETURN(const bool takes, visitor->Takes(family, model->id()));
  if (!takes) {
    return Unsupported("latents of '" + model->name() +
                       "' can't be used for this; another --model is needed for this video");
  }
  encoder_model_ = model->id();
  FURL_ASSIGN_OR_RETURN(encoder_, CreateFamilyEncoder(family));
  return OkStatus();
}

Status LatentVideoReader::Encode(const std::string& path, const VideoPart& part,
                                 LatentVisitor* visitor) {
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
  const int width = video->info().video.width;
  const int height = video->info().video.height;
  FURL_ASSIGN_OR_RETURN(video, OpenSmall(std::move(video), options_.encoded_side));
  FURL_RETURN_IF_ERROR(PrepareEncoder(visitor));
  const media::VideoInfo& info = video->info().video;
  FURL_ASSIGN_OR_RETURN(auto coder, OnTheFly::Create(info, encoder_, options_, visitor));
  // A part's times count from its first frame where there is a start.
  FURL_RETURN_IF_ERROR(visitor->Begin({info, width, height, coder->gop_length(), encoder_->family(),
                                       encoder_model_, true, std::max(part.start, 0.0)}));
  for (int64_t frames = 0;;) {
    FURL_RETURN_IF_ERROR(options_.hooks.CheckCancelled("interrupted"));
    const Result<media::MediaItem> item = video->Next();
    if (item.status().code() == StatusCode::kEndOfStream) break;
    if (!item.ok()) return item.status();
    if (item->frame == nullptr) continue;
    FURL_RETURN_IF_ERROR(coder->Send(item->frame));
    if (options_.progress) options_.progress(++frames);
  }
  return coder->Send(nullptr);
}

}  // namespace furl::session
