// Seeds of indexes.

#include "fuzz/seeds.h"
#include "session/search/shot_store.h"

namespace furl {

Status WriteShotSeeds(const std::filesystem::path& root) {
  const std::filesystem::path folder = root / "shot_store";
  std::filesystem::create_directories(folder);
  for (int files = 0; files < 3; ++files) {
    const std::string path = folder / std::to_string(files);
    std::filesystem::remove(path);
    FURL_ASSIGN_OR_RETURN(const auto store, session::ShotStore::Edit(path));
    session::StoredShot shots[3];
    for (int i = 0; i < 3; ++i) {
      shots[i].begin = 2 * i;
      shots[i].end = 2 * i + 2;
      shots[i].vector.fill(static_cast<int8_t>(40 * i - 50));
      if (i > 0) shots[i].picture = std::string(session::kPictureStart) + "/9j/4AAQSkZJRg==";
    }
    for (int i = 0; i < files; ++i) {
      const session::StoredFile file = {0, "/videos/" + std::to_string(i) + ".mkv", 1000, i, 6.0};
      FURL_RETURN_IF_ERROR(store->Replace(file, shots));
    }
    FURL_RETURN_IF_ERROR(store->Save(path));
  }
  return OkStatus();
}

}  // namespace furl
