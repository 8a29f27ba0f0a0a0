"""The parts of the inspector screen: rows as data, how they are drawn, the list, the text of one block."""
