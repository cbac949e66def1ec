// StoredChunks: the packets of a plan whose chunks are all coded, given when an encoder of the
// whole would have given them.

#ifndef FURL_SESSION_CHUNKS_STORED_CHUNKS_H_
#define FURL_SESSION_CHUNKS_STORED_CHUNKS_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "bitstream/gop_chain.h"
#include "media/coded_io.h"
#include "session/chunks/chunk_store.h"
#include "session/frame_coder.h"

namespace furl::session {

class StoredChunks : public FrameCoder {
 public:
  // `store` is borrowed. `sequence_header`: that of the whole.
  StoredChunks(const ChunkStore& store, std::span<const uint8_t> sequence_header)
      : store_(store), header_(sequence_header.begin(), sequence_header.end()) {}

  // The frame's samples don't count. kInvalidStream where a chunk isn't as its record says, or the
  // frames aren't those of the plan.
  Status Code(const ConstFramePtr& frame, const TakeFn& take) override;

 private:
  const ChunkRange& range() const { return store_.plan().chunks[chunk_]; }
  Status Open();
  // Packets that had been given when so many frames of the chunk had come.
  Status Give(int64_t frames, const TakeFn& take);

  const ChunkStore& store_;
  const std::vector<uint8_t> header_;
  GopChain chain_;
  size_t chunk_ = 0;
  std::unique_ptr<media::CodedReader> reader_;  // of the chunk; null before its first frame
  ChunkRecord record_;
  size_t given_ = 0;    // packets of the chunk
  int64_t frames_ = 0;  // of the video, that have come
};

}  // namespace furl::session

#endif  // FURL_SESSION_CHUNKS_STORED_CHUNKS_H_
