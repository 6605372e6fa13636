#include "shared/protocol/refusal.h"

namespace tessera {

std::string_view code(Refusal refusal) {
  switch (refusal) {
    case Refusal::OutOfBounds:
      return "out_of_bounds";
    case Refusal::BadColor:
      return "bad_color";
    case Refusal::TooSoon:
      return "too_soon";
    case Refusal::Paused:
      return "paused";
    case Refusal::Locked:
      return "locked";
    case Refusal::Banned:
      return "banned";
    case Refusal::NotSignedIn:
      return "not_signed_in";
    case Refusal::Forbidden:
      return "forbidden";
    case Refusal::Busy:
      return "busy";
    case Refusal::Invalid:
      return "invalid";
    case Refusal::BadToken:
      return "bad_token";
    case Refusal::BadVersion:
      return "bad_version";
    case Refusal::NotFound:
      return "not_found";
    case Refusal::TooLarge:
      return "too_large";
    case Refusal::NothingToUndo:
      return "nothing_to_undo";
    case Refusal::DrawnOver:
      return "drawn_over";
    case Refusal::NotJoined:
      return "not_joined";
    case Refusal::Archived:
      return "archived";
  }
  return "invalid";
}

std::string_view meaning(Refusal refusal) {
  switch (refusal) {
    case Refusal::OutOfBounds:
      return "That cell is outside the canvas.";
    case Refusal::BadColor:
      return "That colour is not in the palette, or is retired.";
    case Refusal::TooSoon:
      return "No charges are left; they come back with time.";
    case Refusal::Paused:
      return "The canvas is paused.";
    case Refusal::Locked:
      return "That region is locked; only staff may place there.";
    case Refusal::Banned:
      return "The account is banned.";
    case Refusal::NotSignedIn:
      return "Nobody is signed in.";
    case Refusal::Forbidden:
      return "The account's role does not allow that.";
    case Refusal::Busy:
      return "The server cannot store it at the moment; try again shortly.";
    case Refusal::Invalid:
      return "The message makes no sense here.";
    case Refusal::BadToken:
      return "The token is wrong, or has expired.";
    case Refusal::BadVersion:
      return "The server speaks another version of the protocol.";
    case Refusal::NotFound:
      return "There is nothing of that name.";
    case Refusal::TooLarge:
      return "That is more than the server takes at once.";
    case Refusal::NothingToUndo:
      return "Nothing was placed recently enough to be undone.";
    case Refusal::DrawnOver:
      return "Somebody has drawn over that cell since.";
    case Refusal::NotJoined:
      return "This canvas asks for a code or an invitation before one may place.";
    case Refusal::Archived:
      return "The canvas is archived.";
  }
  return "The message makes no sense here.";
}

}  // namespace tessera
