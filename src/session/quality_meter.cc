#include "session/quality_meter.h"

#include <map>
#include <utility>

#include "base/thread_pool.h"

namespace furl::session {
namespace {

class MetricMeter : public QualityMeter {
 public:
  MetricMeter(const Metric& metric, const media::VideoInfo& video, int threads)
      : metric_(metric), video_(video), pool_(PoolThreads(threads)), scores_(Nothing()) {}

  Status EndStretch() override { return TakeStatus(); }
  void Restart() override { scores_ = Nothing(); }
  double score() const override { return scores_.frames() > 0 ? scores_.mean().yuv : 0; }

 protected:
  Status Add(const FrameReport& report) override {
    FURL_ASSIGN_OR_RETURN(const FrameMeasurement measured,
                          MeasureFrame(metric_, *report.original, *report.reconstruction, &pool_));
    scores_.Add(measured);
    return OkStatus();
  }

 private:
  SequenceScore Nothing() const {
    return SequenceScore(metric_, video_.width, video_.height, video_.bit_depth);
  }

  const Metric& metric_;
  const media::VideoInfo video_;
  ThreadPool pool_;
  SequenceScore scores_;
};

class StretchMeter : public QualityMeter {
 public:
  StretchMeter(const SequenceMetric& metric, const media::VideoInfo& video)
      : metric_(metric), video_(video) {}

  Status EndStretch() override {
    const std::unique_ptr<SequenceMeter> run = std::move(run_);
    waiting_.clear();
    next_ = 0;
    FURL_RETURN_IF_ERROR(TakeStatus());
    if (run == nullptr) return OkStatus();
    FURL_ASSIGN_OR_RETURN(const SequenceScores scores, run->Finish());
    for (const double score : scores.frames) sum_ += score;
    frames_ += static_cast<int64_t>(scores.frames.size());
    return OkStatus();
  }

  void Restart() override {
    sum_ = 0;
    frames_ = 0;
  }

  double score() const override { return frames_ > 0 ? sum_ / static_cast<double>(frames_) : 0; }

 protected:
  // It wants display order: frames that are coded early wait as copies, at
  // most a mini-GOP of them.
  Status Add(const FrameReport& report) override {
    if (run_ == nullptr) {
      FURL_ASSIGN_OR_RETURN(run_, metric_.start(video_));
    }
    if (report.display_index != next_) {
      FURL_ASSIGN_OR_RETURN(FramePtr original, report.original->Copy());
      FURL_ASSIGN_OR_RETURN(FramePtr coded, report.reconstruction->Copy());
      waiting_[report.display_index] = {std::move(original), std::move(coded)};
      return OkStatus();
    }
    FURL_RETURN_IF_ERROR(run_->Add(*report.original, *report.reconstruction));
    ++next_;
    for (; !waiting_.empty() && waiting_.begin()->first == next_; ++next_) {
      const auto& [original, coded] = waiting_.begin()->second;
      FURL_RETURN_IF_ERROR(run_->Add(*original, *coded));
      waiting_.erase(waiting_.begin());
    }
    return OkStatus();
  }

 private:
  const SequenceMetric metric_;
  const media::VideoInfo video_;
  std::unique_ptr<SequenceMeter> run_;  // of the stretch at hand; null before its first frame
  int64_t next_ = 0;                    // frame of the stretch, in display order
  std::map<int64_t, std::pair<FramePtr, FramePtr>> waiting_;
  double sum_ = 0;
  int64_t frames_ = 0;
};

}  // namespace

std::function<void(const FrameReport&)> QualityMeter::observer() {
  return [this](const FrameReport& report) {
    if (status_.ok()) status_ = Add(report);
  };
}

Status QualityMeter::TakeStatus() { return std::exchange(status_, OkStatus()); }

std::unique_ptr<QualityMeter> MakeMetricMeter(const Metric& metric, const media::VideoInfo& video,
                                              int threads) {
  return std::make_unique<MetricMeter>(metric, video, threads);
}

std::unique_ptr<QualityMeter> MakeStretchMeter(const SequenceMetric& metric,
                                               const media::VideoInfo& video) {
  return std::make_unique<StretchMeter>(metric, video);
}

}  // namespace furl::session
