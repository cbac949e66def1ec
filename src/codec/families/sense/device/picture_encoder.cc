#include "codec/families/sense/device/picture_encoder.h"

#include <algorithm>
#include <utility>

#include "base/checked_math.h"
#include "codec/common/gop.h"
#include "codec/common/quality_scale.h"
#include "codec/families/sense/family_id.h"

namespace furl::sense {

PictureEncoder::Open::Open(int picture_qp, int age, int depth)
    : qp(picture_qp), plan(PlanOf(qp, age)), measurer(plan, depth), coding(plan, &writer) {}

Result<PictureEncoder> PictureEncoder::Create(SequenceHeader header, double crf) {
  if (!(crf >= kMinCrf && crf <= kMaxCrf)) return InvalidArgument("crf must be 0 to 63");
  if (std::min(header.width, header.height) < kBlock) {
    return InvalidArgument("pictures smaller than 16x16");
  }
  header.family = kFamilyId;
  header.low_delay = true;
  PictureEncoder encoder(header);
  FURL_ASSIGN_OR_RETURN(encoder.header_bytes_, WriteSequenceHeader(header));
  encoder.base_qp_ = BaseQp(crf, header.gop_length, header.low_delay);
  return encoder;
}

int PictureEncoder::Rows() const { return CeilDiv(header_.height, kBlock); }

void PictureEncoder::BeginPicture() {
  FramePlan plan;
  plan.type = key() ? FrameType::kI : FrameType::kP;
  plan.display = age_;
  open_ =
      std::make_unique<Open>(FrameQp(base_qp_, plan, header_.low_delay), age_, header_.bit_depth);
}

template <typename Sample>
Status PictureEncoder::PushRow(BlockRow<Sample> row) {
  if (open_ == nullptr) return InvalidArgument("no picture was begun");
  if (open_->next_row == Rows()) return InvalidArgument("more rows than the picture has");
  row.width = header_.width;
  row.lines = std::min(kBlock, header_.height - open_->next_row * kBlock);
  for (int column = 0; column < CeilDiv(header_.width, kBlock); ++column) {
    BlockSymbols symbols;
    open_->measurer.Measure(row, column, &symbols);
    open_->coding.Code(column, &symbols);
  }
  ++open_->next_row;
  return OkStatus();
}

template Status PictureEncoder::PushRow(BlockRow<uint8_t>);
template Status PictureEncoder::PushRow(BlockRow<uint16_t>);

// Two slots take turns, so that a picture never replaces the one it comes from.
FrameHeader PictureEncoder::HeaderOf(bool last) const {
  FrameHeader header;
  header.type = key() ? FrameType::kI : FrameType::kP;
  header.qp = open_->qp;
  header.display_order = age_;
  header.last_of_gop = last || age_ + 1 == header_.gop_length;
  header.references[0] = (age_ + 1) % 2;
  header.store_slot = key() || !header.last_of_gop ? age_ % 2 : -1;
  if (key()) header.gop_number = FrameHeader::GopNumber(gops_);
  return header;
}

Result<std::vector<uint8_t>> PictureEncoder::EndPicture(bool last) {
  if (open_ == nullptr || open_->next_row < Rows()) return InvalidArgument("rows are missing");
  const FrameHeader header = HeaderOf(last);
  auto packet = WritePacket(header, {}, open_->writer.Finish());
  open_.reset();
  gops_ += key();
  age_ = header.last_of_gop ? 0 : age_ + 1;
  return packet;
}

}  // namespace furl::sense
