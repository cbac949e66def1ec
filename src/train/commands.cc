#include "train/commands.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>

#include "train/curve.h"
#include "train/dump_cache.h"
#include "train/frame_cache.h"
#include "train/parity.h"

namespace furl::train {
namespace {

void AddTrainOptions(CLI::App* app, TrainOptions& o) {
  app->add_option("--arch", o.arch, "architecture, e.g. recipes/vae_s.json")->required();
  app->add_option("--cache", o.cache, "frame cache written by prepare")->required();
  app->add_option("--dumps", o.dumps,
                  "dump caches written by dump (inter), commas between; the last one leads");
  app->add_option("--run", o.run, "folder for checkpoints and log")->required();
  app->add_option("--half", o.half, "intra or inter")->check(CLI::IsMember({"intra", "inter"}));
  app->add_option("--minutes", o.minutes, "length of the schedule by the clock");
  app->add_option("--steps", o.steps, "length of the schedule in steps");
  app->add_option("--batch", o.batch, "crops per step");
  app->add_option("--crop", o.crop, "side of the crops, a multiple of 64");
  app->add_option("--lr", o.learning_rate, "learning rate");
  app->add_option("--warmup", o.warmup, "steps of rising learning rate");
  app->add_option("--decay-part", o.decay_part, "part of the schedule with falling rate");
  app->add_option("--qat-part", o.qat_part, "part of the schedule with fake quantization");
  app->add_option("--analysis-part", o.analysis_part, "part with the analysis trained too");
  app->add_option("--clip", o.clip, "gradient norm limit");
  app->add_option("--bf16", o.bf16, "convolutions in bfloat16");
  app->add_flag("--rate-only", o.rate_only, "train hyper and prior networks only, cheaply");
  app->add_flag("--synthesis-only", o.synthesis_only, "train the synthesis network only");
  app->add_option("--hyper-keep", o.hyper_keep, "part of the crops that keep their z");
  app->add_flag("--free-synthesis", o.free_synthesis_klt, "train the synthesis transform too");
  app->add_option("--threads", o.threads, "torch threads");
  app->add_option("--device", o.device, "cpu or cuda");
  app->add_option("--validate-every", o.validate_every, "steps between validations");
  app->add_option("--save-minutes", o.save_minutes, "minutes between checkpoints");
  app->add_option("--plateau", o.plateau, "validations without gain before the rate halves");
  app->add_option("--early-stop", o.early_stop, "validations without gain before stopping");
  app->add_option("--seed", o.seed, "of the random numbers");
}

}  // namespace

int RunCommandLine(int argc, char** argv) {
  CLI::App app("furl-train: prepares data, trains, exports and checks furl models");
  app.require_subcommand(1);
  std::function<Status()> action;

  PrepareOptions prepare;
  auto* prepare_app = app.add_subcommand("prepare", "decode clips into a frame cache");
  prepare_app->add_option("--clips", prepare.clips, "folder with manifest.tsv")->required();
  prepare_app->add_option("--output", prepare.output, "folder of the cache")->required();
  prepare_app->add_option("--versions", prepare.versions, "scaled copies of every clip");
  prepare_app->add_option("--held-out", prepare.held_out, "clips kept for validation");
  prepare_app->add_option("--seed", prepare.seed, "of scales and choices");
  prepare_app->callback([&] { action = [&] { return PrepareCache(prepare); }; });

  TrainOptions train;
  auto* start = app.add_subcommand("start", "train from the linear codec");
  AddTrainOptions(start, train);
  start->callback([&] { action = [&] { return Train(train); }; });
  auto* resume = app.add_subcommand("continue", "go on with the run in --run");
  AddTrainOptions(resume, train);
  resume->callback([&] {
    train.resume = true;
    action = [&] { return Train(train); };
  });
  auto* fork = app.add_subcommand("fork", "start a new run from a checkpoint");
  AddTrainOptions(fork, train);
  fork->add_option("--from", train.from, "checkpoint, of either half")->required();
  fork->callback([&] { action = [&] { return Train(train); }; });

  DumpOptions dump;
  auto* dump_app = app.add_subcommand("dump", "encode clips and record what inter frames see");
  dump_app->add_option("--cache", dump.cache, "frame cache written by prepare")->required();
  dump_app->add_option("--model", dump.model, "model file to encode with")->required();
  dump_app->add_option("--output", dump.output, "folder of the dump cache")->required();
  dump_app->add_option("--clips", dump.clips, "clips beside the held-out ones");
  dump_app->add_option("--frames", dump.frames, "frames per clip");
  dump_app->add_option("--threads", dump.threads, "encoder threads");
  dump_app->add_option("--seed", dump.seed, "of clips, qualities and strides");
  dump_app->callback([&] { action = [&] { return DumpClips(dump); }; });

  ExportOptions exporting;
  auto* export_app = app.add_subcommand("export", "write a model file from checkpoints");
  export_app->add_option("--arch", exporting.arch, "architecture")->required();
  export_app->add_option("--cache", exporting.cache, "frame cache, for the tables")->required();
  export_app->add_option("--dumps", exporting.dumps, "dump cache, for the inter tables");
  export_app->add_option("--intra", exporting.intra, "checkpoint of the intra half")->required();
  export_app->add_option("--inter", exporting.inter, "checkpoint of the inter half");
  export_app->add_option("--output", exporting.output, "model file")->required();
  export_app->add_option("--card", exporting.card, "JSON file with the model card");
  export_app->add_option("--weights", exporting.weights, "ema (averaged) or model (last)");
  export_app->add_option("--batches", exporting.batches, "batches measured per half");
  export_app->callback([&] { action = [&] { return RunExport(exporting); }; });

  PackOptions pack;
  auto* pack_app = app.add_subcommand("pack", "reduce a checkpoint to 16-bit averaged weights");
  pack_app->add_option("checkpoint", pack.checkpoint, "checkpoint file")->required();
  pack_app->add_option("output", pack.output, "file to write")->required();
  pack_app->callback([&] { action = [&] { return RunPack(pack); }; });

  std::string curve_run, curve_output;
  auto* curve_app = app.add_subcommand("curve", "draw a run's log as an HTML page");
  curve_app->add_option("run", curve_run, "folder of the run")->required();
  curve_app->add_option("output", curve_output, "HTML file to write")->required();
  curve_app->callback([&] { action = [&] { return WriteCurve(curve_run, curve_output); }; });

  std::string parity_model;
  auto* parity_app = app.add_subcommand("parity", "compare the runtime with the simulation");
  parity_app->add_option("model", parity_model, "model file")->required();
  parity_app->callback([&] { action = [&] { return CheckParity(parity_model); }; });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  try {
    const Status status = action();
    if (status.ok()) return 0;
    std::fprintf(stderr, "furl-train: %s\n", status.message().c_str());
  } catch (const std::exception& e) {  // libtorch throws
    std::fprintf(stderr, "furl-train: %s\n", e.what());
  }
  return 1;
}

}  // namespace furl::train
