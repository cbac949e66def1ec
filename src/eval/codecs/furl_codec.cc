// Adapter of furl itself, on the codec library.

#include <cmath>
#include <map>

#include "base/file.h"
#include "base/sha256.h"
#include "codec/common/quality_scale.h"
#include "codec/dec/decode_packet.h"
#include "codec/enc/code_frame.h"
#include "eval/codecs/adapters.h"
#include "eval/codecs/thread_policy.h"
#include "session/base_feed.h"
#include "session/encoded_base.h"
#include "session/hybrid_stream.h"

namespace furl::eval {

const char* PresetName(Preset preset) {
  switch (preset) {
    case Preset::kFast: return "fast";
    case Preset::kMedium: return "medium";
    case Preset::kSlow: return "slow";
  }
  return "";
}

namespace {

// Which program made the numbers: furl's version alone doesn't tell builds of
// one day from each other.
std::string BuildId() {
  constexpr size_t kMaxProgram = size_t{1} << 30;
  constexpr size_t kDigits = 16;
  static const std::string id = [] {
    const auto program = ReadFile("/proc/self/exe", kMaxProgram);
    return program.ok() ? ToHex(Sha256(*program)).substr(0, kDigits) : std::string("unknown");
  }();
  return id;
}

class FurlCodec : public Codec {
 public:
  FurlCodec(const FurlSpec& spec, FamilyEncoderPtr family)
      : spec_(spec), family_(std::move(family)) {
    levels_ = {"crf", kMinCrf, kMaxCrf, 0.5, {27, 32, 37.5, 43, 48.5, 53.5}};
  }

  std::string name() const override { return spec_.name; }
  std::string description() const override { return spec_.description; }
  const LevelScale& levels() const override { return levels_; }

  nlohmann::json settings(const RunOptions&) const override {
    nlohmann::json json = {{"encoder", "furl"},
                           {"preset", PresetName(spec_.preset)},
                           {"gop_seconds", kGopSeconds},
                           {"low_delay", spec_.low_delay},
                           {"model", family_->family()->model().name()},
                           {"family", family_->family()->model().family()},
                           {"model_id", ToHex(family_->family()->model().id())}};
    if (spec_.tune == Tune::kMsSsim) json["tune"] = "ms-ssim";
    if (!spec_.base.empty()) json["base"] = spec_.base;
    if (spec_.base_use == BaseUse::kFilter) json["filter_only"] = true;
    return json;
  }

  nlohmann::json versions() const override {
    return {{"furl", FURL_VERSION}, {"build", BuildId()}};
  }

  nlohmann::json cost() const override {
    return {{"kmac_per_pixel", family_->family()->MacsPerPixel() / 1000},
            {"model_bytes", family_->family()->model().bytes()}};
  }

  Result<CodedVideo> Encode(const Clip& clip, double level, const RunOptions& run) const override;
  Status Decode(const CodedVideo& coded, const RunOptions& run,
                const FrameSink& sink) const override;

 private:
  EncoderSettings SettingsFor(const Clip& clip, double level, const RunOptions& run) const;
  Result<std::unique_ptr<session::BaseFeed>> OpenBase(const Clip& clip, double level,
                                                      const RunOptions& run) const;

  FurlSpec spec_;
  FamilyEncoderPtr family_;
  LevelScale levels_;
};

// Each packet follows the base's that came before it in the order of coding.
Status DecodeWithBase(const CodedVideo& coded, const RunOptions& run,
                      std::unique_ptr<Decoder> decoder, const PictureSink& take) {
  FURL_ASSIGN_OR_RETURN(const SequenceHeader header, ParseSequenceHeader(coded.header));
  FURL_ASSIGN_OR_RETURN(const auto hybrid, session::HybridStream::Create(std::move(decoder), header,
                                                                         *coded.base, run.threads));
  const auto give = [&](const CodedPacket& packet, int stream) {
    media::MediaPacket out;
    out.stream = stream;
    out.data = packet.data;
    out.pts = packet.pts;
    out.duration = packet.duration;
    out.key = packet.key;
    return hybrid->Take(std::move(out), take);
  };
  size_t next = 0;
  for (const CodedPacket& base : coded.base_packets) {
    FURL_RETURN_IF_ERROR(CheckCancelled(run));
    FURL_RETURN_IF_ERROR(give(base, media::kBaseStream));
    if (next < coded.packets.size()) {
      FURL_RETURN_IF_ERROR(give(coded.packets[next++], media::kVideoStream));
    }
  }
  for (; next < coded.packets.size(); ++next) {
    FURL_RETURN_IF_ERROR(give(coded.packets[next], media::kVideoStream));
  }
  FURL_RETURN_IF_ERROR(hybrid->Finish(take));
  const HybridDecoder& decoded = hybrid->decoder();
  const bool whole = decoded.base_alone() == 0 && decoded.statistics().damaged_frames == 0;
  return whole ? OkStatus() : InternalError("pictures above the base can't be decoded");
}

EncoderSettings FurlCodec::SettingsFor(const Clip& clip, double level,
                                       const RunOptions& run) const {
  EncoderSettings settings;
  settings.format() = clip.format();
  settings.crf = level;
  settings.gop_seconds = kGopSeconds;
  settings.low_delay = spec_.low_delay;
  settings.preset = spec_.preset;
  settings.tune = spec_.tune;
  settings.threads = run.threads;
  return settings;
}

Result<CodedVideo> FurlCodec::Encode(const Clip& clip, double level, const RunOptions& run) const {
  EncoderSettings settings = SettingsFor(clip, level, run);
  CodedVideo coded;
  std::unique_ptr<session::BaseFeed> feed;
  if (!spec_.base.empty()) {
    FURL_ASSIGN_OR_RETURN(feed, OpenBase(clip, level, run));
    settings.base = feed->base().format();
    settings.base_use = spec_.base_use;
    media::MediaInfo info;
    feed->base().Describe(&info);
    coded.base = info.base;
  }
  FURL_ASSIGN_OR_RETURN(const auto encoder, Encoder::Create(settings, family_));
  coded.width = clip.width;
  coded.height = clip.height;
  const auto header = encoder->sequence_header();
  coded.header.assign(header.begin(), header.end());
  coded.bytes = static_cast<int64_t>(header.size());
  const auto take = [&](EncodedPacket packet) {
    coded.bytes += static_cast<int64_t>(packet.data.size());
    coded.packets.push_back({std::move(packet.data), packet.pts, packet.duration, packet.key});
    return CheckCancelled(run);
  };
  const session::BaseFeed::Sinks sinks = {
      [&](media::MediaPacket packet) {
        coded.bytes += static_cast<int64_t>(packet.data.size());
        coded.base_packets.push_back(
            {std::move(packet.data), packet.pts, packet.duration, packet.key});
        return OkStatus();
      },
      [&](const ConstFramePtr& frame, const Encoder::BaseInput& base) {
        return CodeFrame(encoder.get(), frame, base, take);
      }};
  for (const ConstFramePtr& frame : clip.frames) {
    FURL_RETURN_IF_ERROR(CheckCancelled(run));
    FURL_RETURN_IF_ERROR(feed != nullptr ? feed->Push(frame, sinks)
                                         : CodeFrame(encoder.get(), frame, take));
    if (run.on_frame) run.on_frame();
  }
  if (feed != nullptr) FURL_RETURN_IF_ERROR(feed->Push(nullptr, sinks));
  FURL_RETURN_IF_ERROR(CodeFrame(encoder.get(), nullptr, take));
  return coded;
}

Result<std::unique_ptr<session::BaseFeed>> FurlCodec::OpenBase(const Clip& clip, double level,
                                                               const RunOptions& run) const {
  media::BaseOptions options;
  options.encoder = spec_.base;
  options.crf = session::BaseCrf(spec_.base, level, spec_.base_use);
  if (spec_.base_use == BaseUse::kFilter) options.scale = {1, 1};
  options.gop_frames = static_cast<int>(std::lround(kGopSeconds * clip.fps()));
  options.threads = run.reproducible ? 1 : run.threads;
  media::VideoInfo video;
  video.format() = clip.format();
  const KeepThreadPolicy keep;
  FURL_ASSIGN_OR_RETURN(auto base, session::EncodedBase::Create(options, video));
  return std::make_unique<session::BaseFeed>(std::move(base), "the clip", video.time_base,
                                             video.time_base);
}

Status FurlCodec::Decode(const CodedVideo& coded, const RunOptions& run,
                         const FrameSink& sink) const {
  DecoderSettings settings;
  settings.threads = run.threads;
  settings.conceal = coded.base.has_value();  // DecodeWithBase looks for damage
  FURL_ASSIGN_OR_RETURN(auto decoder, Decoder::Create(coded.header, family_->family(), settings));
  const auto take = [&](const Result<ConstFramePtr>& picture) {
    FURL_RETURN_IF_ERROR(picture.status());
    FURL_RETURN_IF_ERROR(sink(*picture));
    if (run.on_frame) run.on_frame();
    return OkStatus();
  };
  if (coded.base) return DecodeWithBase(coded, run, std::move(decoder), take);
  for (const CodedPacket& packet : coded.packets) {
    FURL_RETURN_IF_ERROR(CheckCancelled(run));
    FURL_RETURN_IF_ERROR(
        DecodePacket(decoder.get(), packet.data, {packet.pts, packet.duration}, take));
  }
  return FlushDecoder(decoder.get(), take);
}

}  // namespace

CodecPtr MakeFurlCodec(const FurlSpec& spec, FamilyEncoderPtr family) {
  return std::make_unique<FurlCodec>(spec, std::move(family));
}

}  // namespace furl::eval
