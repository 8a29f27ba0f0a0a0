"""Which key does what, where a person chose other keys than the declared ones.

keys.toml ─▶ written: a key as people write it, as the terminal's own name
          ─▶ places: what could be given a key, and what else stands beside it there
          ─▶ chosen: the keys that count, and what is wrong with the others
"""
