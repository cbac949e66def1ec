#include "media/read/libav_reader.h"

#include <fmt/format.h>
#include <strings.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "media/bytes/fd_bytes.h"
#include "media/coded_io.h"
#include "media/filter/filter_steps.h"
#include "media/libav/frame_convert.h"
#include "media/libav/side_data.h"

namespace furl::media {
namespace {

// How long after the end of a trimmed video copied packets may still come.
constexpr double kInterleaveSlack = 2.0;
constexpr char kDamaged[] = "the input is damaged; what can't be decoded is skipped or patched";

// The decoder guessed parts of it.
bool IsDamaged(const AVFrame& picture) {
  return (picture.flags & AV_FRAME_FLAG_CORRUPT) != 0 || picture.decode_error_flags != 0;
}

// Bytes that say whether something is mp4 or mov: the size and the kind of the first box.
constexpr size_t kMp4Head = 8;

bool IsMp4(std::span<const uint8_t> start) {
  return start.size() >= kMp4Head && std::memcmp(start.data() + 4, "ftyp", 4) == 0;
}

}  // namespace

Result<std::unique_ptr<VideoReader>> LibavReader::Open(const std::string& path,
                                                       const ReaderOptions& options) {
  std::unique_ptr<LibavReader> reader(new LibavReader(options));
  FURL_RETURN_IF_ERROR(reader->Start(path));
  return std::unique_ptr<VideoReader>(std::move(reader));
}

Status LibavReader::Start(const std::string& path) {
  DemuxOptions demux;
  demux.format = options_.format;
  demux.options = options_.format_options;
  demux.other_streams = options_.other_streams;
  demux.sound = options_.sound;
  demux.subtitles = options_.subtitles;
  demux.notice = options_.notice;
  demux.cancelled = options_.cancelled;
  if (path == "-" && options_.input_start.empty()) {
    FURL_ASSIGN_OR_RETURN(options_.input_start, ReadInputStart(options_.cancelled, kMp4Head));
  }
  const bool mp4 = IsMp4(options_.input_start);
  if (path == "-" && !options_.input_start.empty()) {
    FURL_ASSIGN_OR_RETURN(pipe_, AvInput::Create(std::make_shared<FdBytes>(
                                     STDIN_FILENO, InputName(path), std::move(options_.input_start),
                                     options_.cancelled, FdBytes::Seeking::kNever)));
    demux.input = pipe_.get();
  }
  const Status status = StartWith(path, demux);
  if (!mp4 || status.code() != StatusCode::kInvalidStream) return status;
  return Unsupported("standard input is mp4 with its index at the end, which needs a file (or " +
                     std::string("one made with ffmpeg -movflags +faststart)"));
}

Status LibavReader::StartWith(const std::string& path, const DemuxOptions& demux) {
  FURL_ASSIGN_OR_RETURN(demuxer_, LibavDemuxer::Open(path, demux));
  info_ = demuxer_->info();
  NoticeUnmetChoices();
  FURL_RETURN_IF_ERROR(others_.Open(options_.sound, &info_));
  source_time_base_ = info_.video.time_base;
  if (options_.video_packets) FURL_RETURN_IF_ERROR(video_packets_.Open(path, *demuxer_));
  FURL_RETURN_IF_ERROR(OpenDecoder());
  PlanTrim(path);
  auto scan = ScanFile(path, demux, options_.start, options_.duration,
                       options_.filter.frame_rate.num > 0 ? 0 : options_.frames);
  // Files that can't be scanned are read as their header has them; that much is certain then.
  const StatusCode scanned = scan.status().code();
  if (scanned == StatusCode::kCancelled || scanned == StatusCode::kOutOfMemory) {
    return scan.status();
  }
  if (scan.ok() && scan->frames > 0) scan_ = *scan;
  return Prime();
}

Status LibavReader::OpenDecoder() {
  if (options_.pictures) {
    FURL_ASSIGN_OR_RETURN(pictures_, options_.pictures(options_.start));
    info_.video.codec = pictures_->info().video.codec;
    return OkStatus();
  }
  const AVStream& stream = *demuxer_->video_stream();
  const AVCodec* codec = avcodec_find_decoder(stream.codecpar->codec_id);
  if (codec == nullptr) {
    return Unsupported(fmt::format("no decoder for {} video", info_.video.codec));
  }
  decoder_.reset(avcodec_alloc_context3(codec));
  if (decoder_ == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  int error = avcodec_parameters_to_context(decoder_.get(), stream.codecpar);
  if (error < 0) return AvStatus(error, info_.video.codec);
  decoder_->pkt_timebase = stream.time_base;
  decoder_->thread_count = options_.threads;
  error = avcodec_open2(decoder_.get(), codec, nullptr);
  if (error < 0) return AvStatus(error, info_.video.codec, StatusCode::kUnsupported);
  return OkStatus();
}

void LibavReader::PlanTrim(const std::string& path) {
  const AVFormatContext& context = *demuxer_->context();
  const int64_t start = context.start_time == AV_NOPTS_VALUE ? 0 : context.start_time;
  trim_ = Trim(options_.start, options_.duration, source_time_base_,
               Rescale(start, {1, AV_TIME_BASE}, source_time_base_));
  if (!trim_.has_start() || !demuxer_->seekable()) return;
  // Where seeking fails, reading from the beginning does the same, slower.
  const double target = static_cast<double>(start) / AV_TIME_BASE + options_.start;
  if (!demuxer_->SeekTo(target).ok()) NoticeOnce(path + ": can't seek, reading from the start");
}

Status LibavReader::Prime() {
  // Packets of sound may be ready long before: filters and decoders hold pictures
  // back, of a short clip all of them until the input ends.
  while (frames_out_ == 0 && !gate_.video_ended()) FURL_RETURN_IF_ERROR(Pump());
  if (frames_out_ == 0) {
    return options_.start > 0 ? InvalidArgument("the start is behind the last picture")
                              : InvalidStream("no picture could be decoded");
  }
  FinishInfo();
  // Where the container hid samples before time zero, its packets tell.
  for (const MediaItem& item : ready_) {
    if (item.packet == nullptr || item.packet->stream < 0 || item.packet->pts == kNoTimestamp) {
      continue;
    }
    StreamInfo& stream = info_.streams[item.packet->stream];
    stream.start = std::min(stream.start, item.packet->pts);
  }
  return OkStatus();
}

// Of those not yet taken; there must be one.
const Frame& LibavReader::FirstFrame() const {
  for (const MediaItem& item : ready_) {
    if (item.frame != nullptr) return *item.frame;
  }
  return *held_;
}

void LibavReader::FinishInfo() {
  VideoInfo& video = info_.video;
  const Frame& frame = FirstFrame();
  video.width = frame.width();
  video.height = frame.height();
  video.bit_depth = frame.bit_depth();
  video.sample_aspect = filter_.output_aspect();
  video.color = filter_.output_color();
  info_.base = video_packets_.base();
  if (info_.base) info_.base->time_base = video.time_base;
}

Result<MediaItem> LibavReader::Next() {
  for (;;) {
    if (!ready_.empty()) {
      MediaItem item = std::move(ready_.front());
      ready_.pop_front();
      return item;
    }
    if (input_ended_) return Status(StatusCode::kEndOfStream, "end of input");
    FURL_RETURN_IF_ERROR(Pump());
  }
}

Status LibavReader::Pump() {
  if (options_.cancelled && options_.cancelled()) {
    return Status(StatusCode::kCancelled, "interrupted");
  }
  auto packet = demuxer_->ReadPacket();
  if (!packet.ok()) {
    if (packet.status().code() != StatusCode::kEndOfStream) return packet.status();
    return EndInput();
  }
  const int stream = demuxer_->MapStream(**packet);
  if (stream == LibavDemuxer::kIgnored) return OkStatus();
  if (stream != kVideoStream) {
    std::vector<MediaPacket> others;
    FURL_RETURN_IF_ERROR(others_.Take(*demuxer_, **packet, stream, &others));
    PutPackets(std::move(others));
    return OkStatus();
  }
  if (!gate_.video_ended()) return TakeVideo(**packet);
  const int64_t time = (*packet)->dts != AV_NOPTS_VALUE ? (*packet)->dts : (*packet)->pts;
  const double behind =
      static_cast<double>(time - gate_.times().origin) * source_time_base_.value() -
      static_cast<double>(gate_.video_end()) * info_.video.time_base.value();
  if (time == AV_NOPTS_VALUE || behind > kInterleaveSlack) input_ended_ = true;
  return OkStatus();
}

Status LibavReader::TakeVideo(const AVPacket& packet) {
  if (video_packets_.wanted()) {
    FURL_RETURN_IF_ERROR(video_packets_.Take(*demuxer_, packet));
    if (gate_.is_open()) video_packets_.Release(gate_.times(), &ready_);
  }
  return DecodePacket(&packet);
}

void LibavReader::PutPackets(std::vector<MediaPacket> packets) {
  for (MediaPacket& packet : packets) gate_.Put(std::move(packet));
  gate_.Release(info_.streams, &ready_);
}

// Of what the user asked for by number or language.
void LibavReader::NoticeUnmetChoices() {
  if (!options_.other_streams) return;
  NoticeUnmetChoice(options_.sound, StreamKind::kAudio, "sound");
  NoticeUnmetChoice(options_.subtitles, StreamKind::kSubtitle, "subtitles");
}

void LibavReader::NoticeUnmetChoice(const StreamChoice& choice, StreamKind kind,
                                    const std::string& what) {
  if (choice.all) return;
  const auto has = [this, kind](const std::string& language) {
    return std::any_of(info_.streams.begin(), info_.streams.end(), [&](const StreamInfo& stream) {
      return stream.kind == kind &&
             strcasecmp(FindTag(stream.tags, "language").c_str(), language.c_str()) == 0;
    });
  };
  for (const std::string& language : choice.languages) {
    if (!has(language)) NoticeOnce("the input has no " + what + " in the language " + language);
  }
  const bool any = std::any_of(info_.streams.begin(), info_.streams.end(),
                               [kind](const StreamInfo& stream) { return stream.kind == kind; });
  if (!any && !choice.numbers.empty()) {
    NoticeOnce("the input has no " + what + " of that number");
  }
}

// Takes what decoder and filters still hold.
Status LibavReader::EndInput() {
  if (!gate_.video_ended()) FURL_RETURN_IF_ERROR(DecodePacket(nullptr));
  if (!gate_.video_ended()) FURL_RETURN_IF_ERROR(DrainFilter());
  if (!gate_.video_ended()) EndVideo(kNoTimestamp);
  std::vector<MediaPacket> others;
  FURL_RETURN_IF_ERROR(others_.End(&others));
  PutPackets(std::move(others));
  input_ended_ = true;
  return OkStatus();
}

Status LibavReader::DrainFilter() {
  FURL_RETURN_IF_ERROR(filter_.Send(nullptr));
  return ReceiveFiltered();
}

// There are as many pictures as packets, so that they come about when sound of their time does.
Status LibavReader::TakeShown() {
  for (;;) {
    FURL_ASSIGN_OR_RETURN(const MediaItem item, pictures_->Next());
    if (item.frame == nullptr) continue;
    FURL_ASSIGN_OR_RETURN(const AvFramePtr picture, FrameToAv(*item.frame, /*even=*/false));
    const VideoInfo& video = pictures_->info().video;
    SetColor(video.color, picture.get());
    picture->best_effort_timestamp = Rescale(item.frame->pts, video.time_base, source_time_base_);
    SetFrameDuration(Rescale(item.duration, video.time_base, source_time_base_), picture.get());
    return TakePicture(picture.get());
  }
}

Status LibavReader::DecodePacket(const AVPacket* packet) {
  if (pictures_ != nullptr) {
    Status taken;
    do taken = TakeShown();
    while (taken.ok() && packet == nullptr && !gate_.video_ended());
    return taken.code() == StatusCode::kEndOfStream ? OkStatus() : taken;
  }
  int error = avcodec_send_packet(decoder_.get(), packet);
  if (error == AVERROR(ENOMEM)) return AvStatus(error, "decoding");
  if (error < 0 && error != AVERROR_EOF) {
    NoticeOnce(kDamaged);
  }
  AvFramePtr picture(av_frame_alloc());
  if (picture == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  while (!gate_.video_ended()) {
    error = avcodec_receive_frame(decoder_.get(), picture.get());
    if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) break;
    if (error == AVERROR(ENOMEM)) return AvStatus(error, "decoding");
    if (error < 0) {
      NoticeOnce(kDamaged);
      break;
    }
    FURL_RETURN_IF_ERROR(TakePicture(picture.get()));
    av_frame_unref(picture.get());
  }
  return OkStatus();
}

void LibavReader::CompletePicture(AVFrame* picture) {
  const AVCodecParameters& params = *demuxer_->video_stream()->codecpar;
  picture->pts = picture->best_effort_timestamp;
  if (picture->pts == AV_NOPTS_VALUE) {
    picture->pts = next_guess_ != kNoTimestamp ? next_guess_ : 0;
  }
  int64_t duration = FrameDuration(*picture);
  if (duration <= 0) {
    const Rational rate = info_.video.frame_rate;
    duration = std::max<int64_t>(1, Rescale(1, {rate.den, rate.num}, source_time_base_));
    SetFrameDuration(duration, picture);
  }
  next_guess_ = picture->pts + duration;
  const MediaInfo& source = pictures_ != nullptr ? pictures_->info() : demuxer_->info();
  picture->sample_aspect_ratio = ToAv(source.video.sample_aspect);
  if (picture->color_primaries == AVCOL_PRI_UNSPECIFIED) {
    picture->color_primaries = params.color_primaries;
  }
  if (picture->color_trc == AVCOL_TRC_UNSPECIFIED) picture->color_trc = params.color_trc;
  if (picture->colorspace == AVCOL_SPC_UNSPECIFIED) picture->colorspace = params.color_space;
  if (picture->color_range == AVCOL_RANGE_UNSPECIFIED) picture->color_range = params.color_range;
  if (picture->chroma_location == AVCHROMA_LOC_UNSPECIFIED) {
    picture->chroma_location = params.chroma_location;
  }
}

Status LibavReader::TakePicture(AVFrame* picture) {
  CompletePicture(picture);
  if (trim_.IsBefore(picture->pts)) return OkStatus();
  if (!gate_.is_open()) {
    if (trim_.IsBehind(picture->pts)) {
      EndVideo(kNoTimestamp);
      return OkStatus();
    }
    FURL_RETURN_IF_ERROR(PlanOutput(*picture));
    gate_.Open(trim_, {source_time_base_, origin_, info_.video.time_base, options_.frames > 0});
    video_packets_.Release(gate_.times(), &ready_);
  }
  NoticeLosses(*picture);
  const bool behind = trim_.IsBehind(picture->pts);
  picture->pts -= gate_.times().origin;
  if (behind) return EndTrimmed(picture->pts);
  FURL_RETURN_IF_ERROR(filter_.Send(picture));
  return ReceiveFiltered();
}

void LibavReader::NoticeLosses(const AVFrame& picture) {
  if (IsDamaged(picture)) NoticeOnce(kDamaged);
  if (video_packets_.wanted()) return;  // which keep what is in them
  for (const char* name : LostSideData(picture)) {
    NoticeOnce(std::string(name) + " in the pictures can't be kept");
  }
  if (!IsInterlaced(picture)) return;
  switch (options_.filter.deinterlace) {
    case Deinterlace::kAuto:
      NoticeOnce("the input is interlaced; it is deinterlaced (--deinterlace no keeps the fields)");
      break;
    case Deinterlace::kFields:
      NoticeOnce("the input is interlaced; each field becomes a picture");
      break;
    case Deinterlace::kNo: NoticeOnce("the input is interlaced; its fields are kept woven");
  }
}

// `pts`, since the origin, is that of the first picture behind the part wanted.
Status LibavReader::EndTrimmed(int64_t pts) {
  FURL_RETURN_IF_ERROR(DrainFilter());
  const bool exact = options_.filter.frame_rate.num == 0;
  if (!gate_.video_ended()) {
    EndVideo(exact ? Rescale(pts, source_time_base_, info_.video.time_base) : kNoTimestamp);
  }
  gate_.CutVideo();
  return OkStatus();
}

Status LibavReader::ReceiveFiltered() {
  for (;;) {
    auto frame = filter_.Receive();
    if (!frame.ok()) {
      const StatusCode code = frame.status().code();
      const bool drained = code == StatusCode::kTryAgain || code == StatusCode::kEndOfStream;
      return drained ? OkStatus() : frame.status();
    }
    const Rational from = filter_.output_time_base();
    (*frame)->pts = Rescale((*frame)->pts, from, info_.video.time_base);
    (*frame)->duration = Rescale((*frame)->duration, from, info_.video.time_base);
    TakeFrame(std::move(*frame));
    if (gate_.video_ended()) return OkStatus();
  }
}

void LibavReader::TakeFrame(FramePtr frame) {
  if (held_ != nullptr && frame->pts <= held_->pts) {
    NoticeOnce("the input's timestamps are out of order; they are corrected");
    frame->pts = held_->pts + 1;
  }
  if (options_.frames > 0 && frames_out_ == options_.frames) {
    EndVideo(frame->pts);
    gate_.CutVideo();
    return;
  }
  if (held_ != nullptr) DeliverHeld(frame->pts - held_->pts);
  held_ = std::move(frame);
  ++frames_out_;
  gate_.Release(info_.streams, &ready_);
}

// `end_pts` is where the first picture that is not delivered would have been.
void LibavReader::EndVideo(int64_t end_pts) {
  int64_t end = 0;
  if (held_ != nullptr) {
    const bool known = end_pts != kNoTimestamp && end_pts > held_->pts;
    const int64_t duration = known ? end_pts - held_->pts : std::max<int64_t>(held_->duration, 1);
    end = held_->pts + duration;
    DeliverHeld(duration);
  }
  gate_.EndVideo(end);
}

void LibavReader::DeliverHeld(int64_t duration) {
  held_->duration = duration;
  gate_.ReachVideo(held_->pts);
  ready_.push_back({std::move(held_), duration, nullptr});
  held_ = nullptr;
}

void LibavReader::NoticeOnce(const std::string& text) {
  if (said_.insert(text).second && options_.notice) options_.notice(text);
}

Result<std::unique_ptr<VideoReader>> OpenVideo(const std::string& path,
                                               const ReaderOptions& options) {
  return LibavReader::Open(path, options);
}

}  // namespace furl::media
