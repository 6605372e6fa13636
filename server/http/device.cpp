#include "server/http/device.h"

#include <string_view>

namespace tessera {
namespace {

struct Sign {
  std::string_view text;  // in a User-Agent
  std::string_view name;
};

// The first that is found counts: most browsers also name those that they descend from.
constexpr Sign programs[] = {{"tessera", "Tessera"}, {"Edg/", "Edge"},       {"EdgA/", "Edge"},     {"OPR/", "Opera"},
                             {"Vivaldi", "Vivaldi"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"},  {"CriOS", "Chrome"},
                             {"Chromium", "Chromium"}, {"Chrome", "Chrome"}, {"Safari", "Safari"},  {"curl", "curl"},
                             {"python", "Python"},   {"node", "Node.js"}};
constexpr Sign systems[] = {{"Android", "Android"}, {"iPhone", "iPhone"},   {"iPad", "iPad"},   {"CrOS", "ChromeOS"},
                            {"Windows", "Windows"}, {"Mac OS X", "macOS"},  {"Linux", "Linux"}, {"linux", "Linux"}};

std::string_view find(const auto& signs, std::string_view text) {
  for (const Sign& sign : signs)
    if (text.find(sign.text) != std::string_view::npos) return sign.name;
  return {};
}

}  // namespace

std::string device_label(const HttpRequest& request) {
  const std::string* agent = request.header("user-agent");
  if (!agent) return {};
  const std::string_view program = find(programs, *agent), system = find(systems, *agent);
  std::string label(program.empty() ? system : program);
  if (!program.empty() && !system.empty()) label.append(" on ").append(system);
  return label;
}

}  // namespace tessera
