"""The pack for a commissioner: what came of an outcome framework, and what may not be concluded."""
