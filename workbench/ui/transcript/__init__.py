"""The transcript: everything that was said and done, drawn line by line and flat in cost however long it grows.

view, line_view   the widget: keys and the chosen entry; scrolling, painting, selection
layout            entries ─▶ laid-out lines, exact where they are seen
flow              runs of tools, blank lines, heights
syntax            the Markdown that is understood; as_written: what is kept in it word for word
blocks            a text split into blocks, and where each part was written
markdown, inline  answers, with streaming and tables; what is decoded is made harmless there
copying           what a selection copies: the source
tools, remarks    tool lines with their diffs; prompts, questions, lines across and the line under a turn
"""
