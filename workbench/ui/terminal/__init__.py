"""The terminal below the interface: what its bytes mean, and how it is taken, given away and taken back.

bytes ─▶ `sequences` cuts ─▶ `keys` and `parser` name ─▶ `driver` sends ─▶ `order` hands on, one at a time ─▶ the screen
"""
