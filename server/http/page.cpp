#include "server/http/page.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "server/http/page_style.h"
#include "shared/base/ascii.h"
#include "shared/base/wording.h"

namespace tessera {
namespace {

struct Entry {
  const char* english;
  const char* french;
};
constexpr Entry entries[] = {
#define TEXT(name, english, french) {english, french},
#include "server/http/page_texts.inc"
#undef TEXT
};

/// How much an item such as `fr-CA;q=0.8` is wanted.
double weight_of(std::string_view item) {
  const std::size_t semicolon = item.find(';');
  if (semicolon == std::string_view::npos) return 1;
  const std::string_view quality = trimmed(item.substr(semicolon + 1));
  return quality.starts_with("q=") ? std::strtod(std::string(quality.substr(2)).c_str(), nullptr) : 0;
}

bool is_language(std::string_view range, std::string_view language) {
  return range == language || (range.starts_with(language) && range.size() > language.size() && range[language.size()] == '-');
}

std::string base64(const std::array<unsigned char, SHA256_DIGEST_LENGTH>& hash) {
  std::array<unsigned char, 4 * ((SHA256_DIGEST_LENGTH + 2) / 3) + 1> text{};
  EVP_EncodeBlock(text.data(), hash.data(), static_cast<int>(hash.size()));
  return reinterpret_cast<const char*>(text.data());
}

std::string make_policy() {
  const std::string_view style = page_style;
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256(reinterpret_cast<const unsigned char*>(style.data()), style.size(), hash.data());
  return "default-src 'none'; style-src 'sha256-" + base64(hash) +
         "'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

const std::string& policy() {
  static const std::string text = make_policy();
  return text;
}

}  // namespace

PageLanguage page_language(const HttpRequest& request) {
  const std::string* header = request.header("accept-language");
  double english = 0, french = 0;
  std::string_view rest = header ? std::string_view(*header) : std::string_view{};
  while (!rest.empty()) {
    const std::string_view item = next_item(rest);
    const std::string range = lower_case(trimmed(item.substr(0, item.find(';'))));
    if (is_language(range, "en")) english = std::max(english, weight_of(item));
    if (is_language(range, "fr")) french = std::max(french, weight_of(item));
  }
  return french > english ? PageLanguage::French : PageLanguage::English;
}

std::string page_text(PageLanguage language, PageText text, const std::vector<std::string>& values) {
  const Entry& entry = entries[static_cast<std::size_t>(text)];
  return filled(language == PageLanguage::French ? french_spaces(entry.french) : std::string(entry.english), values);
}

Html& Html::text(std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': out_ += "&amp;"; break;
      case '<': out_ += "&lt;"; break;
      case '>': out_ += "&gt;"; break;
      case '"': out_ += "&quot;"; break;
      case '\'': out_ += "&#39;"; break;
      default: out_ += c;
    }
  }
  return *this;
}

Page::Page(PageLanguage language, std::string server, Mood mood, PageText title)
    : language_(language), server_(std::move(server)), mood_(mood), title_(page_text(language, title)) {}

Page& Page::paragraph(PageText text, const std::vector<std::string>& values) {
  body_.add("<p>").text(say(text, values)).add("</p>\n");
  return *this;
}

Page& Page::complaint(PageText text, const std::vector<std::string>& values) {
  body_.add("<p class=\"bad\" role=\"alert\">").text(say(text, values)).add("</p>\n");
  return *this;
}

Page& Page::button(PageText text, std::string_view address, Html::Literal look) {
  body_.add("<a class=\"button").add(look).add("\" href=\"").text(address).add("\">").text(say(text)).add("</a>\n");
  return *this;
}

Page& Page::add(const Html& html) {
  body_.add(html);
  return *this;
}

HttpResponse Page::answer(unsigned status) const {
  Html html;
  html.add("<!doctype html>\n<html lang=\"").add(language_ == PageLanguage::French ? Html::Literal("fr") : Html::Literal("en"));
  html.add("\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
  html.add("<meta name=\"robots\" content=\"noindex\">\n<title>").text(title_).add(" · ").text(server_).add("</title>\n");
  html.add("<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n<style>").add(page_style).add("</style>\n</head>\n");
  html.add("<body>\n<main>\n<header><i aria-hidden=\"true\"><b></b><b></b><b></b><b></b></i><bdi>").text(server_).add("</bdi></header>\n");
  if (mood_ == Mood::Good)
    html.add("<svg class=\"good\" viewBox=\"0 0 32 32\" aria-hidden=\"true\"><circle cx=\"16\" cy=\"16\" r=\"14\"/><path d=\"M10 16.5l4 4 8-9\"/></svg>\n");
  if (mood_ == Mood::Warn || mood_ == Mood::Bad)
    html.add("<svg class=\"").add(mood_ == Mood::Warn ? Html::Literal("warn") : Html::Literal("bad")).add("\" viewBox=\"0 0 32 32\" aria-hidden=\"true\"><circle cx=\"16\" cy=\"16\" r=\"14\"/><path d=\"M16 9v8M16 22.5v.01\"/></svg>\n");
  html.add("<h1>").text(title_).add("</h1>\n").add(body_).add("</main>\n</body>\n</html>\n");

  HttpResponse response;
  response.status = status;
  response.add("Content-Type", "text/html; charset=utf-8");
  response.add("Content-Language", language_ == PageLanguage::French ? "fr" : "en");
  response.add("Cache-Control", "no-store");
  response.add("Vary", "Accept-Language, Cookie");
  response.add("Content-Security-Policy", policy());
  // Not no-referrer: with that, browsers send forms of this very page with the origin `null`.
  response.add("Referrer-Policy", "same-origin");
  response.add("Cross-Origin-Opener-Policy", "same-origin");
  response.body = shared_bytes(html.str());
  return response;
}

}  // namespace tessera
