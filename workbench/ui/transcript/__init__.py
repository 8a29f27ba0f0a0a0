"""The transcript: everything that was said and done, drawn line by line and flat in cost however long it grows.

view, sheet   the widget: keys and the chosen entry; scrolling, painting, selection
page          entries ─▶ heights and laid-out lines, exact where they are seen
flow          runs of tools, blank lines
markdown      answers, with streaming, tables, highlight and inline
tools         tool lines, with diffs
remarks       prompts, questions, lines across and the line under a turn
lines, ink    runs, wrapping and the styles of the theme
"""
