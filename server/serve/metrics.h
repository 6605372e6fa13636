#pragma once

#include <map>
#include <string>
#include <vector>

#include "server/core/counters.h"
#include "server/core/hub.h"
#include "server/http/address_limit.h"
#include "server/http/api.h"
#include "server/net/net_counters.h"

namespace tessera {

/// What /metrics is written from, borrowed. Any thread.
struct MetricsSources {
  const Counters& core;
  const NetCounters& net;
  const Api& api;
  std::map<std::string, const AddressLimit*> limits{};  ///< per address, by what they limit
};

/// The server's figures in Prometheus's text format; `canvases` as they are now.
std::string metrics_text(const MetricsSources& sources, const std::vector<CanvasView>& canvases);

}  // namespace tessera
