// Picture: a frame on its way through the decoder, shared by the job that
// decodes it, the jobs that refer to it and the output queue.

#ifndef FURL_CODEC_DEC_PICTURE_H_
#define FURL_CODEC_DEC_PICTURE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/status.h"
#include "bitstream/packet.h"
#include "codec/common/reference.h"

namespace furl {

// The hash of one picture, for the packet that covers it and others with its own.
struct PictureHash {
  bool done = false;             // guarded by the decoder's mutex until it is true
  std::optional<uint32_t> hash;  // none if there is no exact picture; constant once done
};

using PictureHashPtr = std::shared_ptr<PictureHash>;

struct Picture {
  enum class State { kWaiting, kRunning, kDone };

  // Copies the sections of the packet.
  explicit Picture(const PacketView& packet) : view(packet) {
    sections.reserve(packet.side.size() + packet.latents.size());
    sections.assign(packet.side.begin(), packet.side.end());
    sections.insert(sections.end(), packet.latents.begin(), packet.latents.end());
    view.side = std::span(sections).first(packet.side.size());
    view.latents = std::span(sections).subspan(packet.side.size());
  }
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;

  // Frees what is needed no more once it is decoded.
  void Release() {
    view.side = view.latents = {};
    sections = {};
    base = nullptr;
    refs[0] = refs[1] = nullptr;
    covered = {};
  }

  std::vector<uint8_t> sections;  // until Release()
  PacketView view;                // into `sections`; afterwards only the header
  FrameTag tag;
  ConstFramePtr base;                // of this time, where there is one: until Release()
  bool alone = false;                // no other packet is of its GOP
  std::shared_ptr<Picture> refs[2];  // until Release()
  // Of the pictures before it in coding order that the hash of its packet covers, if all of them
  // came: until Release().
  std::vector<PictureHashPtr> covered;
  PictureHashPtr own_hash = std::make_shared<PictureHash>();
  // Guarded by the decoder's mutex until kDone, constant then:
  State state = State::kWaiting;
  Status status;           // why there is no exact picture
  ReferencePtr reference;  // null if status is not OK

  const FrameHeader& header() const { return view.header; }
};

using PicturePtr = std::shared_ptr<Picture>;

}  // namespace furl

#endif  // FURL_CODEC_DEC_PICTURE_H_
