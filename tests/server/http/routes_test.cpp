#include <doctest/doctest.h>

#include "tests/support/api_fixture.h"

using namespace tessera;

namespace {

/// Who calls, in the order of the table. The banned one is a moderator; the bot is an admin's, and may place alone. The last two are
/// members, moderators of `main` and of another canvas.
constexpr const char* callers[] = {"nobody", "guest", "member", "moderator", "admin", "owner", "banned", "bot", "expired", "forged", "here", "elsewhere"};

/// A call and what it answers to each of them, each on a server of its own.
struct Row {
  const char* method;
  const char* target;
  const char* body;
  unsigned answers[std::size(callers)];
};

constexpr const char* one_cell = R"({"cells":[{"x":1,"y":1,"color":1}]})";
constexpr const char* bot_body = R"({"name":"clock","scopes":["place"]})";

constexpr const char* lock_body = R"({"x":1,"y":1,"width":2,"height":2})";

const Row matrix[] = {
    // clang-format off
    //                                                               nobody guest memb. moder. admin owner bann. bot  expir. forg. here elsewhere
    {"GET", "/healthz", "",                                            {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
    {"GET", "/readyz", "",                                             {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
    {"GET", "/health", "",                                             {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
    {"GET", "/api/v1/openapi.json", "",                                {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
    {"GET", "/api/v1/server", "",                                      {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"GET", "/api/v1/canvases", "",                                    {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"GET", "/api/v1/canvases/main", "",                               {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"GET", "/api/v1/canvases/main/image.png", "",                     {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"GET", "/api/v1/canvases/main/bitmap", "",                        {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"GET", "/api/v1/canvases/main/tiles/0/0/0", "",                   {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"GET", "/api/v1/canvases/main/placements", "",                    {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"GET", "/api/v1/canvases/main/cells/1/1", "",                     {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"GET", "/api/v1/canvases/main/cells/1/1/history", "",             {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"GET", "/api/v1/canvases/main/stats", "",                         {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"GET", "/canvas", "",                                             {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"GET", "/canvas/image", "",                                       {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"GET", "/palette", "",                                            {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"GET", "/metrics", "",                                            {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"POST", "/api/v1/canvases/main/placements", one_cell,             {401, 200, 200, 200, 200, 200, 403, 200, 401, 401, 200, 200}},
    {"POST", "/api/v1/canvases/main/undo", "{}",                       {401, 409, 409, 409, 409, 409, 403, 409, 401, 401, 409, 409}},
    {"POST", "/api/v1/canvases/main/redo", "{}",                       {401, 409, 409, 409, 409, 409, 403, 409, 401, 401, 409, 409}},
    {"POST", "/api/v1/canvases/main/join", R"({"code":"x"})",          {401, 204, 204, 204, 204, 204, 403, 204, 401, 401, 204, 204}},
    {"POST", "/api/v1/canvases", R"({"name":"new","width":5,"height":5})",
                                                                       {401, 403, 403, 403, 201, 201, 403, 403, 401, 401, 403, 403}},
    {"PATCH", "/api/v1/canvases/main", R"({"paused":false})",          {401, 403, 403, 403, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"DELETE", "/api/v1/canvases/none", "",                            {401, 403, 403, 403, 404, 404, 403, 403, 401, 401, 403, 403}},
    {"POST", "/auth/guest", R"({"name":"x"})",                         {201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201}},
    {"GET", "/auth/me", "",                                            {401, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"POST", "/auth/logout", "",                                       {401, 204, 204, 204, 204, 204, 204, 403, 401, 401, 204, 204}},
    {"GET", "/auth/sessions", "",                                      {401, 200, 200, 200, 200, 200, 200, 403, 401, 401, 200, 200}},
    {"DELETE", "/auth/sessions", "",                                   {401, 200, 200, 200, 200, 200, 200, 403, 401, 401, 200, 200}},
    {"DELETE", "/auth/sessions/0123456789abcdef", "",                  {401, 404, 404, 404, 404, 404, 404, 403, 401, 401, 404, 404}},
    {"POST", "/auth/owner", R"({"secret":"wrong"})",                   {401, 403, 403, 403, 403, 403, 403, 403, 401, 401, 403, 403}},
    {"GET", "/api/v1/accounts", "",                                    {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"GET", "/api/v1/accounts?address=192.0.2.7", "",                  {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"PATCH", "/api/v1/accounts/2", R"({"note":"x"})",                 {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"PATCH", "/api/v1/accounts/3", R"({"note":"x"})",                 {401, 403, 403, 403, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"GET", "/api/v1/accounts/2/tokens", "",                           {401, 403, 200, 403, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"POST", "/api/v1/accounts/2/tokens", bot_body,                    {401, 403, 201, 403, 201, 201, 403, 403, 401, 401, 403, 403}},
    {"DELETE", "/api/v1/accounts/4/tokens/6", "",                      {401, 403, 403, 403, 204, 204, 403, 403, 401, 401, 403, 403}},
    {"GET", "/api/v1/invites", "",                                     {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"POST", "/api/v1/invites", R"({"canvas":"main"})",                {401, 403, 403, 201, 201, 201, 403, 403, 401, 401, 403, 403}},
    {"DELETE", "/api/v1/invites/1", "",                                {401, 403, 403, 404, 404, 404, 403, 403, 401, 401, 403, 403}},
    {"POST", "/api/v1/invites/none/accept", "",                        {401, 404, 404, 404, 404, 404, 404, 403, 401, 401, 404, 404}},
    {"GET", "/state", "",                                              {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"POST", "/draw", R"({"x":1,"y":1,"color":1})",                    {401, 200, 200, 200, 200, 200, 403, 200, 401, 401, 200, 200}},
    {"GET", "/auth/discord/login", "",                                 {302, 302, 302, 302, 302, 302, 302, 302, 302, 302, 302, 302}},
    {"GET", "/auth/discord/callback", "",                              {400, 400, 400, 400, 400, 400, 400, 400, 400, 400, 400, 400}},
    {"POST", "/auth/device", "{}",                                     {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
    {"POST", "/auth/device/token", R"({"device_code":"x"})",           {400, 400, 400, 400, 400, 400, 400, 400, 400, 400, 400, 400}},
    {"GET", "/auth/device/verify", "",                                 {200, 200, 200, 200, 200, 403, 200, 403, 200, 200, 200, 200}},
    {"POST", "/auth/device/verify", "do=confirm",                      {403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403}},
    {"GET", "/api/v1/canvases/main/locks", "",                         {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"POST", "/api/v1/canvases/main/locks", lock_body,                 {401, 403, 403, 201, 201, 201, 403, 403, 401, 401, 201, 403}},
    {"PATCH", "/api/v1/canvases/main/locks/1", R"({"reason":"x"})",    {401, 403, 403, 404, 404, 404, 403, 403, 401, 401, 404, 403}},
    {"DELETE", "/api/v1/canvases/main/locks/1", "",                    {401, 403, 403, 404, 404, 404, 403, 403, 401, 401, 404, 403}},
    {"GET", "/locks", "",                                              {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"POST", "/locks", R"({"x1":1,"y1":1,"x2":2,"y2":2})",             {401, 403, 403, 201, 201, 201, 403, 403, 401, 401, 201, 403}},
    {"DELETE", "/locks/1/1/2/2", "",                                   {401, 403, 403, 404, 404, 404, 403, 403, 401, 401, 404, 403}},
    {"GET", "/api/v1/canvases/main/grants", "",                        {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 200, 403}},
    {"PUT", "/api/v1/canvases/main/grants/2", R"({"role":"member"})",   {401, 403, 403, 403, 412, 412, 403, 403, 401, 401, 403, 403}},
    {"PUT", "/api/v1/canvases/main/grants/7", R"({"role":"member"})",   {401, 403, 403, 403, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"PUT", "/api/v1/canvases/main/grants/7", R"({"role":"admin"})",    {401, 403, 403, 403, 403, 200, 403, 403, 401, 401, 403, 403}},
    {"DELETE", "/api/v1/canvases/main/grants/7", "",                   {401, 403, 403, 403, 204, 204, 403, 403, 401, 401, 403, 403}},
    {"GET", "/api/v1/announcements", "",                               {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"POST", "/api/v1/announcements", R"({"text":"x"})",               {401, 403, 403, 201, 201, 201, 403, 403, 401, 401, 403, 403}},
    {"PATCH", "/api/v1/announcements/1", R"({"pinned":true})",         {401, 403, 403, 404, 404, 404, 403, 403, 401, 401, 403, 403}},
    {"DELETE", "/api/v1/announcements/1", "",                          {401, 403, 403, 404, 404, 404, 403, 403, 401, 401, 403, 403}},
    {"POST", "/api/v1/canvases/main/rollbacks", R"({"account":2})",    {401, 403, 403, 201, 201, 201, 403, 403, 401, 401, 201, 403}},
    {"POST", "/api/v1/canvases/main/rollbacks", R"({"account":4})",    {401, 403, 403, 403, 403, 201, 403, 403, 401, 401, 403, 403}},
    {"POST", "/api/v1/canvases/main/rollbacks", R"({"account":2,"dry_run":true})",
                                                                       {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 200, 403}},
    {"POST", "/api/v1/canvases/main/rollbacks", R"({"address":"192.0.2.7"})",
                                                                       {401, 403, 403, 404, 404, 404, 403, 403, 401, 401, 403, 403}},
    {"GET", "/api/v1/canvases/main/rollbacks", "",                     {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 200, 403}},
    {"GET", "/api/v1/canvases/main/rollbacks/1", "",                   {401, 403, 403, 404, 404, 404, 403, 403, 401, 401, 404, 403}},
    {"GET", "/api/v1/canvases/main/rollbacks/preview.png?account=2", "",
                                                                       {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 200, 403}},
    {"POST", "/api/v1/canvases/main/rollbacks/1/undo", "",             {401, 403, 403, 404, 404, 404, 403, 403, 401, 401, 404, 403}},
    {"POST", "/api/v1/canvases/main/rollbacks/1/redo", "",             {401, 403, 403, 404, 404, 404, 403, 403, 401, 401, 404, 403}},
    {"GET", "/api/v1/canvases/main/schedule", "",                      {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"POST", "/api/v1/canvases/main/schedule", R"({"at":"2099-01-01T00:00:00Z","action":"reset"})",
                                                                       {401, 403, 403, 403, 201, 201, 403, 403, 401, 401, 403, 403}},
    {"DELETE", "/api/v1/canvases/main/schedule/1", "",                 {401, 403, 403, 403, 404, 404, 403, 403, 401, 401, 403, 403}},
    {"POST", "/api/v1/canvases/main/reset", R"({"name":"main"})",      {401, 403, 403, 403, 201, 201, 403, 403, 401, 401, 403, 403}},
    {"GET", "/api/v1/canvases/main/snapshots", "",                     {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 200, 403}},
    {"POST", "/api/v1/canvases/main/snapshots", R"({"name":"x"})",     {401, 403, 403, 403, 201, 201, 403, 403, 401, 401, 403, 403}},
    {"POST", "/api/v1/canvases/main/snapshots/1/restore", R"({"name":"main"})",
                                                                       {401, 403, 403, 403, 404, 404, 403, 403, 401, 401, 403, 403}},
    {"GET", "/api/v1/audit", "",                                       {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"GET", "/api/v1/audit/public", "",                                {200, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"GET", "/api/v1/audit/verify", "",                                {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"GET", "/audit", "",                                              {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"POST", "/api/v1/canvases/main/reports", R"({"x":1,"y":1,"reason":"x"})",
                                                                       {401, 201, 201, 201, 201, 201, 403, 201, 401, 401, 201, 201}},
    {"GET", "/api/v1/canvases/main/reports/mine", "",                  {401, 200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200}},
    {"GET", "/api/v1/canvases/main/reports", "",                       {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 200, 403}},
    {"GET", "/api/v1/canvases/main/reports/1", "",                     {401, 403, 403, 404, 404, 404, 403, 403, 401, 401, 404, 403}},
    {"PATCH", "/api/v1/canvases/main/reports/1", R"({"state":"open"})",
                                                                       {401, 403, 403, 404, 404, 404, 403, 403, 401, 401, 404, 403}},
    {"GET", "/api/v1/accounts/2", "",                                  {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"POST", "/api/v1/accounts/2/warn", R"({"text":"x"})",             {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"POST", "/api/v1/accounts/3/warn", R"({"text":"x"})",             {401, 403, 403, 403, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"POST", "/api/v1/accounts/2/ban", R"({"reason":"x"})",            {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"POST", "/api/v1/accounts/3/ban", R"({"reason":"x","roll_back":{"canvas":"main"}})",
                                                                       {401, 403, 403, 403, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"GET", "/api/v1/canvases/main/accounts/2/placements.png", "",     {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"GET", "/api/v1/canvases/main/accounts/2/activity", "",           {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"GET", "/api/v1/canvases/main/automation", "",                    {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 200, 403}},
    {"GET", "/api/v1/server/history", "",                              {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 403, 403}},
    {"GET", "/api/v1/server/state", "",                                {401, 403, 403, 200, 200, 200, 403, 403, 401, 401, 403, 403}},
    // clang-format on
};

std::string path_of(const Row& row) { return std::string(row.target).substr(0, std::string_view(row.target).find('?')); }

std::vector<NamedValue> shown_by(ApiFixture& api, const std::string& who) {
  if (who == "nobody") return {};
  if (who == "guest") return ApiFixture::bearer(api.sign_in("ann"));
  if (who == "owner") return ApiFixture::bearer(ApiFixture::owner_token);
  return ApiFixture::bearer(ApiFixture::token_of(who));
}

}  // namespace

TEST_CASE("Routes: who may call what") {
  for (const Row& row : matrix)
    for (std::size_t i = 0; i < std::size(callers); ++i) {
      ApiFixture api({.canvases = {{"main", {300, 200}}, {"other", {30, 20}}}, .plain_reads = std::nullopt, .audit_reads = std::nullopt, .people = true, .discord = true});
      auto headers = shown_by(api, callers[i]);
      headers.emplace_back("if-match", "*");
      if (std::string_view(row.body).starts_with("do=")) headers.emplace_back("content-type", "application/x-www-form-urlencoded");
      const Answer answer = api.ask(row.method, row.target, row.body, headers);
      CAPTURE(std::string(row.method) + " " + row.target + " by " + callers[i]);
      CAPTURE(answer.body());
      CHECK(answer.status() == row.answers[i]);
      if (answer.status() == 401) CHECK(answer.code() == (i == 0 ? "not_signed_in" : "bad_token"));
    }
}

TEST_CASE("Routes: whoever is banned is told so, wherever it counts") {
  ApiFixture api({.people = true});
  const auto banned = ApiFixture::bearer(ApiFixture::token_of("banned"));
  CHECK(api.ask("POST", "/api/v1/canvases/main/placements", one_cell, banned).code() == "banned");
  CHECK(api.get("/api/v1/accounts", banned).code() == "banned");
  CHECK(api.get("/api/v1/accounts", banned).json()["detail"] == "this account is banned: drew over others");
  CHECK(api.ask("POST", "/api/v1/accounts/5/tokens", bot_body, banned).code() == "banned");
  const auto me = api.get("/auth/me", banned).json();
  CHECK(me["reason"] == "drew over others");
  CHECK(me.contains("banned_until"));
  CHECK_FALSE(api.get("/auth/me", ApiFixture::bearer(ApiFixture::token_of("member"))).json().contains("reason"));
}

TEST_CASE("Routes: the table above knows every route") {
  ApiFixture api;
  for (const Route& route : api.api().router().routes()) {
    bool known = false;
    for (const Row& row : matrix)
      known = known || api.api().router().find(row.method, path_of(row)) == &route;
    CAPTURE(std::string(name_of(route.method)) + " " + route.pattern);
    CHECK(known);
  }
}

TEST_CASE("Routes: every refusal is a problem with a stable code") {
  ApiFixture api;
  struct Wrong {
    const char* method;
    const char* target;
    unsigned status;
    const char* code;
  };
  const Wrong wrongs[] = {
      {"GET", "/api/v1/nothing", 404, "not_found"},
      {"GET", "/api/v1/canvases/nope", 404, "not_found"},
      {"GET", "/api/v1/canvases/NOPE", 404, "not_found"},
      {"DELETE", "/api/v1/server", 405, "method"},
      {"GET", "/api/v1/canvases?limit=0", 400, "invalid"},
      {"GET", "/api/v1/canvases?after=-", 400, "invalid"},
      {"GET", "/api/v1/canvases/main/cells/300/0", 404, "out_of_bounds"},
      {"GET", "/api/v1/canvases/main/cells/0/200/history", 404, "out_of_bounds"},
      {"GET", "/api/v1/canvases/main/cells/99999/0", 400, "invalid"},
      {"GET", "/api/v1/canvases/main/cells/-1/0", 400, "invalid"},
      {"GET", "/api/v1/canvases/main/tiles/2/0/0", 404, "out_of_bounds"},
      {"GET", "/api/v1/canvases/main/tiles/0/0/1", 404, "not_found"},
      {"GET", "/api/v1/canvases/main/tiles/0/0/0?epoch=0123456789abcdef", 410, "gone"},
      {"GET", "/api/v1/canvases/main/image.png?at=1", 404, "not_found"},
      {"GET", "/api/v1/canvases/main/image.png?at=1999-01-01T00:00:00Z", 404, "not_found"},
      {"GET", "/api/v1/canvases/main/image.png?region=299,0,2,1", 400, "out_of_bounds"},
      {"GET", "/api/v1/canvases/main/image.png?at=0&region=299,0,2,1", 400, "out_of_bounds"},
      {"GET", "/api/v1/canvases/main/image.png?scale=64", 413, "too_large"},
      {"GET", "/api/v1/canvases/main/image.png?scale=65", 400, "invalid"},
      {"GET", "/api/v1/canvases/main/placements?limit=10001", 400, "invalid"},
      {"GET", "/api/v1/canvases/main/bitmap?scale=1", 400, "invalid"},
  };
  for (const Wrong& wrong : wrongs) {
    CAPTURE(std::string(wrong.method) + " " + wrong.target);
    const Answer answer = api.ask(wrong.method, wrong.target);
    CHECK(answer.status() == wrong.status);
    CHECK(answer.code() == wrong.code);
    CHECK(answer.header("Content-Type") == "application/problem+json");
    const auto json = answer.json();
    for (const char* member : {"type", "title", "status", "detail", "code"}) CHECK(json.contains(member));
    CHECK(json["status"] == wrong.status);
  }
}

TEST_CASE("Routes: a body with a Content-Encoding is refused by name, and what would be read is told") {
  ApiFixture api;
  for (const char* coding : {"gzip", "br", "GZIP", "identity, gzip"}) {
    const Answer answer = api.ask("POST", "/auth/guest", "\x1f\x8b", {{"content-type", "application/json"}, {"content-encoding", coding}});
    CAPTURE(coding);
    CHECK(answer.status() == 415);
    CHECK(answer.code() == "unsupported");
    CHECK(answer.header("Accept-Encoding") == "identity");
  }
  for (const char* coding : {"identity", "Identity", ""})
    CHECK_MESSAGE(api.ask("POST", "/auth/guest", R"({"name":"ann"})", {{"content-encoding", coding}}).status() == 201, coding);
  CHECK(api.ask("POST", "/auth/guest", "name=ann", {{"content-type", "text/plain"}}).header("Accept-Encoding") == "");
}

TEST_CASE("Routes: a name that others point at this server is refused, an address is not") {
  ApiFixture api;
  CHECK(api.get("/api/v1/server", {{"host", "evil.example"}}).code() == "bad_host");
  CHECK(api.ask("POST", "/auth/guest", R"({"name":"x"})", {{"host", "evil.example"}}).status() == 403);
  CHECK(api.get("/api/v1/server", {{"host", "[::1]:7878"}}).status() == 200);
  CHECK(api.get("/api/v1/server", {{"host", "canvas.test"}}).status() == 200);
}

TEST_CASE("Routes: what the API owns is never looked for among files") {
  ApiFixture api;
  for (const char* path : {"/api/v1/x", "/auth/x", "/canvas", "/canvas/image", "/healthz", "/api", "/auth"}) CHECK_MESSAGE(api.api().owns(path), path);
  for (const char* path : {"/", "/index.html", "/canvas/x", "/apix"}) CHECK_MESSAGE(!api.api().owns(path), path);
}

TEST_CASE("Server: tells its version, how to sign in, and its canvases, the default one first") {
  ApiFixture api({.canvases = {{"second", {10, 10}}, {"first", {20, 10}}}});
  const auto json = api.get("/api/v1/server").json();
  CHECK(json["name"] == "Test");
  CHECK(json["version"] == "1.2.3");
  CHECK(json["sign_in"] == nlohmann::json{"guest"});
  CHECK(json["default_canvas"] == "second");
  CHECK(json["canvases"].size() == 2);
  CHECK(json["limits"]["plain_reads_per_minute"] == 10);
}

TEST_CASE("Canvases: each as the interface says, in pages by name") {
  ApiFixture api({.canvases = {{"b", {10, 20}}, {"a", {30, 40}}, {"c", {5, 5}}}});
  const auto first = api.get("/api/v1/canvases?limit=2").json();
  REQUIRE(first["items"].size() == 2);
  CHECK(first["items"][0]["name"] == "a");
  CHECK(first["next"] == "b");
  const auto second = api.get("/api/v1/canvases?limit=2&after=b").json();
  CHECK(second["items"].size() == 1);
  CHECK(second["next"].is_null());

  const Answer answer = api.get("/api/v1/canvases/b");
  CHECK(answer.header("ETag") == "\"1\"");
  const auto canvas = answer.json();
  CHECK(canvas["width"] == 10);
  CHECK(canvas["height"] == 20);
  CHECK(canvas["palette"].size() == 32);
  CHECK(canvas["palette"][2] == nlohmann::json{{"color", "#FF4500"}, {"name", "Orange red"}, {"retired", false}});
  CHECK(canvas["policy"].dump() == R"({"burst":20,"cooldown_ms":0,"guests":true,"per_minute":100,"per_second":10,"roles":{}})");
  CHECK(canvas["access"] == "open");
  CHECK(canvas["paused"] == false);
  CHECK(canvas["epoch"].get<std::string>().size() == 16);
  CHECK(canvas["seq"] == 0);
  CHECK(canvas["online"] == 0);
  CHECK(canvas["version"] == 1);
}

TEST_CASE("Canvases: a number that is no limit is null") {
  ApiFixture api({.limits = {.per_second = std::nullopt, .burst = 0, .per_minute = std::nullopt, .cooldown_ms = 0}});
  const auto policy = api.get("/api/v1/canvases/main").json()["policy"];
  CHECK(policy["per_second"].is_null());
  CHECK(policy["burst"].is_null());
  CHECK(policy["per_minute"].is_null());
}

TEST_CASE("Plain routes: ten reads of the canvas a minute and address") {
  ApiFixture api;
  for (int i = 0; i < 10; ++i) CHECK(api.get(i % 2 == 0 ? "/canvas" : "/canvas/image").status() == 200);
  const Answer refused = api.get("/canvas");
  CHECK(refused.status() == 429);
  CHECK(refused.header("Retry-After") == "60");
  CHECK(api.get("/palette").json()["colors"][31] == "#FFFFFF");
  CHECK(api.get("/api/v1/canvases/main/bitmap").status() == 200);
  api.peer = "192.0.2.7";
  CHECK(api.get("/canvas").status() == 200);
  api.peer = "127.0.0.1";
  api.read_clock.advance(std::chrono::seconds(60));
  CHECK(api.get("/canvas").status() == 200);
}
