#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/model/questions.h"
#include "app/model/translate.h"
#include "shared/base/result.h"

/// The list of canvases, and the panel that sets one up.
namespace tessera {

/// A canvas small, as it was at `seq`.
struct SmallPicture {
  std::string epoch;
  std::uint64_t seq = 0;
  Size size;
  Bytes rgba;
};

struct ListedCanvas {
  CanvasSetup setup;
  std::optional<SmallPicture> picture;
  AskId asked{};  ///< for its picture
  bool failed = false;
};

struct CanvasList {
  std::vector<ListedCanvas> items;
  bool loaded = false;
  std::optional<Phrase> error;
  AskId asked{};
  static constexpr std::size_t page = 100;
  std::size_t wanted = page;        ///< how many are read, where there are as many
  std::vector<CanvasSetup> coming;  ///< the pages that have come of those
  std::string next;                 ///< the last one's name where more follow
  std::optional<TimePoint> again_at;
  std::uint64_t pictures = 0;  ///< grows with every picture that came
};

/// Rules as they are typed; empty: no limit.
struct RulesForm {
  std::string per_second, burst, per_minute, cooldown;
  bool operator==(const RulesForm&) const = default;
};
struct ColorForm {
  std::string color;  ///< `#RRGGBB`
  std::string name;
  bool retired = false;
  bool operator==(const ColorForm&) const = default;
};

/// A canvas as it is being set up, in the words that were typed.
struct SetupForm {
  std::string name, width, height;
  std::vector<ColorForm> colors;
  RulesForm rules;
  bool guests = true;
  std::array<std::optional<RulesForm>, role_count> roles;
  Access access{};
  std::string code;
  std::string message;  ///< for everyone, while it is paused
  bool operator==(const SetupForm&) const = default;
};

enum class SetupPart : std::uint8_t { General, Colors, Rules };
inline constexpr std::uint8_t setup_part_count = 3;

/// Where the form is wrong, and why.
struct FormProblem {
  SetupPart part{};
  Phrase why;
};

SetupForm form_of(const CanvasSetup& setup);
/// `base`: what cannot be typed is taken from it, and its colours may not be fewer or others.
Result<CanvasSetup, FormProblem> read_form(const SetupForm& form, const CanvasSetup& base);

enum class SetupConfirm : std::uint8_t { None, Shrink, Archive };
enum class Side : std::uint8_t { Mine, Theirs };

/// A field in which one's own version and another admin's differ.
struct SetupConflict {
  SetupField field{};
  Side side{};
};

struct SetupPanel {
  bool creating = false;
  bool loaded = false;
  bool busy = false;
  SetupPart part{};
  CanvasSetup base;  ///< as the server told it last: what the form began from
  SetupForm form;
  int color = -1;  ///< the colour of the form that is being edited
  std::optional<Phrase> error;
  SetupConfirm confirm{};
  std::uint64_t hidden_cells = 0;
  std::optional<CanvasSetup> mine, theirs;  ///< while a conflict is being settled
  std::vector<SetupConflict> conflicts;
  AskId asked{};
  enum class Step : std::uint8_t { Reading, Trying, Saving, Now } step{};
};

}  // namespace tessera
