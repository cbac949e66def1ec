// HybridGopEncoder: chooses for each GOP of a stream with a base what the stream adds to it.

#ifndef FURL_CODEC_ENC_HYBRID_GOP_ENCODER_H_
#define FURL_CODEC_ENC_HYBRID_GOP_ENCODER_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>

#include "base/error_latch.h"
#include "base/thread_pool.h"
#include "codec/enc/base_filter_fit.h"
#include "codec/enc/encoder.h"

namespace furl {

// Packets of a GOP are given when it has ended. An observer sees what another encoder makes of all
// GOPs, also of those that are then left to the base.
class HybridGopEncoder : public Encoder {
 public:
  // `full` codes pictures above the base; null where the settings say kFilter.
  HybridGopEncoder(const EncoderSettings& settings, const StepLaw& step_law,
                   std::vector<uint8_t> header, std::unique_ptr<Encoder> full);

  std::span<const uint8_t> sequence_header() const override { return header_; }
  Status SendFrame(ConstFramePtr frame, const BaseInput& base) override;
  Result<EncodedPacket> ReceivePacket() override;
  void SetObserver(std::function<void(const FrameReport&)> observer) override {
    observer_ = std::move(observer);
  }

 private:
  // A GOP that isn't closed, its first picture and all that is known of the two ways.
  struct Gop {
    explicit Gop(const VideoFormat& format) : fit(format) {}

    BaseFilterFit fit;
    int64_t frames = 0;
    FrameTag first;
    ConstFramePtr first_base;
    std::deque<EncodedPacket> coded;
    double coded_error = 0;  // weighted as that of FittedBaseFilter
  };

  Status Take(const ConstFramePtr& frame, BaseInput base);
  // Files what the other encoder has ready under its GOP, and closes those before.
  Status Collect();
  void Observe(const FrameReport& report);
  Status CloseFront();
  // `hash`: of the GOP's first picture behind the filter, Hash(); any has the same size.
  Result<EncodedPacket> FilterPacket(const Gop& gop, const BaseFilterData& data,
                                     uint32_t hash) const;
  Result<uint32_t> Hash(const Gop& gop, const BaseFilterData& data) const;
  void Emit(EncodedPacket packet);

  const EncoderSettings settings_;
  const int qp_;            // that the quality stands for
  const double bit_price_;  // a bit's, as a squared error
  const std::vector<uint8_t> header_;
  ThreadPool pool_;
  const std::unique_ptr<Encoder> full_;  // null: there are filters alone
  std::function<void(const FrameReport&)> observer_;
  std::deque<Gop> gops_;
  std::deque<double> errors_;  // of coded pictures whose packets are not filed
  int64_t closed_ = 0;         // GOPs
  bool replaced_ = false;      // the last one by a filter
  std::deque<EncodedPacket> ready_;
  int64_t emitted_ = 0;
  bool flushed_ = false;
  ErrorLatch latch_;
};

}  // namespace furl

#endif  // FURL_CODEC_ENC_HYBRID_GOP_ENCODER_H_
