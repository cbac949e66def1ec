// Writes the models of the conformance streams as players get them, stripped to their decoders and
// each called by its id, for decoders that are no part of this build (web/tests):
//
//   furl_make_models FOLDER

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "conformance/cases.h"
#include "model/model_file.h"

namespace furl::test {
namespace {

Status WriteModel(const Result<model::ModelPtr>& model, const std::string& folder) {
  FURL_RETURN_IF_ERROR(model.status());
  const std::string path = folder + "/" + ToHex((*model)->id()) + ".furlmodel";
  const std::vector<uint8_t> bytes = model::StripToDecoder(**model);
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  return file ? OkStatus() : IoError("cannot write " + path);
}

Status WriteModels(const std::string& folder) {
  for (const FamilyModel& row : kFamilyModels) {
    FURL_RETURN_IF_ERROR(WriteModel(row.make(), folder));
  }
  for (const char* name : kShippedModels) {
    FURL_RETURN_IF_ERROR(WriteModel(MakeModelOf(std::string(kShippedPrefix) + name), folder));
  }
  return WriteModel(model::DefaultModel(), folder);
}

}  // namespace
}  // namespace furl::test

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  const furl::Status status = furl::test::WriteModels(argv[1]);
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.message().c_str());
  return status.ok() ? 0 : 1;
}
