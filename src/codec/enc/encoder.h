// Encoder: pictures in, packets out.
//
//   auto encoder = Encoder::Create(settings, model).value();
//   write(encoder->sequence_header());
//   for (frame : video) {
//     encoder->SendFrame(frame);
//     while (auto packet = encoder->ReceivePacket(); packet.ok()) write(*packet);
//   }
//   encoder->SendFrame(nullptr);  // no more
//   while (auto packet = encoder->ReceivePacket(); packet.ok()) write(*packet);

#ifndef FURL_CODEC_ENC_ENCODER_H_
#define FURL_CODEC_ENC_ENCODER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/status.h"
#include "codec/common/family.h"
#include "codec/common/qp_map.h"
#include "codec/enc/encoder_settings.h"
#include "image/frame.h"
#include "model/model_file.h"
#include "motion/compensate.h"

namespace furl {

struct EncodedPacket {
  std::vector<uint8_t> data;
  int64_t pts = 0;  // of the picture, in time base ticks
  int64_t duration = 0;
  void* user_data = nullptr;  // of the picture, too
  int64_t decode_order = 0;   // 0, 1, 2, ... in the order packets are returned
  bool key = false;           // decodable without any earlier packet
};

// What the encoder saw and did for one frame; the trainer's view into it.
struct FrameReport {
  const Frame* original = nullptr;
  const Frame* reconstruction = nullptr;
  // 12-bit prediction and |P0 - P1| planes of the 16-padded picture; null for
  // intra frames. Borrowed for the call.
  const motion::PredictionPlanes* prediction = nullptr;
  int qp = 0;
  const QpMap* qp_map = nullptr;  // offsets to it; of no blocks where there are none
  char type = 'I';                // I, P or B
  int level = 0;                  // in the hierarchy; 0 = I and P
  int64_t display_index = 0;
  // Of the packet: motion, then hyper-latent (and latents where they are few),
  // then the latents' own section.
  size_t motion_bytes = 0;
  size_t side_bytes = 0;  // motion included
  size_t latent_bytes = 0;
};

class Encoder {
 public:
  // kInvalidArgument, kLimitExceeded or kUnsupported name the bad setting. kUnsupported, too: the
  // family is not one that streams can name (codec/families/decoders.h).
  static Result<std::unique_ptr<Encoder>> Create(const EncoderSettings& settings,
                                                 FamilyEncoderPtr family);
  // Prepares the model for this encoder alone (see Decoder::Create).
  static Result<std::unique_ptr<Encoder>> Create(const EncoderSettings& settings,
                                                 model::ModelPtr model);
  virtual ~Encoder() = default;

  // Container private data and start of a bare stream; valid for the encoder's life.
  virtual std::span<const uint8_t> sequence_header() const = 0;

  // Gives the encoder a picture in display order (shared, not changed), or null
  // for "no more". Its size and depth must be those of the settings, else kInvalidArgument, which
  // changes nothing. After any other error (exceptions are turned into one: no memory, or an
  // observer's own) the encoder codes no more: SendFrame and ReceivePacket return it again.
  Status SendFrame(ConstFramePtr frame) { return SendFrame(std::move(frame), {}); }

  // The same for a stream that adds to a base (EncoderSettings::base), where GOPs are to begin at
  // certain pictures, as segments of streams do, or where some pictures matter less than others.
  struct BaseInput {
    ConstFramePtr picture;  // the base's of this time, of the settings' size and depth
    // With a base: it can be decoded from here on; true for the first one. Without: a GOP begins
    // here, as others do elsewhere.
    bool begins_gop = false;
    // How much higher than the settings' crf that of this picture is, or lower. Neither with a base
    // nor with a rate.
    double crf_offset = 0;
  };
  virtual Status SendFrame(ConstFramePtr frame, const BaseInput& base) = 0;

  // kTryAgain: send another frame first; kEndOfStream: all packets were given.
  virtual Result<EncodedPacket> ReceivePacket() = 0;

  // Called once per coded frame, in coding order, from inside SendFrame.
  virtual void SetObserver(std::function<void(const FrameReport&)> observer) = 0;
};

}  // namespace furl

#endif  // FURL_CODEC_ENC_ENCODER_H_
