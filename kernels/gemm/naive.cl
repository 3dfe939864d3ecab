// The floor: one work-item per output, one dot product each.
