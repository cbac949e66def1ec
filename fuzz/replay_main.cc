// Runs the inputs that are kept of a fuzz target through it once, in builds without libFuzzer.
//
// usage: fuzz_replay TARGET FILE_OR_FOLDER...

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

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

void Replay(const Target& target, const std::filesystem::path& path) {
  // Before it runs, so that the last line names what ended the program.
  std::printf("%s\n", path.c_str());
  std::fflush(stdout);
  std::ifstream file(path, std::ios::binary);
  const Bytes bytes((std::istreambuf_iterator<char>(file)), {});
  target.run(bytes.data(), bytes.size());
}

// How many inputs there were.
int ReplayAll(const Target& target, const std::filesystem::path& path) {
  if (std::filesystem::is_regular_file(path)) {
    Replay(target, path);
    return 1;
  }
  int inputs = 0;
  if (!std::filesystem::is_directory(path)) return inputs;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    Replay(target, entry.path());
    ++inputs;
  }
  return inputs;
}

}  // namespace
}  // namespace furl

int main(int argc, char** argv) {
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
