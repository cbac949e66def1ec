// HashGroups: which pictures the hash of a packet covers (docs/bitstream.md, section 3).

#ifndef FURL_CODEC_DEC_HASH_GROUPS_H_
#define FURL_CODEC_DEC_HASH_GROUPS_H_

#include <vector>

#include "base/status.h"
#include "codec/common/reference.h"
#include "codec/dec/picture.h"

namespace furl {

// Takes the pictures of a GOP in coding order.
class HashGroups {
 public:
  // Sets what the picture's packet covers beside it. Where frames are missing there are fewer
  // pictures than its hash is made of, or more: then nothing is set, and it can't be checked.
  void Add(Picture* picture);

  // No more pictures of this GOP. Returns how many hashes are not there that should cover its
  // pictures, or can't be checked; none if no frame of the GOP is missing.
  int EndGop();

 private:
  std::vector<PictureHashPtr> uncovered_;  // of the pictures since the last packet with a hash
  int failed_ = 0;
};

// Whether the packet has a hash, and all pictures are there that it covers beside its own. Where
// one of them is damaged or missing, that is told otherwise. For a picture whose `covered` are
// done.
bool HashIsChecked(const Picture& picture);

// kVerifyFailed if the hash is checked and doesn't match; `decoded`: what the packet became.
Status CheckHash(const Picture& picture, const Reference& decoded);

}  // namespace furl

#endif  // FURL_CODEC_DEC_HASH_GROUPS_H_
