// Signs that programs place for accounts, ranked, with the evidence.
#include <algorithm>
#include <cmath>

#include "server/core/permissions.h"
#include "server/http/automation_studies.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t most_time_bytes = 40;

Json rounded(double value) { return std::round(value * 1'000) / 1'000; }

Json sign_json(const FoundSign& sign) {
  Json numbers = Json::object();
  for (const auto& [name, value] : sign.numbers) numbers[name] = rounded(value);
  Json json{{"sign", code(sign.sign)}, {"value", rounded(sign.value)}, {"evidence", sign.evidence}, {"numbers", std::move(numbers)}};
  json["accounts"] = Json::array();
  for (const AccountId account : sign.accounts) json["accounts"].push_back(static_cast<std::uint32_t>(account));
  return json;
}

Json item_json(const AutomationFindings::Found& found) {
  Json signs = Json::array();
  for (const FoundSign& sign : found.suspect.signs) signs.push_back(sign_json(sign));
  return {{"account", account_json(found.account)}, {"placements", found.suspect.placements}, {"score", rounded(found.suspect.score)}, {"signs", std::move(signs)}};
}

Json findings_json(const AutomationFindings& findings, std::size_t limit) {
  Json items = Json::array();
  for (std::size_t i = 0; i < std::min(limit, findings.found.size()); ++i) items.push_back(item_json(findings.found[i]));
  return {{"items", std::move(items)}, {"since", format_time(findings.since)}, {"until", format_time(findings.until)}, {"total", findings.found.size()}};
}

void answer_automation(const HttpServices& services, AutomationStudies& studies, const CallPtr& call) {
  std::optional<WallTime> since;
  if (const auto* text = call->find<std::string>("since"); text && !(since = parse_time(*text)))
    return call->refuse(400, "invalid", "since must be a time such as 2030-01-01T00:00:00Z");
  if (refuse_often(services.wide_reads, services.clock, call)) return;
  with_canvas(services, call, [&studies, call, since](const CanvasView& view) {
    studies.ask(view, since, [call](const AutomationStudies::Findings& findings) {
      if (!findings) return refuse_busy(call);
      call->answer(findings_json(*findings, static_cast<std::size_t>(call->number("limit"))));
    });
  });
}

}  // namespace

void add_automation_route(Router& router, const HttpServices& services) {
  const auto studies = std::make_shared<AutomationStudies>(AutomationStudies::Parts{services.hub, services.readers, services.workers, services.clock});
  router.add({.pattern = "/api/v1/canvases/{canvas}/automation",
              .who = whoever_may(Permission::FindPeople),
              .summary = "Signs that programs place for accounts, the likeliest first, with the evidence: for staff to judge, nothing is done because of them",
              .path = {canvas_parameter()},
              .query = {{.name = "since", .max = most_time_bytes, .about = "a time as RFC 3339, at most 30 days before the newest placement; a day before it otherwise", .example = "2024-01-01T00:00:00Z"},
                        {.name = "limit", .kind = ParameterKind::Number, .min = 1, .max = 500, .otherwise = 50, .about = "most items"}},
              .answers = {{200, "the accounts with any sign, of those with 200 placements or more; as it was within the last minute", "Automation"}, too_many_reads},
              .handler = [&services, studies](const CallPtr& call) { answer_automation(services, *studies, call); }});
}

}  // namespace tessera
