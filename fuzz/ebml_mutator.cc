// The mutator of targets whose input is a byte and a Matroska file: changes after which sizes and
// CRC-32 elements still fit.

#include <algorithm>
#include <random>
#include <span>
#include <utility>

#include "fuzz/mutate.h"
#include "media/matroska/ebml_buffer.h"
#include "media/matroska/ebml_cursor.h"
#include "media/matroska/matroska_ids.h"

namespace furl {
namespace {

namespace mkv = media::mkv;
using media::EbmlBuffer;
using media::EbmlCursor;

// Elements that hold elements.
constexpr uint32_t kMasters[] = {
    mkv::kEbml,        mkv::kSegment,   mkv::kSeekHead,          mkv::kSeek,
    mkv::kInfo,        mkv::kTracks,    mkv::kTrackEntry,        mkv::kVideo,
    mkv::kColour,      mkv::kAudio,     mkv::kMasteringMetadata, mkv::kProjection,
    mkv::kChapters,    mkv::kTags,      mkv::kEditionEntry,      mkv::kChapterAtom,
    mkv::kAttachments, mkv::kTag,       mkv::kChapterDisplay,    mkv::kAttachedFile,
    mkv::kTargets,     mkv::kSimpleTag, mkv::kCluster,           mkv::kBlockGroup,
    mkv::kCues,        mkv::kCuePoint,  mkv::kCueTrackPositions,
};
constexpr int kMaxDepth = 8;

struct Element {
  uint32_t id = 0;
  Bytes content;  // of those that hold no elements
  std::vector<Element> children;
  bool master = false;
  bool checked = false;  // begins with a CRC-32
};

std::vector<Element> TakeApart(std::span<const uint8_t> bytes, int depth) {
  std::vector<Element> elements;
  EbmlCursor cursor(bytes);
  while (cursor.Next()) {
    Element& element = elements.emplace_back();
    element.id = cursor.id();
    element.master =
        depth < kMaxDepth && std::ranges::find(kMasters, cursor.id()) != std::end(kMasters);
    if (element.master) {
      element.children = TakeApart(cursor.content(), depth + 1);
      const auto is_crc = [](const Element& child) { return child.id == mkv::kCrc32; };
      element.checked = std::erase_if(element.children, is_crc) > 0;
    } else {
      element.content.assign(cursor.content().begin(), cursor.content().end());
    }
  }
  return elements;
}

void PutTogether(const std::vector<Element>& elements, EbmlBuffer* out) {
  for (const Element& element : elements) {
    if (!element.master) {
      out->Binary(element.id, element.content);
      continue;
    }
    EbmlBuffer content;
    PutTogether(element.children, &content);
    if (element.checked) {
      out->CheckedMaster(element.id, content);
    } else {
      out->Master(element.id, content);
    }
  }
}

// All lists of elements that are not empty.
void CollectLists(std::vector<Element>* elements, std::vector<std::vector<Element>*>* lists) {
  if (elements->empty()) return;
  lists->push_back(elements);
  for (Element& element : *elements) CollectLists(&element.children, lists);
}

class Mutation {
 public:
  Mutation(std::vector<Element>* root, size_t room, std::mt19937* random)
      : random_(*random), room_(room) {
    CollectLists(root, &lists_);
  }

  void Run() {
    std::vector<Element>& list = *lists_[random_() % lists_.size()];
    const size_t at = random_() % list.size();
    Element& element = list[at];
    switch (random_() % 8) {
      case 0: list.erase(list.begin() + static_cast<ptrdiff_t>(at)); break;
      case 1: {
        Element copy = element;
        std::vector<Element>& other = *lists_[random_() % lists_.size()];
        other.insert(other.begin() + static_cast<ptrdiff_t>(random_() % (other.size() + 1)),
                     std::move(copy));
        break;
      }
      case 2: std::swap(element, list[random_() % list.size()]); break;
      case 3: element.checked = !element.checked; break;
      case 4: ChangeId(&element); break;
      default: ChangeContent(&element);
    }
  }

 private:
  void ChangeId(Element* element) {
    const std::vector<Element>& other = *lists_[random_() % lists_.size()];
    element->id = other[random_() % other.size()].id;
  }

  void ChangeContent(Element* element) {
    if (element->master) {  // its children as bytes, which may be no elements then
      EbmlBuffer content;
      PutTogether(element->children, &content);
      element->content = content.bytes();
      element->master = false;
    }
    if (random_() % 3 == 0 && element->content.size() <= 8) {  // a number
      const uint64_t number = ((uint64_t{random_()} << 32) | random_()) >> (random_() % 64);
      EbmlBuffer bytes;
      bytes.Big(number, 8);
      element->content = bytes.bytes();
    } else {
      Mutate(std::min<size_t>(room_, 64), &element->content);
    }
  }

  std::mt19937& random_;
  const size_t room_;
  std::vector<std::vector<Element>*> lists_;
};

// Takes `file` apart into elements, changes one or moves them about, and writes them again with
// right sizes, and right checksums where there were some. What is no Matroska, and now and then
// what is, is changed as bytes. Adds up to `room` bytes.
Bytes MutateMatroska(std::span<const uint8_t> file, size_t room, std::mt19937* random) {
  std::vector<Element> elements = TakeApart(file, 0);
  if (elements.empty() || (*random)() % 5 == 0) {
    Bytes bytes(file.begin(), file.end());
    Mutate(room, &bytes);
    return bytes;
  }
  Mutation(&elements, room, random).Run();
  EbmlBuffer out;
  PutTogether(elements, &out);
  return out.bytes();
}

}  // namespace
}  // namespace furl

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  if (size < 2 || size >= max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::mt19937 random(seed);
  furl::Bytes out = furl::MutateMatroska({data + 1, data + size}, max_size - size, &random);
  out.insert(out.begin(), data[0]);
  return furl::GiveBack(out, data, max_size);
}
