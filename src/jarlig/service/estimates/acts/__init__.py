"""Acts on estimates; whoever has the code may do them, and none is an act of office."""
