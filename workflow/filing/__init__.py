"""Documents with their files: kept, made into packs, given out."""
