"""Goals: the Goal-Based Outcomes tool."""
