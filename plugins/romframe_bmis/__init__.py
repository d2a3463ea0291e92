"""Parent and infant: Bethlem Mother-Infant Interaction Scale, bonding, attachment, confidence."""
