#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/core/http.h"

/// The server's own pages: where a person is in a browser and the app is not there to speak. Plain HTML without scripts.
namespace tessera {

enum class PageLanguage : std::uint8_t { English, French };

/// By `Accept-Language` (RFC 9110, 12.5.4): whichever of the two is wanted more; English where it says nothing of them.
PageLanguage page_language(const HttpRequest& request);

/// The texts of the pages; `page_texts.inc` has both languages side by side.
enum class PageText : std::uint16_t {
#define TEXT(name, english, french) name,
#include "server/http/page_texts.inc"
#undef TEXT
};
inline constexpr std::size_t page_text_count = 0
#define TEXT(name, english, french) +1
#include "server/http/page_texts.inc"
#undef TEXT
    ;
std::string page_text(PageLanguage language, PageText text, const std::vector<std::string>& values = {});

/// HTML that grows: what is written in the code stands as it is, everything else is escaped.
class Html {
 public:
  /// A text of the code itself; none that was put together at run time compiles.
  class Literal {
   public:
    consteval Literal(const char* text) : text_(text) {}
    std::string_view text() const { return text_; }

   private:
    std::string_view text_;
  };

  Html& add(Literal literal) {
    out_ += literal.text();
    return *this;
  }
  Html& add(const Html& part) {
    out_ += part.out_;
    return *this;
  }
  /// Between tags, or between the double quotes of an attribute.
  Html& text(std::string_view text);
  const std::string& str() const { return out_; }

 private:
  std::string out_;
};

/// One page: a card with the server's name, a title, and what follows it.
class Page {
 public:
  enum class Mood : std::uint8_t {
    Plain,
    Good,
    Warn,  ///< it will pass
    Bad,
  };

  Page(PageLanguage language, std::string server, Mood mood, PageText title);

  std::string say(PageText text, const std::vector<std::string>& values = {}) const { return page_text(language_, text, values); }

  Page& paragraph(PageText text, const std::vector<std::string>& values = {});
  /// What went wrong with what somebody typed.
  Page& complaint(PageText text, const std::vector<std::string>& values = {});
  /// A link that looks like a button. The main one stands out: what most people will want to do next.
  Page& main_button(PageText text, std::string_view address) { return button(text, address, " main"); }
  Page& button(PageText text, std::string_view address) { return button(text, address, ""); }
  Page& add(const Html& html);

  HttpResponse answer(unsigned status) const;

 private:
  Page& button(PageText text, std::string_view address, Html::Literal look);

  PageLanguage language_;
  std::string server_;
  Mood mood_;
  std::string title_;
  Html body_;
};

}  // namespace tessera
