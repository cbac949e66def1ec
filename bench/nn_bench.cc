// Convolutions of src/nn on every CPU target, next to oneDNN's int8 convolution
// (u8 x s8 -> u8 with per-channel scales) limited to the same instruction set.
//
//   FURL_NN_BENCH_ISA=vnni nn_bench --benchmark_out=results.json
//
// FURL_NN_BENCH_ISA (default: the best of the machine) names one target of
// nn/cpu.h; oneDNN is limited accordingly before its first use, which is why
// one process measures one instruction set. FURL_NN_BENCH_THREADS: default 2.
// FURL_NN_BENCH_MODEL=models/default.furlmodel adds the graphs of a model at 720p.
// "MACs" is multiply-accumulates per second of wall time, "MACs_cpu" per second of
// processor time of all threads: the latter also means something on a machine that
// is busy with other things. Run with OMP_WAIT_POLICY=passive, or oneDNN's idle
// threads count as busy. Kept: results/nn_bench_*.json, docs/numerics.md section 5.

#include <benchmark/benchmark.h>
#if FURL_HAVE_DNNL
#include <dlfcn.h>

#include <dnnl.hpp>
#endif

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "model/model_file.h"
#include "nn/cpu.h"
#include "nn/nn_test_util.h"
#include "nn/plan.h"

namespace furl::nn {
namespace {

struct Shape {
  const char* name;
  int height, width, in, out, kernel;
};

constexpr Shape kShapes[] = {
    {"3x3_64_64_480x270", 270, 480, 64, 64, 3}, {"3x3_128_128_240x135", 135, 240, 128, 128, 3},
    {"1x1_64_64_480x270", 270, 480, 64, 64, 1}, {"3x3_96_64_160x90", 90, 160, 96, 64, 3},
    {"3x3_64_96_160x90", 90, 160, 64, 96, 3},   {"3x3_64_64_160x90", 90, 160, 64, 64, 3},
};

double Macs(const Shape& s) {
  return 1.0 * s.height * s.width * s.in * s.out * s.kernel * s.kernel;
}

int Threads() {
  const char* given = std::getenv("FURL_NN_BENCH_THREADS");
  return given != nullptr ? std::atoi(given) : 2;
}

CpuTarget Target() {
  const char* given = std::getenv("FURL_NN_BENCH_ISA");
  return std::move(ChooseCpuTarget(given != nullptr ? given : "")).value();
}

// Runs `once` as often as the benchmark asks and counts `macs` for each run.
template <class F>
void Measure(benchmark::State& state, double macs, const F& once) {
  once();
  const std::clock_t start = std::clock();
  for (auto _ : state) once();
  const double seconds = double(std::clock() - start) / CLOCKS_PER_SEC;
  const double total = macs * state.iterations();
  state.counters["MACs"] = benchmark::Counter(total, benchmark::Counter::kIsRate);
  state.counters["MACs_cpu"] = benchmark::Counter(seconds > 0 ? total / seconds : 0);
}

// A plan whose tensors lie at scale 16, so that the grid is the tensor.
void RunFurl(benchmark::State& state, const Shape& shape, Op op) {
  TestRandom random(1);
  GraphBuilder b;
  const int in = b.Input(op == Op::kConv ? Format::kU7 : Format::kS16, shape.in, 16);
  ConvSpec spec{.op = op, .out_channels = shape.out, .kernel = shape.kernel};
  spec.form = op == Op::kConv ? ConvForm::kRelu : ConvForm::kS16;
  const int out = b.Conv(random, spec, {in});
  const std::shared_ptr<const Plan> plan =
      std::move(Plan::Create(b.Finish({out}), Target())).value();
  auto run = std::move(PlanState::Create(plan, shape.height, shape.width)).value();
  const TensorInfo& info = plan->graph().tensors[in];
  Tensor input =
      std::move(Tensor::Create(info.format, shape.height, shape.width, shape.in)).value();
  FillTensor(random, Fill::kRandom, &input);
  Tensor output;
  ThreadPool pool(Threads());
  Measure(state, Macs(shape) * (op == Op::kConv16 ? 2 : 1), [&] {
    if (!run->Run(0, {&input}, {&output}, &pool).ok()) state.SkipWithError("run");
  });
}

#if FURL_HAVE_DNNL
using dnnl::memory;

// oneDNN in the layout it likes best, as an application that keeps its
// activations in that layout would use it.
void RunDnnl(benchmark::State& state, const Shape& shape) {
  dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const auto any = memory::format_tag::any;
  const memory::dim pad = shape.kernel / 2;
  const memory::desc src({1, shape.in, shape.height, shape.width}, memory::data_type::u8, any);
  const memory::desc weights({shape.out, shape.in, shape.kernel, shape.kernel},
                             memory::data_type::s8, any);
  const memory::desc bias({shape.out}, memory::data_type::s32, any);
  const memory::desc dst({1, shape.out, shape.height, shape.width}, memory::data_type::u8, any);
  dnnl::convolution_forward::desc desc(dnnl::prop_kind::forward_inference,
                                       dnnl::algorithm::convolution_direct, src, weights, bias, dst,
                                       {1, 1}, {pad, pad}, {pad, pad});
  dnnl::primitive_attr attr;
  attr.set_output_scales(1 << 1, std::vector<float>(shape.out, 0.001f));
  dnnl::post_ops relu;
  relu.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
  attr.set_post_ops(relu);
  const dnnl::convolution_forward::primitive_desc pd(desc, attr, engine);
  memory src_mem(pd.src_desc(), engine), weights_mem(pd.weights_desc(), engine);
  memory bias_mem(pd.bias_desc(), engine), dst_mem(pd.dst_desc(), engine);
  TestRandom random(1);
  const auto fill = [&](const memory& m, int low, int high) {
    auto* bytes = static_cast<int8_t*>(m.get_data_handle());
    for (size_t i = 0; i < m.get_desc().get_size(); ++i) bytes[i] = int8_t(random.Int(low, high));
  };
  fill(src_mem, 0, 127);
  fill(weights_mem, -127, 127);
  fill(bias_mem, 0, 0);
  state.SetLabel(pd.impl_info_str());
  dnnl::convolution_forward conv(pd);
  Measure(state, Macs(shape), [&] {
    conv.execute(stream, {{DNNL_ARG_SRC, src_mem},
                          {DNNL_ARG_WEIGHTS, weights_mem},
                          {DNNL_ARG_BIAS, bias_mem},
                          {DNNL_ARG_DST, dst_mem}});
    stream.wait();
  });
}

void LimitDnnl() {
  const char* isa = nullptr;
  switch (Target()) {
    case CpuTarget::kSse4: isa = "SSE41"; break;
    case CpuTarget::kAvx2: isa = "AVX2"; break;
    case CpuTarget::kAvxVnni: isa = "AVX2_VNNI"; break;
    case CpuTarget::kAvx512: isa = "AVX512_CORE"; break;
    case CpuTarget::kVnni: isa = "AVX512_CORE_VNNI"; break;
    case CpuTarget::kAmx: isa = "AVX512_CORE_AMX"; break;
    default: return;
  }
  setenv("ONEDNN_MAX_CPU_ISA", isa, 1);
  // oneDNN is built with OpenMP, which has read OMP_NUM_THREADS already.
  void* set_threads = dlsym(RTLD_DEFAULT, "omp_set_num_threads");
  if (set_threads != nullptr) reinterpret_cast<void (*)(int)>(set_threads)(Threads());
}
#endif

// One graph of a model, for a picture of 1280x720 (a latent grid of 80x45).
void RunGraph(benchmark::State& state, const std::shared_ptr<const Graph>& graph) {
  constexpr int kHeight = 45, kWidth = 80;
  const std::shared_ptr<const Plan> plan = std::move(Plan::Create(graph, Target())).value();
  auto run = std::move(PlanState::Create(plan, kHeight, kWidth)).value();
  TestRandom random(1);
  std::vector<Tensor> in(graph->inputs.size()), out(graph->outputs.size());
  std::vector<const Tensor*> inputs;
  std::vector<Tensor*> outputs;
  for (size_t i = 0; i < in.size(); ++i) {
    const TensorInfo& info = graph->tensors[graph->inputs[i]];
    in[i] = std::move(Tensor::Create(info.format, run->TensorHeight(info), run->TensorWidth(info),
                                     info.channels))
                .value();
    FillTensor(random, Fill::kRandom, &in[i]);
    inputs.push_back(&in[i]);
  }
  for (Tensor& t : out) outputs.push_back(&t);
  ThreadPool pool(Threads());
  Measure(state, MacsPerPixel(*graph) * kHeight * kWidth * 256, [&] {
    if (!run->Run(30, inputs, outputs, &pool).ok()) state.SkipWithError("run");
  });
}

void RegisterModel(const char* path) {
  static std::vector<std::shared_ptr<const Graph>> graphs;
  Result<model::ModelPtr> loaded = model::LoadModel(path);
  if (!loaded.ok()) {
    std::fprintf(stderr, "nn_bench: %s\n", loaded.status().message().c_str());
    return;
  }
  for (const auto& [name, graph] : (*loaded)->graphs()) {
    graphs.push_back(graph);
    benchmark::RegisterBenchmark(
        (std::string("graph/") + CpuTargetName(Target()) + "/" + name + "_720p").c_str(),
        [g = graph](benchmark::State& s) { RunGraph(s, g); })
        ->UseRealTime();
  }
}

void RegisterAll() {
  const char* model_path = std::getenv("FURL_NN_BENCH_MODEL");
  if (model_path != nullptr) RegisterModel(model_path);
  const std::string target = CpuTargetName(Target());
  for (const Shape& shape : kShapes) {
    benchmark::RegisterBenchmark(("furl/" + target + "/" + shape.name).c_str(),
                                 [&shape](benchmark::State& s) { RunFurl(s, shape, Op::kConv); })
        ->UseRealTime();
#if FURL_HAVE_DNNL
    benchmark::RegisterBenchmark(("onednn/" + target + "/" + shape.name).c_str(),
                                 [&shape](benchmark::State& s) { RunDnnl(s, shape); })
        ->UseRealTime();
#endif
  }
  static constexpr Shape kDigits = {"conv16_256_384_80x45", 45, 80, 256, 384, 1};
  benchmark::RegisterBenchmark(("furl/" + target + "/" + kDigits.name).c_str(),
                               [](benchmark::State& s) { RunFurl(s, kDigits, Op::kConv16); })
      ->UseRealTime();
}

}  // namespace
}  // namespace furl::nn

int main(int argc, char** argv) {
#if FURL_HAVE_DNNL
  furl::nn::LimitDnnl();
#endif
  furl::nn::RegisterAll();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
