"""The drawing kit: everything that panel, dialogs and transcript show is made of it; pure functions of the width.

text, runs        rows of Textual `Content` and lines of Rich runs: cut, padded, wrapped, set at both ends
styles, marks     the theme's colours as Rich styles; letters, patterns and signs
bar, meters       sections as cells of a bar; lines that say how much is gone
attention_chart   the window as high as each place is heard, with its cache lane and zones
patch, highlight  unified diffs as rows; code in colour
panel_plan, panel_blocks, window_block    the side panel and its narrow strip
status, footer, welcome                   the main screen's rows
"""
