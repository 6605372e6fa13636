#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/ui/brush.h"
#include "app/ui/theme.h"

/// Figures over time.
namespace tessera {

struct Series {
  std::vector<double> values;  ///< oldest first; NaN: nothing is known, and nothing is drawn
  Tint color;
  std::string name = {};
};
enum class PlotKind : std::uint8_t { Bars, Stacked, Lines };

struct PlotLook {
  const char* id = "";
  PlotKind kind = PlotKind::Bars;
  float width = 0, height = 0;  ///< on the screen
  double least_top = 1;         ///< the scale reaches at least so far
  /// A value in words: `1,204`, `12 ms`.
  std::function<std::string(double)> words;
  /// When that was: `21:04`.
  std::function<std::string(std::size_t)> when;
  std::string empty = {};  ///< stands in its place where nothing is known
};

/// All series are as long; under the pointer a point is told in words.
void plot(const Brush& brush, const PlotLook& look, const std::vector<Series>& series);

/// Gathers values into at most `count`, each the sum or the largest of those it stands for; NaN where none is known.
enum class Gather : std::uint8_t { Sum, Largest };
std::vector<double> gathered(const std::vector<double>& values, std::size_t count, Gather how);

}  // namespace tessera
