"""The terminal below the interface: what its bytes mean, and how it is taken, given away and taken back.

modes, held       what was switched on, and put back however it ends
capabilities      what the terminal can show, decided once
"""
