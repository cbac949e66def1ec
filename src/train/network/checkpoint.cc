#include "train/network/checkpoint.h"

#include <cstring>

namespace furl::train {

RawTensor ToRaw(const Tensor& tensor, bool half_precision) {
  auto flat = tensor.detach().cpu().to(half_precision ? torch::kFloat16 : torch::kFloat32);
  flat = flat.contiguous(torch::MemoryFormat::Contiguous);
  const auto* first = static_cast<const uint8_t*>(flat.data_ptr());
  return {half_precision ? "F16" : "F32",
          {flat.sizes().begin(), flat.sizes().end()},
          {first, first + flat.numel() * (half_precision ? 2 : 4)}};
}

Tensor FromRaw(const RawTensor& raw) {
  const auto type = raw.dtype == "F16" ? torch::kFloat16 : torch::kFloat32;
  auto tensor = torch::empty(raw.shape, torch::TensorOptions().dtype(type));
  std::memcpy(tensor.data_ptr(), raw.bytes.data(), raw.bytes.size());
  return tensor.to(torch::kFloat32);
}

void AppendParams(const ParamStore& params, const std::string& prefix, bool half_precision,
                  TensorFile& file) {
  for (const auto& [name, tensor] : params.tensors()) {
    file.tensors[prefix + name] = ToRaw(tensor, half_precision);
  }
}

Status LoadParams(const TensorFile& file, const std::string& prefix, const Rename& rename,
                  ParamStore& params) {
  for (const auto& [key, raw] : file.tensors) {
    if (key.compare(0, prefix.size(), prefix) != 0) continue;
    if (raw.dtype != "F32" && raw.dtype != "F16") continue;
    std::string name = key.substr(prefix.size());
    if (!rename.from.empty()) {
      if (name.compare(0, rename.from.size(), rename.from) != 0) continue;
      name = rename.to + name.substr(rename.from.size());
    }
    const Tensor value = FromRaw(raw);
    if (params.Has(name) && params.Get(name).sizes() != value.sizes()) {
      return InvalidArgument("checkpoint tensor " + name + " has another shape");
    }
    params.Set(name, value);
  }
  return OkStatus();
}

}  // namespace furl::train
