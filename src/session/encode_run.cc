#include "session/encode_run.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/checked_math.h"
#include "codec/enc/code_frame.h"
#include "session/encoded_base.h"
#include "session/file_base.h"
#include "session/settings_tag.h"

namespace furl::session {
namespace {

constexpr double kGopSeconds = 2;
// Two of the longest mini-GOPs: with fewer frames key frames take most of the bits, and jumping
// over a timelapse's 32 frames decodes no more than elsewhere.
constexpr double kGopFrames = 32;

// In seconds of the mean rate, which is what the encoder counts frames by.
double GopSeconds(double wanted, const media::VideoInfo& video) {
  const double mean = video.frame_rate.value();
  const double usual = video.usual_rate > 0 ? video.usual_rate : mean;
  const double frames =
      wanted > 0 ? std::max(wanted * usual, 1.0) : std::max(kGopSeconds * usual, kGopFrames);
  return frames / mean;
}

}  // namespace

EncoderSettings SettingsFor(const EncodeRequest& request, const media::VideoInfo& video,
                            double crf) {
  EncoderSettings settings = request.encoder;
  settings.format() = video.format();
  settings.crf = crf;
  settings.gop_seconds = GopSeconds(request.gop_seconds, video);
  return settings;
}

Result<EncodeOutcome> EncodeRun::Run() {
  FURL_RETURN_IF_ERROR(Open());
  FURL_RETURN_IF_ERROR(Loop());
  FURL_RETURN_IF_ERROR(writer_->Finish());
  outcome_.bytes = writer_->bytes_written();
  outcome_.wall_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  return outcome_;
}

Status EncodeRun::Open() {
  const bool base = request_.base || !request_.base_file.empty();
  FURL_RETURN_IF_ERROR(CheckOutput(base));
  FURL_RETURN_IF_ERROR(OpenReader());
  media::MediaInfo info = job_.reader->info();
  if (base) FURL_RETURN_IF_ERROR(OpenBase(&info));
  EncoderSettings settings = SettingsFor(request_, info.video, job_.crf);
  std::string made = SettingsText(settings, job_.family->family()->model());
  if (base_ != nullptr) {
    settings.base = base_->base().format();
    made += ", base " + base_->base().description();
  }
  FURL_ASSIGN_OR_RETURN(encoder_, Encoder::Create(settings, job_.family));
  SetSettingsTag(made, &info.video);
  if (job_.observer) encoder_->SetObserver(job_.observer);
  media::WriterOptions writer;
  writer.overwrite = request_.overwrite || job_.replace;
  if (!job_.again) writer.notice = hooks_.notice;
  if (job_.accept) writer.accept = [this](int64_t bytes) { return Accept(bytes); };
  FURL_ASSIGN_OR_RETURN(
      writer_, media::OpenCodedWriter(request_.output, info, encoder_->sequence_header(), writer));
  if (hooks_.opened) hooks_.opened(info.video);
  return OkStatus();
}

// Before anything is made: SVT-AV1 waits forever where it is closed without a picture.
Status EncodeRun::CheckOutput(bool base) const {
  FURL_ASSIGN_OR_RETURN(const auto kind, media::FindCodedWriter(request_.output, base));
  if (!request_.base || kind->base != media::BaseRule::kMustHave) return OkStatus();
  FURL_ASSIGN_OR_RETURN(const bool carries, media::BaseCarries(request_.base->encoder));
  if (carries) return OkStatus();
  return Unsupported(request_.output + ": a base of " + request_.base->encoder +
                     " goes into .mkv; in mp4 it can be x264 or x265");
}

Status EncodeRun::OpenReader() {
  if (job_.reader != nullptr) return OkStatus();
  media::ReaderOptions reader = request_.reader;
  if (job_.again) reader.notice = reader.filter.notice = nullptr;
  if (!request_.base_file.empty()) {
    reader.other_streams = false;
    reader.filter.deinterlace = media::Deinterlace::kNo;  // the base isn't, either
  }
  FURL_ASSIGN_OR_RETURN(job_.reader, media::OpenVideo(request_.input, reader));
  return OkStatus();
}

Status EncodeRun::OpenBase(media::MediaInfo* info) {
  FURL_ASSIGN_OR_RETURN(auto source, MakeBase(info->video));
  const Rational ticks = info->video.time_base;
  source->Describe(info);
  base_ =
      std::make_unique<BaseFeed>(std::move(source), request_.input, ticks, info->video.time_base);
  return OkStatus();
}

Result<std::unique_ptr<BaseSource>> EncodeRun::MakeBase(const media::VideoInfo& video) const {
  if (!request_.base_file.empty()) {
    return FileBase::Open(request_.base_file, request_.reader, video);
  }
  media::BaseOptions options = *request_.base;
  if (options.crf < 0) options.crf = BaseCrf(options.encoder, job_.crf, request_.encoder.base_use);
  options.threads = request_.encoder.threads;
  const double gop = GopSeconds(request_.gop_seconds, video) * video.frame_rate.value();
  options.gop_frames = static_cast<int>(std::clamp(std::round(gop), 1.0, 10000.0));
  return EncodedBase::Create(options, video);
}

Status EncodeRun::Code(const ConstFramePtr& frame) {
  const auto take = [this](EncodedPacket packet) { return Write(std::move(packet)); };
  if (base_ == nullptr) return CodeFrame(encoder_.get(), frame, take);
  BaseFeed::Sinks sinks;
  sinks.packet = [this](media::MediaPacket packet) { return TakeOfBase(std::move(packet)); };
  sinks.frame = [&](const ConstFramePtr& original, const Encoder::BaseInput& base) {
    CountFrame();  // it may get no packet
    return CodeFrame(encoder_.get(), original, base, take);
  };
  FURL_RETURN_IF_ERROR(base_->Push(frame, sinks));
  if (frame != nullptr) return OkStatus();
  FURL_RETURN_IF_ERROR(CodeFrame(encoder_.get(), nullptr, take));
  while (!base_packets_.empty()) FURL_RETURN_IF_ERROR(WriteBases(base_packets_.back().pts));
  return OkStatus();
}

// Of the base itself, or of sound and subtitles that its file brings along.
Status EncodeRun::TakeOfBase(media::MediaPacket packet) {
  if (packet.stream >= 0) return writer_->WritePacket(packet);
  base_packets_.push_back(std::move(packet));
  return OkStatus();
}

void EncodeRun::CountFrame() {
  const media::VideoInfo& video = job_.reader->info().video;
  ++outcome_.frames;
  outcome_.pixels += static_cast<double>(video.width) * video.height;
}

// So that readers of the file have what furl adds when they show a picture of the base.
Status EncodeRun::WriteBases(int64_t pts) {
  const auto is_it = [pts](const media::MediaPacket& packet) { return packet.pts == pts; };
  auto left =
      std::find_if(base_packets_.begin(), base_packets_.end(), is_it) - base_packets_.begin();
  if (left == std::ssize(base_packets_)) return OkStatus();  // it is written
  for (; left >= 0; --left) {
    const media::MediaPacket packet = std::move(base_packets_.front());
    base_packets_.pop_front();
    const auto size = static_cast<int64_t>(packet.data.size());
    outcome_.base_bytes += size;
    outcome_.video_bytes += size;
    FURL_RETURN_IF_ERROR(writer_->WritePacket(packet));
  }
  return OkStatus();
}

Status EncodeRun::Loop() {
  for (;;) {
    auto item = job_.reader->Next();
    if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) break;
    if (!item.ok()) return item.status();
    if (item->packet != nullptr) {
      FURL_RETURN_IF_ERROR(writer_->WritePacket(*item->packet));
      continue;
    }
    if (!begin_) begin_ = item->frame->pts;
    end_ = CheckedAdd(item->frame->pts, item->frame->duration).value_or(item->frame->pts);
    FURL_RETURN_IF_ERROR(Code(item->frame));
  }
  FURL_RETURN_IF_ERROR(Code(nullptr));
  const double ticks = static_cast<double>(end_) - static_cast<double>(begin_.value_or(end_));
  outcome_.video_seconds = ticks * job_.reader->info().video.time_base.value();
  return OkStatus();
}

Status EncodeRun::Write(EncodedPacket packet) {
  FURL_RETURN_IF_ERROR(hooks_.CheckCancelled("interrupted; nothing was written"));
  media::MediaPacket out;
  out.data = std::move(packet.data);
  out.pts = packet.pts;
  out.duration = packet.duration;
  out.key = packet.key;
  if (base_ == nullptr) CountFrame();
  outcome_.key_frames += packet.key;
  outcome_.video_bytes += static_cast<int64_t>(out.data.size());
  FURL_RETURN_IF_ERROR(WriteBases(out.pts));
  FURL_RETURN_IF_ERROR(writer_->WritePacket(out));
  outcome_.bytes = writer_->bytes_written();
  if (hooks_.progress) hooks_.progress(outcome_);
  return OkStatus();
}

Status EncodeRun::Accept(int64_t bytes) {
  outcome_.bytes = bytes;
  return job_.accept(outcome_);
}

}  // namespace furl::session
