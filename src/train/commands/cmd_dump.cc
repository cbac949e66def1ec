// `furl-train dump`: runs the real encoder and records what inter frames see.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "codec/enc/encoders.h"
#include "image/coding_scales.h"
#include "train/base/stop.h"
#include "train/commands/commands.h"
#include "train/data/clip_encoder.h"
#include "train/data/frame_cache.h"

namespace furl::train {
namespace {

// Appends records to frames.bin.
class DumpWriter {
 public:
  explicit DumpWriter(const std::string& folder)
      : out_(folder + "/frames.bin", std::ios::binary), folder_(folder) {}

  // Leaves out frames beyond the model's QPs, whose steps networks don't count in.
  void Add(const FrameReport& report, bool held_out) {
    if (report.qp != ModelQp(report.qp)) return;
    const ConstPlane padded = report.prediction->pred(0);
    records_.push_back({{"width", padded.width},
                        {"height", padded.height},
                        {"qp", report.qp},
                        {"level", report.level},
                        {"offset", static_cast<uint64_t>(out_.tellp())},
                        {"held_out", held_out}});
    for (int p = 0; p < 3; ++p) {
      const ConstPlane pred = report.prediction->pred(p);
      AddBytes(report.original->plane(p), pred.width, pred.height, 0);
    }
    for (int p = 0; p < 3; ++p) {
      const ConstPlane pred = report.prediction->pred(p);
      for (int y = 0; y < pred.height; ++y) {
        out_.write(reinterpret_cast<const char*>(pred.row(y)), pred.width * 2);
      }
    }
    for (int p = 0; p < 3; ++p) {
      const ConstPlane difference = report.prediction->difference(p);
      AddBytes(difference, difference.width, difference.height, 3);
    }
  }

  Status Finish() {
    std::ofstream index(folder_ + "/index.json");
    index << nlohmann::json{{"records", records_}}.dump() << "\n";
    return out_.flush() && index.flush() ? OkStatus() : IoError("cannot write the dump cache");
  }

 private:
  // min(127, sample >> shift) for shifted planes, else the sample; edges repeat.
  void AddBytes(ConstPlane plane, int width, int height, int shift) {
    std::vector<uint8_t> row(width);
    for (int y = 0; y < height; ++y) {
      const uint16_t* from = plane.row(std::min(y, plane.height - 1));
      for (int x = 0; x < width; ++x) {
        const int sample = from[std::min(x, plane.width - 1)] >> shift;
        row[x] = static_cast<uint8_t>(std::min(sample, shift > 0 ? 127 : 255));
      }
      out_.write(reinterpret_cast<const char*>(row.data()), width);
    }
  }

  std::ofstream out_;
  std::string folder_;
  nlohmann::json records_ = nlohmann::json::array();
};

}  // namespace

Status RunDump(const DumpOptions& options) {
  FURL_ASSIGN_OR_RETURN(const auto cache, FrameCache::Open(options.cache));
  FURL_ASSIGN_OR_RETURN(const model::ModelPtr model, model::LoadModel(options.model));
  FURL_ASSIGN_OR_RETURN(const FamilyEncoderPtr family, CreateFamilyEncoder(model));
  std::filesystem::create_directories(options.output);
  std::mt19937_64 rng(options.seed);
  DumpWriter writer(options.output);
  for (const CachedClip* clip : DrawClips(*cache, options.clips, true, rng)) {
    if (g_stop_requested) break;
    const auto add = [&](const FrameReport& report) {
      if (report.prediction != nullptr) writer.Add(report, clip->held_out);
    };
    FURL_RETURN_IF_ERROR(
        EncodeClip(*cache, *clip, options.frames, options.threads, family, rng, add));
  }
  return writer.Finish();
}

}  // namespace furl::train
