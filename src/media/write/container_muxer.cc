#include "media/write/container_muxer.h"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "media/libav/side_data.h"

namespace furl::media {
namespace {

// Copied sound whose times were rounded by its container follows on without
// gaps; anything closer than this is rounding.
constexpr double kRoundingSeconds = 0.0011;
// What a subtitle lasts whose end isn't known (DVD's have 2^32 - 1 ms, which mp4
// refuses), unless another comes before.
constexpr int64_t kUnknownEndSeconds = 3;

// Tags that iTunes-style metadata has a place for; others need another scheme.
bool IsCommonMp4Tag(const std::string& key) {
  static constexpr const char* kCommon[] = {
      "title",   "artist",        "album_artist", "composer",      "album",
      "date",    "comment",       "genre",        "copyright",     "grouping",
      "lyrics",  "description",   "synopsis",     "show",          "episode_id",
      "network", "keywords",      "compilation",  "track",         "disc",
      "encoder", "creation_time", "major_brand",  "minor_version", "compatible_brands",
      "duration"};
  return std::any_of(std::begin(kCommon), std::end(kCommon),
                     [&key](const char* common) { return strcasecmp(common, key.c_str()) == 0; });
}

}  // namespace

ContainerMuxer::~ContainerMuxer() { avformat_free_context(context_); }

Result<std::unique_ptr<ContainerMuxer>> ContainerMuxer::Create(const Container& container,
                                                               std::unique_ptr<OutputFile> file,
                                                               const MediaInfo& info,
                                                               const AVCodecParameters& video,
                                                               const NoticeFn& notice) {
  if (!file->seekable() && !container.streams) {
    return Unsupported(std::string(container.name) + " can't be written to a pipe or device");
  }
  std::unique_ptr<ContainerMuxer> muxer(new ContainerMuxer(container, info, notice));
  muxer->file_ = std::move(file);
  FURL_RETURN_IF_ERROR(muxer->Start(video));
  return muxer;
}

Status ContainerMuxer::Start(const AVCodecParameters& video) {
  FURL_RETURN_IF_ERROR(OpenMuxer());
  FURL_RETURN_IF_ERROR(AddVideo(video));
  streams_.resize(info_.streams.size());
  for (size_t i = 0; i < streams_.size(); ++i) FURL_RETURN_IF_ERROR(AddStream(i));
  for (const Attachment& a : info_.attachments) FURL_RETURN_IF_ERROR(AddPicture(a));
  FURL_RETURN_IF_ERROR(AddChapters());
  return WriteHeader();
}

Status ContainerMuxer::Finish() {
  FURL_RETURN_IF_ERROR(Check(av_write_trailer(context_)));
  avio_flush(context_->pb);
  FURL_RETURN_IF_ERROR(io_status_);
  return file_->Commit();
}

int ContainerMuxer::WriteBytes(void* self, uint8_t* data, int size) {
  auto* muxer = static_cast<ContainerMuxer*>(self);
  const Status status = muxer->file_->Write({data, static_cast<size_t>(size)});
  if (status.ok()) return size;
  if (muxer->io_status_.ok()) muxer->io_status_ = status;
  return AVERROR(EIO);
}

int64_t ContainerMuxer::SeekBytes(void* self, int64_t offset, int whence) {
  auto* muxer = static_cast<ContainerMuxer*>(self);
  if (whence == AVSEEK_SIZE) return muxer->file_->size();
  if (whence == SEEK_CUR) offset += muxer->file_->position();
  if (whence == SEEK_END) offset += muxer->file_->size();
  return muxer->file_->Seek(offset).ok() ? offset : AVERROR(EIO);
}

void ContainerMuxer::Notice(const std::string& text) const {
  if (notice_) notice_(text);
}

// libav's error, or the file's own, which knows more.
Status ContainerMuxer::Check(int error) const {
  if (error >= 0) return OkStatus();
  if (!io_status_.ok()) return io_status_;
  return AvStatus(error, std::string("writing ") + container_.name, StatusCode::kInternal);
}

bool ContainerMuxer::Holds(AVCodecID codec) const {
  // libavformat says of these that .mov has them, too, and then refuses them there.
  static constexpr AVCodecID kMp4Alone[] = {AV_CODEC_ID_FLAC, AV_CODEC_ID_OPUS, AV_CODEC_ID_TRUEHD};
  const bool refused =
      container_.quicktime && std::count(std::begin(kMp4Alone), std::end(kMp4Alone), codec) > 0;
  return !refused &&
         avformat_query_codec(context_->oformat, codec, FF_COMPLIANCE_EXPERIMENTAL) == 1;
}

Status ContainerMuxer::OpenMuxer() {
  FURL_RETURN_IF_ERROR(
      Check(avformat_alloc_output_context2(&context_, nullptr, container_.name, nullptr)));
  AvIoFunctions functions = {.write = &ContainerMuxer::WriteBytes};
  if (file_->seekable()) functions.seek = &ContainerMuxer::SeekBytes;
  FURL_ASSIGN_OR_RETURN(io_, MakeAvIo(this, functions));
  context_->pb = io_.get();
  context_->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;  // FLAC and Opus of 5.1
  for (const auto& [key, value] : info_.tags) {
    if (strcasecmp(key.c_str(), "encoder") != 0) {
      av_dict_set(&context_->metadata, key.c_str(), value.c_str(), 0);
    }
  }
  return OkStatus();
}

Status ContainerMuxer::AddVideo(const AVCodecParameters& params) {
  video_ = avformat_new_stream(context_, nullptr);
  if (video_ == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  FURL_RETURN_IF_ERROR(Check(avcodec_parameters_copy(video_->codecpar, &params)));
  // The name that Apple's players know.
  if (container_.mov && params.codec_id == AV_CODEC_ID_HEVC) {
    video_->codecpar->codec_tag = MKTAG('h', 'v', 'c', '1');
  }
  video_->time_base = ToAv(info_.video.time_base);
  video_->avg_frame_rate = ToAv(info_.video.frame_rate);
  video_->sample_aspect_ratio = ToAv(info_.video.sample_aspect);
  video_->disposition = info_.video.disposition;
  TagsToAv(info_.video.tags, &video_->metadata);
  return WriteStreamSideData(info_.video, video_);
}

Status ContainerMuxer::AddStream(size_t index) {
  const StreamInfo& info = info_.streams[index];
  Stream& out = streams_[index];
  AVCodecID codec = info.params->codec_id;
  if (container_.mov && info.kind == StreamKind::kSubtitle && codec != AV_CODEC_ID_MOV_TEXT) {
    auto converter =
        SubtitleConverter::Create(*info.params, AV_CODEC_ID_MOV_TEXT, text_budget_, notice_);
    if (converter.ok()) {
      out.converter = std::move(*converter);
      codec = AV_CODEC_ID_MOV_TEXT;
    }
  }
  if (!Holds(codec)) {
    Notice(fmt::format("{} can't hold the {} stream ({}), it is left out; .mkv keeps it",
                       container_.name, info.kind == StreamKind::kAudio ? "audio" : "subtitle",
                       info.codec));
    return OkStatus();
  }
  out.stream = avformat_new_stream(context_, nullptr);
  if (out.stream == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  FURL_RETURN_IF_ERROR(FillParameters(info, &out));
  out.stream->disposition = info.disposition;
  TagsToAv(info.tags, &out.stream->metadata);
  av_dict_set(&out.stream->metadata, "DURATION", nullptr, 0);
  // Where mp4 has room for a track's name.
  const std::string title = FindTag(info.tags, "title");
  if (!title.empty()) av_dict_set(&out.stream->metadata, "handler_name", title.c_str(), 0);
  return OkStatus();
}

Status ContainerMuxer::FillParameters(const StreamInfo& info, Stream* out) {
  AVCodecParameters* params = out->stream->codecpar;
  if (out->converter != nullptr) {
    FURL_RETURN_IF_ERROR(out->converter->FillParameters(params));
  } else {
    FURL_RETURN_IF_ERROR(Check(avcodec_parameters_copy(params, info.params.get())));
  }
  params->codec_tag = 0;
  out->stream->time_base = info.kind == StreamKind::kAudio && params->sample_rate > 0
                               ? AVRational{1, params->sample_rate}
                               : AVRational{1, 1000};
  return OkStatus();
}

Status ContainerMuxer::AddPicture(const Attachment& attachment) {
  const bool png = attachment.mime_type == "image/png";
  if (!container_.mov || (!png && attachment.mime_type != "image/jpeg")) {
    Notice(fmt::format("{} can't hold the attachment {}, it is left out", container_.name,
                       attachment.file_name));
    return OkStatus();
  }
  AVStream* stream = avformat_new_stream(context_, nullptr);
  if (stream == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  stream->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
  stream->codecpar->codec_id = png ? AV_CODEC_ID_PNG : AV_CODEC_ID_MJPEG;
  stream->codecpar->width = info_.video.width;  // unused, but must not be zero
  stream->codecpar->height = info_.video.height;
  stream->disposition = AV_DISPOSITION_ATTACHED_PIC;
  stream->time_base = {1, 90000};
  pictures_.emplace_back(stream, &attachment);
  return OkStatus();
}

Status ContainerMuxer::AddChapters() {
  if (info_.chapters.empty()) return OkStatus();
  const size_t count = info_.chapters.size();
  context_->chapters = static_cast<AVChapter**>(av_calloc(count, sizeof(AVChapter*)));
  if (context_->chapters == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  for (size_t i = 0; i < count; ++i) {
    auto* chapter = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
    if (chapter == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
    chapter->id = static_cast<int64_t>(i) + 1;
    chapter->time_base = {1, 1000000000};
    chapter->start = info_.chapters[i].start_ns;
    chapter->end = info_.chapters[i].end_ns;
    TagsToAv(info_.chapters[i].tags, &chapter->metadata);
    context_->chapters[i] = chapter;
    context_->nb_chapters = static_cast<unsigned>(i + 1);
  }
  return OkStatus();
}

Status ContainerMuxer::WriteHeader() {
  AVDictionary* options = nullptr;
  const bool common = std::all_of(info_.tags.begin(), info_.tags.end(),
                                  [](const auto& tag) { return IsCommonMp4Tag(tag.first); });
  if (container_.mov) {
    av_dict_set(&options, "movflags", common ? "+write_colr" : "+write_colr+use_metadata_tags", 0);
  }
  const int error = avformat_write_header(context_, &options);
  av_dict_free(&options);
  FURL_RETURN_IF_ERROR(Check(error));
  for (const auto& [stream, attachment] : pictures_) {
    FURL_RETURN_IF_ERROR(Mux(stream, *attachment->data, 0, 0, 0, true));
  }
  return OkStatus();
}

Status ContainerMuxer::WriteVideo(const MediaPacket& packet) {
  const Rational from = info_.video.time_base;
  const Rational to = FromAv(video_->time_base);
  return Mux(video_, packet.data, Rescale(packet.pts, from, to), Rescale(packet.dts, from, to),
             Rescale(packet.duration, from, to), packet.key);
}

// Replaces a rounded time of sound by the end of the packet before.
int64_t ContainerMuxer::FollowSound(Stream* out, const MediaPacket& packet, int64_t pts) const {
  const int rate = out->stream->codecpar->sample_rate;
  const int padding = out->stream->codecpar->initial_padding;
  if (out->next == kNoTimestamp && !out->started && padding > 0) out->next = -padding;
  out->started = true;
  if (out->next != kNoTimestamp &&
      std::abs(static_cast<double>(pts - out->next)) <= kRoundingSeconds * rate) {
    pts = out->next;
  }
  const int samples =
      av_get_audio_frame_duration2(out->stream->codecpar, static_cast<int>(packet.data.size()));
  const Rational to = FromAv(out->stream->time_base);
  out->next = samples > 0 ? pts + Rescale(samples, {1, rate}, to) : kNoTimestamp;
  return pts;
}

Status ContainerMuxer::WritePacket(const MediaPacket& packet) {
  Stream& out = streams_[packet.stream];
  const StreamInfo& info = info_.streams[packet.stream];
  if (out.stream == nullptr || packet.pts == kNoTimestamp) return OkStatus();
  const Rational to = FromAv(out.stream->time_base);
  int64_t pts = Rescale(packet.pts, info.time_base, to);
  int64_t duration = Rescale(packet.duration, info.time_base, to);
  if (info.kind == StreamKind::kAudio && out.stream->codecpar->sample_rate > 0) {
    pts = FollowSound(&out, packet, pts);
    if (out.next != kNoTimestamp) duration = out.next - pts;
  }
  // mp4 has no two samples at one time; what comes as early as the one before follows it closely.
  if (out.last != kNoTimestamp && pts <= out.last) {
    pts = out.last + 1;
    if (out.next != kNoTimestamp) out.next = std::max(out.next, pts);
  }
  out.last = pts;
  if (duration < 0 || duration > INT32_MAX) {
    duration = Rescale(kUnknownEndSeconds, {1, 1}, to);
  }
  if (out.converter == nullptr) {
    return Mux(out.stream, packet.data, pts, pts, duration, packet.key);
  }
  const std::vector<uint8_t> text = out.converter->Convert(packet.data);
  return text.empty() ? OkStatus() : Mux(out.stream, text, pts, pts, duration, true);
}

Status ContainerMuxer::Mux(AVStream* stream, std::span<const uint8_t> data, int64_t pts,
                           int64_t dts, int64_t duration, bool key) {
  AvPacketPtr packet(av_packet_alloc());
  if (packet == nullptr || av_new_packet(packet.get(), static_cast<int>(data.size())) < 0) {
    return Status(StatusCode::kOutOfMemory, "out of memory");
  }
  std::copy(data.begin(), data.end(), packet->data);
  packet->stream_index = stream->index;
  packet->pts = pts;
  packet->dts = dts;
  packet->duration = duration;
  if (key) packet->flags |= AV_PKT_FLAG_KEY;
  FURL_RETURN_IF_ERROR(Check(av_interleaved_write_frame(context_, packet.get())));
  return io_status_;
}

}  // namespace furl::media
