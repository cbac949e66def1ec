// Decoder: packets in, pictures in display order out.
//
//   auto decoder = Decoder::Create(sequence_header, model, {}).value();
//   for (packet : stream) DecodePacket(decoder, packet.data, {packet.pts, packet.duration}, show);
//   FlushDecoder(decoder, show);
//
// DecodePacket and FlushDecoder (codec/dec/decode_packet.h) are the loop around sending and
// receiving for callers that do both at one place.

#ifndef FURL_CODEC_DEC_DECODER_H_
#define FURL_CODEC_DEC_DECODER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/log.h"
#include "base/status.h"
#include "bitstream/packet.h"
#include "codec/common/family.h"
#include "codec/common/frame_analysis.h"
#include "codec/common/gop.h"
#include "image/frame.h"
#include "model/model_file.h"

namespace furl {

struct DecoderSettings {
  // 0: one per CPU. kNoThreads (base/thread_pool.h): none are started, and receiving does the work.
  int threads = 0;
  // Damaged or missing frames: false stops with the error, true shows the
  // nearest decoded picture instead and goes on.
  bool conceal = false;
  int64_t max_pixels = int64_t{1} << 26;
  // Bytes that pictures and working memory may take (DecoderBytes in codec/dec/decoder_memory.h).
  // Fewer frames are decoded at the same time where that keeps below it; streams that can't be
  // decoded within it are refused.
  int64_t max_memory = int64_t{2} << 30;
  int64_t max_macs_per_pixel = 64000;  // refuses networks with more work (Family::WorkPerPixel)
  FrameAllocatorPtr allocator;         // of the pictures; null: the library's own memory
  // Hears of every packet that is damaged and every picture that is concealed, once each as
  // the statistics count them, inside of Send and Receive.
  LogFunction log;
  // Hears how each frame came about; null: nobody does, and nothing is gathered.
  std::shared_ptr<DecodeObserver> observer;
};

struct DecoderStatistics {
  int64_t frames = 0;
  int64_t key_frames = 0;
  int64_t damaged_frames = 0;    // packets that failed a check
  int64_t concealed_frames = 0;  // pictures shown that are not exact
  int64_t hashes_checked = 0;
  int64_t hashes_failed = 0;  // or are not there, so that a picture has none
  // No packet of them came, not even a damaged one (codec/dec/gop_ledger.h). Known when their GOP
  // has ended; at least as many.
  int64_t missing_frames = 0;
};

class Decoder {
 public:
  // Frames that are decoded at the same time, at most.
  static constexpr int kMaxFramesInFlight = 4;
  // Pictures that a decoder holds for its caller, at most: waiting packets, frames in flight, and
  // decoded pictures that were not received yet. There is room for a mini-GOP that waits for its
  // first picture, and beyond it for the packets that keep every thread busy. The reference
  // slots (kReferenceSlots pictures) come on top.
  static constexpr int kMaxHeldPictures = kLongestMiniGop + 2 * kMaxFramesInFlight;

  // kUnsupported: the stream is of a codec family that this build lacks. kWrongModel: it
  // names another model. Messages have the ids. kInvalidStream: its family is not its model's.
  static Result<std::unique_ptr<Decoder>> Create(std::span<const uint8_t> sequence_header,
                                                 FamilyPtr family, const DecoderSettings& settings);
  // Prepares the model for this decoder alone. Where more than one decoder will
  // need it, CreateFamily (codec/families/decoders.h) does so once.
  static Result<std::unique_ptr<Decoder>> Create(std::span<const uint8_t> sequence_header,
                                                 model::ModelPtr model,
                                                 const DecoderSettings& settings);
  virtual ~Decoder() = default;

  // Takes one packet (copied) and never waits. kTryAgain: kMaxHeldPictures are held, receive
  // first; the packet was not taken and nothing has changed. That never is the answer after
  // ReceiveFrame has said kTryAgain. A damaged packet is reported here or by
  // ReceiveFrame, and only hurts its own GOP: decoding goes on with the next key frame.
  // The picture gets the tag of its packet.
  virtual Status SendPacket(std::span<const uint8_t> data, const FrameTag& tag) = 0;
  Status SendPacket(std::span<const uint8_t> data, int64_t pts, int64_t duration) {
    return SendPacket(data, {pts, duration});
  }

  // The same for a caller that looks at packets itself: what ParsePacket made of
  // one, be it an error. The decoder doesn't check it again; it copies the parts.
  // `base` is the base's picture of this time, in streams that add to one (SequenceHeader::base):
  // without it, or where it has another size or depth, the packet counts as damaged.
  virtual Status SendParsed(const Result<PacketView>& packet, const FrameTag& tag,
                            const ConstFramePtr& base) = 0;
  Status SendParsed(const Result<PacketView>& packet, const FrameTag& tag) {
    return SendParsed(packet, tag, nullptr);
  }

  // No more packets. ReceiveFrame then returns what is left and kEndOfStream.
  virtual Status Flush() = 0;

  // The next picture in display order; waits for it where it is in work and enough packets
  // are there to keep the threads busy. kTryAgain: send packets first.
  virtual Result<ConstFramePtr> ReceiveFrame() = 0;

  virtual DecoderStatistics statistics() const = 0;
};

}  // namespace furl

#endif  // FURL_CODEC_DEC_DECODER_H_
