#include "media/libav_reader.h"

extern "C" {
#include <libavutil/mathematics.h>
}

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "media/side_data.h"

namespace furl::media {
namespace {

// Finest ticks kept where the input can't be scanned.
constexpr Rational kFinestTick = {1, 90000};
// Numerators and denominators of measured frame rates stay below this.
constexpr int kMaxRatePart = 1000000;
// How long after the end of a trimmed video copied packets may still come.
constexpr double kInterleaveSlack = 2.0;
constexpr char kDamaged[] = "the input is damaged; what can't be decoded is skipped or patched";

// The decoder guessed parts of it.
bool IsDamaged(const AVFrame& picture) {
  return (picture.flags & AV_FRAME_FLAG_CORRUPT) != 0 || picture.decode_error_flags != 0;
}

bool IsInterlaced(const AVFrame& picture) {
#ifdef AV_FRAME_FLAG_INTERLACED
  return (picture.flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
  return picture.interlaced_frame != 0;
#endif
}

Rational Reduced(Rational r) {
  const int64_t divisor = std::gcd(r.num, r.den);
  return divisor > 1 ? Rational{r.num / divisor, r.den / divisor} : r;
}

bool IsReciprocal(Rational a, Rational b) { return a.num * b.num == a.den * b.den; }

int64_t SecondsToTicks(double seconds, Rational time_base) {
  return Rescale(static_cast<int64_t>(seconds * 1e6 + 0.5), {1, 1000000}, time_base);
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
  demux.notice = options_.notice;
  demux.cancelled = options_.cancelled;
  if (path == "-" && !options_.input_start.empty()) {
    FURL_ASSIGN_OR_RETURN(pipe_,
                          PipeInput::Create(std::move(options_.input_start), options_.cancelled));
    demux.io = pipe_->avio();
  }
  FURL_ASSIGN_OR_RETURN(demuxer_, LibavDemuxer::Open(path, demux));
  info_ = demuxer_->info();
  source_time_base_ = info_.video.time_base;
  FURL_RETURN_IF_ERROR(OpenDecoder());
  FURL_RETURN_IF_ERROR(PlanTrim(path));
  auto scan = ScanFile(path, demux, options_.start, options_.duration,
                       options_.filter.frame_rate.num > 0 ? 0 : options_.frames);
  if (!scan.ok() && scan.status().code() == StatusCode::kCancelled) return scan.status();
  have_scan_ = scan.ok() && scan->frames > 0;
  if (have_scan_) scan_ = *scan;
  return Prime();
}

Status LibavReader::OpenDecoder() {
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

Status LibavReader::PlanTrim(const std::string& path) {
  const AVFormatContext& context = *demuxer_->context();
  const int64_t start = context.start_time == AV_NOPTS_VALUE ? 0 : context.start_time;
  container_start_ = Rescale(start, {1, AV_TIME_BASE}, source_time_base_);
  if (options_.start > 0) {
    start_pts_ = container_start_ + SecondsToTicks(options_.start, source_time_base_);
    if (demuxer_->seekable()) {
      // Where seeking fails, reading from the beginning does the same, slower.
      const double target = static_cast<double>(start) / AV_TIME_BASE + options_.start;
      if (!demuxer_->SeekTo(target).ok()) Notice(path + ": can't seek, reading from the start");
    }
  }
  if (options_.duration > 0) {
    end_pts_ = container_start_ +
               SecondsToTicks(std::max(options_.start, 0.0) + options_.duration, source_time_base_);
  }
  return OkStatus();
}

Status LibavReader::Prime() {
  // Packets of sound may be ready long before: filters and decoders hold pictures
  // back, of a short clip all of them until the input ends.
  while (frames_out_ == 0 && !video_ended_) FURL_RETURN_IF_ERROR(Pump());
  if (frames_out_ == 0) {
    return options_.start > 0 ? InvalidArgument("the start is behind the last picture")
                              : InvalidStream("no picture could be decoded");
  }
  FinishInfo();
  // Where the container hid samples before time zero, its packets tell.
  for (const MediaItem& item : ready_) {
    if (item.packet == nullptr || item.packet->pts == kNoTimestamp) continue;
    StreamInfo& stream = info_.streams[item.packet->stream];
    stream.start = std::min(stream.start, item.packet->pts);
  }
  return OkStatus();
}

// Decides time zero and the output's ticks, once the first picture is known.
void LibavReader::PlanTimes(int64_t first_pts) {
  origin_known_ = true;
  int64_t tick = have_scan_ ? scan_.tick : 1;
  if (options_.start > 0) {
    origin_ = first_pts;
  } else if ((demuxer_->context()->iformat->flags & AVFMT_TS_DISCONT) != 0) {
    // Broadcast clocks start anywhere. Keep the distance to the earliest
    // stream, on the grid of the pictures.
    origin_ = first_pts - (first_pts - container_start_) / tick * tick;
  }
  tick = std::gcd(tick, first_pts - origin_);
  info_.video.time_base = Reduced({source_time_base_.num * tick, source_time_base_.den});
  PlanRate();
  PlanOutputRate();
  for (StreamInfo& stream : info_.streams) {
    const int64_t shift = Rescale(origin_, source_time_base_, stream.time_base);
    stream.start = options_.start > 0 ? 0 : stream.start - shift;
  }
  TrimChapters();
}

// The frame rate of the source, and how it is to be called.
void LibavReader::PlanRate() {
  VideoInfo& video = info_.video;
  if (have_scan_ && scan_.constant) {
    video.constant_frame_rate = true;
    video.frame_rate = Reduced({source_time_base_.den, source_time_base_.num * scan_.tick});
  } else if (have_scan_ && scan_.span > 0 && IsReciprocal(video.frame_rate, video.time_base)) {
    // Pictures are missing from a regular grid. A rate of one tick per frame
    // means "constant"; the true average tells the two apart.
    int num = 0;
    int den = 0;
    av_reduce(&num, &den, scan_.frames * source_time_base_.den, scan_.span * source_time_base_.num,
              kMaxRatePart);
    video.frame_rate = {num, std::max(den, 1)};
  } else if (!have_scan_ && source_time_base_.value() < kFinestTick.value()) {
    video.time_base = kFinestTick;
  }
  if (!have_scan_ && (info_.format == "yuv4mpegpipe" || info_.format == "rawvideo")) {
    video.constant_frame_rate = true;
  }
  video.frame_count = have_scan_ ? scan_.frames : -1;
}

// What --fps and --frames make of it.
void LibavReader::PlanOutputRate() {
  VideoInfo& video = info_.video;
  if (options_.filter.frame_rate.num > 0) {
    const Rational fps = Reduced(options_.filter.frame_rate);
    if (have_scan_) {
      const double seconds = static_cast<double>(scan_.frames) / video.frame_rate.value();
      video.frame_count = static_cast<int64_t>(seconds * fps.value() + 0.5);
    }
    video.frame_rate = fps;
    video.time_base = {fps.den, fps.num};
    video.constant_frame_rate = true;
  }
  if (options_.frames > 0 && video.frame_count >= 0) {
    video.frame_count = std::min(video.frame_count, options_.frames);
  }
}

void LibavReader::TrimChapters() {
  const int64_t shift = ToNanoseconds(origin_, source_time_base_);
  const int64_t limit =
      options_.duration > 0 ? static_cast<int64_t>(options_.duration * 1e9) : INT64_MAX;
  for (Chapter& chapter : info_.chapters) {
    chapter.start_ns = std::max<int64_t>(chapter.start_ns - shift, 0);
    chapter.end_ns = std::min(chapter.end_ns - shift, limit);
  }
  std::erase_if(info_.chapters, [](const Chapter& c) { return c.end_ns <= c.start_ns; });
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
    if (!video_ended_) {
      FURL_RETURN_IF_ERROR(DecodePacket(nullptr));
      if (!video_ended_) {
        FURL_RETURN_IF_ERROR(filter_.Send(nullptr, source_time_base_));
        FURL_RETURN_IF_ERROR(ReceiveFiltered());
      }
      if (!video_ended_) EndVideo(kNoTimestamp);
    }
    ReleasePackets();
    input_ended_ = true;
    return OkStatus();
  }
  const int stream = demuxer_->MapStream(**packet);
  if (stream == LibavDemuxer::kIgnored) return OkStatus();
  if (stream != kVideoStream) {
    TakePacket(demuxer_->Convert(**packet));
    return OkStatus();
  }
  if (!video_ended_) return DecodePacket(packet->get());
  const int64_t time = (*packet)->dts != AV_NOPTS_VALUE ? (*packet)->dts : (*packet)->pts;
  const double behind = static_cast<double>(time - origin_) * source_time_base_.value() -
                        static_cast<double>(video_end_) * info_.video.time_base.value();
  if (time == AV_NOPTS_VALUE || behind > kInterleaveSlack) input_ended_ = true;
  return OkStatus();
}

Status LibavReader::DecodePacket(const AVPacket* packet) {
  int error = avcodec_send_packet(decoder_.get(), packet);
  if (error == AVERROR(ENOMEM)) return AvStatus(error, "decoding");
  if (error < 0 && error != AVERROR_EOF) {
    NoticeOnce(&said_damaged_, kDamaged);
  }
  AvFramePtr picture(av_frame_alloc());
  if (picture == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  while (!video_ended_) {
    error = avcodec_receive_frame(decoder_.get(), picture.get());
    if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) break;
    if (error == AVERROR(ENOMEM)) return AvStatus(error, "decoding");
    if (error < 0) {
      NoticeOnce(&said_damaged_, kDamaged);
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
#if LIBAVUTIL_VERSION_MAJOR >= 58
    picture->duration = duration;
#else
    picture->pkt_duration = duration;
#endif
  }
  next_guess_ = picture->pts + duration;
  picture->sample_aspect_ratio = ToAv(demuxer_->info().video.sample_aspect);
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
  if (picture->pts < start_pts_) return OkStatus();
  if (!origin_known_) {
    if (picture->pts >= end_pts_) {
      EndVideo(kNoTimestamp);
      return OkStatus();
    }
    PlanTimes(picture->pts);
    ReadFrameSideData(*picture, &info_.video);
  }
  if (IsDamaged(*picture)) {
    NoticeOnce(&said_damaged_, kDamaged);
  }
  for (const char* name : LostSideData(*picture)) {
    if (said_lost_.insert(name).second)
      Notice(std::string(name) + " in the pictures can't be kept");
  }
  if (IsInterlaced(*picture)) {
    NoticeOnce(&said_interlaced_, "the input is interlaced; its fields are kept woven");
  }
  if (picture->pts >= end_pts_) {
    FURL_RETURN_IF_ERROR(filter_.Send(nullptr, source_time_base_));
    FURL_RETURN_IF_ERROR(ReceiveFiltered());
    const bool exact = options_.filter.frame_rate.num == 0;
    if (!video_ended_) {
      EndVideo(exact ? Rescale(picture->pts - origin_, source_time_base_, info_.video.time_base)
                     : kNoTimestamp);
    }
    trimmed_ = true;
    return OkStatus();
  }
  picture->pts -= origin_;
  FURL_RETURN_IF_ERROR(filter_.Send(picture, source_time_base_));
  return ReceiveFiltered();
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
    if (video_ended_) return OkStatus();
  }
}

void LibavReader::TakeFrame(FramePtr frame) {
  if (held_ != nullptr && frame->pts <= held_->pts) {
    NoticeOnce(&said_order_, "the input's timestamps are out of order; they are corrected");
    frame->pts = held_->pts + 1;
  }
  if (options_.frames > 0 && frames_out_ == options_.frames) {
    EndVideo(frame->pts);
    trimmed_ = true;
    return;
  }
  if (held_ != nullptr) {
    held_->duration = frame->pts - held_->pts;
    last_ready_pts_ = held_->pts;
    ready_.push_back({held_, held_->duration, nullptr});
  }
  held_ = std::move(frame);
  ++frames_out_;
  ReleasePackets();
}

// `end_pts` is where the first picture that is not delivered would have been.
void LibavReader::EndVideo(int64_t end_pts) {
  video_ended_ = true;
  if (held_ == nullptr) return;
  if (end_pts != kNoTimestamp && end_pts > held_->pts) held_->duration = end_pts - held_->pts;
  held_->duration = std::max<int64_t>(held_->duration, 1);
  video_end_ = held_->pts + held_->duration;
  last_ready_pts_ = held_->pts;
  ready_.push_back({held_, held_->duration, nullptr});
  held_ = nullptr;
}

void LibavReader::TakePacket(MediaPacket packet) {
  waiting_.push_back(std::move(packet));
  if (origin_known_) ReleasePackets();
}

// Moves waiting packets out, as far as it is known that they are wanted: with a
// frame limit, the end of the video is only known when it comes.
void LibavReader::ReleasePackets() {
  if (!origin_known_) return;
  const Rational video = info_.video.time_base;
  std::deque<MediaPacket> keep;
  for (MediaPacket& packet : waiting_) {
    const StreamInfo& stream = info_.streams[packet.stream];
    const int64_t shift = Rescale(origin_, source_time_base_, stream.time_base);
    const int64_t pts = packet.pts == kNoTimestamp ? kNoTimestamp : packet.pts - shift;
    if (pts != kNoTimestamp) {
      const int64_t end = SecondsToTicks(options_.duration, stream.time_base);
      if (options_.start > 0 && pts < 0) continue;
      if (options_.duration > 0 && pts >= end) continue;
      const bool cut =
          trimmed_ && av_compare_ts(pts, ToAv(stream.time_base), video_end_, ToAv(video)) >= 0;
      if (cut) continue;
      const bool early =
          options_.frames > 0 && !video_ended_ &&
          (last_ready_pts_ == INT64_MIN ||
           av_compare_ts(pts, ToAv(stream.time_base), last_ready_pts_, ToAv(video)) > 0);
      if (early) {
        keep.push_back(std::move(packet));
        continue;
      }
    }
    packet.pts = pts;
    if (packet.dts != kNoTimestamp) packet.dts -= shift;
    ready_.push_back({nullptr, 0, std::make_unique<MediaPacket>(std::move(packet))});
  }
  waiting_ = std::move(keep);
}

void LibavReader::Notice(const std::string& text) const {
  if (options_.notice) options_.notice(text);
}

void LibavReader::NoticeOnce(bool* said, const std::string& text) const {
  if (!*said) Notice(text);
  *said = true;
}

Result<std::unique_ptr<VideoReader>> OpenVideo(const std::string& path,
                                               const ReaderOptions& options) {
  return LibavReader::Open(path, options);
}

}  // namespace furl::media
