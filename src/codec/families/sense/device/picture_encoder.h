// The sense family's encoder without a decoder beside it: a stream of packets from rows of blocks.

#ifndef FURL_CODEC_FAMILIES_SENSE_DEVICE_PICTURE_ENCODER_H_
#define FURL_CODEC_FAMILIES_SENSE_DEVICE_PICTURE_ENCODER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "bitstream/packet.h"
#include "bitstream/sequence_header.h"
#include "codec/families/sense/encode/block_measurer.h"
#include "codec/families/sense/measurement_plan.h"
#include "codec/families/sense/measurement_syntax.h"
#include "entropy/raw_bits.h"

namespace furl::sense {

class PictureEncoder {
 public:
  // kInvalidArgument names what is out of range. Of the header all but `family` and `low_delay`,
  // which follow, is the caller's.
  static Result<PictureEncoder> Create(SequenceHeader header, double crf);

  std::span<const uint8_t> sequence_header() const { return header_bytes_; }
  const VideoFormat& format() const { return header_; }

  void BeginPicture();
  // The next row of blocks, samples of the header's depth. kInvalidArgument where no picture was
  // begun or all its rows have come.
  template <typename Sample>
  Status PushRow(BlockRow<Sample> row);
  // Ends the picture. kInvalidArgument where rows are missing.
  Result<std::vector<uint8_t>> EndPicture(bool last);

  bool key() const { return age_ == 0; }  // of the open picture, or the next

 private:
  explicit PictureEncoder(const SequenceHeader& header) : header_(header) {}

  int Rows() const;
  FrameHeader HeaderOf(bool last) const;

  SequenceHeader header_;
  std::vector<uint8_t> header_bytes_;
  double base_qp_ = 0;

  int age_ = 0;   // pictures since the key frame
  int gops_ = 0;  // key frames begun before the open GOP
  // Of the open picture:
  struct Open {
    Open(int picture_qp, int age, int depth);
    int qp;
    int next_row = 0;
    MeasurementPlan plan;
    BlockMeasurer measurer;
    RawBitWriter writer;
    BlockCoding<RawBitWriter> coding;
  };
  std::unique_ptr<Open> open_;
};

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_DEVICE_PICTURE_ENCODER_H_
