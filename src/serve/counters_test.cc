#include "serve/counters.h"
#include "serve/prometheus_text.h"

#include <gtest/gtest.h>

namespace furl::serve {
namespace {

TEST(Counters, PrometheusReadsThem) {
  Counters counters;
  counters.CountConnection();
  counters.ChangeConnections(1);
  counters.CountAnswer("GET", 200);
  counters.CountAnswer("GET", 200);
  counters.CountAnswer("\"} 1\nx", 405);
  counters.CountRefusal(Refusal::kTraversal);
  counters.CountRefusal(Refusal::kNone);
  counters.CountBytes(7);
  const std::string text = counters.Prometheus("0.1", 1000);
  for (const char* line :
       {"furl_serve_build_info{version=\"0.1\"} 1\n", "furl_serve_start_time_seconds 1000\n",
        "# TYPE furl_serve_connections gauge\nfurl_serve_connections 1\n",
        "furl_serve_connections_total 1\n", "furl_serve_response_bytes_total 7\n",
        "furl_serve_requests_total{method=\"GET\",code=\"200\"} 2\n",
        "furl_serve_requests_total{method=\"other\",code=\"405\"} 1\n",
        "furl_serve_refused_total{cause=\"traversal\"} 1\n",
        "furl_serve_refused_total{cause=\"slow_reader\"} 0\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
  EXPECT_EQ(text.find("none"), std::string::npos);
  EXPECT_EQ(counters.answers(), 3);
}

TEST(Counters, LabelsAreEscaped) { EXPECT_EQ(QuotedLabel("a\"b\\c\nd"), "\"a\\\"b\\\\c\\nd\""); }

}  // namespace
}  // namespace furl::serve
