#include "media/read/other_streams.h"

namespace furl::media {

Status OtherStreams::Open(const StreamChoice& sound, MediaInfo* info) {
  encoders_.clear();
  encoders_.resize(info->streams.size());
  if (sound.encoder.empty()) return OkStatus();
  for (size_t i = 0; i < info->streams.size(); ++i) {
    StreamInfo& stream = info->streams[i];
    if (stream.kind != StreamKind::kAudio) continue;
    FURL_ASSIGN_OR_RETURN(encoders_[i],
                          SoundEncoder::Create(stream, sound.encoder, sound.bits_per_second));
    stream = encoders_[i]->info();
  }
  return OkStatus();
}

Status OtherStreams::Take(const LibavDemuxer& demuxer, const AVPacket& packet, int stream,
                          std::vector<MediaPacket>* out) {
  if (encoders_[static_cast<size_t>(stream)] != nullptr) {
    return Encode(static_cast<size_t>(stream), &packet, out);
  }
  out->push_back(demuxer.Convert(packet));
  return OkStatus();
}

Status OtherStreams::End(std::vector<MediaPacket>* out) {
  for (size_t i = 0; i < encoders_.size(); ++i) {
    if (encoders_[i] != nullptr) FURL_RETURN_IF_ERROR(Encode(i, nullptr, out));
    encoders_[i].reset();
  }
  return OkStatus();
}

Status OtherStreams::Encode(size_t stream, const AVPacket* packet, std::vector<MediaPacket>* out) {
  const size_t before = out->size();
  FURL_RETURN_IF_ERROR(encoders_[stream]->Encode(packet, out));
  for (size_t i = before; i < out->size(); ++i) (*out)[i].stream = static_cast<int>(stream);
  return OkStatus();
}

}  // namespace furl::media
