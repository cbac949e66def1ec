#include "train/safetensors.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace furl::train {
namespace {

int ElementSize(const std::string& dtype) {
  if (dtype == "F32" || dtype == "I32") return 4;
  if (dtype == "F16" || dtype == "I16" || dtype == "U16") return 2;
  return dtype == "I64" ? 8 : 1;
}

}  // namespace

Status WriteTensorFile(const std::string& path, const TensorFile& file) {
  nlohmann::json header;
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  uint64_t offset = 0;
  for (const auto& [name, tensor] : file.tensors) {
    header[name] = {{"dtype", tensor.dtype},
                    {"shape", tensor.shape},
                    {"data_offsets", {offset, offset + tensor.bytes.size()}}};
    offset += tensor.bytes.size();
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::string temporary = path + ".tmp";
  std::ofstream out(temporary, std::ios::binary);
  const uint64_t length = text.size();
  char prefix[8];
  for (int i = 0; i < 8; ++i) prefix[i] = static_cast<char>(length >> (8 * i));
  out.write(prefix, 8);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  for (const auto& [name, tensor] : file.tensors) {
    out.write(reinterpret_cast<const char*>(tensor.bytes.data()),
              static_cast<std::streamsize>(tensor.bytes.size()));
  }
  out.close();
  if (!out) return IoError("cannot write " + temporary);
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  return error ? IoError("cannot rename to " + path) : OkStatus();
}

Result<TensorFile> ReadTensorFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  unsigned char prefix[8];
  if (!in.read(reinterpret_cast<char*>(prefix), 8)) return IoError("cannot read " + path);
  uint64_t length = 0;
  for (int i = 0; i < 8; ++i) length |= static_cast<uint64_t>(prefix[i]) << (8 * i);
  if (length > (64U << 20)) return InvalidStream(path + ": header too long");
  std::string text(length, ' ');
  in.read(text.data(), static_cast<std::streamsize>(length));
  const auto header = nlohmann::json::parse(text, nullptr, false);
  if (!in || header.is_discarded()) return InvalidStream(path + ": bad header");
  TensorFile file;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      file.metadata = entry.get<std::map<std::string, std::string>>();
      continue;
    }
    RawTensor tensor{
        entry.at("dtype").get<std::string>(), entry.at("shape").get<std::vector<int64_t>>(), {}};
    const auto range = entry.at("data_offsets").get<std::vector<uint64_t>>();
    uint64_t expected = ElementSize(tensor.dtype);
    for (const int64_t side : tensor.shape) expected *= static_cast<uint64_t>(side);
    if (range.size() != 2 || range[1] - range[0] != expected) {
      return InvalidStream(path + ": size of " + name);
    }
    tensor.bytes.resize(expected);
    in.seekg(static_cast<std::streamoff>(8 + length + range[0]));
    in.read(reinterpret_cast<char*>(tensor.bytes.data()), static_cast<std::streamsize>(expected));
    if (!in) return InvalidStream(path + ": truncated");
    file.tensors[name] = std::move(tensor);
  }
  return file;
}

}  // namespace furl::train
