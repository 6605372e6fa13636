#include "server/http/page.h"

#include <set>

#include <doctest/doctest.h>

#include "server/http/form_body.h"
#include "shared/base/text.h"

using namespace tessera;

namespace {

PageLanguage language_of(const char* header) {
  HttpRequest request;
  if (header) request.headers.emplace_back("accept-language", header);
  return page_language(request);
}

std::string text_of(const HttpResponse& response) { return std::string(as_text(*response.body)); }

std::string header_of(const HttpResponse& response, std::string_view name) {
  for (const auto& [each, value] : response.headers)
    if (each == name) return value;
  return {};
}

/// The places of a text: `{0}{1}`.
std::set<std::string> places(const std::string& text) {
  std::set<std::string> found;
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) found.insert(text.substr(at, 3));
  return found;
}

}  // namespace

TEST_CASE("Page: the language that is wanted more, English where neither is") {
  for (const char* header : {"fr", "fr-FR", "FR-ca, en;q=0.9", "en;q=0.8,fr;q=0.9", "de, fr;q=0.4", "fr ; q=0.5"})
    CHECK_MESSAGE(language_of(header) == PageLanguage::French, header);
  for (const char* header : {"", "en", "en-GB,fr;q=0.9", "de", "fr;q=0", "fr;q=0.3,en;q=0.7", "frisian", "fry,de", "*", "fr;level=1", ",;,", "fr;q=nan"})
    CHECK_MESSAGE(language_of(header) == PageLanguage::English, header);
  CHECK(language_of(nullptr) == PageLanguage::English);
}

TEST_CASE("Page: every text stands in both languages, with the same places to fill") {
  for (std::size_t i = 0; i < page_text_count; ++i) {
    const auto text = static_cast<PageText>(i);
    const std::vector<std::string> same{"{0}", "{1}", "{2}", "{3}"};
    const std::string english = page_text(PageLanguage::English, text, same), french = page_text(PageLanguage::French, text, same);
    CAPTURE(english);
    CHECK(!english.empty());
    CHECK(!french.empty());
    CHECK(is_utf8(french));
    CHECK(places(english) == places(french));
    for (const char* sign : {" :", " ;", " ?", " !", "'", "\""}) CHECK_MESSAGE(french.find(sign) == std::string::npos, french);
  }
  CHECK(page_text(PageLanguage::French, PageText::BannedReason, {"x"}) == "Motif\u00A0: x");
}

TEST_CASE("Page: whatever is put into it stays text") {
  Html html;
  html.add("<p title=\"").text("\"><script>alert('&')</script>").add("\">");
  CHECK(html.str() == "<p title=\"&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;\">");
  Page page(PageLanguage::English, "<i>Tessera</i>", Page::Mood::Bad, PageText::BannedTitle);
  page.paragraph(PageText::BannedReason, {"</p><script>"}).button(PageText::TryAgain, "/?a=\"&b=<");
  const std::string text = text_of(page.answer(403));
  CHECK(text.find("<script") == std::string::npos);
  CHECK(text.find("<i>Tessera") == std::string::npos);
  CHECK(text.find("href=\"/?a=&quot;&amp;b=&lt;\"") != std::string::npos);
}

TEST_CASE("Page: its policy lets in its own style by its hash and nothing else") {
  const HttpResponse response = Page(PageLanguage::French, "Tessera", Page::Mood::Good, PageText::ConnectedTitle).answer(200);
  const std::string policy = header_of(response, "Content-Security-Policy");
  CHECK(policy.starts_with("default-src 'none'; style-src 'sha256-"));
  CHECK(policy.find("unsafe") == std::string::npos);
  CHECK(header_of(response, "Content-Type") == "text/html; charset=utf-8");
  CHECK(header_of(response, "Cache-Control") == "no-store");
  CHECK(header_of(response, "Referrer-Policy") == "same-origin");
  CHECK(text_of(response).find("<html lang=\"fr\">") != std::string::npos);
  CHECK(text_of(response).find(" style=") == std::string::npos);
}

TEST_CASE("Page: the main button stands out") {
  Page page(PageLanguage::English, "Tessera", Page::Mood::Plain, PageText::DeniedTitle);
  const std::string text = text_of(page.main_button(PageText::TryAgain, "/a").button(PageText::BackToCanvas, "/b").answer(403));
  CHECK(text.find("class=\"button main\" href=\"/a\"") != std::string::npos);
  CHECK(text.find("class=\"button\" href=\"/b\"") != std::string::npos);
}

TEST_CASE("Form body: fields as texts; what is twice, half or not UTF-8 is refused") {
  CHECK(parse_form_body("a=1&b=x+y").value() == nlohmann::json{{"a", "1"}, {"b", "x y"}});
  CHECK(parse_form_body("").value().is_object());
  for (const char* wrong : {"a=1&a=2", "a=%", "a=%ff", "%ff=a"}) CHECK_MESSAGE(!parse_form_body(wrong).ok(), wrong);
}
