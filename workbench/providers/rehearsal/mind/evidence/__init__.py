"""Facts taken out of texts: nothing here is guessed, everything can be pointed at.

tree       which files there are      prose     headings, first sentences, marks such as TODO
manifest   name, version, scripts     source    definitions, docstrings        matches   lines that a search found
    diff       what a commit changed, and plain signs of risk
"""
