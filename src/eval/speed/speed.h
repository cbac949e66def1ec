// Speed and cost of codecs, measured apart from quality.
//
// Every figure comes from a process of its own (a "job"), so that no codec sees
// another's memory or threads. Jobs of all codecs are interleaved over several
// rounds: what slows the machine for a while slows all of them. The pictures are
// decoded into memory before the clock starts, packets are kept in memory.

#ifndef FURL_EVAL_SPEED_SPEED_H_
#define FURL_EVAL_SPEED_SPEED_H_

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "eval/codecs/codec.h"
#include "eval/results/result_file.h"
#include "eval/speed/process_cost.h"

namespace furl::eval {

// One encode or decode. `coded` is the file between the two.
struct SpeedJob {
  std::string codec;
  std::string clip;  // path
  int64_t frames = 0;
  double level = 0;
  int threads = 1;
  bool decode = false;
  std::string coded;
};

nlohmann::json ToJson(const SpeedJob& job);
Result<SpeedJob> JobFromJson(const nlohmann::json& json);

struct SpeedSample {
  int64_t frames = 0;
  Cost cost;
};

nlohmann::json ToJson(const SpeedSample& sample);

// What a job's process leaves for the one that started it: the sample, or why there
// is none. OutcomeFromJson returns that status, or kInvalidStream for other JSON.
nlohmann::json OutcomeToJson(const Result<SpeedSample>& outcome);
Result<SpeedSample> OutcomeFromJson(const nlohmann::json& json);

// The job's side: does it in this process, which should do nothing else.
Result<SpeedSample> RunSpeedJob(const Codec& codec, const SpeedJob& job,
                                const media::CancelFn& cancelled);

// Runs a job in a process of its own and returns what it measured.
using RunJobFn = std::function<Result<SpeedSample>(const SpeedJob& job)>;

struct SpeedSettings {
  int rounds = 3;
  int threads = 1;      // every codec's
  int64_t frames = 0;   // of every clip; 0: all
  std::string scratch;  // folder for coded video
  std::function<void(const SpeedJob& job, const SpeedSample& sample)> on_sample;
};

// Of one codec on one clip; one sample per round.
struct ClipSpeed {
  double level = 0;
  std::vector<SpeedSample> encode;
  std::vector<SpeedSample> decode;
};

// By path of the clip, then by codec.
using SpeedLevels = std::map<std::string, std::map<std::string, double>>;
using SpeedResults = std::map<std::string, std::map<std::string, ClipSpeed>>;

// Runs every codec at its level on every clip, round after round; within a round
// the codecs of a clip follow each other.
Result<SpeedResults> MeasureSpeed(const SpeedLevels& levels, const SpeedSettings& settings,
                                  const RunJobFn& run_job);

// Frames per second of the median round.
double MedianFps(const std::vector<SpeedSample>& samples);
// CPU milliseconds per frame of the median round.
double MedianCpuMs(const std::vector<SpeedSample>& samples);
// Largest of all rounds, -1 if unknown.
int64_t PeakBytes(const std::vector<SpeedSample>& samples);
// How many times faster than the anchor in the median of the rounds: a round's two
// runs were neighbours in time.
double MedianRatio(const std::vector<SpeedSample>& anchor, const std::vector<SpeedSample>& test);

// The level of `clip` that is nearest to `quality` (CurveQuality of `metric`).
// kInvalidArgument for a clip without points that have the metric.
Result<double> LevelAt(const ClipResult& clip, const std::string& metric, double quality);

}  // namespace furl::eval

#endif  // FURL_EVAL_SPEED_SPEED_H_
