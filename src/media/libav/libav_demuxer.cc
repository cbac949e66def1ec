#include "media/libav/libav_demuxer.h"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/mathematics.h>
#include <libavutil/pixdesc.h>
}

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "media/input_path.h"
#include "media/libav/input_format.h"
#include "media/libav/list_formats.h"
#include "media/libav/packet_form.h"
#include "media/libav/side_data.h"

namespace furl::media {
namespace {

// How much earlier than its header says a file may end.
constexpr double kShortSeconds = 0.5;
constexpr double kShortPart = 0.005;

// A local file may be called "a:b.mp4"; libavformat would see a protocol.
std::string InputUrl(const std::string& path) {
  if (path == "-") return "pipe:0";
  return IsFile(path) ? "file:" + path : path;
}

// Files hold any number where libav has an enumeration of `count` values; even loading one that it
// lacks is undefined.
template <typename Enum>
void ForgetUnknown(Enum count, Enum unspecified, Enum* field) {
  int value = 0;
  static_assert(sizeof(value) == sizeof(*field));
  std::memcpy(&value, field, sizeof(value));
  if (value < 0 || value >= count) *field = unspecified;
}

void ForgetUnknownColors(AVCodecParameters* params) {
  ForgetUnknown(AVCOL_PRI_NB, AVCOL_PRI_UNSPECIFIED, &params->color_primaries);
  ForgetUnknown(AVCOL_TRC_NB, AVCOL_TRC_UNSPECIFIED, &params->color_trc);
  ForgetUnknown(AVCOL_SPC_NB, AVCOL_SPC_UNSPECIFIED, &params->color_space);
  ForgetUnknown(AVCOL_RANGE_NB, AVCOL_RANGE_UNSPECIFIED, &params->color_range);
  ForgetUnknown(AVCHROMA_LOC_NB, AVCHROMA_LOC_UNSPECIFIED, &params->chroma_location);
}

// libavformat says EIO, too, where a file ends within its headers. `input` is ours, or
// null where it opened `path` itself.
bool IsCutOff(const std::string& path, const AvInput* input) {
  if (input != nullptr) return input->status().ok();
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  struct stat info;
  if (file == nullptr || fstat(fileno(file.get()), &info) != 0 || !S_ISREG(info.st_mode)) {
    return false;
  }
  const bool at_last = std::fseek(file.get(), -1, SEEK_END) == 0;
  return at_last && std::fgetc(file.get()) != EOF;
}

// Plain samples, by --raw-size or by the end of the name.
bool IsHeaderless(const std::string& path, const DemuxOptions& options) {
  if (!options.format.empty()) return options.format == "rawvideo";
  const AVInputFormat* raw = av_find_input_format("rawvideo");
  return raw != nullptr && av_match_ext(path.c_str(), raw->extensions) != 0;
}

// What may be opened is set before anything is: playlists and session descriptions are
// recognized by what they hold, whatever a file is called. A libav error if it can't be set.
int LimitOpening(const std::string& path, const DemuxOptions& options, bool device,
                 AVDictionary** dict) {
  if (options.alone) return av_dict_set(dict, "protocol_whitelist", "", 0);
  if (options.input == nullptr && IsAddress(path)) return 0;
  const int error = av_dict_set(dict, "protocol_whitelist", "file,pipe", 0);
  if (error < 0 || IsListOfFiles(path)) return error;
  const std::string formats = device ? options.format : FormatsWithoutLists();
  return av_dict_set(dict, "format_whitelist", formats.c_str(), 0);
}

// Why libavformat said EINVAL of `path`.
Status RefusedInput(const std::string& path, const DemuxOptions& options) {
  if (IsHeaderless(path, options)) {
    return InvalidArgument(path +
                           ": headerless samples need a size (--raw-size) and a known layout "
                           "(--raw-format)");
  }
  const AVInputFormat* format = options.input == nullptr ? ProbeFile(path) : nullptr;
  if (format != nullptr && IsListFormat(*format) && !IsListOfFiles(path)) {
    return Unsupported(path + ": a list of other files (" + format->long_name +
                       "), which is opened only under a name that says so, such as .m3u8");
  }
  return AvStatus(AVERROR(EINVAL), path);
}

bool IsAttachedPicture(const AVStream& stream) {
  return (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
}

// Earliest timestamp of a stream. Edit lists hide the samples before time zero
// from start_time but not from the index.
int64_t EarliestTime(AVStream* stream) {
  int64_t start = stream->start_time == AV_NOPTS_VALUE ? 0 : stream->start_time;
  const AVIndexEntry* first = avformat_index_get_entry(stream, 0);
  if (stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO && first != nullptr &&
      first->timestamp < 0) {
    start = std::min(start, first->timestamp);
  }
  return start;
}

FieldOrder FieldOrderFromAv(AVFieldOrder order) {
  if (order == AV_FIELD_TT || order == AV_FIELD_BT) return FieldOrder::kTopFirst;
  const bool bottom = order == AV_FIELD_BB || order == AV_FIELD_TB;
  return bottom ? FieldOrder::kBottomFirst : FieldOrder::kProgressive;
}

// Older writers keep the rotation as a tag, counted clockwise.
int RotationFromTag(const Tags& tags) {
  const std::string text = FindTag(tags, "rotate");
  if (text.empty()) return 0;
  return static_cast<int>((std::strtol(text.c_str(), nullptr, 10) % 360 + 360) % 360);
}

}  // namespace

Result<std::unique_ptr<LibavDemuxer>> LibavDemuxer::Open(const std::string& path,
                                                         const DemuxOptions& options) {
  std::unique_ptr<LibavDemuxer> demuxer(new LibavDemuxer);
  demuxer->options_ = options;
  demuxer->path_ = path == "-" ? "standard input" : path;

  const AVInputFormat* format = nullptr;
  if (!options.format.empty()) {
    FURL_ASSIGN_OR_RETURN(format, FindInputFormat(options.format));
  }
  FURL_RETURN_IF_ERROR(demuxer->OpenInput(path));
  AVFormatContext* context = avformat_alloc_context();
  if (context == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  context->pb = demuxer->options_.input != nullptr ? demuxer->options_.input->avio() : nullptr;
  context->interrupt_callback = {&LibavDemuxer::Interrupted, demuxer.get()};
  // Opening a pipe waits for its other end, and a signal that came before won't end that.
  if (Interrupted(demuxer.get()) != 0) {
    avformat_free_context(context);
    return AvStatus(AVERROR_EXIT, demuxer->path_);
  }
  AVDictionary* dict = nullptr;
  TagsToAv(options.options, &dict);
  const bool device = IsDevice(format);
  const std::string url = device || demuxer->options_.input != nullptr ? path : InputUrl(path);
  int error = LimitOpening(path, demuxer->options_, device, &dict);
  if (error < 0) {
    avformat_free_context(context);
  } else {
    error = avformat_open_input(&context, url.c_str(), format, &dict);
  }
  const bool ignored = av_dict_get(dict, "framerate", nullptr, 0) != nullptr;
  av_dict_free(&dict);
  if (error < 0) return demuxer->WhyNot(error, path);  // libav freed the context
  demuxer->context_ = context;
  if (ignored) {
    return InvalidArgument(demuxer->path_ + " has a frame rate of its own (--input-fps is for " +
                           "numbered pictures, --fps for another rate)");
  }

  error = avformat_find_stream_info(context, nullptr);
  if (error < 0) return demuxer->WhyNot(error, path);
  demuxer->video_index_ = demuxer->ChooseVideo();
  if (demuxer->video_index_ < 0 || IsAttachedPicture(*demuxer->video_stream())) {
    return Unsupported(demuxer->path_ + ": no video stream");
  }
  demuxer->Describe();
  demuxer->bridge_ = std::make_unique<ClockBridge>(
      context, demuxer->video_index_,
      [path = demuxer->path_, notice = options.notice](double jump, double at) {
        if (!notice) return;
        notice(fmt::format("{}: the clock jumps by {:.1f} s at {:.1f} s; the jump is left out",
                           path, jump, at));
      });
  return demuxer;
}

// A sealed file is opened here; all else by libavformat.
Status LibavDemuxer::OpenInput(const std::string& path) {
  if (options_.input != nullptr || !SealOf(path)) return OkStatus();
  FURL_ASSIGN_OR_RETURN(ByteInputPtr bytes, OpenBytes(path, {}, options_.cancelled));
  FURL_ASSIGN_OR_RETURN(sealed_, AvInput::Create(std::move(bytes)));
  options_.input = sealed_.get();
  return OkStatus();
}

// Why libavformat, which said `error`, didn't open `path`.
Status LibavDemuxer::WhyNot(int error, const std::string& path) const {
  if (options_.input != nullptr && !options_.input->status().ok()) return options_.input->status();
  if (error == AVERROR(EIO) && IsCutOff(path, options_.input)) {
    return InvalidStream(path_ + ": cut off within its headers, or damaged");
  }
  return error == AVERROR(EINVAL) ? RefusedInput(path_, options_) : AvStatus(error, path_);
}

LibavDemuxer::~LibavDemuxer() { avformat_close_input(&context_); }

int LibavDemuxer::Interrupted(void* self) {
  const auto* demuxer = static_cast<LibavDemuxer*>(self);
  return demuxer->options_.cancelled && demuxer->options_.cancelled();
}

bool LibavDemuxer::seekable() const {
  return context_->pb != nullptr && (context_->pb->seekable & AVIO_SEEKABLE_NORMAL) != 0;
}

int LibavDemuxer::ChooseVideo() const {
  for (unsigned i = 0; options_.is_video && i < context_->nb_streams; ++i) {
    const AVCodecParameters& params = *context_->streams[i]->codecpar;
    if (params.codec_type == AVMEDIA_TYPE_VIDEO && options_.is_video(params)) {
      return static_cast<int>(i);
    }
  }
  return av_find_best_stream(context_, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
}

// Whether the stream is the base of the video; the first that can be, is.
bool LibavDemuxer::TakeBase(const AVStream& stream, int index) {
  const AVCodecParameters& params = *stream.codecpar;
  if (!options_.is_video || info_.base || params.codec_type != AVMEDIA_TYPE_VIDEO ||
      IsAttachedPicture(stream)) {
    return false;
  }
  auto known = KnownParameters(params);
  if (!known.ok()) return false;
  info_.base = BaseInfo{CodecName(params), std::move(*known), FromAv(stream.time_base)};
  map_[index] = kBaseStream;
  return true;
}

void LibavDemuxer::Describe() {
  info_.format = context_->iformat->name;
  if (context_->duration > 0) {
    info_.duration_seconds = static_cast<double>(context_->duration) / AV_TIME_BASE;
  }
  info_.tags = TagsFromAv(context_->metadata);
  DescribeVideo();
  map_.assign(context_->nb_streams, kIgnored);
  map_[video_index_] = kVideoStream;
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    if (map_[i] == kVideoStream) continue;
    AVStream& stream = *context_->streams[i];
    const auto index = static_cast<int>(i);
    if (TakeBase(stream, index)) continue;
    if (!options_.other_streams || !IsWanted(stream, index) || !AddStream(&stream, index).ok()) {
      stream.discard = AVDISCARD_ALL;
    }
  }
  for (unsigned i = 0; i < context_->nb_chapters; ++i) {
    const AVChapter& chapter = *context_->chapters[i];
    info_.chapters.push_back({ToNanoseconds(chapter.start, FromAv(chapter.time_base)),
                              ToNanoseconds(chapter.end, FromAv(chapter.time_base)),
                              TagsFromAv(chapter.metadata)});
  }
}

void LibavDemuxer::DescribeVideo() {
  AVStream& stream = *video_stream();
  ForgetUnknownColors(stream.codecpar);
  const AVCodecParameters& params = *stream.codecpar;
  VideoInfo& video = info_.video;
  video.codec = CodecName(params);
  video.width = params.width;
  video.height = params.height;
  const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(params.format));
  video.bit_depth = format != nullptr && format->comp[0].depth > 8 ? 10 : 8;
  video.time_base = FromAv(stream.time_base);
  const AVRational rate = av_guess_frame_rate(context_, &stream, nullptr);
  if (rate.num > 0 && rate.den > 0) video.frame_rate = FromAv(rate);
  if (stream.nb_frames > 0) video.frame_count = stream.nb_frames;
  const AVRational aspect = av_guess_sample_aspect_ratio(context_, &stream, nullptr);
  if (aspect.num > 0 && aspect.den > 0) video.sample_aspect = FromAv(aspect);
  video.color = ColorFromAv(params.color_primaries, params.color_trc, params.color_space,
                            params.color_range, params.chroma_location);
  video.field_order = FieldOrderFromAv(params.field_order);
  video.tags = TagsFromAv(stream.metadata);
  video.disposition = stream.disposition;
  ReadStreamSideData(stream, &video);
  if (video.rotation == 0) video.rotation = RotationFromTag(video.tags);
  std::erase_if(video.tags, [](const auto& tag) { return FindTag({tag}, "rotate") != ""; });
}

// Streams are counted among those of their kind.
bool LibavDemuxer::IsWanted(const AVStream& stream, int index) const {
  const AVMediaType type = stream.codecpar->codec_type;
  if (type != AVMEDIA_TYPE_AUDIO && type != AVMEDIA_TYPE_SUBTITLE) return true;
  int number = 1;
  for (int i = 0; i < index; ++i) number += context_->streams[i]->codecpar->codec_type == type;
  const StreamChoice& choice = type == AVMEDIA_TYPE_AUDIO ? options_.sound : options_.subtitles;
  return choice.Takes(number, FindTag(TagsFromAv(stream.metadata), "language"));
}

Status LibavDemuxer::AddStream(AVStream* stream_pointer, int index) {
  const AVStream& stream = *stream_pointer;
  const AVCodecParameters& params = *stream.codecpar;
  if (params.codec_type == AVMEDIA_TYPE_ATTACHMENT) {
    AddAttachment(stream, params.extradata, params.extradata_size);
    return Unsupported("not a packet stream");
  }
  if (IsAttachedPicture(stream)) {
    AddAttachment(stream, stream.attached_pic.data, stream.attached_pic.size);
    return Unsupported("not a packet stream");
  }
  if (params.codec_type != AVMEDIA_TYPE_AUDIO && params.codec_type != AVMEDIA_TYPE_SUBTITLE) {
    // Chapter titles in mp4 are a track of their own, already read.
    if (options_.notice && stream.discard != AVDISCARD_ALL) {
      const char* kind = av_get_media_type_string(params.codec_type);
      options_.notice("stream " + std::to_string(index) + " (" + (kind ? kind : "unknown") +
                      ") is not kept");
    }
    return Unsupported("not audio or subtitles");
  }
  StreamInfo info;
  info.kind = params.codec_type == AVMEDIA_TYPE_AUDIO ? StreamKind::kAudio : StreamKind::kSubtitle;
  FURL_ASSIGN_OR_RETURN(info.params, KnownParameters(params));
  info.codec = CodecName(*info.params);
  info.time_base = FromAv(stream.time_base);
  info.start = EarliestTime(stream_pointer);
  info.tags = TagsFromAv(stream.metadata);
  info.disposition = stream.disposition;
  map_[index] = static_cast<int>(info_.streams.size());
  info_.streams.push_back(std::move(info));
  return OkStatus();
}

void LibavDemuxer::AddAttachment(const AVStream& stream, const uint8_t* data, int size) {
  if (data == nullptr || size <= 0) return;
  const Tags tags = TagsFromAv(stream.metadata);
  Attachment attachment;
  attachment.file_name = FindTag(tags, "filename");
  attachment.mime_type = FindTag(tags, "mimetype");
  attachment.description = FindTag(tags, "title");
  if (IsAttachedPicture(stream)) {
    const bool png = stream.codecpar->codec_id == AV_CODEC_ID_PNG;
    if (attachment.file_name.empty()) attachment.file_name = png ? "cover.png" : "cover.jpg";
    if (attachment.mime_type.empty()) attachment.mime_type = png ? "image/png" : "image/jpeg";
  }
  if (attachment.file_name.empty()) attachment.file_name = "attachment";
  if (attachment.mime_type.empty()) attachment.mime_type = "application/octet-stream";
  attachment.data = std::make_shared<const std::vector<uint8_t>>(data, data + size);
  info_.attachments.push_back(std::move(attachment));
}

int LibavDemuxer::MapStream(const AVPacket& packet) const {
  // Streams that appear later (MPEG-TS) were not announced and are not kept.
  const auto index = static_cast<size_t>(packet.stream_index);
  return index < map_.size() ? map_[index] : kIgnored;
}

Result<AvPacketPtr> LibavDemuxer::ReadPacket() {
  for (;;) {
    if (AvPacketPtr packet = bridge_->Take()) {
      NoteEnd(*packet);
      return packet;
    }
    auto packet = ReadFromFile();
    if (packet.ok()) {
      bridge_->Put(std::move(*packet));
      continue;
    }
    bridge_->End();
    AvPacketPtr last = bridge_->Take();
    if (packet.status().code() != StatusCode::kEndOfStream || last == nullptr) {
      return packet.status();
    }
    return last;
  }
}

Result<AvPacketPtr> LibavDemuxer::ReadFromFile() {
  AvPacketPtr packet(av_packet_alloc());
  if (packet == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  for (;;) {
    const int error = av_read_frame(context_, packet.get());
    if (error >= 0) return packet;
    if (error == AVERROR(EAGAIN)) continue;
    if (options_.input != nullptr && !options_.input->status().ok()) {
      return options_.input->status();
    }
    if (error == AVERROR_EXIT || error == AVERROR(ENOMEM)) return AvStatus(error, path_);
    const int io_error = context_->pb != nullptr ? context_->pb->error : 0;
    if (io_error < 0 && io_error != AVERROR_EOF) return AvStatus(io_error, path_);
    if (error != AVERROR_EOF && options_.notice) {
      options_.notice(AvStatus(error, path_).message() + "; the rest is ignored");
    }
    NoticeIfShort();
    return Status(StatusCode::kEndOfStream, "end of input");
  }
}

void LibavDemuxer::NoteEnd(const AVPacket& packet) {
  if (packet.pts == AV_NOPTS_VALUE) return;
  const AVRational tick = context_->streams[packet.stream_index]->time_base;
  const double end = static_cast<double>(packet.pts) + static_cast<double>(packet.duration);
  end_seconds_ = std::max(end_seconds_, end * av_q2d(tick));
}

// Most demuxers take a file that was cut off for one that ends. Its header may know
// better, unless that counts a stream that isn't read.
void LibavDemuxer::NoticeIfShort() {
  const bool told =
      context_->duration > 0 && context_->duration_estimation_method == AVFMT_DURATION_FROM_STREAM;
  const bool whole = std::none_of(context_->streams, context_->streams + context_->nb_streams,
                                  [](const AVStream* s) {
                                    return s->discard == AVDISCARD_ALL && !IsAttachedPicture(*s) &&
                                           s->codecpar->codec_type != AVMEDIA_TYPE_ATTACHMENT;
                                  });
  if (!told || !whole || !options_.notice || end_seconds_ < 0) return;
  const double promised = static_cast<double>(context_->duration) / AV_TIME_BASE;
  if (promised - end_seconds_ < std::max(kShortSeconds, promised * kShortPart)) return;
  options_.notice(fmt::format("{} ends at {:.2f} s of {:.2f}; it may be cut off", path_,
                              end_seconds_, promised));
}

MediaPacket LibavDemuxer::Convert(const AVPacket& packet) const {
  const int stream = MapStream(packet);
  const bool web_vtt = stream >= 0 && info_.streams[stream].params->codec_id == AV_CODEC_ID_WEBVTT;
  MediaPacket out = PacketFromAv(packet, web_vtt);
  out.stream = stream;
  return out;
}

Status LibavDemuxer::SeekTo(double seconds) {
  const int64_t target = static_cast<int64_t>(seconds * AV_TIME_BASE);
  const int error = avformat_seek_file(context_, -1, INT64_MIN, target, target, 0);
  if (error < 0) return AvStatus(error, path_ + ": seeking");
  bridge_->Restart();
  return OkStatus();
}

}  // namespace furl::media
