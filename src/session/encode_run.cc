#include "session/encode_run.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/checked_math.h"
#include "session/original_video.h"

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
  FURL_RETURN_IF_ERROR(CheckOutput());
  FURL_RETURN_IF_ERROR(OpenReader());
  media::MediaInfo info = job_.reader->info();
  FURL_ASSIGN_OR_RETURN(auto coder, VideoCoder::Create(request_, job_.crf, job_.family, &info));
  if (job_.observer) coder->SetObserver(job_.observer);
  media::WriterOptions writer;
  writer.overwrite = request_.overwrite || job_.replace;
  writer.secret = request_.secret;
  if (!job_.again) writer.notice = hooks_.notice;
  if (job_.accept) writer.accept = [this](int64_t bytes) { return Accept(bytes); };
  FURL_ASSIGN_OR_RETURN(
      writer_, media::OpenCodedWriter(request_.output, info, coder->sequence_header(), writer));
  if (job_.instead) {
    coder_ = job_.instead(coder->sequence_header());
  } else {
    coder_ = std::move(coder);
  }
  if (hooks_.opened) hooks_.opened(info.video);
  return OkStatus();
}

// Before anything is made: SVT-AV1 waits forever where it is closed without a picture.
Status EncodeRun::CheckOutput() const {
  FURL_ASSIGN_OR_RETURN(const auto kind,
                        media::FindCodedWriter(request_.output, request_.has_base()));
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
  FURL_ASSIGN_OR_RETURN(job_.reader, OpenOriginal(request_.input, reader));
  return OkStatus();
}

Status EncodeRun::Loop() {
  const auto take = [this](const media::MediaPacket& packet) { return Write(packet); };
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
    FURL_RETURN_IF_ERROR(coder_->Code(item->frame, take));
  }
  FURL_RETURN_IF_ERROR(coder_->Code(nullptr, take));
  const double ticks = static_cast<double>(end_) - static_cast<double>(begin_.value_or(end_));
  outcome_.video_seconds = ticks * job_.reader->info().video.time_base.value();
  return OkStatus();
}

// Each frame has one packet of the base or, where there is none, of its own.
Status EncodeRun::Write(const media::MediaPacket& packet) {
  FURL_RETURN_IF_ERROR(hooks_.CheckCancelled("interrupted; nothing was written"));
  const auto size = static_cast<int64_t>(packet.data.size());
  const bool of_base = packet.stream == media::kBaseStream;
  if (of_base) outcome_.base_bytes += size;
  if (packet.stream < 0) outcome_.video_bytes += size;
  if (packet.stream == media::kVideoStream) outcome_.key_frames += packet.key;
  if (packet.stream < 0 && of_base == request_.has_base()) {
    const media::VideoInfo& video = job_.reader->info().video;
    ++outcome_.frames;
    outcome_.pixels += static_cast<double>(video.width) * video.height;
  }
  FURL_RETURN_IF_ERROR(writer_->WritePacket(packet));
  outcome_.bytes = writer_->bytes_written();
  if (packet.stream < 0 && hooks_.progress) hooks_.progress(outcome_);
  return OkStatus();
}

Status EncodeRun::Accept(int64_t bytes) {
  outcome_.bytes = bytes;
  return job_.accept(outcome_);
}

}  // namespace furl::session
