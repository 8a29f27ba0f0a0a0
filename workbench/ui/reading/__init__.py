"""Reading one long thing whole: what it is as lines, what of it is seen, and where words stand in it. No widgets."""
