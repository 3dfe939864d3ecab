// One block of K for a rectangle of sums, for inclusion: a panel of A (TILE_M rows) stays in the first-level cache while
// all panels of B (TILE_N columns each, together in the second level) pass by. While the rectangle's first panel of A is
// multiplied, the panels of B are brought into shape.
//
// The including file says where the factors come from, before it includes this one:
//   left_source, right_source   types; `at` and `pitch` of a left_source are what AHEAD_LEFT looks ahead in
//   AHEAD_LEFT                  whether the next panel of A is fetched meanwhile
//   RIGHT_IS_MATRIX             whether B lies as a matrix, step after step `pitch` apart: 0 never, 1 here and there
//                               (right_at gives a null pointer where it does not), 2 everywhere
//   pack_left(left, row, rows, depth, to), pack_right(right, column, columns, depth, to), right_at(right, column)

// The sums go to, or on top of (unless `first`), `rows` x `columns` of c.
INLINE void multiply_block(left_source left, right_source right, int depth, GLOBAL accumulator* c, size_t c_pitch,
                           int rows, int columns, int first, GLOBAL factor* panels_a, GLOBAL factor* panels_b) {
  // From one panel to the next in the matrix; the next panel of A is fetched in equal parts, one per tile.
  size_t a_panel = TRANSPOSE_A ? TILE_M : TILE_M * left.pitch;
  int tiles = (columns - 1) / TILE_N + 1;
  int ahead_steps = AHEAD_LEFT ? (AHEAD_STEPS(depth) - 1) / (tiles * A_PANELS) + 1 : 0;
  GLOBAL const input_element* a = left.at;
  GLOBAL const input_element* ahead = a;
  GLOBAL factor* panel_a = panels_a;
  int packed = 0;  // panels of A from panel_a on
  for (int i = 0; i < rows; i += TILE_M) {
    tile to = {c, c_pitch, MIN(TILE_M, rows - i), 0, first};
    origin from = {0, right.pitch, 0, left.pitch, ahead_steps};
    GLOBAL factor* panel_b = panels_b;
    if (packed == 0) {
      packed = A_PANELS;
      panel_a = panels_a;
      ahead = a + A_PANELS * a_panel;
      pack_left(left, i, MIN(A_PANELS * TILE_M, rows - i), depth, panels_a);
    }
    from.ahead = ahead;
    for (int j = 0; j < columns; j += TILE_N) {
      to.columns = MIN(TILE_N, columns - j);
#if DIRECT_B
      from.b = right_at(right, j);
      if (to.columns == TILE_N) {
        multiply_direct(panel_a, panel_b, depth, to, from);
      } else
#elif RIGHT_IS_MATRIX
      if (i == 0) from.b = right_at(right, j);
      if (i == 0 && to.columns == TILE_N && (RIGHT_IS_MATRIX == 2 ? 1 : from.b != 0)) {
        multiply_filling(panel_a, panel_b, depth, to, from);
      } else
#endif
      {
        if (i == 0) pack_right(right, j, to.columns, depth, panel_b);
        if (to.columns > VECTOR_WIDTH) {
          multiply(panel_a, panel_b, depth, to, from);
        } else {
          multiply_narrow(panel_a, panel_b, depth, to, from);
        }
      }
      to.at += TILE_N;
      from.ahead += ahead_steps * AHEAD_STEP(left.pitch);
      panel_b += TILE_N * BLOCK_K;
    }
    ahead = from.ahead;
    a += a_panel;
    c += TILE_M * c_pitch;
    panel_a += A_PANEL;
    --packed;
  }
}
