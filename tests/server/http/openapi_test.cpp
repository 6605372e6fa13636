#include <map>
#include <set>

#include "shared/base/percent.h"
#include "tests/support/api_fixture.h"
#include "tests/support/schema_check.h"

using namespace tessera;

namespace {

using json = nlohmann::json;

constexpr const char* json_media = "application/json";
constexpr const char* form_media = "application/x-www-form-urlencoded";

/// Where only what somebody did before makes it go well: another status than a good one, whoever asks.
const std::map<std::string, unsigned> without_a_past{
    {"GET /auth/discord/callback", 400}, {"POST /auth/device/token", 400}, {"POST /auth/device/verify", 403}};

/// What makes a thing where there is none yet, as at the start of a walk: an `If-Match`, which names one, is refused there.
const std::set<std::string> makes_without_version{"PUT /api/v1/canvases/{canvas}/grants/{account}"};

/// One operation of the document, with what is needed to call it rightly and wrongly.
struct Operation {
  std::string path, method;
  json about;

  std::string who() const { return about["x-tessera-who"]; }
  json parameters() const { return about.value("parameters", json::array()); }
  bool takes(const char* media) const { return about.contains("requestBody") && about["requestBody"]["content"].contains(media); }
  /// The address with each example in place; `name` (if any) with `value` instead.
  std::string target(const std::string& name = {}, const std::string& value = {}) const {
    std::string out = path;
    std::string query;
    for (const json& parameter : parameters()) {
      const std::string own = parameter["name"];
      const std::string text = own == name ? value : parameter["example"].get<std::string>();
      if (parameter["in"] == "header") continue;
      if (parameter["in"] == "path") {
        out.replace(out.find("{" + own + "}"), own.size() + 2, text);
      } else if (own == name) {
        query = "?" + own + "=" + text;
      }
    }
    return out + query;
  }
};

/// Walks the document of a server with two rows of pixels, and holds every answer against it.
class Walk {
 public:
  Walk() : fixture_(ApiOptions{.canvases = {{"main", {300, 200}}, {"spare", {30, 20}}}, .plain_reads = std::nullopt, .audit_reads = std::nullopt, .people = true, .discord = true}), document_(fixture_.get("/api/v1/openapi.json").json()), check_(document_) {
    fixture_.place(fixture_.sign_in("painter"), R"([{"x":0,"y":0,"color":3},{"x":1,"y":0,"color":4}])");
    for (const auto& [path, methods] : document_["paths"].items())
      for (const auto& [method, about] : methods.items()) {
        std::string upper = method;
        for (char& c : upper) c = static_cast<char>(std::toupper(c));
        operations_.push_back({path, upper, about});
      }
  }

  const std::vector<Operation>& operations() const { return operations_; }
  ApiFixture& fixture() { return fixture_; }
  const json& document() const { return document_; }

  const json& body_schema(const Operation& operation) const {
    const json& content = operation.about["requestBody"]["content"];
    const std::string name = content.begin().value()["schema"]["$ref"];
    return document_.at(json::json_pointer(name.substr(1)));
  }
  std::string body_of(const Operation& operation) const {
    if (operation.takes(json_media)) return body_schema(operation)["example"].dump();
    std::string form;
    if (operation.takes(form_media))
      for (const auto& [name, value] : body_schema(operation)["example"].items())
        form += (form.empty() ? "" : "&") + name + "=" + percent_encode(value.get<std::string>());
    return form;
  }
  bool all_optional(const Operation& operation) const { return body_schema(operation)["required"].empty(); }

  /// Asks, and checks that the answer is one that the document tells of; the answer's status.
  unsigned ask(const Operation& operation, const std::string& target, const std::string& body, std::vector<NamedValue> headers = {}) {
    for (const json& parameter : operation.parameters())
      if (parameter["in"] == "header" && !makes_without_version.contains(operation.method + " " + operation.path)) headers.emplace_back("if-match", "*");
    if (operation.takes(form_media) && !operation.takes(json_media)) headers.emplace_back("content-type", form_media);
    const Answer answer = fixture_.ask(operation.method, target, body, headers);
    const std::string asked = operation.method + " " + target + " " + body;
    CAPTURE(asked);
    CAPTURE(answer.status());
    CAPTURE(answer.body());
    const json responses = operation.about["responses"];
    const std::string status = std::to_string(answer.status());
    REQUIRE(responses.contains(status));
    const json content = responses[status].value("content", json::object());
    const std::string type = answer.header("Content-Type");
    CHECK((content.empty() ? type.empty() : content.contains(type)));
    if (content.contains(type) && content[type].contains("schema")) CHECK(check_.wrong(content[type]["schema"], answer.json()) == "");
    return answer.status();
  }

 private:
  ApiFixture fixture_;
  json document_;
  SchemaCheck check_;
  std::vector<Operation> operations_;
};

/// A value that this parameter refuses; empty where it takes any text.
std::string wrong_value(const json& parameter) {
  const json& schema = parameter["schema"];
  if (parameter["in"] == "header") return {};
  if (schema["type"] == "integer" || schema["type"] == "boolean") return "-1";
  if (schema.contains("pattern")) return "NO*";
  return parameter["name"] == "at" ? "yesterday" : std::string{};
}

}  // namespace

TEST_CASE("OpenAPI: every route answers every role as its document says") {
  const std::vector<std::string> roles{"guest", "member", "moderator", "admin", "owner"};
  const std::size_t operations = Walk().operations().size();
  CHECK(operations >= 38);
  for (std::size_t i = 0; i < operations; ++i) {
    Walk walk;
    const Operation& operation = walk.operations()[i];
    const std::string who = operation.who(), target = operation.target(), body = walk.body_of(operation);
    CAPTURE(operation.method + " " + target);
    const bool open = who == "anyone" || who == "regardless";
    const auto as = [&](const std::string& token) {
      return walk.ask(operation, target, body, token.empty() ? std::vector<NamedValue>{} : ApiFixture::bearer(token));
    };
    const unsigned nobody_status = as("");
    if (const auto known = without_a_past.find(operation.method + " " + operation.path); known != without_a_past.end()) {
      CHECK(nobody_status == known->second);
      CHECK(as(ApiFixture::owner_token) == known->second);
      continue;
    }
    CHECK((open ? nobody_status < 400 : nobody_status == 401));
    for (const std::string& token : {std::string("a token that nobody was ever given"), ApiFixture::token_of("expired")}) {
      const unsigned status = as(token);
      CHECK((who == "regardless" ? status < 400 : status == 401));
    }
    for (std::size_t role = 0; role < roles.size(); ++role) {
      CAPTURE(roles[role]);
      const unsigned status = as(role == 0             ? walk.fixture().sign_in("ann")
                                 : role + 1 == roles.size() ? std::string(ApiFixture::owner_token)
                                                            : ApiFixture::token_of(roles[role]));
      const auto least = std::find(roles.begin(), roles.end(), who) - roles.begin();
      if (open) CHECK((status < 400 || (status == 403 && operation.path == "/auth/device/verify")));  // no app is signed in by the owner's own token
      else if (who == "account") CHECK(status != 401);  // what it is asked for may be another's, or not be there
      else if (static_cast<std::size_t>(least) > role) CHECK(status == 403);
      else CHECK((status < 300 || status == 404 || status == 409));
    }
    const unsigned banned = as(ApiFixture::token_of("banned"));
    if (!open && who != "account") CHECK(banned == 403);
    const unsigned bot = as(ApiFixture::token_of("bot"));  // may place, and nothing else
    const bool may = open || (who == "account" && operation.about.value("x-tessera-scope", "place") == "place");
    CHECK((may && operation.path != "/auth/device/verify" ? bot != 403 : bot == 403));  // no app is signed in as a bot
  }
}

TEST_CASE("OpenAPI: every route refuses wrong input as its document says, and changes nothing") {
  Walk walk;
  const std::string before = walk.fixture().get("/api/v1/canvases/main/placements").body();
  for (const Operation& operation : walk.operations()) {
    const std::string who = operation.who();
    const bool staff = who == "moderator" || who == "admin" || who == "owner";
    const auto token = ApiFixture::bearer(staff ? std::string(ApiFixture::owner_token) : walk.fixture().sign_in("ann"));
    const std::string body = walk.body_of(operation);
    for (const json& parameter : operation.parameters()) {
      const std::string wrong = wrong_value(parameter);
      if (wrong.empty()) continue;
      const unsigned status = walk.ask(operation, operation.target(parameter["name"], wrong), body, token);
      const bool in_path = parameter["in"] == "path";
      CHECK((status == 400 || (in_path && status == 404)));
    }
    if (operation.path.starts_with("/api/v1/canvases")) CHECK(walk.ask(operation, operation.target() + "?nonsense=1", body, token) == 400);
    if (!operation.takes(json_media)) continue;
    for (const std::string& wrong : {std::string("[]"), std::string("{}"), std::string("{\"other\":1}"), std::string("{"), std::string(40, '[')}) {
      if (wrong == "{}" && walk.all_optional(operation)) continue;
      CHECK(walk.ask(operation, operation.target(), wrong, token) == 400);
    }
    auto as_form = token;
    as_form.emplace_back("content-type", "application/x-www-form-urlencoded");
    if (!operation.takes(form_media)) CHECK(walk.ask(operation, operation.target(), body, as_form) == 415);
    auto packed = token;
    packed.emplace_back("content-encoding", "gzip");
    CHECK(walk.ask(operation, operation.target(), body, packed) == 415);
    CHECK(walk.ask(operation, operation.target(), std::string(1u << 20, ' '), token) == 413);
  }
  CHECK(walk.fixture().get("/api/v1/canvases/main/placements").body() == before);
}

TEST_CASE("OpenAPI: the document is whole: names resolve, addresses and their parameters agree, words are of its list") {
  Walk walk;
  const json& schemas = walk.document()["components"]["schemas"];
  const auto resolves = [&](auto& self, const json& part) -> void {
    if (part.is_object() && part.contains("$ref")) {
      const std::string name = part["$ref"];
      CAPTURE(name);
      CHECK(walk.document().contains(json::json_pointer(name.substr(1))));
    }
    if (part.is_structured())
      for (const json& each : part) self(self, each);
  };
  resolves(resolves, walk.document());
  CHECK(walk.document()["openapi"] == "3.1.0");
  CHECK(schemas["Problem"]["properties"]["code"]["enum"].size() >= 20);
  for (const Operation& operation : walk.operations()) {
    CAPTURE(operation.path);
    CHECK(operation.target().find('{') == std::string::npos);
    CHECK_FALSE(operation.about["summary"].get<std::string>().empty());
    bool good = false;
    for (const auto& [status, response] : operation.about["responses"].items()) good = good || status < "400";
    CHECK(good);
  }
  SchemaCheck check(walk.document());
  CHECK(check.wrong(schemas["Account"], json{{"id", 1}, {"name", "a"}, {"kind", "guest"}, {"role", "king"}}) != "");
  CHECK(check.wrong(schemas["Account"], json{{"id", 0}, {"name", "a"}, {"kind", "guest"}, {"role", "guest"}}) != "");
  CHECK(check.wrong(schemas["Account"], json{{"id", 1}, {"name", "a"}, {"kind", "guest"}}) != "");
}

TEST_CASE("OpenAPI: what may answer 412 or 428 takes If-Match, and what takes If-Match may answer both") {
  Walk walk;
  std::size_t with_version = 0, always = 0;
  for (const Operation& operation : walk.operations()) {
    CAPTURE(operation.method + " " + operation.path);
    const json parameters = operation.parameters();
    const auto header = std::find_if(parameters.begin(), parameters.end(), [](const json& each) { return each["in"] == "header" && each["name"] == "If-Match"; });
    const bool takes = header != parameters.end();
    CHECK(operation.about["responses"].contains("412") == takes);
    CHECK(operation.about["responses"].contains("428") == takes);
    if (!takes) continue;
    ++with_version;
    if (!(*header)["required"].get<bool>()) continue;
    ++always;
    Answer without = walk.fixture().ask(operation.method, operation.target(), walk.body_of(operation), ApiFixture::bearer(ApiFixture::owner_token));
    CHECK((without.status() == 428 || without.status() == 404));
  }
  CHECK(with_version >= 10);
  CHECK(always == with_version - 2);  // a canvas is paused without one, a role given
}

TEST_CASE("API: figures are for this machine and for admins, and never for other pages") {
  ApiFixture fixture;
  CHECK(fixture.get("/metrics").status() == 200);
  CHECK(fixture.get("/metrics").header("Access-Control-Allow-Origin") == "");
  fixture.peer = "192.0.2.7";
  CHECK(fixture.get("/metrics").code() == "forbidden");
  CHECK(fixture.get("/metrics", ApiFixture::bearer(fixture.sign_in("ann"))).status() == 403);
  CHECK(fixture.get("/metrics", ApiFixture::bearer(ApiFixture::owner_token)).status() == 200);
}

TEST_CASE("API: pages of any origin may read what is public, and nothing else") {
  ApiFixture fixture;
  const std::vector<NamedValue> elsewhere{{"origin", "https://elsewhere.example"}};
  CHECK(fixture.get("/api/v1/canvases/main", elsewhere).header("Access-Control-Allow-Origin") == "*");
  CHECK(fixture.get("/api/v1/canvases/none", elsewhere).header("Access-Control-Allow-Origin") == "*");
  CHECK(fixture.get("/auth/me", elsewhere).header("Access-Control-Allow-Origin") == "");
  const auto preflight = [&](const std::string& target, const std::string& method) {
    return fixture.ask("OPTIONS", target, {}, {{"origin", "https://elsewhere.example"}, {"access-control-request-method", method}});
  };
  CHECK(preflight("/api/v1/canvases/main/image.png", "GET").status() == 204);
  CHECK(preflight("/api/v1/canvases/main/image.png", "GET").header("Access-Control-Allow-Headers") == "Authorization, If-None-Match");
  CHECK(preflight("/api/v1/canvases/main/placements", "POST").status() == 405);
  CHECK(preflight("/auth/me", "GET").status() == 405);
  CHECK(preflight("/nowhere", "GET").status() == 404);
}
