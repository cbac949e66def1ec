// PSNR, SSIM and MS-SSIM of src/metrics beside ffmpeg's filters psnr and ssim, in
// one process on the same decoded frames.
//
//   FURL_METRICS_BENCH_A=original.mkv FURL_METRICS_BENCH_B=distorted.mkv
//     metrics_bench --benchmark_out=results.json
//
// Without clips two synthetic ones of 1920x1080 are compared.
// FURL_METRICS_BENCH_FRAMES (default 24): pairs of frames that take turns. Names are
// who/metric/bits/threads; at 10 bit the samples of 8-bit clips are used times
// four. "fps" is frames per second of wall time, "fps_cpu" per second of processor
// time of all threads: the latter also means something on a busy machine.
// ffmpeg's ssim is not the same metric: it takes 8x8 boxes at every fourth sample.
// Kept: results/metrics_bench_*.json, docs/benchmarking.md.

#include <benchmark/benchmark.h>

extern "C" {
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "media/libav/frame_convert.h"
#include "media/video_reader.h"
#include "metrics/metric.h"

namespace furl {
namespace {

struct Clip {
  std::vector<ConstFramePtr> frames;
  std::vector<media::AvFramePtr> pictures;
};

struct Clips {
  Clip original;
  Clip distorted;
};

// Pairs of frames that are measured in turn. Many: every frame comes from memory.
// One: from the cache, as a frame does that was decoded just before.
size_t FrameLimit() {
  const char* given = std::getenv("FURL_METRICS_BENCH_FRAMES");
  return given != nullptr ? static_cast<size_t>(std::max(1, std::atoi(given))) : 24;
}

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "metrics_bench: %s\n", what.c_str());
  std::exit(1);
}

template <typename T>
T OrFail(Result<T> result) {
  if (!result.ok()) Fail(result.status().message());
  return std::move(result).value();
}

// Moving waves; the distorted clip is coarser and noisy.
ConstFramePtr Synthetic(size_t number, bool distorted) {
  const FramePtr frame = OrFail(Frame::Create(1920, 1080, 8));
  std::minstd_rand random(static_cast<uint32_t>(number + 1));
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        const auto wave = static_cast<int>(100 * std::sin(0.05 * (x + 3.0 * number)));
        int v = 128 + wave * ((y / 16) % 2 == 0 ? 1 : -1) / 2;
        if (distorted) v = v / 6 * 6 + static_cast<int>(random() % 5);
        plane.row(y)[x] = static_cast<uint16_t>(v);
      }
    }
  }
  return frame;
}

std::vector<ConstFramePtr> ReadFrames(const char* variable, bool distorted) {
  std::vector<ConstFramePtr> frames;
  const char* path = std::getenv(variable);
  if (path == nullptr) {
    while (frames.size() < FrameLimit()) frames.push_back(Synthetic(frames.size(), distorted));
    return frames;
  }
  media::ReaderOptions options;
  options.other_streams = false;
  const auto reader = OrFail(media::OpenVideo(path, options));
  while (frames.size() < FrameLimit()) {
    auto item = reader->Next();
    if (!item.ok()) break;
    if (item->frame != nullptr) frames.push_back(item->frame);
  }
  if (frames.empty()) Fail(std::string(path) + " has no frames");
  return frames;
}

ConstFramePtr AtTenBits(const Frame& frame) {
  const FramePtr deep = OrFail(Frame::Create(frame.width(), frame.height(), 10));
  for (int p = 0; p < 3; ++p) {
    for (int y = 0; y < frame.plane(p).height; ++y) {
      for (int x = 0; x < frame.plane(p).width; ++x) {
        deep->plane(p).row(y)[x] = static_cast<uint16_t>(frame.plane(p).row(y)[x] * 4);
      }
    }
  }
  return deep;
}

Clip MakeClip(std::vector<ConstFramePtr> frames) {
  Clip clip;
  clip.frames = std::move(frames);
  for (const ConstFramePtr& frame : clip.frames) {
    clip.pictures.push_back(OrFail(media::FrameToAv(*frame, false)));
  }
  return clip;
}

Clips Deepen(const Clips& clips) {
  std::vector<ConstFramePtr> deep[2];
  for (const ConstFramePtr& frame : clips.original.frames) deep[0].push_back(AtTenBits(*frame));
  for (const ConstFramePtr& frame : clips.distorted.frames) deep[1].push_back(AtTenBits(*frame));
  return {MakeClip(std::move(deep[0])), MakeClip(std::move(deep[1]))};
}

Clips Load() {
  Clips clips{MakeClip(ReadFrames("FURL_METRICS_BENCH_A", false)),
              MakeClip(ReadFrames("FURL_METRICS_BENCH_B", true))};
  const Frame& a = *clips.original.frames[0];
  const Frame& b = *clips.distorted.frames[0];
  if (a.width() != b.width() || a.height() != b.height() || a.bit_depth() != b.bit_depth() ||
      clips.original.frames.size() != clips.distorted.frames.size()) {
    Fail("the clips differ in size, depth or length");
  }
  return clips;
}

// Runs `once` with the numbers of frames in turn.
template <class F>
void Measure(benchmark::State& state, size_t frames, const F& once) {
  size_t next = 0;
  const auto step = [&] {
    once(next % frames);
    ++next;
  };
  step();
  const std::clock_t start = std::clock();
  for (auto _ : state) step();
  const double seconds = double(std::clock() - start) / CLOCKS_PER_SEC;
  const auto count = static_cast<double>(state.iterations());
  state.counters["fps"] = benchmark::Counter(count, benchmark::Counter::kIsRate);
  state.counters["fps_cpu"] = benchmark::Counter(seconds > 0 ? count / seconds : 0);
}

void RunFurl(benchmark::State& state, const Clips& clips, const Metric& metric, int threads) {
  ThreadPool pool(threads);
  double sum = 0;
  Measure(state, clips.original.frames.size(), [&](size_t i) {
    sum += OrFail(MeasureFrame(metric, *clips.original.frames[i], *clips.distorted.frames[i],
                               threads > 1 ? &pool : nullptr))
               .scores.all;
  });
  benchmark::DoNotOptimize(sum);
}

// buffer, buffer -> filter -> buffersink.
class FilterGraph {
 public:
  FilterGraph(const std::string& filter, const AVFrame& picture, int threads)
      : graph_(avfilter_graph_alloc()) {
    graph_->nb_threads = threads;
    const std::string arguments = "video_size=" + std::to_string(picture.width) + "x" +
                                  std::to_string(picture.height) +
                                  ":pix_fmt=" + std::to_string(picture.format) + ":time_base=1/25";
    AVFilterContext* measure = nullptr;
    Check(avfilter_graph_create_filter(&original_, avfilter_get_by_name("buffer"), "a",
                                       arguments.c_str(), nullptr, graph_.get()));
    Check(avfilter_graph_create_filter(&distorted_, avfilter_get_by_name("buffer"), "b",
                                       arguments.c_str(), nullptr, graph_.get()));
    Check(avfilter_graph_create_filter(&measure, avfilter_get_by_name(filter.c_str()), "m", nullptr,
                                       nullptr, graph_.get()));
    Check(avfilter_graph_create_filter(&sink_, avfilter_get_by_name("buffersink"), "s", nullptr,
                                       nullptr, graph_.get()));
    Check(avfilter_link(distorted_, 0, measure, 0));
    Check(avfilter_link(original_, 0, measure, 1));
    Check(avfilter_link(measure, 0, sink_, 0));
    Check(avfilter_graph_config(graph_.get(), nullptr));
  }

  // The filter measures a pair when it knows that none comes in between, so
  // the pair sent before this one comes out.
  void Send(const AVFrame& original, const AVFrame& distorted) {
    Push(original_, original);
    Push(distorted_, distorted);
    ++pts_;
    media::AvFramePtr out(av_frame_alloc());
    while (av_buffersink_get_frame(sink_, out.get()) >= 0) {
      ++received_;
      av_frame_unref(out.get());
    }
  }
  int64_t received() const { return received_; }

 private:
  static void Check(int error) {
    if (error < 0) Fail("filter graph");
  }
  void Push(AVFilterContext* source, const AVFrame& picture) {
    media::AvFramePtr copy(av_frame_clone(&picture));
    copy->pts = pts_;
    Check(av_buffersrc_add_frame(source, copy.get()));
  }

  media::AvFilterGraphPtr graph_;
  AVFilterContext* original_ = nullptr;
  AVFilterContext* distorted_ = nullptr;
  AVFilterContext* sink_ = nullptr;
  int64_t pts_ = 0;
  int64_t received_ = 0;
};

void RunFfmpeg(benchmark::State& state, const Clips& clips, const std::string& filter,
               int threads) {
  FilterGraph graph(filter, *clips.original.pictures[0], threads);
  int64_t sent = 0;
  Measure(state, clips.original.pictures.size(), [&](size_t i) {
    graph.Send(*clips.original.pictures[i], *clips.distorted.pictures[i]);
    ++sent;
  });
  if (graph.received() < sent - 2) state.SkipWithError("the filter holds frames back");
}

void RegisterAll(const Clips& clips, const std::string& bits) {
  for (const int threads : {1, 2}) {
    const std::string tail = "/" + bits + "bit/" + std::to_string(threads) + "thread";
    for (const Metric& metric : AllMetrics()) {
      const std::string name(metric.name);
      benchmark::RegisterBenchmark(("furl/" + name + tail).c_str(), [&clips, &metric,
                                                                     threads](benchmark::State& s) {
        RunFurl(s, clips, metric, threads);
      })->UseRealTime();
      if (avfilter_get_by_name(name.c_str()) == nullptr) continue;
      benchmark::RegisterBenchmark(("ffmpeg/" + name + tail).c_str(), [&clips, name, threads](
                                                                          benchmark::State& s) {
        RunFfmpeg(s, clips, name, threads);
      })->UseRealTime();
    }
  }
}

}  // namespace
}  // namespace furl

int main(int argc, char** argv) {
  furl::media::RouteLibavLog(nullptr);
  const furl::Clips clips = furl::Load();
  const bool deep = clips.original.frames[0]->bit_depth() > 8;
  furl::RegisterAll(clips, deep ? "10" : "8");
  furl::Clips deepened;
  if (!deep) {
    deepened = furl::Deepen(clips);
    furl::RegisterAll(deepened, "10");
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
