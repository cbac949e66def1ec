// Runs the inputs that are kept of a fuzz target through it once, in builds without libFuzzer.
//
// usage: fuzz_replay TARGET FILE_OR_FOLDER...
//        fuzz_replay --targets      (those of this build, one per line)

#include <dirent.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "base/file.h"
#include "fuzz/mutate.h"

// libFuzzer's own changes, which no replay makes.
extern "C" size_t LLVMFuzzerMutate(uint8_t*, size_t size, size_t) { return size; }

// In targets that have something to set up.
extern "C" __attribute__((weak)) int LLVMFuzzerInitialize(int* argc, char*** argv);

#define X(name) extern "C" int FuzzOneInput_##name(const uint8_t* data, size_t size);
FUZZ_TARGETS
#undef X

namespace furl {
namespace {

struct Target {
  const char* name;
  int (*run)(const uint8_t*, size_t);
};

constexpr Target kTargets[] = {
#define X(name) {#name, FuzzOneInput_##name},
    FUZZ_TARGETS
#undef X
};

const Target* FindTarget(const char* name) {
  for (const Target& target : kTargets) {
    if (std::strcmp(target.name, name) == 0) return &target;
  }
  return nullptr;
}

constexpr size_t kMaxInput = size_t{1} << 20;

// Whether there was such an input.
bool Replay(const Target& target, const std::string& path) {
  const auto bytes = ReadFile(path, kMaxInput);
  if (!bytes.ok()) return false;
  // Before it runs, so that the last line names what ended the program.
  std::printf("%s\n", path.c_str());
  std::fflush(stdout);
  target.run(bytes->data(), bytes->size());
  return true;
}

// How many inputs there were. Not by std::filesystem, which MemorySanitizer doesn't see into.
int ReplayAll(const Target& target, const std::string& path) {
  DIR* const folder = opendir(path.c_str());
  if (folder == nullptr) return Replay(target, path);
  int inputs = 0;
  while (const dirent* entry = readdir(folder)) {
    if (entry->d_name[0] != '.') inputs += Replay(target, path + "/" + entry->d_name);
  }
  closedir(folder);
  return inputs;
}

}  // namespace
}  // namespace furl

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--targets") == 0) {
    for (const furl::Target& one : furl::kTargets) std::printf("%s\n", one.name);
    return 0;
  }
  const furl::Target* target = argc > 2 ? furl::FindTarget(argv[1]) : nullptr;
  if (target == nullptr) {
    std::fprintf(stderr, "usage: fuzz_replay TARGET FILE_OR_FOLDER...\n");
    return 2;
  }
  if (LLVMFuzzerInitialize != nullptr) LLVMFuzzerInitialize(&argc, &argv);
  int inputs = 0;
  for (int i = 2; i < argc; ++i) inputs += furl::ReplayAll(*target, argv[i]);
  std::printf("%d inputs\n", inputs);
  return inputs > 0 ? 0 : 1;
}
