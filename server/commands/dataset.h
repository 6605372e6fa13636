#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "shared/base/clock.h"
#include "shared/base/result.h"
#include "shared/canvas/palette.h"

namespace tessera {

/// What one line of a dataset draws, in the dataset's own coordinates.
enum class Shape : std::uint8_t {
  Point,      ///< (x, y)
  Rectangle,  ///< (x, y) to (x2, y2), both corners included: a moderator's
  Circle,     ///< the cells within radius x2 of (x, y): a moderator's
};

/// One line of a dataset.
struct DatasetRow {
  WallTime time{};
  std::uint32_t user = 0;   ///< index into Dataset::users
  std::uint16_t color = 0;  ///< index into Dataset::colors; `no_color` empties the cell
  Shape shape = Shape::Point;
  std::int32_t x = 0, y = 0, x2 = 0, y2 = 0;

  static constexpr std::uint16_t no_color = 65'535;
};

/// The rows of a file, sorted by time (rows of the same time in the file's order), and which lines were left out and why.
struct Dataset {
  std::vector<DatasetRow> rows;
  std::vector<std::string> users;
  std::vector<Rgb> colors;  ///< in the order of the dataset's palette where it has one, else as first seen
  bool fixed_palette = false;  ///< `colors` is a whole palette (2017's), whether used or not
  bool color_indices = false;  ///< rows carry palette indices of the canvas, and `colors` is empty

  struct Skipped {
    std::uint64_t count = 0;
    std::uint64_t first_line = 0;
  };
  std::map<std::string, Skipped> skipped;  ///< by reason
  bool was_sorted = true;
};

/// Takes a dataset's text piece by piece, cut anywhere. Formats, told apart by the header line:
///   2017  ts,user,x_coordinate,y_coordinate,color           colour numbers 0 … 15
///   2022  timestamp,user_id,pixel_color,coordinate           "x,y" or "x1,y1,x2,y2"
///   2023  timestamp,user,coordinate,pixel_color              the same, and "{X: 1, Y: 2, R: 3}"
/// Columns are found by name, so their order does not matter. Knows nothing of files or canvases.
class RedditCsvParser {
 public:
  /// Coordinates beyond ±65,535 and lines over 4,096 characters are skipped with a reason.
  void feed(std::string_view text);
  /// An error where there was no header of a known form.
  Result<Dataset> finish();
  std::uint64_t lines() const { return line_; }

 private:
  enum Column { Time, User, Color, Coordinate, X, Y, column_count };

  void line(std::string_view text);
  bool header(std::string_view text);
  void row(std::string_view text);
  void skip(const char* reason);
  bool color(std::string_view text, DatasetRow& row);
  std::uint32_t user(std::string_view text);

  Dataset out_;
  std::string rest_;
  bool rest_too_long_ = false;
  std::uint64_t line_ = 0;
  int columns_[column_count] = {-1, -1, -1, -1, -1, -1};
  int width_ = 0;
  std::string problem_;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> users_;
  std::unordered_map<std::uint32_t, std::uint16_t> colors_;
};

/// Takes the NDJSON that `export` and the API write: `{"seq","time","x","y","color","account","name"}` a line.
class NdjsonParser {
 public:
  void feed(std::string_view text);
  Result<Dataset> finish();
  std::uint64_t lines() const { return line_; }

 private:
  void line(std::string_view text);
  void skip(const char* reason);

  Dataset out_;
  std::string rest_;
  std::uint64_t line_ = 0;
  std::unordered_map<std::string, std::uint32_t> users_;
};

/// Sorts by time where it is not sorted yet; rows of the same time keep their order.
void sort_by_time(Dataset& dataset);

/// The 16 colours of r/place 2017, by their number.
const std::vector<Rgb>& r_place_2017_colors();

}  // namespace tessera
