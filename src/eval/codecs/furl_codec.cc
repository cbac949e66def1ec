// Adapter of furl itself, on the codec library.

#include <cmath>
#include <map>

#include "base/file.h"
#include "base/sha256.h"
#include "codec/common/quality_scale.h"
#include "codec/dec/decode_packet.h"
#include "codec/enc/code_frame.h"
#include "eval/codecs/adapters.h"

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
    return {{"encoder", "furl"},
            {"preset", PresetName(spec_.preset)},
            {"gop_seconds", kGopSeconds},
            {"low_delay", spec_.low_delay},
            {"model", family_->family()->model().name()},
            {"family", family_->family()->model().family()},
            {"model_id", ToHex(family_->family()->model().id())}};
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

  FurlSpec spec_;
  FamilyEncoderPtr family_;
  LevelScale levels_;
};

EncoderSettings FurlCodec::SettingsFor(const Clip& clip, double level,
                                       const RunOptions& run) const {
  EncoderSettings settings;
  settings.format() = clip.format();
  settings.crf = level;
  settings.gop_seconds = kGopSeconds;
  settings.low_delay = spec_.low_delay;
  settings.preset = spec_.preset;
  settings.threads = run.threads;
  return settings;
}

Result<CodedVideo> FurlCodec::Encode(const Clip& clip, double level, const RunOptions& run) const {
  FURL_ASSIGN_OR_RETURN(const auto encoder,
                        Encoder::Create(SettingsFor(clip, level, run), family_));
  CodedVideo coded;
  coded.width = clip.width;
  coded.height = clip.height;
  const auto header = encoder->sequence_header();
  coded.header.assign(header.begin(), header.end());
  coded.bytes = static_cast<int64_t>(header.size());
  const auto take = [&](EncodedPacket packet) {
    coded.bytes += static_cast<int64_t>(packet.data.size());
    coded.packets.push_back({std::move(packet.data), packet.pts, packet.duration});
    return CheckCancelled(run);
  };
  for (const ConstFramePtr& frame : clip.frames) {
    FURL_RETURN_IF_ERROR(CheckCancelled(run));
    FURL_RETURN_IF_ERROR(CodeFrame(encoder.get(), frame, take));
    if (run.on_frame) run.on_frame();
  }
  FURL_RETURN_IF_ERROR(CodeFrame(encoder.get(), nullptr, take));
  return coded;
}

Status FurlCodec::Decode(const CodedVideo& coded, const RunOptions& run,
                         const FrameSink& sink) const {
  DecoderSettings settings;
  settings.threads = run.threads;
  FURL_ASSIGN_OR_RETURN(const auto decoder,
                        Decoder::Create(coded.header, family_->family(), settings));
  const auto take = [&](const Result<ConstFramePtr>& picture) {
    FURL_RETURN_IF_ERROR(picture.status());
    FURL_RETURN_IF_ERROR(sink(*picture));
    if (run.on_frame) run.on_frame();
    return OkStatus();
  };
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
