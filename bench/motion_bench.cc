// motion_bench: what motion prediction is worth, in bits, without any network.
//
//   motion_bench FILE.yuv WIDTH HEIGHT FRAMES [key=value ...]
//
// Codes an 8-bit 4:2:0 raw file with the module's search, syntax and
// compensation, and a plain residual coder around them: 16x16 DCT (8x8 chroma),
// a dead-zone quantizer and adaptive binary models. Closed loop, so that
// predictions come from coarsely quantized references. Prints one line per
// quantizer step: step, motion and residual bits of the inter frames, PSNR of
// the prediction and of the result ((6Y+U+V)/8), and the speeds of search and compensation
// (frames per second of processor time).
//
// Keys: gop=8 (hierarchical B) or 1 (P only), steps=a:b:c, level=0..2,
// threads=N, carry=0/1 (motion models kept from frame to frame of a layer),
// rate=X and good=X (SearchSettings::rate_scale, good_enough), csv=1.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include "base/checked_math.h"
#include "entropy/adaptive_symbols.h"
#include "image/frame.h"
#include "motion/compensate.h"
#include "motion/motion_syntax.h"
#include "motion/search/motion_search.h"

namespace furl::motion {
namespace {

constexpr int kMaxTransform = 16;

// Orthonormal DCT-II of n x n samples, n = 8 or 16.
class Transform {
 public:
  explicit Transform(int n) : n_(n) {
    for (int k = 0; k < n; ++k) {
      for (int i = 0; i < n; ++i) {
        basis_[k][i] = static_cast<float>(std::cos(M_PI * (i + 0.5) * k / n) *
                                          std::sqrt((k == 0 ? 1.0 : 2.0) / n));
      }
    }
  }

  void Forward(const float* in, float* out) const { Apply(in, out, false); }
  void Inverse(const float* in, float* out) const { Apply(in, out, true); }

 private:
  void Apply(const float* in, float* out, bool inverse) const {
    float half[kMaxTransform * kMaxTransform] = {};
    std::fill_n(out, n_ * n_, 0.0f);
    for (int k = 0; k < n_; ++k) {
      for (int i = 0; i < n_; ++i) {
        const float b = inverse ? basis_[i][k] : basis_[k][i];
        for (int x = 0; x < n_; ++x) half[k * n_ + x] += b * in[i * n_ + x];
      }
    }
    for (int y = 0; y < n_; ++y) {
      for (int i = 0; i < n_; ++i) {
        const float v = half[y * n_ + i];
        for (int k = 0; k < n_; ++k) out[y * n_ + k] += v * (inverse ? basis_[i][k] : basis_[k][i]);
      }
    }
  }

  int n_;
  float basis_[kMaxTransform][kMaxTransform];
};

// Prices and adapts coefficients of one frame.
class ResidualModel {
 public:
  // `near`: magnitude around, 0..; zone: 0..7 by frequency.
  double Cost(int plane, int zone, int near, int level) {
    Set& s = sets_[plane > 0][zone][std::min(near, 4)];
    double bits = Bit(&s.nonzero, level != 0);
    if (level == 0) return bits;
    bits += 1;  // sign
    const int magnitude = std::abs(level) - 1;
    int i = 0;
    for (; i < 14 && Bit(&s.more[i], i < magnitude, &bits); ++i) {
    }
    return bits + (i == 14 ? 2 * std::log2(magnitude - 13 + 1) + 1 : 0);
  }

 private:
  struct Set {
    AdaptiveBit nonzero = AdaptiveBit(60000, 6);
    std::array<AdaptiveBit, 14> more = UniformBits<14>(40000);
  };
  static double Bit(AdaptiveBit* model, bool bit) {
    const double cost = BitCost(*model, bit) / 256.0;
    model->Update(bit);
    return cost;
  }
  static bool Bit(AdaptiveBit* model, bool bit, double* sum) {
    *sum += Bit(model, bit);
    return bit;
  }
  Set sets_[2][8][5];
};

struct Coded {
  FramePtr recon;
  std::shared_ptr<MotionField> field;  // null: intra
  int index = 0;
};

struct Totals {
  double motion_bits = 0, residual_bits = 0, intra_bits = 0;
  double prediction_error[3] = {}, error[3] = {};
  double samples[3] = {};
  double inter_samples[3] = {};
  double seconds = 0, compensation_seconds = 0;
  int inter_frames = 0;
};

struct Options {
  int gop = 8, level = 1, threads = 1, frames = 0;
  bool carry = true, csv = false;
  double rate = -1, good = -1;
  std::vector<double> steps = {8, 16, 32, 64};
};

double Psnr(const double error[3], const double samples[3]) {
  double sum = 0;
  for (int p = 0; p < 3; ++p) {
    const double mse = error[p] / samples[p];
    sum += (p == 0 ? 6 : 1) * 10 * std::log10(255.0 * 255.0 / std::max(mse, 1e-6));
  }
  return sum / 8;
}

class Bench {
 public:
  Bench(std::vector<FramePtr> frames, const Options& options, double step)
      : frames_(std::move(frames)),
        options_(options),
        step_(step),
        search_(Settings(options)),
        pool_(PoolThreads(options.threads)) {
    planes_ =
        std::move(PredictionPlanes::Create(frames_[0]->width(), frames_[0]->height())).value();
  }

  Totals Run() {
    coded_.resize(frames_.size());
    Code(0, -1, -1, 0);
    const int last = static_cast<int>(frames_.size()) - 1;
    int key = 0, before = -1;
    while (key < last) {
      const int next = std::min(key + options_.gop, last);
      Code(next, key, before, 0);
      CodeBetween(key, next, 1);
      before = key;
      key = next;
    }
    return totals_;
  }

 private:
  static SearchSettings Settings(const Options& options) {
    SearchSettings settings = SearchSettings::ForLevel(options.level);
    if (options.rate > 0) settings.rate_scale = options.rate;
    if (options.good >= 0) settings.good_enough = options.good;
    return settings;
  }

  void CodeBetween(int a, int b, int layer) {
    if (b - a < 2) return;
    const int middle = (a + b) / 2;
    Code(middle, a, b, layer);
    CodeBetween(a, middle, layer + 1);
    CodeBetween(middle, b, layer + 1);
  }

  void Code(int index, int ref0, int ref1, int layer) {
    const double step = step_ * (options_.gop == 1 ? 1 : std::pow(2.0, std::min(layer, 3) / 4.0));
    Coded& now = coded_[index];
    now.index = index;
    const Frame& original = *frames_[index];
    now.recon = std::move(Frame::Create(original.width(), original.height(), 8, 96)).value();
    if (ref0 < 0) {
      for (int p = 0; p < 3; ++p) {
        const Plane plane = planes_.pred(p);
        for (int y = 0; y < plane.height; ++y) std::fill_n(plane.row(y), plane.width, 2048);
      }
    } else {
      Predict(&now, ref0, ref1, layer, step);
    }
    const double bits = Residual(original, step, now.recon.get());
    (ref0 < 0 ? totals_.intra_bits : totals_.residual_bits) += bits;
    now.recon->ExtendBorder();
    for (int p = 0; p < 3; ++p) AddErrors(original, *now.recon, p, ref0 >= 0);
  }

  void Predict(Coded* now, int ref0, int ref1, int layer, double step) {
    const std::clock_t start = std::clock();
    MotionReferences refs;
    SearchRequest request;
    request.original = frames_[now->index];
    std::vector<const Frame*> frames;
    for (int i : {ref0, ref1}) {
      if (i < 0) continue;
      const int r = static_cast<int>(frames.size());
      refs.distance[r] = now->index - i;
      refs.field[r] = coded_[i].field.get();
      request.refs[r] = coded_[i].recon;
      frames.push_back(coded_[i].recon.get());
    }
    refs.count = static_cast<int>(frames.size());
    request.motion = refs;
    request.step = step;
    if (!options_.carry) contexts_[layer] = MotionContexts();
    request.contexts = &contexts_[layer];
    now->field = std::move(search_.Run(request, &pool_)).value();
    totals_.seconds += static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    RangeEncoder encoder;
    if (!WriteMotion(refs, now->field.get(), &contexts_[layer], &encoder).ok()) std::abort();
    totals_.motion_bits += 8.0 * encoder.Finish().size();
    ++totals_.inter_frames;
    const std::clock_t middle = std::clock();
    if (!Compensate(*now->field, frames, &planes_, &pool_).ok()) std::abort();
    totals_.compensation_seconds += static_cast<double>(std::clock() - middle) / CLOCKS_PER_SEC;
  }

  double Residual(const Frame& original, double step, Frame* recon) {
    ResidualModel model;
    double bits = 0;
    for (int p = 0; p < 3; ++p) bits += ResidualPlane(original, p, step, &model, recon);
    return bits;
  }

  double ResidualPlane(const Frame& original, int p, double step, ResidualModel* model,
                       Frame* recon) {
    const int n = p == 0 ? 16 : 8;
    static const Transform transforms[2] = {Transform(8), Transform(16)};
    const Transform& transform = transforms[n == 16];
    const ConstPlane from = original.plane(p);
    const Plane pred = planes_.pred(p);
    const Plane to = recon->plane(p);
    const int blocks = pred.width / n;
    std::vector<std::array<uint8_t, 256>> above(blocks), current(blocks);
    for (auto& a : above) a.fill(0);
    double bits = 0;
    for (int by = 0; by < pred.height; by += n) {
      for (int bx = 0; bx < pred.width; bx += n) {
        float in[256], out[256];
        for (int y = 0; y < n; ++y) {
          for (int x = 0; x < n; ++x) {
            const int sy = std::min(by + y, from.height - 1);
            const int sx = std::min(bx + x, from.width - 1);
            in[y * n + x] = from.row(sy)[sx] - pred.row(by + y)[bx + x] / 16.0f;
          }
        }
        transform.Forward(in, out);
        std::array<uint8_t, 256>& levels = current[bx / n];
        const auto* left = bx > 0 ? &current[bx / n - 1] : nullptr;
        bits += Quantize(p, n, step, above[bx / n], left, model, out, &levels);
        transform.Inverse(out, in);
        for (int y = 0; y < n && by + y < to.height; ++y) {
          for (int x = 0; x < n && bx + x < to.width; ++x) {
            const float v = in[y * n + x] + pred.row(by + y)[bx + x] / 16.0f;
            to.row(by + y)[bx + x] = static_cast<uint16_t>(std::clamp(std::lround(v), 0l, 255l));
          }
        }
      }
      above.swap(current);
    }
    return bits;
  }

  static double Quantize(int p, int n, double step, const std::array<uint8_t, 256>& above,
                         const std::array<uint8_t, 256>* left, ResidualModel* model,
                         float* coefficients, std::array<uint8_t, 256>* levels) {
    double bits = 0;
    const float inverse = static_cast<float>(1 / step);
    for (int v = 0; v < n; ++v) {
      for (int u = 0; u < n; ++u) {
        const int i = v * n + u;
        const float c = coefficients[i];
        const int magnitude = static_cast<int>(std::abs(c) * inverse + 0.3f);
        const int level = c < 0 ? -magnitude : magnitude;
        int near =
            std::min<int>(above[i], 2) + (left != nullptr ? std::min<int>((*left)[i], 2) : 0);
        if (u > 0) near += 2 * std::min<int>((*levels)[i - 1], 2);
        if (v > 0) near += 2 * std::min<int>((*levels)[i - n], 2);
        const int f = (u + v) * 16 / n;
        const int zone =
            f == 0 ? 0 : std::min<int>(7, 1 + std::bit_width(static_cast<unsigned>(f)));
        bits += model->Cost(p, zone,
                            near == 0   ? 0
                            : near <= 2 ? 1
                            : near <= 4 ? 2
                            : near <= 7 ? 3
                                        : 4,
                            level);
        (*levels)[i] = static_cast<uint8_t>(std::min(magnitude, 255));
        coefficients[i] = static_cast<float>(level * step);
      }
    }
    return bits;
  }

  void AddErrors(const Frame& original, const Frame& recon, int p, bool inter) {
    const ConstPlane a = original.plane(p);
    const ConstPlane b = recon.plane(p);
    const ConstPlane c = planes_.pred(p);
    for (int y = 0; y < a.height; ++y) {
      for (int x = 0; x < a.width; ++x) {
        const double d = double(a.row(y)[x]) - b.row(y)[x];
        totals_.error[p] += d * d;
        const double e = a.row(y)[x] - c.row(y)[x] / 16.0;
        if (inter) totals_.prediction_error[p] += e * e;
      }
    }
    totals_.samples[p] += double(a.width) * a.height;
    if (inter) totals_.inter_samples[p] += double(a.width) * a.height;
  }

 public:
  std::vector<FramePtr> frames_;
  Options options_;
  double step_;
  MotionSearch search_;
  ThreadPool pool_;
  PredictionPlanes planes_;
  std::vector<Coded> coded_;
  std::map<int, MotionContexts> contexts_;
  Totals totals_;
};

std::vector<FramePtr> ReadFrames(const char* path, int width, int height, int count) {
  std::vector<FramePtr> frames;
  std::FILE* file = std::fopen(path, "rb");
  if (file == nullptr) return frames;
  std::vector<uint8_t> row(width);
  while (static_cast<int>(frames.size()) < count) {
    FramePtr frame = std::move(Frame::Create(width, height, 8, 96)).value();
    bool whole = true;
    for (int p = 0; p < 3; ++p) {
      const Plane plane = frame->plane(p);
      for (int y = 0; y < plane.height; ++y) {
        whole = whole && std::fread(row.data(), 1, plane.width, file) == size_t(plane.width);
        std::copy_n(row.data(), plane.width, plane.row(y));
      }
    }
    if (!whole) break;
    frame->ExtendBorder();
    frames.push_back(frame);
  }
  std::fclose(file);
  return frames;
}

Options ParseOptions(int argc, char** argv) {
  Options o;
  for (int i = 5; i < argc; ++i) {
    const std::string arg = argv[i];
    const std::string key = arg.substr(0, arg.find('='));
    const std::string value = arg.substr(arg.find('=') + 1);
    if (key == "gop") o.gop = std::stoi(value);
    if (key == "level") o.level = std::stoi(value);
    if (key == "threads") o.threads = std::stoi(value);
    if (key == "carry") o.carry = value == "1";
    if (key == "csv") o.csv = value == "1";
    if (key == "rate") o.rate = std::stod(value);
    if (key == "good") o.good = std::stod(value);
    if (key == "steps") {
      o.steps.clear();
      for (size_t at = 0; at < value.size();) {
        const size_t end = std::min(value.find(':', at), value.size());
        o.steps.push_back(std::stod(value.substr(at, end - at)));
        at = end + 1;
      }
    }
  }
  return o;
}

int Main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: motion_bench FILE.yuv WIDTH HEIGHT FRAMES [key=value ...]\n");
    return 2;
  }
  const Options options = ParseOptions(argc, argv);
  const auto frames =
      ReadFrames(argv[1], std::atoi(argv[2]), std::atoi(argv[3]), std::atoi(argv[4]));
  if (frames.size() < 2) return 1;
  for (double step : options.steps) {
    Bench bench(frames, options, step);
    const Totals t = bench.Run();
    const double inter = t.inter_frames;
    if (options.csv) {
      std::printf("%g,%.0f,%.0f,%.0f,%.4f,%.4f,%.2f,%.2f\n", step, t.motion_bits, t.residual_bits,
                  t.intra_bits, Psnr(t.prediction_error, t.inter_samples), Psnr(t.error, t.samples),
                  t.inter_frames / t.seconds, t.inter_frames / t.compensation_seconds);
      continue;
    }
    std::printf(
        "step %5.1f  per frame: motion %7.0f residual %8.0f bits  "
        "prediction %.3f dB  result %.3f dB  search %.1f, compensation %.1f frames per CPU "
        "second\n",
        step, t.motion_bits / inter, t.residual_bits / inter,
        Psnr(t.prediction_error, t.inter_samples), Psnr(t.error, t.samples),
        t.inter_frames / t.seconds, t.inter_frames / t.compensation_seconds);
  }
  return 0;
}

}  // namespace
}  // namespace furl::motion

int main(int argc, char** argv) { return furl::motion::Main(argc, argv); }
