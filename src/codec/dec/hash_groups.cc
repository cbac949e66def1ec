#include "codec/dec/hash_groups.h"

#include <algorithm>
#include <utility>

#include "bitstream/checksum.h"

namespace furl {

void HashGroups::Add(Picture* picture) {
  const FrameHeader& header = picture->header();
  if (!header.has_hash) {
    // One more than any hash covers beside its own is enough to know.
    if (uncovered_.size() < size_t{FrameHeader::kMaxHashPictures}) {
      uncovered_.push_back(picture->own_hash);
    }
    return;
  }
  if (uncovered_.size() + 1 == static_cast<size_t>(header.hash_pictures)) {
    picture->covered = std::move(uncovered_);
  } else {
    ++failed_;
  }
  uncovered_.clear();
}

int HashGroups::EndGop() {
  const int failed = std::exchange(failed_, 0) + (uncovered_.empty() ? 0 : 1);
  uncovered_.clear();
  return failed;
}

bool HashIsChecked(const Picture& picture) {
  const FrameHeader& header = picture.header();
  if (!header.has_hash || picture.covered.size() + 1 != static_cast<size_t>(header.hash_pictures)) {
    return false;
  }
  return std::all_of(picture.covered.begin(), picture.covered.end(),
                     [](const PictureHashPtr& covered) { return covered->hash.has_value(); });
}

Status CheckHash(const Picture& picture, const Reference& decoded) {
  if (!HashIsChecked(picture)) return OkStatus();
  uint32_t chain = 0;
  for (const PictureHashPtr& covered : picture.covered) chain = ChainHash(chain, *covered->hash);
  chain = HashBits(ChainHash(chain, decoded.hash));
  if (ChecksumMatches(picture.header().hash, chain)) return OkStatus();
  return Status(StatusCode::kVerifyFailed,
                picture.covered.empty()
                    ? "picture differs from the encoder's (frame hash)"
                    : "picture or one since the last frame hash differs from the encoder's");
}

}  // namespace furl
