// Writes graph descriptions (docs/model-format.md) of test models, without numbers.

#ifndef FURL_TESTS_SUPPORT_GRAPH_WRITER_H_
#define FURL_TESTS_SUPPORT_GRAPH_WRITER_H_

#include <string>
#include <vector>

namespace furl::test {

inline std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

inline std::string Joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return "[" + text + "]";
}

// Collects the parts of one graph.
class GraphWriter {
 public:
  explicit GraphWriter(std::string name) : name_(std::move(name)) {}

  void Input(const std::string& name, const char* format, int channels, int scale) {
    inputs_.push_back("{\"name\": " + Quoted(name) + ", \"format\": " + Quoted(format) +
                      ", \"channels\": " + std::to_string(channels) +
                      ", \"scale\": " + std::to_string(scale) + "}");
  }
  // A node with the name of its output.
  void Node(const char* op, const std::vector<std::string>& in, const std::string& out,
            const std::string& attributes = "") {
    NodeNamed(op, out, in, out, attributes);
  }
  void Conv(const std::string& name, const std::vector<std::string>& in, const std::string& out,
            int channels, int kernel, const char* form, const char* op = "conv", bool qp = false) {
    NodeNamed(op, name, in, out,
              ", \"channels\": " + std::to_string(channels) +
                  ", \"kernel\": " + std::to_string(kernel) + ", \"form\": " + Quoted(form) +
                  ", \"qp\": " + (qp ? "true" : "false"));
  }
  void Output(const std::string& name) { outputs_.push_back(Quoted(name)); }

  // Only encoders need this graph.
  void OfEncoder() { encoder_ = true; }

  std::string Text() const {
    const std::string side = encoder_ ? "\"side\": \"encoder\", " : "";
    return Quoted(name_) + ": {" + side + "\"inputs\": " + Joined(inputs_) +
           ", \"nodes\": " + Joined(nodes_) + ", \"outputs\": " + Joined(outputs_) + "}";
  }

 private:
  void NodeNamed(const char* op, const std::string& name, const std::vector<std::string>& in,
                 const std::string& out, const std::string& attributes) {
    std::vector<std::string> from;
    for (const std::string& tensor : in) from.push_back(Quoted(tensor));
    nodes_.push_back("{\"op\": " + Quoted(op) + ", \"name\": " + Quoted(name_ + "." + name) +
                     ", \"in\": " + Joined(from) + ", \"out\": " + Quoted(out) + attributes + "}");
  }

  std::string name_;
  bool encoder_ = false;
  std::vector<std::string> inputs_, nodes_, outputs_;
};

}  // namespace furl::test

#endif  // FURL_TESTS_SUPPORT_GRAPH_WRITER_H_
