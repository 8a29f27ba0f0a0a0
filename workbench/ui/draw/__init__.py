"""The drawing kit: everything that panel, dialogs and transcript show is made of it; pure functions of the width.

text, runs        rows of Textual `Content`, and lines of runs in Rich styles: cut, padded, wrapped, set at both ends
written           what was written behind what is drawn
bar               letters, patterns and signs; sections as cells of a bar; lines that say how much is gone
code              code in colour, unified diffs as rows
panel_blocks, window_block    the side panel with the attention chart, and its narrow strip
"""
