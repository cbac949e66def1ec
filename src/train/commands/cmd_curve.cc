#include "train/commands/commands.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

namespace furl::train {
namespace {

using Json = nlohmann::json;

struct Point {
  double x = 0;
  double y = 0;
};
using Series = std::map<std::string, std::vector<Point>>;  // by label

constexpr int kWidth = 720;
constexpr int kHeight = 260;
constexpr int kMargin = 46;
constexpr const char* kColors[] = {"#1f6fb4", "#d1602a", "#2b8a4b", "#8a4bb0", "#777777"};

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.4g", value);
  return text;
}

struct Range {
  double low = 1e300;
  double high = -1e300;
  void Add(double v) {
    low = std::min(low, v);
    high = std::max(high, v);
  }
  double Part(double v) const { return high > low ? (v - low) / (high - low) : 0.5; }
};

std::string Text(double x, double y, const char* anchor, const std::string& text) {
  return "<text x=\"" + Number(x) + "\" y=\"" + Number(y) + "\" text-anchor=\"" + anchor + "\">" +
         text + "</text>\n";
}

// One chart with its axes' ends labelled.
std::string Chart(const std::string& title, const Series& series) {
  Range xs, ys;
  for (const auto& [label, points] : series) {
    for (const Point& p : points) {
      xs.Add(p.x);
      ys.Add(p.y);
    }
  }
  std::string svg = "<h2>" + title + "</h2>\n<svg viewBox=\"0 0 " + std::to_string(kWidth) + " " +
                    std::to_string(kHeight) + "\">\n";
  const double right = kWidth - kMargin * 2;
  const double bottom = kHeight - kMargin;
  int color = 0;
  for (const auto& [label, points] : series) {
    const char* stroke = kColors[color % 5];
    svg += std::string("<polyline fill=\"none\" stroke=\"") + stroke + "\" points=\"";
    for (const Point& p : points) {
      svg += Number(kMargin + xs.Part(p.x) * (right - kMargin)) + "," +
             Number(bottom - ys.Part(p.y) * (bottom - 16)) + " ";
    }
    svg += std::string("\"/>\n<g fill=\"") + stroke + "\">" +
           Text(right + 6, 24 + 16 * color, "start", label) + "</g>\n";
    ++color;
  }
  svg += Text(kMargin - 4, bottom, "end", Number(ys.low));
  svg += Text(kMargin - 4, 20, "end", Number(ys.high));
  svg += Text(kMargin, kHeight - 26, "start", Number(xs.low) + " min");
  svg += Text(right, kHeight - 26, "end", Number(xs.high) + " min");
  return svg + "</svg>\n";
}

struct Curves {
  Series cost, score, rate, quality;
};

void AddLine(const Json& line, Curves& curves) {
  const double minutes = line.at("minutes").get<double>();
  if (line.at("kind").get<std::string>() == "train") {
    curves.cost["training"].push_back({minutes, line.at("cost").get<double>()});
    return;
  }
  curves.score["validation"].push_back({minutes, line.at("score").get<double>()});
  for (const Json& point : line.at("points")) {
    const std::string label = "QP " + std::to_string(point.at("qp").get<int>());
    curves.rate[label].push_back({minutes, std::log2(point.at("bpp").get<double>())});
    curves.quality[label].push_back({minutes, point.at("psnr_y").get<double>()});
  }
}

}  // namespace

Status RunCurve(const CurveOptions& options) {
  std::ifstream in(options.run + "/log.jsonl");
  if (!in) return IoError("no log.jsonl in " + options.run);
  Curves curves;
  for (std::string text; std::getline(in, text);) {
    const Json line = Json::parse(text, nullptr, false);
    if (line.is_discarded()) continue;  // cut off by a kill
    try {
      AddLine(line, curves);
    } catch (const Json::exception& e) {
      return InvalidStream(std::string("log.jsonl: ") + e.what());
    }
  }
  std::ofstream out(options.output);
  out << "<!doctype html>\n<meta charset=\"utf-8\">\n<title>furl-train</title>\n<style>"
         "body{font:15px sans-serif;max-width:760px;margin:2em auto}svg{width:100%}"
         "text{font-size:12px}polyline{stroke-width:1.6}</style>\n<h1>Training curve</h1>\n"
      << Chart("Validation score: mean log2 of bits per pixel with distortion (lower is better)",
               curves.score)
      << Chart("Training cost, bits per pixel with distortion", curves.cost)
      << Chart("Validation rate, log2 of bits per pixel", curves.rate)
      << Chart("Validation luma PSNR, dB", curves.quality);
  return out.flush() ? OkStatus() : IoError("cannot write " + options.output);
}

}  // namespace furl::train
