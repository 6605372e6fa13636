#include "server/core/refusal_text.h"

#include "server/core/records.h"
#include "shared/base/text.h"

namespace tessera {

std::string_view sentence(Refusal reason) {
  switch (reason) {
    case Refusal::OutOfBounds: return "the cell lies outside the canvas";
    case Refusal::BadColor: return "the palette has no such colour to place";
    case Refusal::TooSoon: return "no charges are left; wait for the next";
    case Refusal::Paused: return "the canvas is paused";
    case Refusal::Locked: return "the cell is locked";
    case Refusal::Banned: return "this account is banned";
    case Refusal::NotSignedIn: return "sign in first";
    case Refusal::Forbidden: return "this account may not place here";
    case Refusal::Busy: return "the server cannot keep up; try again";
    case Refusal::NotFound: return "there is no such canvas";
    case Refusal::TooLarge: return "too many cells";
    case Refusal::NothingToUndo: return "nothing is recent enough";
    case Refusal::DrawnOver: return "somebody has drawn over it since";
    case Refusal::NotJoined: return "this canvas asks for a code or an invitation first";
    case Refusal::Archived: return "the canvas is archived";
    default: return "the request was refused";
  }
}

std::string banned_sentence(std::string_view reason, std::optional<WallTime> until) {
  std::string text(sentence(Refusal::Banned));
  if (!reason.empty()) text += ": " + std::string(reason);
  if (until && *until < never_expires) text += "; until " + format_time(*until);
  return text;
}

}  // namespace tessera
