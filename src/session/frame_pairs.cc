#include "session/frame_pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "session/decoded_video.h"
#include "session/scaled_video.h"

namespace furl::session {
namespace {

void ExplainAlone(const std::string& path, const Unpaired& alone, const std::string& other,
                  double other_end, std::vector<std::string>* out) {
  if (alone.between > 0) {
    out->push_back(fmt::format(
        "{} {} of {} {} no partner in {} within half a frame and {} left out (first at {:.3f} s)",
        alone.between, alone.between == 1 ? "frame" : "frames", path,
        alone.between == 1 ? "has" : "have", other, alone.between == 1 ? "is" : "are",
        alone.first));
  }
  if (alone.after > 0) {
    const std::string frames = alone.after == 1 ? "frame" : fmt::format("{} frames", alone.after);
    out->push_back(fmt::format("{} ends at {:.3f} s; the last {} of {} {} left out", other,
                               other_end, frames, path, alone.after == 1 ? "is" : "are"));
  }
}

}  // namespace

Result<std::unique_ptr<FramePairs>> FramePairs::Open(const std::string& original,
                                                     const std::string& distorted,
                                                     const PairOptions& options) {
  std::unique_ptr<FramePairs> pairs(new FramePairs);
  pairs->hooks_ = options.hooks;
  DecodedOptions open;
  open.threads = options.threads;
  open.max_memory = options.max_memory;
  open.other_streams = false;
  open.model = options.model;
  open.hooks = options.hooks;
  Side& a = pairs->a_;
  Side& b = pairs->b_;
  a.path = original;
  b.path = distorted;
  FURL_ASSIGN_OR_RETURN(b.reader, OpenAnyVideo(distorted, open));
  open.keep_fields = b.reader->info().video.field_order != media::FieldOrder::kProgressive;
  FURL_ASSIGN_OR_RETURN(a.reader, OpenAnyVideo(original, open));
  const media::VideoInfo& va = a.reader->info().video;
  const media::VideoInfo vb = b.reader->info().video;
  if (va.width != vb.width || va.height != vb.height) {
    if (!options.scale) {
      return Unsupported(
          fmt::format("{} has {}x{} samples, {} has {}x{}; --scale scales the second to the first",
                      original, va.width, va.height, distorted, vb.width, vb.height));
    }
    options.hooks.Notice(fmt::format("{} is scaled from {}x{} to {}x{} (bicubic)", distorted,
                                     vb.width, vb.height, va.width, va.height));
    b.reader = MakeScaledVideo(std::move(b.reader), va.width, va.height);
  }
  pairs->video_ = va;
  pairs->video_.bit_depth = std::max(va.bit_depth, vb.bit_depth);
  if (va.bit_depth != vb.bit_depth) {
    options.hooks.Notice(fmt::format("{} has {} bits, {} has {}; they are compared at {}", original,
                                     va.bit_depth, distorted, vb.bit_depth,
                                     pairs->video_.bit_depth));
  }
  if (va.color.full_range != vb.color.full_range) {
    options.hooks.Notice(fmt::format("{} has {} range, {} has {}; samples are compared as they are",
                                     original, va.color.full_range ? "full" : "limited", distorted,
                                     vb.color.full_range ? "full" : "limited"));
  }
  FURL_RETURN_IF_ERROR(pairs->Advance(&a));
  FURL_RETURN_IF_ERROR(pairs->Advance(&b));
  return pairs;
}

// Reads the next frame of `side`, packets skipped.
Status FramePairs::Advance(Side* side) const {
  side->frame = nullptr;
  for (;;) {
    FURL_RETURN_IF_ERROR(hooks_.CheckCancelled("interrupted"));
    auto item = side->reader->Next();
    if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) {
      side->ended = true;
      return OkStatus();
    }
    if (!item.ok()) return item.status().WithContext(side->path);
    if (item->frame == nullptr) continue;
    const media::VideoInfo& video = side->reader->info().video;
    const double tick = video.time_base.value();
    const double time = static_cast<double>(item->frame->pts) * tick;
    if (++side->number == 0) side->start = time;
    side->frame = std::move(item->frame);
    side->time = time - side->start;
    side->duration = static_cast<double>(item->duration) * tick;
    if (side->duration <= 0) side->duration = 1 / std::max(video.frame_rate.value(), 1.0);
    side->end = side->time + side->duration;
    return OkStatus();
  }
}

void FramePairs::CountAlone(Side* side, const Side& other) {
  if (side->alone.count() == 0) side->alone.first = side->time;
  ++(other.ended ? side->alone.after : side->alone.between);
}

Result<FramePair> FramePairs::Next() {
  for (;;) {
    if (a_.ended && b_.ended) return Status(StatusCode::kEndOfStream, "end of both videos");
    // Half a nanosecond of grace for times that are not exact as doubles.
    const double half = std::min(a_.duration, b_.duration) / 2 + 0.5e-9;
    if (!a_.ended && !b_.ended && std::abs(a_.time - b_.time) <= half) break;
    const bool a_first = b_.ended || (!a_.ended && a_.time < b_.time);
    Side* early = a_first ? &a_ : &b_;
    CountAlone(early, a_first ? b_ : a_);
    FURL_RETURN_IF_ERROR(Advance(early));
  }
  FramePair pair;
  pair.time = a_.time;
  pair.original_frame = a_.number;
  pair.distorted_frame = b_.number;
  FURL_ASSIGN_OR_RETURN(pair.original, Deepen(std::move(a_.frame)));
  FURL_ASSIGN_OR_RETURN(pair.distorted, Deepen(std::move(b_.frame)));
  FURL_RETURN_IF_ERROR(Advance(&a_));
  FURL_RETURN_IF_ERROR(Advance(&b_));
  return pair;
}

Result<ConstFramePtr> FramePairs::Deepen(ConstFramePtr frame) const {
  const int shift = video_.bit_depth - frame->bit_depth();
  if (shift == 0) return frame;
  FURL_ASSIGN_OR_RETURN(FramePtr deep,
                        Frame::Create(frame->width(), frame->height(), video_.bit_depth));
  for (int p = 0; p < 3; ++p) {
    const ConstPlane in = frame->plane(p);
    const Plane out = deep->plane(p);
    for (int y = 0; y < in.height; ++y) {
      for (int x = 0; x < in.width; ++x) {
        out.row(y)[x] = static_cast<uint16_t>(in.row(y)[x] << shift);
      }
    }
  }
  return ConstFramePtr(std::move(deep));
}

std::vector<std::string> FramePairs::Explain() const {
  std::vector<std::string> sentences;
  const double half = std::min(a_.duration, b_.duration) / 2;
  if (a_.number >= 0 && b_.number >= 0 && std::abs(a_.start - b_.start) > half) {
    sentences.push_back(
        fmt::format("{} starts at {:.3f} s, {} at {:.3f} s; times count from the first frame of "
                    "each",
                    a_.path, a_.start, b_.path, b_.start));
  }
  ExplainAlone(a_.path, a_.alone, b_.path, b_.end, &sentences);
  ExplainAlone(b_.path, b_.alone, a_.path, a_.end, &sentences);
  return sentences;
}

}  // namespace furl::session
