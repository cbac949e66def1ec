#include "session/chunks/encode_plan.h"

#include <fmt/format.h>

#include <span>
#include <utility>

#include "base/crc32c.h"
#include "base/sha256.h"
#include "media/output_file.h"
#include "model/foreign_json.h"
#include "model/json_fields.h"

namespace furl::session {
namespace {

using model::JsonFields;
using nlohmann::json;
using nlohmann::ordered_json;

constexpr int kVersion = 2;
constexpr size_t kIdBytes = 16;
constexpr size_t kMostBytes = size_t{64} << 20;
constexpr size_t kMostWords = 1000;
constexpr size_t kMostChunks = 1000000;
constexpr size_t kLongestWord = 8192;
constexpr size_t kLongestName = 256;
constexpr double kMostFrames = 1e12;
constexpr double kMostTicks = 9e15;  // which doubles tell apart
constexpr int kMostSide = 16384;
constexpr double kMostCrf = 63;
constexpr size_t kMostTries = 64;
constexpr double kMostRate = 1e15;

ordered_json ChunkJson(const ChunkRange& chunk) {
  return {{"first", chunk.first},           {"frames", chunk.frames}, {"pts", chunk.pts},
          {"first_hash", chunk.first_hash}, {"hash", chunk.hash},     {"gops", chunk.gops}};
}

ordered_json SampledJson(const QualityPoint& point) {
  return {{"crf", point.crf}, {"bits_per_second", point.bits_per_second}};
}

ordered_json TryJson(const RateTry& a_try) {
  return {{"crf", a_try.crf},
          {"bits_per_second", a_try.bits_per_second},
          {"limit", a_try.limit},
          {"over", a_try.over}};
}

ordered_json PlanJson(const EncodePlan& plan) {
  ordered_json root = {{"furl_plan", kVersion},
                       {"input", plan.input},
                       {"input_bytes", plan.input_bytes},
                       {"options", plan.options},
                       {"crf", plan.crf},
                       {"sampled", ordered_json::array()},
                       {"tries", ordered_json::array()},
                       {"model", plan.model_name},
                       {"model_id", plan.model_id},
                       {"width", plan.width},
                       {"height", plan.height},
                       {"bit_depth", plan.bit_depth},
                       {"time_base", {plan.time_base.num, plan.time_base.den}},
                       {"chunks", ordered_json::array()}};
  for (const QualityPoint& point : plan.sampled) root["sampled"].push_back(SampledJson(point));
  for (const RateTry& a_try : plan.tries) root["tries"].push_back(TryJson(a_try));
  for (const ChunkRange& chunk : plan.chunks) root["chunks"].push_back(ChunkJson(chunk));
  return root;
}

// A whole number that doubles hold.
Result<int64_t> Whole(const JsonFields& fields, const char* name, double least, double most) {
  FURL_ASSIGN_OR_RETURN(const double number, fields.Number(name, least, most));
  const auto whole = static_cast<int64_t>(number);
  if (static_cast<double>(whole) == number) return whole;
  return InvalidStream(fields.Place(name) + ": is no whole number");
}

Result<uint32_t> Hash(const JsonFields& fields, const char* name) {
  FURL_ASSIGN_OR_RETURN(const int64_t hash, Whole(fields, name, 0, UINT32_MAX));
  return static_cast<uint32_t>(hash);
}

Status CheckGops(const ChunkRange& chunk, const std::string& where) {
  int64_t before = -1;
  for (const int64_t gop : chunk.gops) {
    const bool ordered = before < 0 ? gop == chunk.first : gop > before;
    if (!ordered || gop >= chunk.first + chunk.frames) {
      return InvalidStream(where + ".gops: begin where the chunk does, and rise within it");
    }
    before = gop;
  }
  return before < 0 ? InvalidStream(where + ".gops: is empty") : OkStatus();
}

Result<ChunkRange> ChunkOf(const json& value, const std::string& where, int64_t first) {
  FURL_ASSIGN_OR_RETURN(
      const auto fields,
      JsonFields::Of(value, where, {"first", "frames", "pts", "first_hash", "hash", "gops"}));
  ChunkRange chunk;
  FURL_ASSIGN_OR_RETURN(chunk.first, Whole(fields, "first", 0, kMostFrames));
  FURL_ASSIGN_OR_RETURN(chunk.frames, Whole(fields, "frames", 1, kMostFrames));
  FURL_ASSIGN_OR_RETURN(chunk.pts, Whole(fields, "pts", -kMostTicks, kMostTicks));
  FURL_ASSIGN_OR_RETURN(chunk.first_hash, Hash(fields, "first_hash"));
  FURL_ASSIGN_OR_RETURN(chunk.hash, Hash(fields, "hash"));
  if (chunk.first != first) {
    return InvalidStream(fields.Place("first") + ": the chunk before ends somewhere else");
  }
  FURL_RETURN_IF_ERROR(
      fields.ForEach("gops", kMostChunks, [&](const json& gop, const std::string& place) {
        if (!gop.is_number_unsigned() || gop.get<uint64_t>() > static_cast<uint64_t>(kMostFrames)) {
          return InvalidStream(place + ": is no frame");
        }
        chunk.gops.push_back(gop.get<int64_t>());
        return OkStatus();
      }));
  FURL_RETURN_IF_ERROR(CheckGops(chunk, where));
  return chunk;
}

Status TakeOptions(const JsonFields& fields, EncodePlan* plan) {
  return fields.ForEach("options", kMostWords, [&](const json& word, const std::string& place) {
    if (!word.is_string() || word.get_ref<const std::string&>().size() > kLongestWord) {
      return InvalidStream(place + ": is no text, or longer than is taken");
    }
    plan->options.push_back(word.get<std::string>());
    return OkStatus();
  });
}

Status TakeSampled(const JsonFields& fields, EncodePlan* plan) {
  return fields.ForEach("sampled", kMostTries, [&](const json& value, const std::string& place) {
    FURL_ASSIGN_OR_RETURN(const auto point,
                          JsonFields::Of(value, place, {"crf", "bits_per_second"}));
    FURL_ASSIGN_OR_RETURN(const int64_t crf, Whole(point, "crf", 0, kMostCrf));
    FURL_ASSIGN_OR_RETURN(const double rate, point.Number("bits_per_second", 0, kMostRate));
    plan->sampled.push_back({static_cast<int>(crf), 0, rate, 0});
    return OkStatus();
  });
}

Status TakeTries(const JsonFields& fields, EncodePlan* plan) {
  return fields.ForEach("tries", kMostTries, [&](const json& value, const std::string& place) {
    FURL_ASSIGN_OR_RETURN(
        const auto a_try,
        JsonFields::Of(value, place, {"crf", "bits_per_second", "limit", "over"}));
    FURL_ASSIGN_OR_RETURN(const int64_t crf, Whole(a_try, "crf", 0, kMostCrf));
    FURL_ASSIGN_OR_RETURN(const double rate, a_try.Number("bits_per_second", 0, kMostRate));
    FURL_ASSIGN_OR_RETURN(const double limit, a_try.Number("limit", 0, kMostRate));
    const json* over = a_try.Find("over");
    if (over == nullptr || !over->is_boolean()) {
      return InvalidStream(a_try.Place("over") + ": is neither true nor false");
    }
    plan->tries.push_back({static_cast<int>(crf), rate, limit, over->get<bool>()});
    return OkStatus();
  });
}

Status TakeTimeBase(const JsonFields& fields, EncodePlan* plan) {
  const json* value = fields.Find("time_base");
  const auto is_part = [&](size_t i) {
    return (*value)[i].is_number_unsigned() && (*value)[i].get<uint64_t>() >= 1 &&
           (*value)[i].get<uint64_t>() <= INT32_MAX;
  };
  if (value == nullptr || !value->is_array() || value->size() != 2 || !is_part(0) || !is_part(1)) {
    return InvalidStream("time_base: is no list of two numbers above zero");
  }
  plan->time_base = {(*value)[0].get<int64_t>(), (*value)[1].get<int64_t>()};
  return OkStatus();
}

Status TakeVideo(const JsonFields& fields, EncodePlan* plan) {
  FURL_ASSIGN_OR_RETURN(const int64_t width, Whole(fields, "width", 1, kMostSide));
  FURL_ASSIGN_OR_RETURN(const int64_t height, Whole(fields, "height", 1, kMostSide));
  FURL_ASSIGN_OR_RETURN(const int64_t depth, Whole(fields, "bit_depth", 8, 10));
  plan->width = static_cast<int>(width);
  plan->height = static_cast<int>(height);
  plan->bit_depth = static_cast<int>(depth);
  return TakeTimeBase(fields, plan);
}

Status TakeChunks(const JsonFields& fields, EncodePlan* plan) {
  int64_t first = 0;
  FURL_RETURN_IF_ERROR(
      fields.ForEach("chunks", kMostChunks, [&](const json& value, const std::string& place) {
        FURL_ASSIGN_OR_RETURN(ChunkRange chunk, ChunkOf(value, place, first));
        first = chunk.first + chunk.frames;
        plan->chunks.push_back(std::move(chunk));
        return OkStatus();
      }));
  return plan->chunks.empty() ? InvalidStream("chunks: there are none") : OkStatus();
}

}  // namespace

uint32_t ChainFrame(uint32_t hash, const Frame& frame) {
  const uint64_t numbers[] = {FrameHash(frame), static_cast<uint64_t>(frame.pts),
                              static_cast<uint64_t>(frame.duration)};
  uint8_t bytes[sizeof(numbers)];
  for (size_t i = 0; i < sizeof(bytes); ++i) {
    bytes[i] = static_cast<uint8_t>(numbers[i / 8] >> (8 * (i % 8)));
  }
  return Crc32c(bytes, hash);
}

std::string PlanId(const EncodePlan& plan) {
  const std::string text = PlanJson(plan).dump();
  const Sha256Digest digest = Sha256({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  return ToHex(std::span(digest).first(kIdBytes));
}

Status WritePlan(const EncodePlan& plan, const std::string& path, bool overwrite) {
  ordered_json root = PlanJson(plan);
  root["id"] = PlanId(plan);
  FURL_ASSIGN_OR_RETURN(const auto file, media::OutputFile::Open(path, overwrite));
  FURL_RETURN_IF_ERROR(file->Write(root.dump(1) + "\n"));
  return file->Commit();
}

Result<EncodePlan> ParsePlan(const json& root) {
  FURL_ASSIGN_OR_RETURN(const auto fields,
                        JsonFields::Of(root, "",
                                       {"furl_plan", "input", "input_bytes", "options", "crf",
                                        "sampled", "tries", "model", "model_id", "width", "height",
                                        "bit_depth", "time_base", "chunks", "id"}));
  FURL_ASSIGN_OR_RETURN(const int64_t version, Whole(fields, "furl_plan", 1, INT32_MAX));
  if (version != kVersion) return Unsupported("furl_plan: a version that isn't known here");
  EncodePlan plan;
  FURL_ASSIGN_OR_RETURN(plan.input, fields.Text("input", kLongestWord));
  FURL_ASSIGN_OR_RETURN(plan.input_bytes, Whole(fields, "input_bytes", -1, kMostTicks));
  FURL_RETURN_IF_ERROR(TakeOptions(fields, &plan));
  FURL_ASSIGN_OR_RETURN(plan.crf, fields.Number("crf", 0, kMostCrf));
  FURL_RETURN_IF_ERROR(TakeSampled(fields, &plan));
  FURL_RETURN_IF_ERROR(TakeTries(fields, &plan));
  FURL_ASSIGN_OR_RETURN(plan.model_name, fields.Text("model", kLongestName));
  FURL_ASSIGN_OR_RETURN(plan.model_id, fields.Text("model_id", kLongestName));
  FURL_RETURN_IF_ERROR(TakeVideo(fields, &plan));
  FURL_RETURN_IF_ERROR(TakeChunks(fields, &plan));
  FURL_ASSIGN_OR_RETURN(const std::string id, fields.Text("id", kLongestName));
  if (id != PlanId(plan)) {
    return InvalidStream("id: isn't that of what is there: the plan has been changed");
  }
  return plan;
}

Result<EncodePlan> ReadPlan(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(const json root, model::ReadForeignJson(path, kMostBytes));
  auto plan = ParsePlan(root);
  if (plan.ok()) return plan;
  return Status(plan.status().code(), path + ": " + plan.status().message());
}

}  // namespace furl::session
