#include "session/detect/event_track.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "media/coded_io.h"
#include "media/metadata_track.h"
#include "session/detect/detect_lines.h"

namespace furl::session {
namespace {

using media::MediaInfo;
using media::MediaPacket;

// The events as packets of the stream, by time.
std::vector<MediaPacket> PacketsOf(const std::vector<analysis::SceneEvent>& events, int stream) {
  std::vector<MediaPacket> packets;
  for (const Cue& cue : CuesOf(events)) {
    MediaPacket packet;
    packet.stream = stream;
    packet.data.assign(cue.text.begin(), cue.text.end());
    packet.pts = cue.begin;
    packet.duration = cue.end - cue.begin;
    packets.push_back(std::move(packet));
  }
  return packets;
}

// The streams of a file without an event track of its own, and with one at the end.
class Copy {
 public:
  static Result<std::unique_ptr<Copy>> Open(const media::CodedReader& reader,
                                            const std::string& output, bool overwrite,
                                            const Hooks& hooks) {
    auto copy = std::make_unique<Copy>();
    MediaInfo info = reader.info();
    info.streams.clear();
    for (const media::StreamInfo& stream : reader.info().streams) {
      const bool kept = !media::IsMetadataTrack(stream, kEventTrack);
      copy->places_.push_back(kept ? static_cast<int>(info.streams.size()) : -1);
      if (kept) info.streams.push_back(stream);
    }
    copy->events_ = static_cast<int>(info.streams.size());
    FURL_ASSIGN_OR_RETURN(media::StreamInfo track, media::MetadataTrack(kEventTrack));
    info.streams.push_back(std::move(track));
    media::WriterOptions options;
    options.overwrite = overwrite;
    options.notice = hooks.notice;
    FURL_ASSIGN_OR_RETURN(copy->writer_,
                          media::OpenCodedWriter(output, info, reader.sequence_header(), options));
    if (!copy->writer_->keeps_packets()) {
      return Unsupported(output + ": only .mkv holds events; --vtt writes a file of their own");
    }
    copy->seconds_per_tick_ = info.video.time_base.value();
    return copy;
  }

  int events() const { return events_; }
  Status Finish() { return writer_->Finish(); }

  // With those of `cues` in front whose time has come.
  Status Write(MediaPacket packet, std::vector<MediaPacket>* cues) {
    if (packet.stream == media::kVideoStream) {
      FURL_RETURN_IF_ERROR(
          WriteCues(static_cast<double>(packet.pts) * seconds_per_tick_ * 1000, cues));
    } else if (packet.stream >= 0) {
      packet.stream = places_[packet.stream];
      if (packet.stream < 0) return OkStatus();
    }
    return writer_->WritePacket(packet);
  }

  Status WriteCues(double until, std::vector<MediaPacket>* cues) {
    auto cue = cues->begin();
    for (; cue != cues->end() && static_cast<double>(cue->pts) <= until; ++cue) {
      FURL_RETURN_IF_ERROR(writer_->WritePacket(*cue));
    }
    cues->erase(cues->begin(), cue);
    return OkStatus();
  }

 private:
  std::unique_ptr<media::CodedWriter> writer_;
  std::vector<int> places_;  // of the input's streams in the output; -1: left out
  int events_ = 0;           // the new one
  double seconds_per_tick_ = 0;
};

}  // namespace

Status CopyWithEvents(const std::string& input, const std::string& output, bool overwrite,
                      const std::vector<analysis::SceneEvent>& events, const Hooks& hooks) {
  media::CodedReaderOptions options;
  options.notice = hooks.notice;
  options.cancelled = hooks.cancelled;
  FURL_ASSIGN_OR_RETURN(const auto reader, media::OpenCoded(input, options));
  FURL_ASSIGN_OR_RETURN(const auto copy, Copy::Open(*reader, output, overwrite, hooks));
  std::vector<MediaPacket> cues = PacketsOf(events, copy->events());
  for (;;) {
    FURL_RETURN_IF_ERROR(hooks.CheckCancelled("interrupted"));
    Result<MediaPacket> packet = reader->Next();
    if (packet.status().code() == StatusCode::kEndOfStream) break;
    if (!packet.ok()) return packet.status().WithContext(input);
    FURL_RETURN_IF_ERROR(copy->Write(std::move(*packet), &cues));
  }
  FURL_RETURN_IF_ERROR(copy->WriteCues(HUGE_VAL, &cues));
  return copy->Finish();
}

}  // namespace furl::session
