#include "session/chunks/code_chunk.h"

#include <chrono>
#include <memory>
#include <utility>

#include "media/coded_io.h"
#include "media/video_reader.h"
#include "session/original_video.h"
#include "session/video_coder.h"

namespace furl::session {
namespace {

Status AnotherVideo(const std::string& input) {
  return InvalidStream(input + ": isn't the video that the plan was made of");
}

// A chunk from frames that may turn out not to be those of the plan.
class ChunkTry {
 public:
  ChunkTry(const EncodeRequest& request, const ChunkStore& store, size_t chunk,
           const EncodeHooks& hooks)
      : request_(request),
        store_(store),
        chunk_(chunk),
        range_(store.plan().chunks[chunk]),
        hooks_(hooks) {}

  // Reads from wherever the reader is, at or before the chunk's first frame.
  Status Run(media::VideoReader* reader, const FamilyEncoderPtr& family) {
    FURL_RETURN_IF_ERROR(Open(reader->info(), family));
    while (frames_ < range_.frames) {
      FURL_RETURN_IF_ERROR(hooks_.CheckCancelled("interrupted; nothing was written"));
      auto item = reader->Next();
      if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) break;
      if (!item.ok()) return item.status();
      if (item->frame->pts >= range_.pts) FURL_RETURN_IF_ERROR(Code(item->frame));
    }
    if (frames_ < range_.frames || hash_ != range_.hash) return AnotherVideo(request_.input);
    return Finish();
  }

  const EncodeOutcome& outcome() const { return outcome_; }

 private:
  Status Open(media::MediaInfo info, const FamilyEncoderPtr& family) {
    info.attachments.clear();
    FURL_ASSIGN_OR_RETURN(coder_, VideoCoder::Create(request_, store_.plan().crf, family, &info));
    media::WriterOptions options;
    options.overwrite = true;
    FURL_ASSIGN_OR_RETURN(writer_, media::OpenCodedWriter(store_.StreamPath(chunk_), info,
                                                          coder_->sequence_header(), options));
    tick_ = info.video.time_base.value();
    pixels_ = static_cast<double>(info.video.width) * info.video.height;
    return OkStatus();
  }

  Status Code(const ConstFramePtr& frame) {
    hash_ = ChainFrame(hash_, *frame);
    if (frames_ == 0 && hash_ != range_.first_hash) return AnotherVideo(request_.input);
    ++frames_;
    outcome_.video_seconds += static_cast<double>(frame->duration) * tick_;
    return coder_->Code(frame, [this](const media::MediaPacket& packet) { return Take(packet); });
  }

  Status Take(const media::MediaPacket& packet) {
    record_.crc = ChainPacket(record_.crc, packet);
    record_.taken.push_back(frames_);
    ++outcome_.frames;
    outcome_.key_frames += packet.key;
    outcome_.video_bytes += static_cast<int64_t>(packet.data.size());
    outcome_.pixels += pixels_;
    FURL_RETURN_IF_ERROR(writer_->WritePacket(packet));
    outcome_.bytes = writer_->bytes_written();
    if (hooks_.progress) hooks_.progress(outcome_);
    return OkStatus();
  }

  Status Finish() {
    ++frames_;  // what comes now comes after the last one
    FURL_RETURN_IF_ERROR(
        coder_->Code(nullptr, [this](const media::MediaPacket& packet) { return Take(packet); }));
    FURL_RETURN_IF_ERROR(writer_->Finish());
    const auto wall = std::chrono::steady_clock::now() - start_;
    outcome_.bytes = writer_->bytes_written();
    outcome_.wall_seconds = std::chrono::duration<double>(wall).count();
    record_.plan = store_.plan_id();
    record_.bytes = outcome_.bytes;
    record_.seconds = outcome_.wall_seconds;
    return store_.WriteRecord(chunk_, record_);
  }

  const EncodeRequest& request_;
  const ChunkStore& store_;
  const size_t chunk_;
  const ChunkRange& range_;
  const EncodeHooks& hooks_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::unique_ptr<VideoCoder> coder_;
  std::unique_ptr<media::CodedWriter> writer_;
  double tick_ = 0;    // seconds
  double pixels_ = 0;  // of a frame
  int64_t frames_ = 0;
  uint32_t hash_ = 0;  // of these
  ChunkRecord record_;
  EncodeOutcome outcome_;
};

Result<std::unique_ptr<media::VideoReader>> OpenInput(const EncodeRequest& request,
                                                      const EncodePlan& plan) {
  media::ReaderOptions options = request.reader;
  options.other_streams = false;
  FURL_ASSIGN_OR_RETURN(auto reader, OpenOriginal(request.input, options));
  FURL_RETURN_IF_ERROR(CheckVideo(plan, reader->info().video));
  return reader;
}

}  // namespace

Status CheckVideo(const EncodePlan& plan, const media::VideoInfo& video) {
  const bool same = video.width == plan.width && video.height == plan.height &&
                    video.bit_depth == plan.bit_depth && video.time_base == plan.time_base;
  return same ? OkStatus() : AnotherVideo(plan.input);
}

Result<EncodeOutcome> CodeChunk(const EncodeRequest& request, const ChunkStore& store, size_t chunk,
                                const FamilyEncoderPtr& family, const EncodeHooks& hooks) {
  const ChunkRange& range = store.plan().chunks[chunk];
  FURL_ASSIGN_OR_RETURN(auto reader, OpenInput(request, store.plan()));
  if (hooks.opened) hooks.opened(reader->info().video);
  if (range.first > 0) {
    // One picture more than needed: deinterlacing looks at the one before.
    const Result<bool> jump = reader->JumpTo(range.pts - 1);
    if (jump.ok() && *jump) {
      ChunkTry from_there(request, store, chunk, hooks);
      const Status status = from_there.Run(reader.get(), family);
      if (status.ok()) return from_there.outcome();
      if (status.code() != StatusCode::kInvalidStream) return status;
    }
    hooks.Notice("the middle of the input can't be reached: all before it is decoded, too");
    FURL_ASSIGN_OR_RETURN(reader, OpenInput(request, store.plan()));
  }
  ChunkTry from_start(request, store, chunk, hooks);
  FURL_RETURN_IF_ERROR(from_start.Run(reader.get(), family));
  return from_start.outcome();
}

}  // namespace furl::session
