#include "session/detect/detect_run.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "analysis/detect/detector.h"
#include "analysis/sketch.h"
#include "base/thread_pool.h"
#include "session/model_store.h"
#include "session/signed_model.h"

namespace furl::session {
namespace {

using analysis::Detector;
using analysis::LatentFrame;
using analysis::SceneEvent;
using analysis::SceneWatch;
using analysis::Sketch;
using analysis::SketchMaker;
using analysis::Track;
using analysis::Tracker;
using analysis::VelocityMap;

// A GOP's frames by their times in ticks; null where a frame has no motion.
using Motions = std::map<int64_t, std::shared_ptr<const motion::MotionField>>;
struct Gop {
  int64_t pts = 0;
  int qp = 0;
  nn::Tensor latents;
  Sketch sketch;
  Motions motions;
};

// Gathers each GOP, whose frames come in coding order, and looks at it in display order.
class DetectVisitor : public LatentVisitor {
 public:
  DetectVisitor(const VideoPart& part, const DetectOptions& options, const DetectSinks& sinks)
      : part_(part),
        options_(options),
        sinks_(sinks),
        pool_(std::make_unique<ThreadPool>(PoolThreads(options.video.threads))) {}

  Result<bool> Takes(const FamilyPtr& family, const model::ModelId& model) override {
    if (options_.detector != nullptr && !Detector::Knows(*options_.detector, model)) return false;
    auto sketches = SketchMaker::Create(*family);
    if (sketches.ok()) {
      sketches_ = std::make_unique<SketchMaker>(std::move(*sketches));
      return true;
    }
    if (sketches.status().code() == StatusCode::kUnsupported) return false;
    return sketches.status();
  }

  Status Begin(const LatentStream& stream) override;
  Status Visit(const LatentFrame& frame) override;
  // After the last frame.
  Status Finish();

  const DetectSummary& summary() const { return summary_; }

 private:
  double TimeOf(int64_t pts) const { return static_cast<double>(pts) * tick_ + before_; }
  Status Tell(double time, bool key);
  Status Look();
  Status DetectAt(const Gop& gop);

  const VideoPart part_;
  const DetectOptions& options_;
  const DetectSinks& sinks_;
  std::unique_ptr<ThreadPool> pool_;
  std::unique_ptr<SketchMaker> sketches_;
  std::unique_ptr<Detector> detector_;
  std::optional<Tracker> tracker_;
  std::optional<SceneWatch> watch_;
  std::optional<Gop> gop_;
  Status event_status_ = OkStatus();
  double tick_ = 0;
  double before_ = 0;
  double from_ = 0;  // of the part, in the times that are told
  double to_ = 0;
  double scale_x_ = 1;  // to the video's size
  double scale_y_ = 1;
  DetectSummary summary_;
};

analysis::Box Scaled(const analysis::Box& box, double x, double y) {
  return {box.left * x, box.top * y, box.right * x, box.bottom * y};
}

Status DetectVisitor::Begin(const LatentStream& stream) {
  const int width = stream.format.width;
  const int height = stream.format.height;
  if (options_.detector != nullptr) {
    FURL_ASSIGN_OR_RETURN(detector_, Detector::Create(options_.detector, width, height));
  }
  tick_ = stream.format.time_base.value();
  before_ = stream.seconds_before;
  from_ = std::max(part_.start, 0.0);
  to_ = part_.duration > 0 ? from_ + part_.duration : std::numeric_limits<double>::infinity();
  scale_x_ = static_cast<double>(stream.video_width) / width;
  scale_y_ = static_cast<double>(stream.video_height) / height;
  tracker_.emplace(width, height, options_.tracker);
  const double rate = std::clamp(stream.format.frame_rate.value(), 0.001, 1000.0);
  watch_.emplace(width, height, rate, options_.zones, options_.watch, [this](SceneEvent event) {
    if (!event_status_.ok()) return;
    if (event.end < from_ || event.begin >= to_) return;
    if (event.box) event.box = Scaled(*event.box, scale_x_, scale_y_);
    event_status_ = sinks_.event(event);
  });
  summary_.format = stream.format;
  summary_.video_width = stream.video_width;
  summary_.video_height = stream.video_height;
  summary_.encoded = stream.encoded;
  return OkStatus();
}

Status DetectVisitor::Visit(const LatentFrame& frame) {
  if (frame.header.key()) {
    FURL_RETURN_IF_ERROR(Look());
    if (TimeOf(frame.tag.pts) >= to_) return EndOfStream();
    gop_.emplace();
    gop_->pts = frame.tag.pts;
    gop_->qp = frame.header.qp;
    FURL_RETURN_IF_ERROR(gop_->latents.CopyFrom(*frame.latents));
    gop_->sketch = sketches_->Make(frame);
  }
  if (!gop_) return OkStatus();
  gop_->motions[frame.tag.pts] = frame.motion;
  const double duration = std::max(static_cast<double>(frame.tag.duration) * tick_,
                                   1 / summary_.format.frame_rate.value());
  summary_.seconds = std::max(summary_.seconds, TimeOf(frame.tag.pts) + duration);
  return OkStatus();
}

Status DetectVisitor::DetectAt(const Gop& gop) {
  if (detector_ == nullptr) return OkStatus();
  VelocityMap motion(summary_.format.width, summary_.format.height);
  int followers = 0;
  for (const auto& [pts, field] : gop.motions) {
    if (pts == gop.pts || followers == analysis::kMotionFrames) continue;
    ++followers;
    if (field != nullptr) motion.Add(*field);
  }
  const auto begin = std::chrono::steady_clock::now();
  FURL_ASSIGN_OR_RETURN(const auto found, detector_->Detect(gop.latents, motion, gop.qp,
                                                            options_.tracker.keep, pool_.get()));
  summary_.detect_seconds +=
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  tracker_->Update(found);
  return OkStatus();
}

Status DetectVisitor::Tell(double time, bool key) {
  if (time < from_ || time >= to_) return OkStatus();
  ++summary_.frames;
  FrameObjects frame = {time, key, tracker_->tracks()};
  for (Track& track : frame.tracks) track.box = Scaled(track.box, scale_x_, scale_y_);
  return sinks_.frame(frame);
}

Status DetectVisitor::Look() {
  if (!gop_) return OkStatus();
  const Gop gop = std::move(*gop_);
  gop_.reset();
  ++summary_.key_frames;
  for (const auto& [pts, field] : gop.motions) {
    VelocityMap motion(summary_.format.width, summary_.format.height);
    if (field != nullptr) motion.Add(*field);
    const double time = TimeOf(pts);
    if (pts == gop.pts) {
      if (sinks_.sketch) FURL_RETURN_IF_ERROR(sinks_.sketch(time, gop.sketch));
      if (watch_->Key(time, gop.sketch)) tracker_->Clear();
      FURL_RETURN_IF_ERROR(DetectAt(gop));
    } else {
      tracker_->Move(motion);
    }
    if (pts != gop.pts || gop.motions.size() == 1) {
      watch_->Frame(time, motion, tracker_->tracks());
    }
    FURL_RETURN_IF_ERROR(event_status_);
    FURL_RETURN_IF_ERROR(Tell(time, pts == gop.pts));
  }
  return OkStatus();
}

Status DetectVisitor::Finish() {
  FURL_RETURN_IF_ERROR(Look());
  if (watch_) watch_->Finish();
  return event_status_;
}

}  // namespace

Result<DetectSummary> DetectIn(const std::string& path, const VideoPart& part,
                               const DetectOptions& options, const DetectSinks& sinks) {
  DetectVisitor visitor(part, options, sinks);
  LatentVideoReader reader(options.video);
  FURL_ASSIGN_OR_RETURN(const int64_t damaged, reader.Read(path, part, &visitor));
  FURL_RETURN_IF_ERROR(visitor.Finish());
  DetectSummary summary = visitor.summary();
  summary.damaged = damaged;
  if (summary.frames > 0) return summary;
  if (!part.whole()) return InvalidArgument(path + ": there is no picture in that part");
  return InvalidStream(path + ": there is no video in it that can be read");
}

Result<model::ModelPtr> FindDetector(const std::string& path) {
  if (IsModelPath(path)) {
    FURL_ASSIGN_OR_RETURN(model::ModelPtr model, LoadModelFile(path));
    if (model->family() == analysis::kDetectorFamily) return model;
    return Unsupported(path + ": not a model of a detector");
  }
  auto model = ModelStore(path).OfFamily(analysis::kDetectorFamily);
  // Of families that code nothing the store knows no more than their models.
  const bool none = model.status().code() == StatusCode::kInvalidArgument;
  return none ? Unsupported("no model of a detector is installed") : std::move(model);
}

}  // namespace furl::session
