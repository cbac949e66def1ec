#include "bitstream/gop_chain.h"

#include <utility>

#include "bitstream/packet.h"

namespace furl {

Result<std::vector<uint8_t>> GopChain::Take(std::vector<uint8_t> packet) {
  FURL_ASSIGN_OR_RETURN(PacketView view, ParsePacket(packet));
  FrameHeader& header = view.header;
  if (!header.key() && gops_ == 0) return InvalidStream("the first packet is no key frame");
  const FrameHeader before = header;
  if (header.key()) {
    header.gop_number = FrameHeader::GopNumber(gops_++);
    header.frames_before = std::exchange(open_frames_, 0);
  }
  open_frames_ = header.last_of_gop ? 0 : open_frames_ + 1;
  if (header == before) return packet;
  return WritePacket(header, view.side, view.latents);
}

}  // namespace furl
