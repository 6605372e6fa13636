#include "app/net/http_client.h"

#include <emscripten.h>

#include <cstdlib>

// Calls tessera_http_answered(done, status, text) when the browser has the answer; the text is freed there.
EM_JS(void, tessera_http_ask, (const char* method, const char* url, const char* bearer, const char* json, int seconds, void* done), {
  const headers = {'Accept': 'application/json, application/problem+json'};
  const body = UTF8ToString(json);
  const token = UTF8ToString(bearer);
  if (body) headers['Content-Type'] = 'application/json';
  if (token) headers['Authorization'] = 'Bearer ' + token;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  const answered = (status, text) => {
    clearTimeout(timer);
    _tessera_http_answered(done, status, allocateUTF8(text));
  };
  fetch(UTF8ToString(url), {
    method: UTF8ToString(method), headers, body: body || undefined,
    credentials: 'same-origin', cache: 'no-store', signal: stop.signal
  }).then(answer => answer.text().then(text => [answer.status, text]))
    .then(([status, text]) => answered(status, text), () => answered(0, ""));
});

extern "C" EMSCRIPTEN_KEEPALIVE void tessera_http_answered(tessera::HttpClient::Done* done, int status, char* text) {
  (*done)({status, text});
  std::free(text);
  delete done;
}

namespace tessera {

HttpClient::HttpClient(NetLoop& loop) : loop_(loop) {}
HttpClient::~HttpClient() = default;

void HttpClient::request(WebRequest request, Done done) {
  static_cast<void>(loop_);
  tessera_http_ask(request.method.c_str(), request.url.c_str(), request.bearer.c_str(), request.json.c_str(),
                   timeout_seconds, new Done(std::move(done)));
}

}  // namespace tessera
