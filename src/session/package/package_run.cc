#include "session/package/package_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "media/libav/libav_util.h"
#include "media/output_file.h"
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

}  // namespace

std::vector<hls::SegmentPlace> PackagePlaces(const std::string& folder, bool overwrite) {
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

PackageRun::PackageRun(const PackageRequest& request, std::unique_ptr<media::VideoReader> reader,
                       FamilyEncoderPtr family, PackageHooks hooks)
    : request_(request),
      reader_(std::move(reader)),
      family_(std::move(family)),
      hooks_(std::move(hooks)),
      video_(reader_->info().video) {
  DropSettingsTag(&video_);
}

PackageRun::~PackageRun() {
  if (done_) return;
  for (const auto& list : lists_) list->RemoveAll();
}

hls::SegmentList* PackageRun::AddList(const std::string& name, const std::string& ending) {
  const hls::SegmentPlace place = {request_.folder, name, ending, request_.overwrite};
  lists_.push_back(std::make_unique<hls::SegmentList>(place));
  return lists_.back().get();
}

Status PackageRun::OpenVideo(const Rung& rung, bool furl, int number) {
  hls::SegmentList* list =
      AddList(furl ? FurlName(number) : AvcName(number), furl ? kMatroska : kMp4);
  VariantInput input = {
      video_, grid_, rung, request_.encoder,
      [list](std::span<const uint8_t> bytes, double seconds) { return list->Put(bytes, seconds); }};
  Video video = {list, rung, nullptr};
  if (furl) {
    FURL_ASSIGN_OR_RETURN(video.variant, MakeFurlVariant(std::move(input), family_));
  } else {
    FURL_ASSIGN_OR_RETURN(video.variant, MakeAvcVariant(std::move(input)));
  }
  FURL_RETURN_IF_ERROR(list->PutInit(video.variant->init()));
  videos_.push_back(std::move(video));
  return OkStatus();
}

Status PackageRun::OpenSound(int stream) {
  const media::StreamInfo& info = reader_->info().streams[stream];
  if (sounds_.size() == kMostSounds) return Unsupported("there are too many");
  Sound sound = {AddList(SoundName(static_cast<int>(sounds_.size()) + 1), kMp4), &info, nullptr};
  const auto take = [list = sound.list](std::span<const uint8_t> bytes, double seconds) {
    return list->Put(bytes, seconds);
  };
  auto variant = SoundVariant::Create(info, request_.sound_rate, grid_, take);
  if (!variant.ok()) {
    lists_.pop_back();
    return variant.status();
  }
  sound.variant = std::move(*variant);
  FURL_RETURN_IF_ERROR(sound.list->PutInit(sound.variant->init()));
  sounds_.push_back(std::move(sound));
  return OkStatus();
}

Status PackageRun::OpenText(int stream) {
  const media::StreamInfo& info = reader_->info().streams[stream];
  if (texts_.size() == kMostTexts) return Unsupported("there are too many");
  Text text = {nullptr, &info, nullptr, nullptr};
  FURL_ASSIGN_OR_RETURN(text.converter,
                        media::SubtitleConverter::Create(*info.params, AV_CODEC_ID_WEBVTT,
                                                         text_budget_, hooks_.notice));
  text.list = AddList(TextName(static_cast<int>(texts_.size()) + 1), kWebVtt);
  text.track = std::make_unique<hls::TextTrack>(
      grid_.origin, [list = text.list](std::span<const uint8_t> bytes, double seconds) {
        return list->Put(bytes, seconds);
      });
  texts_.push_back(std::move(text));
  return OkStatus();
}

Status PackageRun::Open(const Frame& first) {
  const double tick = video_.time_base.value();
  shift_ticks_ = std::max<int64_t>(-first.pts, 0);
  shift_ = static_cast<double>(shift_ticks_) * tick;
  grid_ = {static_cast<double>(first.pts + shift_ticks_) * tick, request_.segment_seconds};
  int number = 0;
  for (const Rung& rung : request_.avc) FURL_RETURN_IF_ERROR(OpenVideo(rung, false, ++number));
  number = 0;
  for (const Rung& rung : request_.furl) FURL_RETURN_IF_ERROR(OpenVideo(rung, true, ++number));
  const auto& streams = reader_->info().streams;
  for (size_t i = 0; i < streams.size(); ++i) {
    const bool sound = streams[i].kind == media::StreamKind::kAudio;
    const int stream = static_cast<int>(i);
    const Status opened = sound ? OpenSound(stream) : OpenText(stream);
    if (opened.ok()) continue;
    if (opened.code() != StatusCode::kUnsupported) return opened;
    hooks_.Notice(
        fmt::format("{} stream is left out: {}", sound ? "audio" : "subtitle", opened.message()));
  }
  return OkStatus();
}

Status PackageRun::TakeFrame(const ConstFramePtr& frame) {
  FURL_RETURN_IF_ERROR(hooks_.CheckCancelled("interrupted; nothing was written"));
  if (videos_.empty()) FURL_RETURN_IF_ERROR(Open(*frame));
  ConstFramePtr shifted = frame;
  if (shift_ticks_ > 0) {
    FrameTag tag = frame->tag();
    tag.pts += shift_ticks_;
    shifted = Frame::StandIn(frame, tag);
  }
  const int64_t cell = grid_.CellOf(shifted->pts, video_.time_base);
  const bool begins = cell > cell_;
  if (begins) {
    cell_ = cell;
    cuts_.push_back(static_cast<double>(shifted->pts) * video_.time_base.value());
  }
  end_ = shifted->pts + shifted->duration;
  for (const Video& video : videos_) {
    FURL_RETURN_IF_ERROR(video.variant->Code(shifted, begins));
  }
  ++frames_;
  if (hooks_.progress) hooks_.progress(frames_);
  return OkStatus();
}

Status PackageRun::TakePacket(const media::MediaPacket& packet) {
  const media::StreamInfo* stream = &reader_->info().streams[packet.stream];
  for (const Sound& sound : sounds_) {
    if (sound.stream == stream) return sound.variant->Write(packet, shift_);
  }
  for (const Text& text : texts_) {
    if (text.stream != stream || packet.pts == media::kNoTimestamp) continue;
    const std::vector<uint8_t> words = text.converter->Convert(packet.data);
    const double tick = stream->time_base.value();
    const double start = static_cast<double>(packet.pts) * tick + shift_;
    const double seconds =
        packet.duration > 0 ? static_cast<double>(packet.duration) * tick : kUnknownTextSeconds;
    text.track->Add(std::max(start, 0.0), start + seconds, {words.begin(), words.end()});
  }
  return OkStatus();
}

Result<PackageOutcome> PackageRun::Run() {
  // Packets may come before the first frame, which says where time begins.
  std::vector<std::unique_ptr<media::MediaPacket>> early;
  for (;;) {
    auto item = reader_->Next();
    if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) break;
    if (!item.ok()) return item.status();
    if (item->packet != nullptr && videos_.empty()) {
      early.push_back(std::move(item->packet));
      continue;
    }
    if (item->packet != nullptr) {
      FURL_RETURN_IF_ERROR(TakePacket(*item->packet));
      continue;
    }
    FURL_RETURN_IF_ERROR(TakeFrame(item->frame));
    for (const auto& packet : std::exchange(early, {})) FURL_RETURN_IF_ERROR(TakePacket(*packet));
  }
  if (frames_ == 0) return InvalidStream("no picture could be decoded");
  FURL_RETURN_IF_ERROR(Finish());
  return Outcome();
}

Status PackageRun::Finish() {
  for (const Video& video : videos_) FURL_RETURN_IF_ERROR(video.variant->Code(nullptr, false));
  for (const Sound& sound : sounds_) FURL_RETURN_IF_ERROR(sound.variant->Finish());
  const double end = static_cast<double>(end_) * video_.time_base.value();
  for (const Text& text : texts_) {
    for (size_t i = 1; i < cuts_.size(); ++i) FURL_RETURN_IF_ERROR(text.track->Cut(cuts_[i]));
    FURL_RETURN_IF_ERROR(text.track->Cut(end));
  }
  std::erase_if(sounds_, [](const Sound& sound) { return sound.list->size() == 0; });
  for (const auto& list : lists_) {
    if (list->size() > 0) FURL_RETURN_IF_ERROR(list->Finish());
  }
  FURL_RETURN_IF_ERROR(WriteMaster());
  done_ = true;
  return OkStatus();
}

hls::Rendition PackageRun::RenditionOf(const media::StreamInfo& stream, int number) const {
  hls::Rendition out;
  out.language = media::FindTag(stream.tags, "language");
  if (out.language == "und") out.language.clear();
  out.name = media::FindTag(stream.tags, "title");
  if (out.name.empty()) out.name = out.language;
  if (out.name.empty()) out.name = fmt::format("{}", number);
  return out;
}

Status PackageRun::WriteMaster() {
  hls::MasterPlaylist master;
  std::string sound_codecs;
  int64_t sound_peak = 0;
  int64_t sound_mean = 0;
  std::set<std::string> names;
  for (const Sound& sound : sounds_) {
    auto rendition = RenditionOf(*sound.stream, static_cast<int>(master.renditions.size()) + 1);
    rendition.kind = hls::Rendition::Kind::kSound;
    rendition.is_default = master.renditions.empty();
    rendition.channels = sound.variant->channels();
    rendition.uri = sound.list->place().ListName();
    while (!names.insert(rendition.name).second) rendition.name += " 2";
    master.renditions.push_back(rendition);
    const std::string codec = "," + sound.variant->codec_name();
    if (sound_codecs.find(codec) == std::string::npos) sound_codecs += codec;
    sound_peak = std::max(sound_peak, sound.list->peak());
    sound_mean = std::max(sound_mean, sound.list->mean());
  }
  names.clear();
  for (const Text& text : texts_) {
    auto rendition = RenditionOf(*text.stream, static_cast<int>(names.size()) + 1);
    rendition.kind = hls::Rendition::Kind::kText;
    rendition.is_forced = (text.stream->disposition & AV_DISPOSITION_FORCED) != 0;
    rendition.uri = text.list->place().ListName();
    while (!names.insert(rendition.name).second) rendition.name += " 2";
    master.renditions.push_back(rendition);
  }
  const double usual = video_.usual_rate > 0 ? video_.usual_rate : video_.frame_rate.value();
  for (const Video& video : videos_) {
    master.variants.push_back({video.list->place().ListName(), video.list->peak() + sound_peak,
                               video.list->mean() + sound_mean, video.rung.width, video.rung.height,
                               usual, video.variant->codec_name() + sound_codecs});
  }
  FURL_ASSIGN_OR_RETURN(
      const auto file,
      media::OutputFile::Open(request_.folder + "/" + kMasterName, request_.overwrite));
  FURL_RETURN_IF_ERROR(file->Write(hls::WriteMasterPlaylist(master)));
  return file->Commit();
}

PackageOutcome PackageRun::Outcome() const {
  PackageOutcome out;
  out.frames = frames_;
  out.video_seconds = static_cast<double>(end_) * video_.time_base.value() - grid_.origin;
  out.segments = videos_.front().list->size();
  for (const auto& list : lists_) out.bytes += list->bytes();
  for (const Video& video : videos_) {
    out.variants.push_back({video.list->place().ListName(), video.variant->codec_name(), video.rung,
                            video.list->bytes(), video.list->mean(), video.list->peak()});
  }
  out.sounds = static_cast<int>(sounds_.size());
  out.texts = static_cast<int>(texts_.size());
  return out;
}

}  // namespace furl::session
