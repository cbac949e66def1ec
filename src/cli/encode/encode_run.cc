#include "cli/encode/encode_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/checked_math.h"
#include "base/sha256.h"
#include "cli/interrupt.h"
#include "codec/enc/code_frame.h"
#include "codec/enc/encoders.h"
#include "session/model_store.h"

namespace furl::cli {

Status EncodeRun::Run(Details* details) {
  FURL_RETURN_IF_ERROR(Open());
  FURL_RETURN_IF_ERROR(Loop());
  FURL_RETURN_IF_ERROR(writer_->Finish());
  outcome_.bytes = writer_->bytes_written();
  Summarize(details);
  return OkStatus();
}

Status EncodeRun::Open() {
  if (job_.reader == nullptr) {
    FURL_ASSIGN_OR_RETURN(media::ReaderOptions reader, ReaderOptionsOf(options_, console_));
    if (job_.again) reader.notice = reader.filter.notice = nullptr;
    FURL_ASSIGN_OR_RETURN(job_.reader, media::OpenVideo(options_.input, reader));
  }
  const media::MediaInfo& info = job_.reader->info();
  FURL_ASSIGN_OR_RETURN(encoder_,
                        Encoder::Create(SettingsOf(options_, info.video, job_.crf), job_.family));
  if (job_.observer) encoder_->SetObserver(job_.observer);
  media::WriterOptions writer;
  writer.overwrite = options_.overwrite || job_.replace;
  if (!job_.again) writer.notice = console_.notice();
  if (job_.accept) writer.accept = [this](int64_t bytes) { return Accept(bytes); };
  FURL_ASSIGN_OR_RETURN(
      writer_, media::OpenCodedWriter(options_.output, info, encoder_->sequence_header(), writer));
  console_.RestartProgress();
  Announce();
  return OkStatus();
}

void EncodeRun::Announce() {
  const media::VideoInfo& video = job_.reader->info().video;
  const model::Model& model = job_.family->family()->model();
  console_.Detail(fmt::format("{}: {}, {}x{}, {} bit, {:.3f} fps, {} frames", options_.input,
                              video.codec, video.width, video.height, video.bit_depth,
                              video.frame_rate.value(), video.frame_count));
  console_.Detail(fmt::format("model {} ({})", model.name(), ToHex(model.id())));
  console_.Json({{"type", "start"},
                 {"command", "encode"},
                 {"input", options_.input},
                 {"output", options_.output},
                 {"source_codec", video.codec},
                 {"width", video.width},
                 {"height", video.height},
                 {"bit_depth", video.bit_depth},
                 {"frame_rate", video.frame_rate.value()},
                 {"frames", video.frame_count},
                 {"crf", job_.crf},
                 {"model", ToHex(model.id())}});
}

Status EncodeRun::Loop() {
  const auto take = [this](EncodedPacket packet) { return Write(std::move(packet)); };
  for (;;) {
    auto item = job_.reader->Next();
    if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) break;
    if (!item.ok()) return item.status();
    if (item->packet != nullptr) {
      FURL_RETURN_IF_ERROR(writer_->WritePacket(*item->packet));
      continue;
    }
    end_ = CheckedAdd(item->frame->pts, item->frame->duration).value_or(item->frame->pts);
    FURL_RETURN_IF_ERROR(CodeFrame(encoder_.get(), item->frame, take));
  }
  FURL_RETURN_IF_ERROR(CodeFrame(encoder_.get(), nullptr, take));
  outcome_.video_seconds = static_cast<double>(end_) * job_.reader->info().video.time_base.value();
  return OkStatus();
}

Status EncodeRun::Write(EncodedPacket packet) {
  if (Interrupted()) return Status(StatusCode::kCancelled, "interrupted; nothing was written");
  media::MediaPacket out;
  out.data = std::move(packet.data);
  out.pts = packet.pts;
  out.duration = packet.duration;
  out.key = packet.key;
  ++outcome_.frames;
  outcome_.key_frames += packet.key;
  outcome_.video_bytes += static_cast<int64_t>(out.data.size());
  FURL_RETURN_IF_ERROR(writer_->WritePacket(out));
  Progress progress;
  progress.frames = outcome_.frames;
  progress.total = job_.reader->info().video.frame_count;
  progress.bytes = writer_->bytes_written();
  console_.Show(progress);
  return OkStatus();
}

Status EncodeRun::Accept(int64_t bytes) {
  outcome_.bytes = bytes;
  return job_.accept(outcome_);
}

void EncodeRun::Summarize(Details* details) {
  const media::VideoInfo& video = job_.reader->info().video;
  const double kbps = outcome_.bits_per_second() / 1000;
  const auto pixels = static_cast<double>(outcome_.frames) * video.width * video.height;
  const double bpp = pixels > 0 ? static_cast<double>(outcome_.video_bytes) * 8 / pixels : 0;
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  outcome_.wall_seconds = wall;
  (*details)["output"] = options_.output;
  (*details)["frames"] = outcome_.frames;
  (*details)["key_frames"] = outcome_.key_frames;
  (*details)["seconds"] = wall;
  (*details)["fps"] = wall > 0 ? static_cast<double>(outcome_.frames) / wall : 0;
  (*details)["bytes"] = outcome_.bytes;
  (*details)["video_bytes"] = outcome_.video_bytes;
  (*details)["video_kbps"] = kbps;
  (*details)["bits_per_pixel"] = bpp;
  console_.Say(fmt::format("{}: {}, {} frames, video {:.1f} kbit/s ({:.4f} bit/pixel), {:.1f} fps",
                           options_.output, HumanBytes(static_cast<double>(outcome_.bytes)),
                           outcome_.frames, kbps, bpp,
                           static_cast<double>(outcome_.frames) / std::max(wall, 1e-9)));
}

Status CheckEncodeOutput(const EncodeOptions& options, const Console& console) {
  FURL_RETURN_IF_ERROR(CheckOutput(options.input, options.output, options.overwrite));
  if (options.output == "-" && console.settings().json) {
    return InvalidArgument("--json and the output can't both use standard output");
  }
  return OkStatus();
}

Result<FamilyEncoderPtr> EncodeFamily(const EncodeOptions& options) {
  FURL_ASSIGN_OR_RETURN(model::ModelPtr model, session::ModelStore(options.model).Default());
  return CreateFamilyEncoder(std::move(model));
}

}  // namespace furl::cli
