"""Pictures made of characters: pure functions from figures to Textual `Content`, always exactly as wide as asked."""
