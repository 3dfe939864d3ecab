// Sums of which a launch adds only the products from first_step up to last_step (product/parts.h), for inclusion: where
// a launch does not begin, or not end, they lie in `partial` in the meantime, at the place of their output. The including
// file says PLACE and STORE.
#define BEGIN_SUM(m, n, ROW, COLUMN, SUM)                                                      \
  {                                                                                            \
    SUM = accumulator(0);                                                                      \
    uint row = ROW;                                                                            \
    uint column = COLUMN;                                                                      \
    if (first_step > 0 && row < (m) && column < (n)) {                                         \
      uint place = PLACE(row, column);                                                         \
      SUM = partial[place];                                                                    \
    }                                                                                          \
  }
#define END_SUM(m, n, k, ROW, COLUMN, SUM)                                                     \
  {                                                                                            \
    uint row = ROW;                                                                            \
    uint column = COLUMN;                                                                      \
    if (row < (m) && column < (n)) {                                                           \
      if (last_step < (k)) {                                                                   \
        uint place = PLACE(row, column);                                                       \
        partial[place] = SUM;                                                                  \
      } else {                                                                                 \
        STORE(row, column, SUM);                                                               \
      }                                                                                        \
    }                                                                                          \
  }
