#include "eval/speed/speed.h"

#include <algorithm>
#include <cmath>

#include "base/file.h"

namespace furl::eval {
namespace {

using nlohmann::json;

constexpr size_t kMaxCodedBytes = size_t{1} << 32;

// Coded video as it waits between two processes of this program: CBOR.
Status SaveCoded(const CodedVideo& coded, const std::string& path) {
  json packets = json::array();
  for (const CodedPacket& packet : coded.packets) {
    packets.push_back({json::binary(packet.data), packet.pts, packet.duration});
  }
  const std::vector<uint8_t> bytes = json::to_cbor({{"width", coded.width},
                                                    {"height", coded.height},
                                                    {"bytes", coded.bytes},
                                                    {"header", json::binary(coded.header)},
                                                    {"packets", std::move(packets)}});
  return WriteFile(path, bytes);
}

Result<CodedVideo> LoadCoded(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(const auto bytes, ReadFile(path, kMaxCodedBytes));
  try {
    const json root = json::from_cbor(bytes);
    CodedVideo coded;
    coded.width = root.at("width").get<int>();
    coded.height = root.at("height").get<int>();
    coded.bytes = root.at("bytes").get<int64_t>();
    coded.header = root.at("header").get_binary();
    for (const json& packet : root.at("packets")) {
      coded.packets.push_back(
          {packet.at(0).get_binary(), packet.at(1).get<int64_t>(), packet.at(2).get<int64_t>()});
    }
    return coded;
  } catch (const json::exception& e) {
    return InvalidStream(path + ": " + e.what());
  }
}

// The code of an error by its name; kInternal for names of other versions.
StatusCode CodeNamed(const std::string& name) {
  for (int i = 1; i < static_cast<int>(StatusCode::kInternal); ++i) {
    if (name == StatusCodeName(static_cast<StatusCode>(i))) return static_cast<StatusCode>(i);
  }
  return StatusCode::kInternal;
}

template <typename Value>
Value Median(std::vector<Value> values) {
  if (values.empty()) return {};
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

double SecondsPerFrame(const SpeedSample& sample) {
  return sample.cost.wall_seconds / static_cast<double>(std::max<int64_t>(sample.frames, 1));
}

Status RunBoth(SpeedJob job, const SpeedSettings& settings, const RunJobFn& run_job,
               ClipSpeed* speed) {
  for (const bool decode : {false, true}) {
    job.decode = decode;
    FURL_ASSIGN_OR_RETURN(const SpeedSample sample, run_job(job));
    (decode ? speed->decode : speed->encode).push_back(sample);
    if (settings.on_sample) settings.on_sample(job, sample);
  }
  return OkStatus();
}

}  // namespace

json ToJson(const SpeedJob& job) {
  return {{"codec", job.codec}, {"clip", job.clip},       {"frames", job.frames},
          {"level", job.level}, {"threads", job.threads}, {"decode", job.decode},
          {"coded", job.coded}};
}

Result<SpeedJob> JobFromJson(const json& root) {
  try {
    return SpeedJob{root.at("codec").get<std::string>(), root.at("clip").get<std::string>(),
                    root.at("frames").get<int64_t>(),    root.at("level").get<double>(),
                    root.at("threads").get<int>(),       root.at("decode").get<bool>(),
                    root.at("coded").get<std::string>()};
  } catch (const json::exception& e) {
    return InvalidArgument(std::string("not a speed job: ") + e.what());
  }
}

json ToJson(const SpeedSample& sample) {
  return {{"frames", sample.frames},
          {"wall_seconds", sample.cost.wall_seconds},
          {"cpu_seconds", sample.cost.cpu_seconds},
          {"peak_bytes", sample.cost.peak_bytes}};
}

json OutcomeToJson(const Result<SpeedSample>& outcome) {
  if (outcome.ok()) return ToJson(*outcome);
  return {{"error", StatusCodeName(outcome.status().code())},
          {"message", outcome.status().message()}};
}

Result<SpeedSample> OutcomeFromJson(const json& root) {
  try {
    if (root.contains("error")) {
      return Status(CodeNamed(root.at("error").get<std::string>()),
                    root.at("message").get<std::string>());
    }
    return SpeedSample{root.at("frames").get<int64_t>(),
                       {root.at("wall_seconds").get<double>(), root.at("cpu_seconds").get<double>(),
                        root.at("peak_bytes").get<int64_t>()}};
  } catch (const json::exception& e) {
    return InvalidStream(std::string("not a speed sample: ") + e.what());
  }
}

Result<SpeedSample> RunSpeedJob(const Codec& codec, const SpeedJob& job,
                                const media::CancelFn& cancelled) {
  RunOptions run;
  run.reproducible = false;
  run.threads = job.threads;
  run.cancelled = cancelled;
  SpeedSample sample;
  if (job.decode) {
    FURL_ASSIGN_OR_RETURN(const CodedVideo coded, LoadCoded(job.coded));
    const CostMeter meter;
    FURL_RETURN_IF_ERROR(codec.Decode(coded, run, [&](const ConstFramePtr&) -> Status {
      ++sample.frames;
      return OkStatus();
    }));
    sample.cost = meter.Stop();
    return sample;
  }
  ClipOptions options;
  options.frames = job.frames;
  options.cancelled = cancelled;
  FURL_ASSIGN_OR_RETURN(const Clip clip, LoadClip(job.clip, options));
  const CostMeter meter;
  FURL_ASSIGN_OR_RETURN(const CodedVideo coded, codec.Encode(clip, job.level, run));
  sample.cost = meter.Stop();
  sample.frames = static_cast<int64_t>(clip.frames.size());
  FURL_RETURN_IF_ERROR(SaveCoded(coded, job.coded));
  return sample;
}

Result<SpeedResults> MeasureSpeed(const SpeedLevels& levels, const SpeedSettings& settings,
                                  const RunJobFn& run_job) {
  SpeedResults results;
  for (int round = 0; round < settings.rounds; ++round) {
    for (const auto& [path, codecs] : levels) {
      for (const auto& [codec, level] : codecs) {
        SpeedJob job;
        job.codec = codec;
        job.clip = path;
        job.frames = settings.frames;
        job.level = level;
        job.threads = settings.threads;
        job.coded = settings.scratch + "/coded.cbor";
        ClipSpeed& speed = results[path][codec];
        speed.level = level;
        const Status status = RunBoth(job, settings, run_job, &speed);
        if (!status.ok()) return status.WithContext(codec + " on " + path);
      }
    }
  }
  return results;
}

double MedianFps(const std::vector<SpeedSample>& samples) {
  std::vector<double> seconds;
  for (const SpeedSample& sample : samples) seconds.push_back(SecondsPerFrame(sample));
  const double median = Median(seconds);
  return median > 0 ? 1 / median : 0;
}

double MedianCpuMs(const std::vector<SpeedSample>& samples) {
  std::vector<double> ms;
  for (const SpeedSample& sample : samples) {
    ms.push_back(1000 * sample.cost.cpu_seconds /
                 static_cast<double>(std::max<int64_t>(sample.frames, 1)));
  }
  return Median(ms);
}

int64_t PeakBytes(const std::vector<SpeedSample>& samples) {
  int64_t peak = -1;
  for (const SpeedSample& sample : samples) peak = std::max(peak, sample.cost.peak_bytes);
  return peak;
}

double MedianRatio(const std::vector<SpeedSample>& anchor, const std::vector<SpeedSample>& test) {
  std::vector<double> ratios;
  for (size_t i = 0; i < std::min(anchor.size(), test.size()); ++i) {
    if (SecondsPerFrame(test[i]) > 0) {
      ratios.push_back(SecondsPerFrame(anchor[i]) / SecondsPerFrame(test[i]));
    }
  }
  return Median(ratios);
}

Result<double> LevelAt(const ClipResult& clip, const std::string& metric, double quality) {
  const Measurement* nearest = nullptr;
  for (const Measurement& point : clip.points) {
    if (!point.scores.contains(metric)) continue;
    if (nearest == nullptr || std::abs(CurveQuality(point, metric) - quality) <
                                  std::abs(CurveQuality(*nearest, metric) - quality)) {
      nearest = &point;
    }
  }
  if (nearest == nullptr) return InvalidArgument("no point with " + metric);
  return nearest->level;
}

}  // namespace furl::eval
