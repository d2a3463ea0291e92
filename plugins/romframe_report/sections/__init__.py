"""The sections of the service report: each `build` gives raw figures, templates show them."""
