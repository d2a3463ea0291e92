"""Reading files of the data set back: what was exported, and what older versions held."""
