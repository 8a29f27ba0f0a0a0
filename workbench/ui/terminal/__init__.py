"""The terminal below the interface: what its bytes mean, and how it is taken, given away and taken back.

bytes ─▶ `sequences` cuts ─▶ `keys` and `parser` name ─▶ `driver` sends ─▶ `order` hands on, one at a time ─▶ the screen

modes, held, restoring    what was switched on, and put back however it ends
capabilities, filters     what the terminal can show, decided once and applied to every line last
clipboards, signs         what is beside the screen
"""
