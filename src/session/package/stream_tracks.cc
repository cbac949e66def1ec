#include "session/package/stream_tracks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "media/libav/libav_util.h"
#include "session/settings_tag.h"

namespace furl::session {
namespace {

std::string FurlName(int number) { return fmt::format("furl{}", number); }
std::string AvcName(int number) { return fmt::format("h264-{}", number); }
std::string SoundName(int number) { return fmt::format("sound{}", number); }
std::string TextName(int number) { return fmt::format("text{}", number); }

constexpr char kMatroska[] = ".mkv";
constexpr char kMp4[] = ".m4s";
constexpr char kWebVtt[] = ".vtt";

constexpr double kUnknownTextSeconds = 4;

// Names of a kind are different.
void AddRendition(hls::Rendition rendition, std::vector<hls::Rendition>* all) {
  const auto same = [&](const hls::Rendition& other) { return other.name == rendition.name; };
  while (std::any_of(all->begin(), all->end(), same)) rendition.name += " 2";
  all->push_back(std::move(rendition));
}

}  // namespace

std::vector<hls::SegmentPlace> StreamPlaces(const std::string& folder, bool overwrite) {
  std::vector<hls::SegmentPlace> places;
  const auto add = [&](std::string (*name)(int), int count, const char* ending) {
    for (int i = 1; i <= count; ++i) places.push_back({folder, name(i), ending, overwrite});
  };
  add(FurlName, kMostFurlVariants, kMatroska);
  add(AvcName, kMostAvcVariants, kMp4);
  add(SoundName, kMostSounds, kMp4);
  add(TextName, kMostTexts, kWebVtt);
  return places;
}

StreamTracks::StreamTracks(const StreamSettings& settings, const media::MediaInfo& source,
                           FamilyEncoderPtr family, FindStore find, media::NoticeFn notice)
    : settings_(settings),
      source_(source),
      family_(std::move(family)),
      find_(std::move(find)),
      notice_(std::move(notice)),
      video_(source.video) {
  DropSettingsTag(&video_);
}

Status StreamTracks::OpenVideo(const Rung& rung, bool furl, int number) {
  hls::SegmentStore* store =
      find_(furl ? FurlName(number) : AvcName(number), furl ? kMatroska : kMp4);
  VariantInput input = {video_, grid_, rung, settings_.encoder, store};
  Video video = {store, rung, nullptr};
  if (furl) {
    FURL_ASSIGN_OR_RETURN(video.variant, MakeFurlVariant(std::move(input), family_));
  } else {
    FURL_ASSIGN_OR_RETURN(video.variant, MakeAvcVariant(std::move(input)));
  }
  videos_.push_back(std::move(video));
  return OkStatus();
}

Status StreamTracks::OpenSound(const media::StreamInfo& info) {
  if (sounds_.size() == kMostSounds) return Unsupported("there are too many");
  hls::SegmentStore* store = find_(SoundName(sounds() + 1), kMp4);
  FURL_ASSIGN_OR_RETURN(auto variant,
                        SoundVariant::Create(info, settings_.sound_rate, grid_, store->Taker()));
  FURL_RETURN_IF_ERROR(store->PutInit(variant->init()));
  sounds_.push_back({store, &info, std::move(variant)});
  return OkStatus();
}

Status StreamTracks::OpenText(const media::StreamInfo& info) {
  if (!settings_.texts) return Unsupported("this stream has none");
  if (texts_.size() == kMostTexts) return Unsupported("there are too many");
  FURL_ASSIGN_OR_RETURN(
      auto converter,
      media::SubtitleConverter::Create(*info.params, AV_CODEC_ID_WEBVTT, text_budget_, notice_));
  hls::SegmentStore* store = find_(TextName(texts() + 1), kWebVtt);
  texts_.push_back({store, &info, std::move(converter),
                    std::make_unique<hls::TextTrack>(grid_.origin, store->Taker())});
  return OkStatus();
}

Status StreamTracks::OpenOther(int stream) {
  const media::StreamInfo& info = source_.streams[stream];
  const bool sound = info.kind == media::StreamKind::kAudio;
  const Status opened = sound ? OpenSound(info) : OpenText(info);
  if (opened.ok() || opened.code() != StatusCode::kUnsupported) return opened;
  if (notice_) {
    notice_(
        fmt::format("{} stream is left out: {}", sound ? "audio" : "subtitle", opened.message()));
  }
  return OkStatus();
}

Status StreamTracks::Open(const Frame& first, std::optional<double> begin) {
  const double tick = video_.time_base.value();
  shift_ticks_ = begin ? std::llround(*begin / tick) - first.pts : std::max<int64_t>(-first.pts, 0);
  shift_ = static_cast<double>(shift_ticks_) * tick;
  grid_ = {static_cast<double>(first.pts + shift_ticks_) * tick, settings_.segment_seconds};
  int number = 0;
  for (const Rung& rung : settings_.avc) FURL_RETURN_IF_ERROR(OpenVideo(rung, false, ++number));
  number = 0;
  for (const Rung& rung : settings_.furl) FURL_RETURN_IF_ERROR(OpenVideo(rung, true, ++number));
  for (size_t i = 0; i < source_.streams.size(); ++i) {
    FURL_RETURN_IF_ERROR(OpenOther(static_cast<int>(i)));
  }
  for (const auto& packet : std::exchange(early_, {})) FURL_RETURN_IF_ERROR(Write(*packet));
  return OkStatus();
}

bool StreamTracks::BeginsSegment(const Frame& frame) const {
  return grid_.CellOf(frame.pts + shift_ticks_, video_.time_base) > cell_;
}

void StreamTracks::SetEffort(const Effort& effort) {
  for (const Video& video : videos_) video.variant->SetEffort(effort);
}

Status StreamTracks::TakeFrame(const ConstFramePtr& frame) {
  ConstFramePtr shifted = frame;
  if (shift_ticks_ != 0) {
    FrameTag tag = frame->tag();
    tag.pts += shift_ticks_;
    shifted = Frame::StandIn(frame, tag);
  }
  const bool begins = BeginsSegment(*frame);
  if (begins) {
    cell_ = grid_.CellOf(shifted->pts, video_.time_base);
    cuts_.push_back(static_cast<double>(shifted->pts) * video_.time_base.value());
  }
  end_ = shifted->pts + shifted->duration;
  for (const Video& video : videos_) {
    FURL_RETURN_IF_ERROR(video.variant->Code(shifted, begins));
  }
  ++frames_;
  return OkStatus();
}

Status StreamTracks::TakePacket(std::unique_ptr<media::MediaPacket> packet) {
  if (is_open()) return Write(*packet);
  early_.push_back(std::move(packet));
  return OkStatus();
}

Status StreamTracks::Write(const media::MediaPacket& packet) {
  const media::StreamInfo* stream = &source_.streams[packet.stream];
  for (const Sound& sound : sounds_) {
    if (sound.stream == stream) return sound.variant->Write(packet, shift_);
  }
  for (const Text& text : texts_) {
    if (text.stream == stream && packet.pts != media::kNoTimestamp) WriteText(text, packet);
  }
  return OkStatus();
}

void StreamTracks::WriteText(const Text& text, const media::MediaPacket& packet) {
  const std::vector<uint8_t> words = text.converter->Convert(packet.data);
  const double tick = text.stream->time_base.value();
  const double start = static_cast<double>(packet.pts) * tick + shift_;
  const double seconds =
      packet.duration > 0 ? static_cast<double>(packet.duration) * tick : kUnknownTextSeconds;
  text.track->Add(std::max(start, 0.0), start + seconds, {words.begin(), words.end()});
}

Status StreamTracks::Finish() {
  for (const Video& video : videos_) FURL_RETURN_IF_ERROR(video.variant->Code(nullptr, false));
  for (const Sound& sound : sounds_) FURL_RETURN_IF_ERROR(sound.variant->Finish());
  for (const Text& text : texts_) {
    for (size_t i = 1; i < cuts_.size(); ++i) FURL_RETURN_IF_ERROR(text.track->Cut(cuts_[i]));
    FURL_RETURN_IF_ERROR(text.track->Cut(end()));
  }
  std::erase_if(sounds_, [](const Sound& sound) { return sound.store->count() == 0; });
  return OkStatus();
}

hls::Rendition StreamTracks::RenditionOf(const media::StreamInfo& stream, size_t number) const {
  hls::Rendition out;
  out.language = media::FindTag(stream.tags, "language");
  if (out.language == "und") out.language.clear();
  out.name = media::FindTag(stream.tags, "title");
  if (out.name.empty()) out.name = out.language;
  if (out.name.empty()) out.name = fmt::format("{}", number);
  return out;
}

std::vector<hls::Rendition> StreamTracks::SoundRenditions() const {
  std::vector<hls::Rendition> all;
  for (const Sound& sound : sounds_) {
    if (sound.store->count() == 0) continue;
    auto rendition = RenditionOf(*sound.stream, all.size() + 1);
    rendition.kind = hls::Rendition::Kind::kSound;
    rendition.is_default = all.empty();
    rendition.channels = sound.variant->channels();
    rendition.uri = sound.store->place().ListName();
    AddRendition(std::move(rendition), &all);
  }
  return all;
}

std::vector<hls::Rendition> StreamTracks::TextRenditions() const {
  std::vector<hls::Rendition> all;
  for (const Text& text : texts_) {
    if (text.store->count() == 0) continue;
    auto rendition = RenditionOf(*text.stream, all.size() + 1);
    rendition.kind = hls::Rendition::Kind::kText;
    rendition.is_forced = (text.stream->disposition & AV_DISPOSITION_FORCED) != 0;
    rendition.uri = text.store->place().ListName();
    AddRendition(std::move(rendition), &all);
  }
  return all;
}

hls::MasterPlaylist StreamTracks::Master() const {
  hls::MasterPlaylist master;
  master.renditions = SoundRenditions();
  for (hls::Rendition& rendition : TextRenditions()) {
    master.renditions.push_back(std::move(rendition));
  }
  std::string sound_codecs;
  int64_t sound_peak = 0;
  int64_t sound_mean = 0;
  for (const Sound& sound : sounds_) {
    const std::string codec = "," + sound.variant->codec_name();
    if (sound_codecs.find(codec) == std::string::npos) sound_codecs += codec;
    sound_peak = std::max(sound_peak, sound.store->peak());
    sound_mean = std::max(sound_mean, sound.store->mean());
  }
  const double usual = video_.usual_rate > 0 ? video_.usual_rate : video_.frame_rate.value();
  for (const Video& video : videos_) {
    master.variants.push_back({video.store->place().ListName(), video.store->peak() + sound_peak,
                               video.store->mean() + sound_mean, video.rung.width,
                               video.rung.height, usual,
                               video.variant->codec_name() + sound_codecs});
  }
  return master;
}

}  // namespace furl::session
