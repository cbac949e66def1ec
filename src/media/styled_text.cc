#include "media/styled_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <utility>

namespace furl::media {
namespace {

// Fields of an ASS event before its text.
constexpr int kAssFieldsBeforeText = 8;
constexpr size_t kStyleRecordSize = 12;

bool StartsCharacter(char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }

// Collects text and the runs of each face.
class Builder {
 public:
  void Add(std::string_view bytes) {
    out_.text += bytes;
    count_ += static_cast<int>(std::count_if(bytes.begin(), bytes.end(), StartsCharacter));
  }
  uint8_t face() const { return face_; }
  void SetFace(uint8_t face) {
    if (face == face_) return;
    EndRun();
    face_ = face;
    begin_ = count_;
  }
  void Set(uint8_t bit, bool on) { SetFace(static_cast<uint8_t>(on ? face_ | bit : face_ & ~bit)); }
  StyledText Finish() {
    EndRun();
    return std::move(out_);
  }

 private:
  void EndRun() {
    if (face_ != 0 && count_ > begin_) out_.runs.push_back({begin_, count_, face_});
  }

  StyledText out_;
  int count_ = 0;  // characters
  int begin_ = 0;
  uint8_t face_ = 0;
};

uint8_t FaceOf(std::string_view name) {
  return name == "b" ? kBold : name == "i" ? kItalic : name == "u" ? kUnderline : 0;
}

// "i" of "<i>", "</I>" and "<i.loud Ann>".
std::string TagName(std::string_view tag) {
  std::string name;
  for (const char c : tag.substr(tag.starts_with('/') ? 1 : 0)) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) break;
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return name;
}

// Takes a tag from the front of `text`, which begins with '<'; false if it is none.
bool TakeTag(std::string_view* text, bool all_known, Builder* out) {
  const size_t end = text->find('>');
  if (end == std::string_view::npos) return false;
  const std::string_view tag = text->substr(1, end - 1);
  const std::string name = TagName(tag);
  const uint8_t face = FaceOf(name);
  if (face == 0 && !all_known && name != "s" && name != "font") return false;
  if (face != 0) out->Set(face, !tag.starts_with('/'));
  text->remove_prefix(end + 1);
  return true;
}

bool TakeReference(std::string_view* text, Builder* out) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kReferences = {
      {{"&amp;", "&"},
       {"&lt;", "<"},
       {"&gt;", ">"},
       {"&quot;", "\""},
       {"&nbsp;", "\xC2\xA0"},
       {"&lrm;", "\xE2\x80\x8E"},
       {"&rlm;", "\xE2\x80\x8F"}}};
  for (const auto& [name, value] : kReferences) {
    if (!text->starts_with(name)) continue;
    out->Add(value);
    text->remove_prefix(name.size());
    return true;
  }
  return false;
}

// Commands between the braces of ASS: "\i1\b0\fs20".
void TakeOverrides(std::string_view codes, Builder* out) {
  while (!codes.empty()) {
    codes.remove_prefix(1);  // the backslash, or what stands before the first
    const size_t end = std::min(codes.find('\\'), codes.size());
    const std::string_view code = codes.substr(0, end);
    codes.remove_prefix(end);
    const std::string_view value = code.substr(std::min<size_t>(1, code.size()));
    const bool number = std::all_of(value.begin(), value.end(), [](char c) {
      return std::isdigit(static_cast<unsigned char>(c)) != 0;
    });
    if (code == "r") out->SetFace(0);
    if (const uint8_t face = FaceOf(code.substr(0, 1)); face != 0 && number) {
      out->Set(face, !value.empty() && value != "0");
    }
  }
}

// Takes "{\codes}" from the front of `text`, or leaves it.
bool TakeBraces(std::string_view* text, Builder* out) {
  const size_t end = text->find('}');
  if (end == std::string_view::npos) return false;
  TakeOverrides(text->substr(1, end - 1), out);
  text->remove_prefix(end + 1);
  return true;
}

void TakeCharacter(std::string_view* text, Builder* out) {
  out->Add(text->substr(0, 1));
  text->remove_prefix(1);
}

uint32_t Big(std::span<const uint8_t> data, size_t at, int bytes) {
  uint32_t value = 0;
  for (int i = 0; i < bytes; ++i) value = value << 8 | data[at + i];
  return value;
}

void PutBig(uint32_t value, int bytes, std::vector<uint8_t>* out) {
  for (int i = bytes - 1; i >= 0; --i) out->push_back(static_cast<uint8_t>(value >> (8 * i)));
}

// Runs of the boxes behind the text of a sample.
std::vector<StyledText::Run> StyleRuns(std::span<const uint8_t> boxes) {
  std::vector<StyledText::Run> runs;
  while (boxes.size() >= 8) {
    const size_t size = Big(boxes, 0, 4);
    if (size < 8 || size > boxes.size()) break;
    if (std::memcmp(&boxes[4], "styl", 4) == 0 && size >= 10) {
      const size_t count = std::min<size_t>(Big(boxes, 8, 2), (size - 10) / kStyleRecordSize);
      for (size_t i = 0; i < count; ++i) {
        const size_t at = 10 + i * kStyleRecordSize;
        const auto face = static_cast<uint8_t>(boxes[at + 6] & (kBold | kItalic | kUnderline));
        runs.push_back(
            {static_cast<int>(Big(boxes, at, 2)), static_cast<int>(Big(boxes, at + 2, 2)), face});
      }
    }
    boxes = boxes.subspan(size);
  }
  return runs;
}

std::string FaceTags(uint8_t face, bool opening) {
  std::string text;
  for (const auto& [bit, name] :
       {std::pair{kBold, 'b'}, std::pair{kItalic, 'i'}, std::pair{kUnderline, 'u'}}) {
    if ((face & bit) == 0) continue;
    const std::string tag = std::string(opening ? "<" : "</") + name + '>';
    text = opening ? text + tag : tag + text;
  }
  return text;
}

}  // namespace

StyledText ParseSubRip(std::string_view text) {
  Builder out;
  while (!text.empty()) {
    const bool taken = (text[0] == '<' && TakeTag(&text, /*all_known=*/false, &out)) ||
                       (text.starts_with("{\\") && TakeBraces(&text, &out));
    if (!taken) TakeCharacter(&text, &out);
  }
  return out.Finish();
}

StyledText ParseWebVtt(std::string_view text) {
  Builder out;
  while (!text.empty()) {
    const bool taken = (text[0] == '<' && TakeTag(&text, /*all_known=*/true, &out)) ||
                       (text[0] == '&' && TakeReference(&text, &out));
    if (!taken) TakeCharacter(&text, &out);
  }
  return out.Finish();
}

StyledText ParseAss(std::string_view event) {
  for (int field = 0; field < kAssFieldsBeforeText; ++field) {
    const size_t comma = event.find(',');
    if (comma == std::string_view::npos) return {};
    event.remove_prefix(comma + 1);
  }
  Builder out;
  while (!event.empty()) {
    if (event[0] == '{' && TakeBraces(&event, &out)) continue;
    const bool escape = event[0] == '\\' && event.size() > 1;
    if (escape && (event[1] == 'N' || event[1] == 'n' || event[1] == 'h')) {
      out.Add(event[1] == 'h' ? "\xC2\xA0" : "\n");
      event.remove_prefix(2);
    } else {
      TakeCharacter(&event, &out);
    }
  }
  return out.Finish();
}

StyledText ParseMovText(std::span<const uint8_t> sample) {
  StyledText out;
  if (sample.size() < 2) return out;
  const size_t size = std::min<size_t>(Big(sample, 0, 2), sample.size() - 2);
  out.text.assign(sample.begin() + 2, sample.begin() + 2 + static_cast<ptrdiff_t>(size));
  out.runs = StyleRuns(sample.subspan(2 + size));
  return out;
}

std::string ToSubRip(const StyledText& text) {
  std::string out;
  uint8_t face = 0;
  int index = -1;
  for (const char c : text.text) {
    if (StartsCharacter(c)) {
      ++index;
      uint8_t now = 0;
      for (const auto& run : text.runs) {
        if (run.begin <= index && index < run.end) now = run.face;
      }
      if (now != face) out += FaceTags(face, false) + FaceTags(now, true);
      face = now;
    }
    out += c;
  }
  return out + FaceTags(face, false);
}

std::vector<uint8_t> ToMovText(const StyledText& text) {
  const std::string_view bytes = std::string_view(text.text).substr(0, 0xFFFF);
  std::vector<uint8_t> sample;
  PutBig(static_cast<uint32_t>(bytes.size()), 2, &sample);
  for (const char c : bytes) sample.push_back(static_cast<uint8_t>(c));
  const size_t count = std::min<size_t>(text.runs.size(), 0xFFFF);
  if (count == 0) return sample;
  PutBig(static_cast<uint32_t>(10 + count * kStyleRecordSize), 4, &sample);
  for (const char c : {'s', 't', 'y', 'l'}) sample.push_back(static_cast<uint8_t>(c));
  PutBig(static_cast<uint32_t>(count), 2, &sample);
  for (const auto& run : std::span(text.runs).first(count)) {
    PutBig(static_cast<uint32_t>(run.begin), 2, &sample);
    PutBig(static_cast<uint32_t>(run.end), 2, &sample);
    PutBig(1, 2, &sample);  // font, size and color as in the sample entry
    sample.push_back(run.face);
    sample.push_back(16);
    PutBig(0xFFFFFFFF, 4, &sample);
  }
  return sample;
}

std::vector<uint8_t> MovTextSampleEntry() {
  // 3GPP TS 26.245: centered at the bottom, white on nothing, one font.
  return {0, 0, 0, 0,   1,   0xFF, 0,   0,   0,   0,              // flags, place, background
          0, 0, 0, 0,   0,   0,    0,   0,                        // text box
          0, 0, 0, 0,   0,   1,    0,   16,  255, 255, 255, 255,  // style
          0, 0, 0, 18,  'f', 't',  'a', 'b', 0,   1,              // font table
          0, 1, 5, 'A', 'r', 'i',  'a', 'l'};
}

}  // namespace furl::media
