#include "session/chunks/plan_scan.h"

#include "codec/enc/gop_cutter.h"

namespace furl::session {

Result<std::vector<ChunkRange>> FindChunks(media::VideoReader* reader, int gop_length,
                                           const ScanHooks& hooks) {
  GopCutter cutter(gop_length);
  std::vector<ChunkRange> chunks;
  for (int64_t frames = 0;;) {
    FURL_RETURN_IF_ERROR(hooks.CheckCancelled("interrupted; nothing was written"));
    auto item = reader->Next();
    if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) break;
    if (!item.ok()) return item.status();
    if (item->frame == nullptr) continue;
    const Frame& frame = *item->frame;
    const GopCutter::Place place = cutter.Next(frame, {});
    if (place.begins_chunk) {
      chunks.emplace_back();
      chunks.back().first = frames;
      chunks.back().pts = frame.pts;
    }
    ChunkRange& chunk = chunks.back();
    if (place.begins_gop) chunk.gops.push_back(frames);
    chunk.hash = ChainFrame(chunk.hash, frame);
    if (chunk.frames == 0) chunk.first_hash = chunk.hash;
    ++chunk.frames;
    ++frames;
    if (hooks.progress) hooks.progress(frames);
  }
  if (chunks.empty()) return InvalidStream("there are no frames");
  return chunks;
}

}  // namespace furl::session
