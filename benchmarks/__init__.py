"""How fast the engine is, as ratios of two things measured in turns; run by `make bench`."""
