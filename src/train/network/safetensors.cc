#include "train/network/safetensors.h"

#include "base/file.h"
#include "model/safetensors.h"

namespace furl::train {
namespace {

constexpr size_t kMaxCheckpointBytes = size_t{1} << 32;

}  // namespace

Status WriteTensorFile(const std::string& path, const TensorFile& file) {
  std::map<std::string, model::TensorEntry> entries;
  for (const auto& [name, tensor] : file.tensors) {
    const std::optional<model::DType> dtype = model::FindDType(tensor.dtype);
    if (!dtype) return InvalidArgument(name + " has unknown type " + tensor.dtype);
    entries[name] = {*dtype, tensor.shape, tensor.bytes};
  }
  return WriteFile(path, model::WriteSafeTensors(file.metadata, entries));
}

Result<TensorFile> ReadTensorFile(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(std::vector<uint8_t> bytes, ReadFile(path, kMaxCheckpointBytes));
  const auto parsed = model::SafeTensors::Parse(std::move(bytes), kMaxCheckpointBytes);
  if (!parsed.ok()) return parsed.status().WithContext(path);
  TensorFile file;
  file.metadata = parsed->metadata();
  for (const auto& [name, entry] : parsed->tensors()) {
    file.tensors[name] = {
        model::DTypeName(entry.dtype), entry.shape, {entry.data.begin(), entry.data.end()}};
  }
  return file;
}

}  // namespace furl::train
