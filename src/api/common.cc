// Versions, errors, models, stream headers and frames of the C interface.

#include <cstring>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "api/handles.h"
#include "base/sha256.h"
#include "bitstream/sequence_header.h"
#include "codec/families/decoders.h"
#include "model/default_model.h"
#include "nn/cpu.h"

#ifndef FURL_VERSION_STRING
#error "the build sets FURL_VERSION_STRING"
#endif

namespace furl::api_internal {
namespace {

// A fixed buffer: reporting an error must not allocate.
thread_local char last_error[512] = "";

furl_status CodeOf(StatusCode code) {
  switch (code) {
    case StatusCode::kOk: return FURL_OK;
    case StatusCode::kNeedMoreData: return FURL_NEED_MORE_DATA;
    case StatusCode::kTryAgain: return FURL_TRY_AGAIN;
    case StatusCode::kEndOfStream: return FURL_END_OF_STREAM;
    case StatusCode::kInvalidArgument: return FURL_ERROR_INVALID_ARGUMENT;
    case StatusCode::kInvalidStream: return FURL_ERROR_INVALID_STREAM;
    case StatusCode::kUnsupported: return FURL_ERROR_UNSUPPORTED;
    case StatusCode::kWrongModel: return FURL_ERROR_WRONG_MODEL;
    case StatusCode::kLimitExceeded: return FURL_ERROR_LIMIT_EXCEEDED;
    case StatusCode::kOutOfMemory: return FURL_ERROR_OUT_OF_MEMORY;
    case StatusCode::kIo: return FURL_ERROR_IO;
    case StatusCode::kVerifyFailed: return FURL_ERROR_VERIFY_FAILED;
    case StatusCode::kCancelled: return FURL_ERROR_CANCELLED;
    case StatusCode::kInternal: return FURL_ERROR_INTERNAL;
  }
  return FURL_ERROR_INTERNAL;
}

static_assert(static_cast<int>(LogLevel::kWarning) == FURL_LOG_WARNING);
static_assert(static_cast<int>(LogLevel::kInfo) == FURL_LOG_INFO);

Status FillModel(Result<model::ModelPtr> parsed, furl_model* handle) {
  FURL_ASSIGN_OR_RETURN(handle->model, std::move(parsed));
  const std::string id = ToHex(handle->model->id());
  std::memcpy(handle->id, id.c_str(), std::min(id.size() + 1, sizeof(handle->id)));
  return OkStatus();
}

Status CopyPlane(ConstPlane plane, int bytes_per_sample, void* target, ptrdiff_t stride) {
  for (int y = 0; y < plane.height; ++y) {
    uint8_t* row = static_cast<uint8_t*>(target) + y * stride;
    if (bytes_per_sample == 2) {
      std::memcpy(row, plane.row(y), static_cast<size_t>(plane.width) * 2);
    } else {
      for (int x = 0; x < plane.width; ++x) row[x] = static_cast<uint8_t>(plane.row(y)[x]);
    }
  }
  return OkStatus();
}

}  // namespace

furl_status Report(StatusCode code, const char* message) noexcept {
  const furl_status status = CodeOf(code);
  if (status < 0) {
    const char* text = *message != '\0' ? message : StatusCodeName(code);
    std::strncpy(last_error, text, sizeof(last_error) - 1);
  }
  return status;
}

Status CheckThreads(int threads) {
  constexpr int kMost = 1024;
  if (threads >= 0 && threads <= kMost) return OkStatus();
  return InvalidArgument("threads is " + std::to_string(threads) + ", must be 0 to " +
                         std::to_string(kMost));
}

LogFunction LogTo(furl_log_callback callback, void* opaque) {
  if (callback == nullptr) return nullptr;
  return [callback, opaque](LogLevel level, const std::string& message) {
    callback(opaque, static_cast<furl_log_level>(level), message.c_str());
  };
}

void LogOpened(const LogFunction& log, const char* handle, const furl_model& model, int threads) {
  const Result<nn::CpuTarget> target = nn::ChooseCpuTarget();
  Log(log, LogLevel::kInfo,
      std::string(handle) + ": model " + model.id + " (" + model.model->name() + "), " +
          (threads == 0 ? "a thread per CPU" : std::to_string(threads) + " threads") + ", " +
          (target.ok() ? nn::CpuTargetName(*target) : "unknown instruction set"));
}

VideoFormat FormatFromC(const furl_encoder_settings& settings) {
  const auto ratio = [](const furl_rational& r) { return Rational{r.num, r.den}; };
  const furl_color& c = settings.color;
  return {settings.width,
          settings.height,
          settings.bit_depth,
          ratio(settings.frame_rate),
          ratio(settings.time_base),
          ratio(settings.sample_aspect),
          {c.primaries, c.transfer, c.matrix, c.full_range != 0, c.chroma_location}};
}

Result<FamilyPtr> SharedFamily(const furl_model& model) {
  const std::lock_guard<std::mutex> lock(model.mutex);
  if (model.family == nullptr) {
    FURL_ASSIGN_OR_RETURN(model.family, CreateFamily(model.model));
  }
  return model.family;
}

}  // namespace furl::api_internal

using furl::Status;
using furl::api_internal::FillModel;
using furl::api_internal::Guard;
using furl::api_internal::Open;
using furl::api_internal::Refuse;
using furl::api_internal::WriteSized;

const char* furl_version(void) { return FURL_VERSION_STRING; }
int furl_api_version(void) { return FURL_API_VERSION; }
int furl_bitstream_version(void) { return furl::kBitstreamVersion; }
int furl_model_format_version(void) { return furl::model::Model::kFormatVersion; }

const char* furl_status_name(furl_status status) {
  using furl::StatusCode;
  // Callers in C may ask for any number, which C++ must not look at as this type.
  int number = 0;
  static_assert(sizeof(number) == sizeof(status));
  std::memcpy(&number, &status, sizeof(number));
  for (int code = 0; code <= static_cast<int>(StatusCode::kInternal); ++code) {
    if (furl::api_internal::CodeOf(static_cast<StatusCode>(code)) == number) {
      return furl::StatusCodeName(static_cast<StatusCode>(code));
    }
  }
  return "unknown";
}

const char* furl_last_error(void) { return furl::api_internal::last_error; }

furl_status furl_model_from_file(furl_model** model, const char* path) {
  return Open(model, "model", [&](furl_model& handle) -> Status {
    if (path == nullptr) return furl::InvalidArgument("path is NULL");
    return FillModel(furl::model::LoadModel(path), &handle);
  });
}

furl_status furl_model_from_memory(furl_model** model, const void* data, size_t size) {
  return Open(model, "model", [&](furl_model& handle) -> Status {
    if (data == nullptr) return furl::InvalidArgument("data is NULL");
    const auto* bytes = static_cast<const uint8_t*>(data);
    return FillModel(furl::model::Model::Parse({bytes, bytes + size}), &handle);
  });
}

furl_status furl_model_default(furl_model** model) {
  return Open(model, "model",
              [](furl_model& handle) { return FillModel(furl::model::DefaultModel(), &handle); });
}

void furl_model_free(furl_model* model) { delete model; }

furl_status furl_model_get_info(const furl_model* model, furl_model_info* info) {
  if (model == nullptr || info == nullptr) return Refuse("model or info is NULL");
  furl_model_info value{};
  std::memcpy(value.id, model->id, sizeof(value.id));
  value.bytes = model->model->bytes();
  value.family = model->model->family().c_str();
  value.name = model->model->name().c_str();
  value.card = model->model->card().c_str();
  if (!WriteSized(value, info->struct_size, info)) {
    return Refuse("struct_size of furl_model_info is not set");
  }
  return FURL_OK;
}

furl_status furl_read_stream_info(const void* header, size_t size, furl_stream_info* info) {
  if (header == nullptr || info == nullptr) return Refuse("header or info is NULL");
  return Guard([&]() -> Status {
    FURL_ASSIGN_OR_RETURN(
        const furl::SequenceHeader h,
        furl::ReadSequenceHeader({static_cast<const uint8_t*>(header), size}, {}, nullptr));
    furl_stream_info value{};
    const std::string id = furl::ToHex(h.model_id);
    std::memcpy(value.model_id, id.c_str(), sizeof(value.model_id));
    furl::api_internal::FormatToC(h, &value);
    value.low_delay = h.low_delay;
    value.gop_length = h.gop_length;
    value.macs_per_pixel = h.macs_per_pixel;
    if (h.base) {
      value.base_width = h.base->width;
      value.base_height = h.base->height;
      value.base_bit_depth = h.base->bit_depth;
    }
    if (!WriteSized(value, info->struct_size, info)) {
      return furl::InvalidArgument("struct_size of furl_stream_info is not set");
    }
    return furl::OkStatus();
  });
}

furl_status furl_frame_get_picture(const furl_frame* frame, furl_picture* picture) {
  if (frame == nullptr || picture == nullptr) return Refuse("frame or picture is NULL");
  const furl::Frame& f = *frame->frame;
  furl_picture value{};
  value.width = f.width();
  value.height = f.height();
  value.bit_depth = f.bit_depth();
  for (int p = 0; p < 3; ++p) {
    value.data[p] = f.plane(p).data;
    value.stride[p] = f.plane(p).stride;
  }
  value.pts = f.pts;
  value.duration = f.duration;
  value.user_data = f.user_data;
  value.qp = f.qp;
  value.concealed = f.concealed;
  if (!WriteSized(value, picture->struct_size, picture)) {
    return Refuse("struct_size of furl_picture is not set");
  }
  return FURL_OK;
}

furl_status furl_frame_copy(const furl_frame* frame, int bytes_per_sample, void* const planes[3],
                            const ptrdiff_t strides[3]) {
  if (frame == nullptr || planes == nullptr || strides == nullptr) {
    return Refuse("frame, planes or strides is NULL");
  }
  if (bytes_per_sample != 1 && bytes_per_sample != 2) return Refuse("bytes_per_sample is 1 or 2");
  if (bytes_per_sample == 1 && frame->frame->bit_depth() > 8) {
    return Refuse("10-bit samples don't fit one byte");
  }
  for (int p = 0; p < 3; ++p) {
    const ptrdiff_t row = ptrdiff_t{frame->frame->plane(p).width} * bytes_per_sample;
    if (planes[p] == nullptr) return Refuse("a plane is NULL");
    if (strides[p] < row && strides[p] > -row) return Refuse("a stride is shorter than its row");
  }
  return Guard([&]() -> Status {
    for (int p = 0; p < 3; ++p) {
      FURL_RETURN_IF_ERROR(furl::api_internal::CopyPlane(frame->frame->plane(p), bytes_per_sample,
                                                         planes[p], strides[p]));
    }
    return furl::OkStatus();
  });
}

void furl_frame_free(furl_frame* frame) { delete frame; }
